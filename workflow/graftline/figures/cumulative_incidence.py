"""Stacked cumulative incidences: relapse below, death without it on top, event-free above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graftline.estimate.aalen_johansen import AalenJohansen
from graftline.figures.at_risk import (
    LINE_MM,
    capitalise,
    count_lines,
    cut_steps,
    set_time_axis,
    write_rows_under,
)
from graftline.figures.style import INK, STACK, new_figure, wrap

WIDTH_MM = 170
AXES_MM = {1: 38, 2: 36}  # by rows of panels; a page holds two
MARGIN_MM = 15  # of a panel, beside its axis
ABREAST = 2  # panels side by side, where they are not three


def _draw_stack(axes, curve: AalenJohansen, labels: Sequence[str]) -> None:
    """Cause 1 from the axis up, cause 2 on it, and above them what is left of one."""
    totals = [curve.incidence[: index + 1].sum(axis=0) for index in range(len(labels) - 1)]
    base: Any = 0
    for style, label, total in zip(STACK, labels, [*totals, None], strict=True):
        times, top = cut_steps(curve.risk, totals[0] if total is None else total, 0.0)
        if total is None:
            top = top * 0 + 1
        axes.fill_between(times, base, top, step="post", linewidth=0, label=label, **style)
        if total is not None:
            axes.step(times, top, where="post", color=INK, linewidth=0.8)
        base = top


def _list_blocks(panel: dict[str, Any], letters: int = 100) -> list[dict[str, Any]]:
    return [
        {"heading": wrap(row["heading"], letters, most_lines=1), "rows": [row]}
        for row in panel["rows"]
    ]


def draw_cumulative_incidence(
    panels: Sequence[dict[str, Any]], labels: Sequence[str], ticks: Sequence[float], time_label: str
) -> Any:
    """A figure with the panels side by side: three, or two in a row.

    Each of `panels` has `title`, `about`, what is said of it above the axes, `curve` (AalenJohansen),
    and `rows`, each with `heading` and, for each of `ticks`, `texts`. `labels` name the two causes
    and what is left without either. Without panels the figure says so.
    """
    if not panels:
        figure = new_figure(WIDTH_MM, 20)
        figure.text(0.5, 0.5, "No endpoint with competing events was declared.", ha="center")
        return figure
    columns = 3 if len(panels) == 3 else min(len(panels), ABREAST)
    rows = -(-len(panels) // columns)
    under_mm = LINE_MM * count_lines(_list_blocks(panels[0]))
    axes_mm = AXES_MM[min(rows, 2)]
    figure = new_figure(WIDTH_MM, 12 + (axes_mm + (21 if columns < 3 else 26) + under_mm) * rows)
    axes = figure.subplots(
        2 * rows, columns, height_ratios=[axes_mm, under_mm] * rows, sharex=True, squeeze=False
    )
    figure.get_layout_engine().set(wspace=0.05)
    longest = max(panel["curve"].risk.last_time for panel in panels)
    width = WIDTH_MM / columns - MARGIN_MM
    for place in range(rows * columns):
        upper, under = (axes[2 * (place // columns) + part, place % columns] for part in (0, 1))
        if place >= len(panels):
            upper.set_axis_off()
            under.set_axis_off()
            continue
        panel = panels[place]
        _draw_stack(upper, panel["curve"], labels)
        set_time_axis(upper, ticks, longest)
        upper.tick_params(labelbottom=True, labelleft=place % columns == 0)
        about = wrap(panel["about"], int(width / 1.45), most_lines=4)
        title = wrap(capitalise(panel["title"]), int(width / 1.6))
        upper.set_title("\n".join(filter(None, [title, about])), loc="left", fontsize=8)
        upper.set_xlabel(time_label)
        if place % columns == 0:
            upper.set_ylabel("Probability, stacked")
        blocks = _list_blocks(panel, int(width / 1.12))
        write_rows_under(under, ticks, blocks, longest=upper.get_xlim()[1], width=width)
    handles, names = axes[0, 0].get_legend_handles_labels()
    names = [wrap(name, 110, most_lines=3) for name in names]
    figure.legend(
        handles[::-1], names[::-1], loc="outside upper left",
        ncols=3 if sum(map(len, names)) <= 90 else 1,
    )  # fmt: skip
    return figure
