"""Kaplan-Meier curves with bands, censoring marks and numbers at risk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graftline.estimate.kaplan_meier import KaplanMeier
from graftline.figures.at_risk import (
    capitalise,
    cut_steps,
    find_end_of_curve,
    set_time_axis,
    write_rows_under,
)
from graftline.figures.style import ARM_COLOURS, INK, new_figure

LINES = ["-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.5, 1, 1.5))]


def _draw_curve(axes, curve: KaplanMeier, colour: str, line, label: str | None) -> None:
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
    axes.plot(marks, curve.survival_at(marks), "|", color=colour, markersize=6, markeredgewidth=1)


def draw_kaplan_meier(
    panels: Sequence[dict[str, Any]], ticks: Sequence[float], time_label: str
) -> Any:
    """A figure with one panel above the other.

    Each of `panels` has `title` and `curves`; each curve `curve` (KaplanMeier), `label`, and
    `texts`, what is printed under each of `ticks`. Without panels the figure says so.
    """
    n_rows = max([len(panel["curves"]) for panel in panels], default=1)
    figure = new_figure(170, 8 + (58 + 9 * n_rows) * max(len(panels), 1))
    if not panels:
        figure.text(0.5, 0.5, "No endpoint without competing events was declared.", ha="center")
        return figure
    heights = [height for panel in panels for height in (10, 1.6 * len(panel["curves"]))]
    axes = figure.subplots(2 * len(panels), 1, height_ratios=heights, sharex=True)
    longest = max(one["curve"].risk.last_time for panel in panels for one in panel["curves"])
    for index, panel in enumerate(panels):
        upper, under = axes[2 * index], axes[2 * index + 1]
        several = len(panel["curves"]) > 1
        colours = ARM_COLOURS if several else [INK]
        for place, one in enumerate(panel["curves"]):
            colour, line = colours[place % len(colours)], LINES[place % len(LINES)]
            _draw_curve(
                upper, one["curve"], colour, line, capitalise(one["label"]) if several else None
            )
            one["colour"] = colour
        set_time_axis(upper, ticks, longest)
        upper.tick_params(labelbottom=True)
        upper.set_title(panel["title"], loc="left")
        upper.set_ylabel("Probability")
        upper.set_xlabel(time_label)
        if several:
            upper.legend(loc="upper right")
        write_rows_under(under, ticks, panel["curves"], "At risk (events, censored)")
    return figure
