"""Laboratory values over time, over bands of the grades of a scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from graftline.figures.at_risk import capitalise
from graftline.figures.style import (
    BAND_GREYS,
    INK,
    LINE_COLOURS,
    LINES,
    fit_legend,
    new_figure,
    wrap,
)

WIDTH_MM, PANEL_MM = 170, 35
COLUMNS = 4
LETTERS = 22  # of a panel's title
LEAST_BAND = 0.09  # of the axis: a thinner band has no room for its numeral


def _style(place: int) -> dict[str, Any]:
    return {
        "color": LINE_COLOURS[place % len(LINE_COLOURS)],
        "linestyle": LINES[place % len(LINES)],
    }


def find_range(panel: Mapping[str, Any]) -> tuple[float, float]:
    """The ends of a panel's axis: all that is drawn, and where the first grade begins."""
    values = [
        value for group in panel["groups"] for _, line in group.get("lines", []) for value in line
    ]
    values += [v for group in panel["groups"] for some in group.get("quartiles", []) for v in some]
    ends = [end for _, low, high in panel["bands"][:1] for end in (low, high) if np.isfinite(end)]
    low, high = min(values + ends), max(values + ends)
    room = 0.06 * (high - low) or 1.0
    return max(0.0, low - room), high + room


def _draw_bands(axes, bands, low: float, high: float) -> None:
    for (numeral, start, end), grey in zip(bands, BAND_GREYS, strict=False):
        start, end = max(start, low), min(end, high)
        if start >= end:
            continue
        axes.axhspan(start, end, facecolor=grey, linewidth=0, zorder=0)
        if (end - start) / (high - low) >= LEAST_BAND:
            axes.text(
                1.015, (start + end) / 2, numeral, transform=axes.get_yaxis_transform(), va="center",
                fontsize=7,
            )  # fmt: skip


def _draw_group(axes, group: Mapping[str, Any], place: int) -> None:
    for days, values in group.get("lines", []):
        mark = {"marker": ".", "markersize": 2.5} if len(days) < 2 else {}
        axes.plot(days, values, linewidth=0.8, **_style(place), **mark)
    if group.get("days"):
        low, median, high = zip(*group["quartiles"], strict=True)
        colour = _style(place)["color"]
        axes.fill_between(group["days"], low, high, color=colour, alpha=0.2, linewidth=0)
        axes.plot(group["days"], median, linewidth=1.3, marker=".", markersize=3, **_style(place))


def draw_courses(drawn: Mapping[str, Any]) -> Figure:
    """The figure of `graftline.analyse.toxicity.courses.list_courses`: a panel an item, four in a row.
    Where there is nothing to draw the figure says so."""
    panels = [
        panel
        for panel in drawn["panels"]
        if any(group.get("lines") or group.get("days") for group in panel["groups"])
    ]
    if not panels:
        figure = new_figure(WIDTH_MM, 20)
        figure.text(0.5, 0.5, "No laboratory values are drawn.", ha="center")
        return figure
    rows = -(-len(panels) // COLUMNS)
    several = len(drawn["groups"]) > 1
    legend_rows = -(-len(drawn["groups"]) // fit_legend(drawn["groups"])) if several else 0
    figure = new_figure(WIDTH_MM, 10 + 4.5 * legend_rows + PANEL_MM * rows)
    axes = figure.subplots(rows, COLUMNS, sharex=True, squeeze=False).ravel()
    figure.get_layout_engine().set(wspace=0.04)
    for place, axis in enumerate(axes):
        if place >= len(panels):
            axis.set_axis_off()
            continue
        panel = panels[place]
        low, high = find_range(panel)
        _draw_bands(axis, panel["bands"], low, high)
        for at, group in enumerate(panel["groups"]):
            _draw_group(axis, group, at)
        axis.axvline(0, color=INK, linewidth=0.5, zorder=1)
        axis.set_ylim(low, high)
        axis.margins(x=0.02)
        axis.set_title(
            wrap(capitalise(panel["title"]), LETTERS, most_lines=3), loc="left", fontsize=7.5
        )
        axis.tick_params(labelbottom=True)
        if place + COLUMNS >= len(panels):
            axis.set_xlabel("Days from first dose")
    if several:
        handles = [
            Line2D([], [], label=wrap(capitalise(label), 100), **_style(at))
            for at, label in enumerate(drawn["groups"])
        ]
        figure.legend(
            handles=handles,
            loc="outside upper left",
            ncols=fit_legend(drawn["groups"]),
            handlelength=3,
        )
    return figure
