"""Quantiles of a survival curve by inversion."""

from __future__ import annotations

import numpy as np

# Curves are compared with the target to this tolerance, R's sqrt(.Machine$double.eps).
TOLERANCE = float(np.sqrt(np.finfo(float).eps))


def invert_curve(times: np.ndarray, curve: np.ndarray, level: float = 0.5) -> float:
    """The time at which a falling step curve reaches `level`; NaN where it never does.

    It is the first time with a value of `level` or less. If the curve is exactly at `level` there
    and falls below it later, it is the midpoint of the two times; if it stays flat to its end, the
    first time (R's print.survfit). NaN values of the curve are skipped.
    """
    known = ~np.isnan(curve)
    times, curve = times[known], curve[known]
    reached = np.flatnonzero(curve <= level + TOLERANCE)
    if reached.size == 0:
        return np.nan
    first = reached[0]
    if abs(curve[first] - level) < TOLERANCE:
        below = np.flatnonzero(curve < level - TOLERANCE)
        if below.size:
            return float((times[first] + times[below[0]]) / 2)
    return float(times[first])
