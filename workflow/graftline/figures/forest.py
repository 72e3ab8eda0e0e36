"""Estimates under one choice and another, in rows below each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from graftline.figures.style import GRID, INK, LINE_COLOURS, new_figure, wrap

WIDTH_MM, ROW_MM = 170, 3.7
LABEL, AXIS, TEXT = 0.41, 0.38, 0.21  # shares of the width: names, the axis, numbers
LETTERS = 42  # of a name; a longer one is cut
TITLE_LETTERS = 44  # of a line of a block's title, which stands beside the axis


def draw_forest(blocks: Sequence[Mapping[str, Any]]) -> Figure:
    """A row an estimate, as `graftline.analyse.survival_forest.list_forest` gives them: the reported
    one a filled square in the row of its block's title, the others open circles. Without blocks the
    figure says so."""
    if not blocks:
        figure = new_figure(WIDTH_MM, 20)
        figure.text(0.5, 0.5, "No estimate was made in more than one way.", ha="center")
        return figure
    titles = [wrap(block["title"], TITLE_LETTERS, most_lines=3).split("\n") for block in blocks]
    n = sum(
        len(block["rows"]) + len(title) - 1 for block, title in zip(blocks, titles, strict=True)
    )
    height = ROW_MM * n + 19
    figure = new_figure(WIDTH_MM, height)
    figure.set_layout_engine("none")
    axes = figure.add_axes([LABEL, 15 / height, AXIS, ROW_MM * n / height])

    def write(at: float, place: float, text: str, **style: Any) -> None:
        across = axes.get_yaxis_transform()
        axes.text(at, place, text, transform=across, va="center", fontsize=7.8, **style)

    place = 0
    for block, title in zip(blocks, titles, strict=True):
        for index, row in enumerate(block["rows"]):
            if index:
                write(-LABEL / AXIS + 0.07, place, wrap(row["label"], LETTERS, most_lines=1))
            for line, words in enumerate(title if not index else []):
                write(-LABEL / AXIS + 0.03, place + line, words, weight=600)
            write(1.04, place, row["text"])
            _draw_row(axes, row, place, reported=index == 0)
            place += 1 if index else len(title)
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
