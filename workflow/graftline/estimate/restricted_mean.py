"""Restricted mean survival time: the area under the Kaplan-Meier curve up to a horizon."""

from __future__ import annotations

import numpy as np

from graftline.estimate.kaplan_meier import KaplanMeier


def estimate_restricted_mean(curve: KaplanMeier, horizon: float) -> tuple[float, float]:
    """Restricted mean to `horizon`, in the unit of the times, and its standard error.

    Variance: sum over event times before the horizon of (area from there to the horizon)**2
    d / (n (n - d)), without a factor m / (m - 1), as R's survival and survRM2 have it. Both are NaN
    if nobody was followed to the horizon, unless the curve is 0 by then, or without patients.
    """
    risk = curve.risk
    if risk.n == 0 or horizon < 0:
        return np.nan, np.nan
    if horizon > risk.last_time and curve.survival[-1] > 0:
        return np.nan, np.nan
    before = risk.times < horizon
    times = np.concatenate([[0.0], risk.times[before], [horizon]])
    areas = np.diff(times) * np.concatenate([[1.0], curve.survival[before]])
    # Area from each time before the horizon to the horizon, summed from the end so that it is
    # exactly 0 where the curve is.
    area_after = np.cumsum(areas[:0:-1])[::-1]
    n, d = risk.at_risk[before].astype(float), curve.events[before]
    weight = np.divide(d, n * (n - d), out=np.zeros(n.size), where=(d > 0) & (n > d))
    return float(areas.sum()), float(np.sqrt(np.sum(area_after**2 * weight)))
