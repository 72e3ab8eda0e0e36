"""What survival figures share: where a curve ends, axes of time, and numbers under the axis."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from graftline.estimate.risk_set import RiskSets

LEAST_AT_RISK = 5
LEAST_SHARE = 0.1
SMALL_COHORT = 30
HEADING = 1.25  # lines of a heading, with the room above it
LINE_MM = 3.2  # of the rows of numbers under an axis
DIGIT_MM, GAP_MM = 1.5, 1.6  # a digit of those rows, and the least room between two numbers


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


def arrange_panels(n: int) -> tuple[int, int]:
    """Rows and columns of `n` panels: two side by side."""
    columns = min(max(n, 1), 2)
    return math.ceil(n / columns), columns


def set_time_axis(axes, ticks: Sequence[float], longest: float) -> None:
    """Probability from 0 to 1 against time from 0 on."""
    axes.set_ylim(0, 1.02)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.set_xlim(0, max(longest, ticks[-1], 1) * 1.02)
    axes.set_xticks(list(ticks))


def count_lines(blocks: Sequence[dict]) -> float:
    """Lines that `write_rows_under` needs for `blocks`."""
    return sum(HEADING + len(block["rows"]) for block in blocks)


def space_ticks(ticks: Sequence[float], texts: Sequence[str], longest: float, width: float) -> int:
    """Every how many of `ticks` a number is written, so that numbers as long as the longest of
    `texts` stand apart on an axis of `width` mm to the time `longest`."""
    if len(ticks) < 2 or not longest:
        return 1
    step = (ticks[1] - ticks[0]) / longest * width
    needed = DIGIT_MM * max(map(len, texts), default=0) + GAP_MM
    return max(1, math.ceil(needed / step))


def write_rows_under(
    axes, ticks: Sequence[float], blocks: Sequence[dict], *, longest: float, width: float
) -> None:
    """Rows of numbers aligned with the ticks of the panel above, whose time axis `axes` shares.

    Each of `blocks` has `heading` and `rows`; each row `texts`, one a tick, and, where a block has
    several, `colour` and `line` of its curve, a piece of which stands before it: nobody needs the
    colour to tell rows apart. `width` is that of the axis in mm.
    """
    axes.set_axis_off()
    across, lines = axes.get_xaxis_transform(), count_lines(blocks)
    texts = [text for block in blocks for row in block["rows"] for text in row["texts"]]
    every = space_ticks(ticks, texts, longest, width)
    at_line = 0.0
    for block in blocks:
        top = 1 - (at_line + HEADING - 0.5) / lines
        axes.text(0, top, block["heading"], transform=axes.transAxes, va="center", fontsize=7.5)
        for place, row in enumerate(block["rows"]):
            middle = 1 - (at_line + HEADING + place + 0.5) / lines
            if len(block["rows"]) > 1:
                axes.plot(
                    [-9 / width, -4 / width], [middle] * 2, transform=axes.transAxes,
                    color=row["colour"], linestyle=row["line"], linewidth=1.4, clip_on=False,
                )  # fmt: skip
            for at, text in list(zip(ticks, row["texts"], strict=True))[::every]:
                axes.text(at, middle, text, transform=across, ha="center", va="center", fontsize=8)
        at_line += HEADING + len(block["rows"])


def capitalise(label: str) -> str:
    """`label` with its first letter as a capital, the rest as it is."""
    return label[:1].upper() + label[1:]
