"""What other libraries compute rightly. Each call says where it is not to be trusted.

Heavy imports stay inside the functions. Every function returns None where the library cannot answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


@contextmanager
def _quiet_lifelines() -> Iterator[None]:
    """lifelines silences numpy's warnings for the whole process; they come back afterwards."""
    before = np.geterr()
    try:
        yield
    finally:
        np.seterr(**before)


def survival_by_lifelines(time, event, entry, at: float) -> float | None:
    """Kaplan-Meier survival at `at` by lifelines; None where an early risk set empties, at which it
    stops."""
    with _quiet_lifelines():
        from lifelines import KaplanMeierFitter
        from lifelines.exceptions import StatError

        fitter = KaplanMeierFitter()
        try:
            fitter.fit(time, event_observed=event, entry=entry)
        except StatError:
            return None
        return float(fitter.survival_function_at_times(at).iloc[0])


def _curve_by_scipy(time, event):
    """Kaplan-Meier curve by scipy."""
    from scipy.stats import CensoredData, ecdf

    time, event = np.asarray(time, dtype=float), np.asarray(event, dtype=bool)
    return ecdf(CensoredData(uncensored=time[event], right=time[~event])).sf


def survival_by_scipy(time, event, entry, at: float) -> float | None:
    """Kaplan-Meier survival at `at` by scipy; None with delayed entry, which it does not know."""
    if entry is not None or not np.any(event):
        return None
    return float(_curve_by_scipy(time, event).evaluate(at))


def survival_limit_by_scipy(time, event, entry, at: float, upper: bool) -> float | None:
    """Log-log limit of the Kaplan-Meier survival at `at` by scipy; None with delayed entry, which it
    does not know, and where S is 0 or 1."""
    if entry is not None or not np.any(event):
        return None
    import warnings

    curve = _curve_by_scipy(time, event)
    if not 0 < curve.evaluate(at) < 1:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of limits where S is 0 or 1
        limits = curve.confidence_interval(confidence_level=0.95, method="log-log")
    return float((limits.high if upper else limits.low).evaluate(at))


def log_rank_by_lifelines(time, event, group, entry) -> float | None:
    """Log-rank chi-squared by lifelines; None with delayed entry, which it does not know, and where
    groups are left out for want of anybody at risk."""
    group = np.asarray(group)
    if entry is not None or np.unique(group).size < 2:
        return None
    first = np.asarray(time)[np.asarray(event, dtype=bool)].min(initial=np.inf)
    if any(np.asarray(time)[group == one].max() < first for one in np.unique(group)):
        return None
    with _quiet_lifelines():
        from lifelines.statistics import multivariate_logrank_test

        found = multivariate_logrank_test(np.asarray(time), group, np.asarray(event, dtype=int))
        return float(found.test_statistic) if np.isfinite(found.test_statistic) else None
