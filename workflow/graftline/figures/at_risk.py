"""What survival figures share: where a curve ends, axes of time, and numbers under the axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graftline.estimate.risk_set import RiskSets

LEAST_AT_RISK = 5
LEAST_SHARE = 0.1
SMALL_COHORT = 30


def find_end_of_curve(risk: RiskSets) -> float:
    """The last exit time at which enough patients are at risk for the curve to be shown.

    Enough is a tenth of all, and five as well unless there are fewer than thirty patients.
    """
    least = LEAST_SHARE * risk.n
    if risk.n >= SMALL_COHORT:
        least = max(least, LEAST_AT_RISK)
    shown = risk.times[risk.at_risk >= least]
    return float(shown[-1]) if shown.size else 0.0


def cut_steps(risk: RiskSets, values: np.ndarray, before: float) -> tuple[np.ndarray, np.ndarray]:
    """Points of the step curve `values` from the first entry (value `before`) to its end."""
    end = find_end_of_curve(risk)
    keep = risk.times <= end
    times = np.concatenate([[risk.first_entry], risk.times[keep]])
    return times, np.concatenate([[before], values[keep]])


def set_time_axis(axes, ticks: Sequence[float], longest: float) -> None:
    """Probability from 0 to 1 against time from 0 on."""
    axes.set_ylim(0, 1.02)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.set_xlim(0, max(longest, ticks[-1], 1) * 1.02)
    axes.set_xticks(list(ticks))


def write_rows_under(axes, ticks: Sequence[float], rows: Sequence[dict], label: str) -> None:
    """Rows of texts aligned with the ticks of the panel above, whose time axis `axes` shares.

    Each of `rows` has `texts`, one a tick, and `colour`; of several rows each also has `label`, its
    name, so that nobody needs the colour to tell them apart. `label` says what the texts are; it is
    empty where each row's own label does.
    """
    axes.set_axis_off()
    across = axes.get_xaxis_transform()
    line = 1 / (2 * len(rows))
    for index, row in enumerate(rows):
        name = label
        if len(rows) > 1:
            name = capitalise(row["label"]) + (f": {label.lower()}" if label else "")
        top = 1 - 2 * index * line
        axes.text(0, top, name, transform=axes.transAxes, va="top", ha="left", fontsize=7.5)
        for at, text in zip(ticks, row["texts"], strict=True):
            axes.text(
                at, top - line, text, transform=across, ha="center", va="top",
                color=row["colour"], fontsize=8,
            )  # fmt: skip


def capitalise(label: str) -> str:
    """`label` with its first letter as a capital, the rest as it is."""
    return label[:1].upper() + label[1:]
