"""Dose given against dose planned, by drug, cycle and group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from graftline.figures.at_risk import (
    LINE_MM,
    arrange_panels,
    capitalise,
    count_lines,
    write_rows_under,
)
from graftline.figures.style import ARM_MARKERS, INK, LINE_COLOURS, fit_legend, new_figure, wrap

WIDTH_MM, AXES_MM, MARGIN_MM = 170, 36, 18
SLOT = 0.8  # of the distance of two cycles, which the groups share


def spread_out(n: int, middle: float, room: float) -> np.ndarray:
    """Where `n` marks stand side by side around `middle`, within `room`."""
    return middle + (np.arange(n) - (n - 1) / 2) * room / max(n, 1)


def _style(place: int) -> dict[str, Any]:
    return {
        "color": LINE_COLOURS[place % len(LINE_COLOURS)],
        "marker": ARM_MARKERS[place % len(ARM_MARKERS)],
    }


def _draw_group(axes, group: Mapping[str, Any], place: int, n_groups: int, singly: bool) -> None:
    """The marks of one group, in its share of the room of each cycle."""
    room = SLOT / n_groups
    for cycle, values in zip(group["cycles"], group["values"], strict=True):
        middle = cycle + (place - (n_groups - 1) / 2) * room
        if singly:
            across = spread_out(len(values), middle, room)
            axes.plot(
                across, values, linestyle="none", markersize=3.8, markeredgewidth=0.9,
                markerfacecolor="white", clip_on=False, **_style(place),
            )  # fmt: skip
        elif values is not None:
            low, median, high = values
            axes.plot([middle] * 2, [low, high], color=_style(place)["color"], linewidth=1.4)
            axes.plot([middle], [median], markersize=5, **_style(place))


def _blocks(panel: Mapping[str, Any], cycles: list[int], letters: int) -> list[dict[str, Any]]:
    """Rows of who began each cycle; a dash where a group has none."""
    blocks = []
    for group in panel["groups"]:
        found = dict(zip(group["cycles"], group["texts"], strict=True))
        texts = [found.get(cycle, "–") for cycle in cycles]
        heading = wrap(f"Began, of planned: {group['label']}", letters, most_lines=1)
        blocks.append({"heading": heading, "rows": [{"texts": texts}]})
    return blocks


def draw_dose_intensity(drawn: Mapping[str, Any]) -> Figure:
    """The figure of `graftline.analyse.exposure_cycles.list_panels`: a panel a drug, the plan at a
    hundred per cent. Without panels the figure says so."""
    panels = drawn["panels"]
    if not panels:
        figure = new_figure(WIDTH_MM, 20)
        figure.text(0.5, 0.5, "No dose was planned.", ha="center")
        return figure
    rows, columns = arrange_panels(len(panels))
    width = WIDTH_MM / columns - MARGIN_MM
    names = list(dict.fromkeys(group["label"] for panel in panels for group in panel["groups"]))
    cycles = sorted({c for panel in panels for group in panel["groups"] for c in group["cycles"]})
    under = [_blocks(panel, cycles, int(width / 1.5)) for panel in panels]
    under_mm = LINE_MM * max(map(count_lines, under))
    several = len(names) > 1
    over_mm = (4.5 * -(-len(names) // fit_legend(names)) if several else 0) + 2
    figure = new_figure(WIDTH_MM, over_mm + (AXES_MM + 19 + under_mm) * rows)
    axes = figure.subplots(
        2 * rows, columns, height_ratios=[AXES_MM, under_mm] * rows, sharex=True, squeeze=False
    )
    values = [
        value
        for panel in panels
        for group in panel["groups"]
        for some in group["values"]
        for value in (some or [])
    ]
    top = max([105.0, *(1.05 * value for value in values)])
    for place in range(rows * columns):
        upper, below = (axes[2 * (place // columns) + part, place % columns] for part in (0, 1))
        if place >= len(panels):
            upper.set_axis_off()
            below.set_axis_off()
            continue
        panel = panels[place]
        upper.axhline(100, color=INK, linewidth=0.7, zorder=0)
        for group in panel["groups"]:
            of = names.index(group["label"])
            _draw_group(upper, group, of, len(names), drawn["singly"])
        upper.set_ylim(0, top)
        upper.set_xlim(min(cycles) - 0.6, max(cycles) + 0.6)
        upper.set_xticks(cycles[:: max(1, len(cycles) // 12)])
        upper.tick_params(labelbottom=True)
        upper.set_title(wrap(capitalise(panel["title"]), int(width / 1.8)), loc="left", weight=600)
        upper.set_xlabel("Cycle")
        upper.set_ylabel("Dose given, % of planned")
        longest = max(cycles) - min(cycles) + 1.2
        write_rows_under(below, cycles, under[place], longest=longest, width=width)
    if several:
        handles = [
            Line2D([], [], markerfacecolor="white" if drawn["singly"] else None, markersize=4.5,
                   linestyle="none" if drawn["singly"] else "-", label=wrap(name, 100), **_style(at))
            for at, name in enumerate(names)
        ]  # fmt: skip
        figure.legend(handles=handles, loc="outside upper left", ncols=fit_legend(names))
    return figure
