"""Comparisons of groups as statistics of the registry: rows of `endpoints` in, one value out.

Rows have the columns time, entry, status (1 the event, 2 a competing event) and that of the groups.
`cause` None takes any status above 0 as the event; a cause alone, with the others as censorings,
makes log-rank and hazard ratios cause-specific.
"""

from __future__ import annotations

from math import comb
from statistics import NormalDist

import numpy as np
import pandas as pd

from graftline.errors import GraftlineError
from graftline.estimate.reasons import ONE_GROUP

Result = tuple[float | None, str | None]
GROUP_STATISTICS = ("log_rank", "exact_log_rank", "gray", "hazard_ratio")
NO_ENTRY = "{} takes no delayed entry"
TOO_MANY = "there are too many allocations of patients to groups for the exact log-rank test"
Z = NormalDist().inv_cdf(0.975)


class Comparison:
    """One comparison of the groups of `rows`, fitted once by `fit_comparison` and asked by `query`."""

    def __init__(self, found, reason: str | None = None):
        self.found, self.reason = found, reason


def _columns(rows: pd.DataFrame, group: str, cause: int | None):
    if rows[group].isna().any():
        raise GraftlineError(f"patients without {group} cannot be compared; leave them out")
    time = rows["time"].to_numpy(dtype=float)
    entry = rows["entry"].to_numpy(dtype=float)
    status = rows["status"].to_numpy(dtype=int)
    event = status > 0 if cause is None else status == cause
    labels = rows[group].astype(str).to_numpy()
    return time, (entry if np.any(entry != 0) else None), status, event, labels


def fit_comparison(
    statistic: str,
    rows: pd.DataFrame,
    *,
    group: str,
    cause: int | None = None,
    method: str = "cox",
) -> Comparison:
    """The test or model `statistic` of the groups in column `group`; `method` of a hazard ratio is cox
    or firth. Gray's test, the exact log-rank test and Firth's model do not take delayed entry."""
    time, entry, status, event, labels = _columns(rows, group, cause)
    if statistic == "log_rank":
        from graftline.estimate.log_rank import estimate_log_rank

        return Comparison(estimate_log_rank(time, event, labels, entry))
    if statistic == "exact_log_rank":
        from graftline.estimate.log_rank import MOST_ALLOCATIONS, compute_exact_log_rank_p

        if entry is not None:
            return Comparison(None, NO_ENTRY.format("the exact log-rank test"))
        if comb(time.size, int((labels == labels[:1]).sum())) > MOST_ALLOCATIONS:
            return Comparison(None, TOO_MANY)
        return Comparison(compute_exact_log_rank_p(time, event, labels))
    if statistic == "gray":
        from graftline.estimate.gray import estimate_gray

        if entry is not None:
            return Comparison(None, NO_ENTRY.format("Gray's test"))
        return Comparison(estimate_gray(time, status, labels, cause=cause or 1))
    from graftline.estimate.contrasts import make_indicators

    levels, covariates = make_indicators(labels)
    if len(levels) < 2:
        return Comparison(None, ONE_GROUP)
    if method == "firth":
        from graftline.estimate.firth import estimate_firth_cox

        fit = estimate_firth_cox(time, event, covariates, entry)
        low, high = fit.lower, fit.upper
    elif method == "cox":
        from graftline.estimate.cox import estimate_cox

        fit = estimate_cox(time, event, covariates, entry)
        low = fit.coefficients - Z * fit.standard_errors
        high = fit.coefficients + Z * fit.standard_errors
    else:
        raise ValueError(f"the method of a hazard ratio is {method!r}; it must be cox or firth")
    of_level = {
        level: {
            "ratio": np.exp(fit.coefficients[place]),
            "lower": np.exp(low[place]),
            "upper": np.exp(high[place]),
            "p": fit.p_values[place],
        }
        for place, level in enumerate(levels[1:])
    }
    return Comparison(of_level, fit.reason)


def query_comparison(comparison: Comparison, *, what: str, level: str | None = None) -> Result:
    """One value of a comparison, and the reason where there is none.

    Tests: statistic, p. Hazard ratio of `level` against the first group: ratio, lower, upper, p.
    """
    found = comparison.found
    if found is None:
        return None, comparison.reason
    if isinstance(found, dict):
        if level not in found:
            return None, f"there is no group {level}"
        value, reason = found[level][what], comparison.reason
    elif isinstance(found, float):
        value, reason = found, ONE_GROUP
    else:
        value = {"statistic": found.statistic, "p": found.p_value}[what]
        reason = found.reason
    if not np.isfinite(value):
        return None, reason or "it cannot be estimated from these events"
    return float(value), None
