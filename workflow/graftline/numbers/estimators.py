"""Survival statistics of the registry: rows of `endpoints` in, one value and its reason out.

Rows have the columns time, entry and status (0 censored, 1 the event, 2 a competing event). A
curve is fitted once by `fit_km`, `fit_reverse_km` or `fit_aj` and asked many times by `query`.
Limits are 95% limits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from graftline.errors import GraftlineError
from graftline.estimate.aalen_johansen import AalenJohansen, estimate_aalen_johansen
from graftline.estimate.exact import upper_limit_without_events
from graftline.estimate.kaplan_meier import (
    KaplanMeier,
    estimate_kaplan_meier,
    estimate_reverse_kaplan_meier,
)

Result = tuple[float | int | None, str | None]
CAUSES = (1, 2)

NOBODY = "no patients to estimate it from"
PAST_FOLLOW_UP = "nobody was followed to this time"
BEFORE_ENTRY = "nobody was under observation yet at this time"
NOT_REACHED = "not reached"
NO_LIMIT = "the limit is not defined where the estimate is 0 or 1"
EXACT_LOWER = "exact lower limit, because no event had happened yet"
EXACT_UPPER = "exact upper limit, because no event had happened yet"


@dataclass(frozen=True)
class Fit:
    """A fitted curve, ready for `query`."""

    curve: KaplanMeier | AalenJohansen


def _columns(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Time, status and entry of rows; entry is None where nobody enters late."""
    time = rows["time"].to_numpy(dtype=float, na_value=np.nan)
    status = rows["status"].to_numpy(dtype=float, na_value=np.nan)
    entry = rows["entry"].to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(status).any():
        raise GraftlineError("the status of an endpoint is missing; select the rows in_risk_set")
    return time, status.astype(int), (entry if np.any(entry != 0) else None)


def _single_cause(rows: pd.DataFrame):
    time, status, entry = _columns(rows)
    if (status > 1).any():
        raise GraftlineError(
            "Kaplan-Meier was asked for an endpoint with competing events; "
            "its estimator in study.yaml must be aalen_johansen"
        )
    return time, status == 1, entry


def fit_km(rows: pd.DataFrame) -> Fit:
    """Kaplan-Meier of `rows`. Raises GraftlineError if they have competing events."""
    return Fit(estimate_kaplan_meier(*_single_cause(rows)))


def fit_reverse_km(rows: pd.DataFrame) -> Fit:
    """Reverse Kaplan-Meier of `rows`, from the origin on whatever their entry."""
    time, event, _ = _single_cause(rows)
    return Fit(estimate_reverse_kaplan_meier(time, event))


def fit_aj(rows: pd.DataFrame) -> Fit:
    """Aalen-Johansen of the causes 1 and 2 of `rows`."""
    return Fit(estimate_aalen_johansen(*_columns(rows), causes=CAUSES))


def _known(value, reason: str) -> Result:
    return (None, reason) if np.isnan(value) else (float(value), None)


def _why_no_estimate(curve: KaplanMeier | AalenJohansen, time: float) -> str | None:
    risk = curve.risk
    if risk.n == 0:
        return NOBODY
    if time > risk.last_time:
        return PAST_FOLLOW_UP
    if risk.entries is not None and time <= risk.first_entry:
        return BEFORE_ENTRY
    return None


def _query_count(curve: KaplanMeier | AalenJohansen, what: str, time: float) -> int:
    """Patients at risk at `time`, or events or censorings up to and on it."""
    risk = curve.risk
    if what == "at_risk":
        return int(risk.count_at_risk(time))
    until = risk.times <= time
    return int(risk.events[:, until].sum() if what == "events" else risk.censored[until].sum())


def _query_km(curve: KaplanMeier, what: str, time: float) -> Result:
    reason = _why_no_estimate(curve, time)
    if reason:
        return None, reason
    if what == "survival":
        return float(curve.survival_at(time)), None
    if curve.survival_at(time) == 1 and what == "lower":
        m = curve.risk.count_not_censored_before(time)
        return float(1 - upper_limit_without_events(m, curve.confidence)), EXACT_LOWER
    lower, upper = curve.limits_at(time)
    return _known(lower if what == "lower" else upper, NO_LIMIT)


def _query_aj(curve: AalenJohansen, what: str, cause: int, time: float) -> Result:
    reason = _why_no_estimate(curve, time)
    if reason:
        return None, reason
    if what == "cuminc":
        return float(curve.incidence_at(cause, time)), None
    if what == "variance":
        return float(curve.variance_at(cause, time)), None
    lower, upper = curve.limits_at(cause, time)
    if what == "upper" and curve.incidence_at(cause, time) == 0:
        return float(upper), EXACT_UPPER
    return _known(lower if what == "lower" else upper, NO_LIMIT)


def query(fit: Fit, what: str, time: float | None = None, cause: int | None = None) -> Result:
    """One value of a fitted curve and the reason for it being None, or for its being exact.

    Kaplan-Meier: survival, lower, upper at `time`; median, median_lower, median_upper.
    Aalen-Johansen: cuminc, lower, upper, variance of `cause` at `time`.
    Both: at_risk at `time`; events and censored up to and including `time`.
    None ("NE") past the last follow-up, before the first entry, without patients, and for a limit
    that is not defined. While no event has happened, the limit that the formula would put at the
    estimate itself is the exact binomial one, of the patients not censored before.
    """
    curve = fit.curve
    if what in ("median", "median_lower", "median_upper") and isinstance(curve, KaplanMeier):
        if curve.risk.n == 0:
            return None, NOBODY
        which = ("median", "median_lower", "median_upper").index(what)
        return _known(curve.median()[which], NOT_REACHED)
    if time is None:
        raise ValueError(f"{what!r} needs a time")
    if what in ("at_risk", "events", "censored"):
        return _query_count(curve, what, time), None
    if isinstance(curve, KaplanMeier) and what in ("survival", "lower", "upper"):
        return _query_km(curve, what, time)
    if isinstance(curve, AalenJohansen) and what in ("cuminc", "lower", "upper", "variance"):
        if cause not in CAUSES:
            raise ValueError(f"the cause is {cause!r}; it must be one of {CAUSES}")
        return _query_aj(curve, what, cause, time)
    raise ValueError(f"{what!r} is not a value of this estimator")


def km(what: str, time: float | None, rows: pd.DataFrame) -> Result:
    """`query` of the Kaplan-Meier curve of `rows`."""
    return query(fit_km(rows), what, time)


def reverse_km(what: str, rows: pd.DataFrame, time: float | None = None) -> Result:
    """`query` of the reverse Kaplan-Meier curve of `rows`."""
    return query(fit_reverse_km(rows), what, time)


def aalen_johansen(what: str, cause: int, time: float, rows: pd.DataFrame) -> Result:
    """`query` of the Aalen-Johansen curves of `rows`."""
    return query(fit_aj(rows), what, time, cause)
