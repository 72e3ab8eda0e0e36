"""Estimates under one choice and another, in rows below each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from graftline.figures.style import GRID, INK, LINE_COLOURS, new_figure, wrap

WIDTH_MM, ROW_MM = 170, 4.6
LABEL, AXIS, TEXT = 0.36, 0.38, 0.26  # shares of the width: names, the axis, numbers
LETTERS = 42  # of a name; a longer one is cut


def draw_forest(blocks: Sequence[Mapping[str, Any]]) -> Figure:
    """A row an estimate, as `graftline.analyse.survival_forest.list_forest` gives them: the reported
    one a filled square, the others open circles. Without blocks the figure says so."""
    if not blocks:
        figure = new_figure(WIDTH_MM, 20)
        figure.text(0.5, 0.5, "No estimate was made in more than one way.", ha="center")
        return figure
    n = sum(len(block["rows"]) + 1 for block in blocks)
    height = ROW_MM * n + 20
    figure = new_figure(WIDTH_MM, height)
    figure.set_layout_engine("none")
    axes = figure.add_axes([LABEL, 15 / height, AXIS, ROW_MM * n / height])
    across = axes.get_yaxis_transform()
    place = 0
    for block in blocks:
        title = wrap(block["title"], 58, most_lines=1)
        axes.text(-LABEL / AXIS + 0.03, place, title, transform=across, va="center", weight=600)
        place += 1
        for index, row in enumerate(block["rows"]):
            label = wrap(row["label"], LETTERS, most_lines=1)
            axes.text(-LABEL / AXIS + 0.07, place, label, transform=across, va="center", fontsize=8)
            axes.text(1.04, place, row["text"], transform=across, va="center", fontsize=8)
            _draw_row(axes, row, place, reported=index == 0)
            place += 1
    axes.set_ylim(n - 0.4, -0.6)
    axes.set_xlim(-2, 102)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.set_xlabel("Probability, %")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.grid(True, color=GRID, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    return figure


def _draw_row(axes, row: Mapping[str, Any], place: int, *, reported: bool) -> None:
    colour = INK if reported else LINE_COLOURS[0]
    if row["lower"] is not None and row["upper"] is not None:
        axes.plot([row["lower"], row["upper"]], [place] * 2, color=colour, linewidth=1.1)
    if row["value"] is not None:
        axes.plot(
            [row["value"]], [place], linestyle="none", marker="s" if reported else "o",
            markersize=4.5, markeredgecolor=colour,
            markerfacecolor=colour if reported else "white", clip_on=False,
        )  # fmt: skip
