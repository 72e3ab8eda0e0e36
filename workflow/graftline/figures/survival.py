"""Kaplan-Meier curves with bands, censoring marks, numbers at risk and cumulative events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graftline.estimate.kaplan_meier import KaplanMeier
from graftline.figures.at_risk import (
    LINE_MM,
    arrange_panels,
    count_lines,
    cut_steps,
    find_end_of_curve,
    set_time_axis,
    write_rows_under,
)
from graftline.figures.style import INK, LINE_COLOURS, LINES, new_figure, wrap

WIDTH_MM, AXES_MM = 170, 39
MARGIN_MM = 17  # of a panel, beside its axis
MOST_MM, LEAST_AXES_MM = 222, 26  # of a figure on a page, and of an axis that is still read
MOST_MARKS = 100  # times of censoring; the marks of more would hide the curve
FEW_CURVES = 2  # of more, the numbers censored are left to the registry


def _draw_curve(axes, curve: KaplanMeier, colour: str, line, label: str) -> None:
    """One curve to its end, its band where the limits are known, and a tick for each censoring."""
    risk = curve.risk
    times, survival = cut_steps(risk, curve.survival, 1.0)
    _, lower = cut_steps(risk, curve.lower, 1.0)
    _, upper = cut_steps(risk, curve.upper, 1.0)
    # While nothing has happened the limits are not known, though the formula gives 1 for both.
    unknown = survival == 1
    lower, upper = np.where(unknown, np.nan, lower), np.where(unknown, np.nan, upper)
    axes.fill_between(times, lower, upper, step="post", color=colour, alpha=0.15, linewidth=0)
    axes.step(times, survival, where="post", color=colour, linestyle=line, label=label)
    marks = risk.times[(risk.censored > 0) & (risk.times <= find_end_of_curve(risk))]
    if marks.size > MOST_MARKS:
        marks = marks[:0]
    axes.plot(marks, curve.survival_at(marks), "|", color=colour, markersize=6, markeredgewidth=1)


def _list_blocks(curves: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What stands under a panel: patients at risk, events and, of few curves, patients censored; a row
    a curve."""
    shown = [("Patients at risk", "at_risk"), ("Cumulative events", "events")]
    if len(curves) <= FEW_CURVES:
        shown.append(("Cumulative censored", "censored"))
    return [
        {"heading": heading, "rows": [one | {"texts": one[name]} for one in curves]}
        for heading, name in shown
    ]


def _draw_panel(
    upper, under, panel: dict[str, Any], ticks, time_label: str, longest, width
) -> None:
    letters = int(width / 1.45)
    n_lines = 0
    for one in panel["curves"]:
        label = wrap(one["label"], letters, most_lines=3)
        n_lines += label.count("\n") + 1
        _draw_curve(upper, one["curve"], one["colour"], one["line"], label)
    set_time_axis(upper, ticks, longest)
    upper.tick_params(labelbottom=True)
    upper.set_ylabel("Probability")
    upper.set_xlabel(time_label)
    # What is said of each curve stands over the axes, where no curve can be.
    upper.set_title(
        wrap(panel["title"], int(width / 1.8)), loc="left", weight=600, pad=5 + 11.5 * n_lines
    )
    upper.legend(
        loc="lower left", bbox_to_anchor=(-0.01, 1.0), borderaxespad=0.1, labelspacing=0.25,
        handlelength=2.6,
    )  # fmt: skip
    blocks = _list_blocks(panel["curves"])
    write_rows_under(under, ticks, blocks, longest=upper.get_xlim()[1], width=width)


def draw_kaplan_meier(
    panels: Sequence[dict[str, Any]], ticks: Sequence[float], time_label: str
) -> Any:
    """A figure with its panels, two side by side.

    Each of `panels` has `title` and `curves`; each curve `curve` (KaplanMeier), `label`, what is said
    of it above the axes, and `at_risk`, `events` and `censored`, what is printed under each of
    `ticks`. Without panels the figure says so.
    """
    if not panels:
        figure = new_figure(WIDTH_MM, 20)
        figure.text(0.5, 0.5, "No endpoint without competing events was declared.", ha="center")
        return figure
    for panel in panels:
        several = len(panel["curves"]) > 1
        for place, one in enumerate(panel["curves"]):
            one["colour"] = LINE_COLOURS[place % len(LINE_COLOURS)] if several else INK
            one["line"] = LINES[place % len(LINES)]
    rows, columns = arrange_panels(len(panels))
    under_mm = LINE_MM * max(count_lines(_list_blocks(panel["curves"])) for panel in panels)
    over_mm = 18 + 4.5 * max(len(panel["curves"]) for panel in panels) * columns
    axes_mm = min(AXES_MM, max(LEAST_AXES_MM, (MOST_MM - 6) / rows - over_mm - under_mm))
    figure = new_figure(WIDTH_MM, 6 + (axes_mm + over_mm + under_mm) * rows)
    width = WIDTH_MM / columns - MARGIN_MM
    axes = figure.subplots(
        2 * rows, columns, height_ratios=[axes_mm, under_mm] * rows, sharex=True, squeeze=False
    )
    figure.get_layout_engine().set(wspace=0.05)
    longest = max(one["curve"].risk.last_time for panel in panels for one in panel["curves"])
    for place in range(rows * columns):
        upper, under = (axes[2 * (place // columns) + part, place % columns] for part in (0, 1))
        if place < len(panels):
            _draw_panel(upper, under, panels[place], ticks, time_label, longest, width)
        else:
            upper.set_axis_off()
            under.set_axis_off()
    return figure
