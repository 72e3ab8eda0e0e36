"""Stacked cumulative incidences: relapse below, death without it on top, event-free above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graftline.estimate.aalen_johansen import AalenJohansen
from graftline.figures.at_risk import capitalise, cut_steps, set_time_axis, write_rows_under
from graftline.figures.style import ARM_COLOURS, INK, new_figure

COUNTED = "Events, competing events, censored"


def _draw_stack(axes, curve: AalenJohansen, labels: Sequence[str]) -> None:
    """Cause 1 from the axis up, cause 2 on it, each with a step line on top."""
    base = None
    for index, label in enumerate(labels):
        total = curve.incidence[: index + 1].sum(axis=0)
        times, top = cut_steps(curve.risk, total, 0.0)
        colour = ARM_COLOURS[index]
        axes.fill_between(
            times, 0 if base is None else base, top, step="post", color=colour, alpha=0.55,
            linewidth=0, label=label,
        )  # fmt: skip
        axes.step(times, top, where="post", color=INK, linewidth=0.8)
        base = top


def draw_cumulative_incidence(
    panels: Sequence[dict[str, Any]], labels: Sequence[str], ticks: Sequence[float], time_label: str
) -> Any:
    """A figure with the panels side by side.

    Each of `panels` has `title`, `curve` (AalenJohansen), and for each of `ticks` `texts`, the
    patients at risk, and `counts`, events of either cause and patients censored so far; `labels` name
    the causes. Without panels the figure says so.
    """
    figure = new_figure(170, 98)
    if not panels:
        figure.text(0.5, 0.5, "No endpoint with competing events was declared.", ha="center")
        return figure
    axes = figure.subplots(2, len(panels), height_ratios=[10, 3.2], sharex=True, squeeze=False)
    longest = max(panel["curve"].risk.last_time for panel in panels)
    for index, panel in enumerate(panels):
        upper, under = axes[0, index], axes[1, index]
        _draw_stack(upper, panel["curve"], labels)
        set_time_axis(upper, ticks, longest)
        upper.tick_params(labelbottom=True, labelleft=index == 0)
        upper.set_title(capitalise(panel["title"]), loc="left")
        upper.set_xlabel(time_label)
        rows = [
            {"label": "At risk", "texts": panel["texts"], "colour": INK},
            {"label": COUNTED, "texts": panel["counts"], "colour": INK},
        ]
        write_rows_under(under, ticks, rows, "")
    axes[0, 0].set_ylabel("Cumulative incidence")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper left", ncols=2)
    return figure
