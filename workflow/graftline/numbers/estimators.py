"""Survival statistics of the registry: rows of `endpoints` in, one value and its reason out.

Rows have the columns time, entry and status (0 censored, 1 the event, 2 a competing event). A
curve is fitted once by `fit_km`, `fit_reverse_km` or `fit_aj` and asked many times by `query`.
Limits are 95% limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

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
from graftline.estimate.reasons import (
    NO_LIMIT,
    NOBODY,
    NOT_REACHED,
    PAST_FOLLOW_UP,
    why_not_at,
)
from graftline.estimate.restricted_mean import estimate_restricted_mean

Result = tuple[float | int | None, str | None]
CAUSES = (1, 2)
DIED_UNDATED = 6  # CNSR of a patient dead on an unknown day

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
    """Reverse Kaplan-Meier of `rows`, from the origin on whatever their entry.

    A patient dead on an unknown day ended his follow-up by dying: he censors it, as every death.
    """
    time, event, _ = _single_cause(rows)
    if "cnsr" in rows:
        event = event | rows["cnsr"].eq(DIED_UNDATED).fillna(False).to_numpy(dtype=bool)
    return Fit(estimate_reverse_kaplan_meier(time, event))


def fit_aj(rows: pd.DataFrame) -> Fit:
    """Aalen-Johansen of the causes 1 and 2 of `rows`."""
    return Fit(estimate_aalen_johansen(*_columns(rows), causes=CAUSES))


def _known(value, reason: str) -> Result:
    return (None, reason) if np.isnan(value) else (float(value), None)


def _query_count(
    curve: KaplanMeier | AalenJohansen, what: str, time: float, cause: int | None
) -> int:
    """Patients at risk at `time`, or events (of `cause`, if given) or censorings up to and on it."""
    risk = curve.risk
    if what == "at_risk":
        return int(risk.count_at_risk(time))
    until = risk.times <= time
    if what == "censored":
        return int(risk.censored[until].sum())
    kinds = slice(None) if cause is None else [CAUSES.index(cause)]
    return int(risk.events[kinds][:, until].sum())


def _query_km(curve: KaplanMeier, what: str, time: float) -> Result:
    reason = why_not_at(curve.risk, time)
    if reason:
        return None, reason
    if what == "survival":
        return float(curve.survival_at(time)), None
    if curve.survival_at(time) == 1 and what == "lower":
        m = curve.risk.count_not_censored_before(time)
        return float(1 - upper_limit_without_events(m, curve.confidence)), EXACT_LOWER
    lower, upper = curve.limits_at(time)
    return _known(lower if what == "lower" else upper, NO_LIMIT)


def _query_restricted_mean(curve: KaplanMeier, what: str, horizon: float) -> Result:
    """The restricted mean, its standard error, or a limit of its normal interval."""
    mean, error = estimate_restricted_mean(curve, horizon)
    if np.isnan(mean):
        return None, NOBODY if curve.risk.n == 0 else PAST_FOLLOW_UP
    width = NormalDist().inv_cdf(0.5 + curve.confidence / 2) * error
    return {
        "restricted_mean": mean,
        "restricted_mean_error": error,
        "restricted_mean_lower": mean - width,
        "restricted_mean_upper": mean + width,
    }[what], None


def _query_aj(curve: AalenJohansen, what: str, cause: int, time: float) -> Result:
    reason = why_not_at(curve.risk, time)
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

    Kaplan-Meier: survival, lower, upper at `time`; median, median_lower, median_upper;
    restricted_mean up to `time`, restricted_mean_error, _lower and _upper.
    Aalen-Johansen: cuminc, lower, upper, variance of `cause` at `time`.
    Both: at_risk at `time`; events (of `cause`, if given) and censored up to and including `time`.
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
        return _query_count(curve, what, time, cause), None
    if isinstance(curve, KaplanMeier) and what in ("survival", "lower", "upper"):
        return _query_km(curve, what, time)
    if isinstance(curve, KaplanMeier) and what.startswith("restricted_mean"):
        return _query_restricted_mean(curve, what, time)
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
