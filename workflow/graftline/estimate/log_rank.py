"""The log-rank test, with delayed entry, and its exact permutation form for small groups."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np

from graftline.errors import GraftlineError
from graftline.estimate.risk_set import count_risk_sets

MOST_ALLOCATIONS = 1_000_000
CHUNK = 4096
TIE = 1e-9  # two allocations whose statistics differ by less are equally extreme


@dataclass(frozen=True)
class LogRank:
    """Chi-squared statistic, its degrees of freedom and P; NaN where there is nothing to compare.

    `observed` and `expected` are the events of each of `groups`.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    groups: tuple
    observed: np.ndarray
    expected: np.ndarray


def estimate_log_rank(time, event, group, entry=None) -> LogRank:
    """Log-rank test of two or more groups with the hypergeometric variance (Mantel 1966).

    `event` true or 1 for the event; `group` any labels; at risk on (entry, time]. Groups nobody of
    which is ever at risk at an event are left out of the degrees of freedom, as in R.
    """
    from scipy.special import chdtrc

    time, event = np.asarray(time, dtype=float), np.asarray(event, dtype=bool)
    entry = None if entry is None else np.asarray(entry, dtype=float)
    pooled = count_risk_sets(time, event.astype(int), entry)
    keep = pooled.events[0] > 0
    times, n, d = pooled.times[keep], pooled.at_risk[keep].astype(float), pooled.events[0][keep]
    labels, member = np.unique(np.asarray(group), return_inverse=True)
    share, observed = np.zeros((labels.size, times.size)), np.zeros(labels.size)
    for index in range(labels.size):
        mine = member == index
        own = count_risk_sets(
            time[mine], event[mine].astype(int), None if entry is None else entry[mine]
        )
        share[index] = own.count_at_risk(times) / n
        observed[index] = event[mine].sum()
    expected = share @ d
    weight = np.divide(d * (n - d), n - 1, out=np.zeros(n.size), where=n > 1)
    covariance = np.diag(share @ weight) - (share * weight) @ share.T
    known = np.flatnonzero(expected > 0)[1:]
    result = tuple(labels.tolist()), observed, expected
    if known.size == 0 or not np.any(covariance[np.ix_(known, known)]):
        return LogRank(np.nan, max(known.size, 0), np.nan, *result)
    difference = (observed - expected)[known]
    statistic = float(difference @ np.linalg.pinv(covariance[np.ix_(known, known)]) @ difference)
    return LogRank(statistic, known.size, float(chdtrc(known.size, statistic)), *result)


def _statistics(allocations, scores, at_risk, weight, n) -> np.ndarray:
    """Log-rank statistic of each row of `allocations` (0/1 a patient); 0 without variance."""
    share = allocations @ at_risk / n
    variance = (share * (1 - share)) @ weight
    difference = allocations @ scores
    return np.divide(difference**2, variance, out=np.zeros(variance.size), where=variance > 1e-12)


def compute_exact_log_rank_p(time, event, group) -> float:
    """Exact P of the log-rank test of two groups: the share of all allocations of the patients to
    groups of these sizes whose statistic is at least that observed.

    NaN unless there are two groups. Raises GraftlineError above a million allocations.
    """
    time, event = np.asarray(time, dtype=float), np.asarray(event, dtype=bool)
    labels, member = np.unique(np.asarray(group), return_inverse=True)
    if labels.size != 2:
        return np.nan
    size, first = time.size, int((member == 0).sum())
    if comb(size, first) > MOST_ALLOCATIONS:
        raise GraftlineError(
            f"{comb(size, first)} allocations are too many for the exact log-rank test; "
            "use the asymptotic one for groups of this size"
        )
    pooled = count_risk_sets(time, event.astype(int))
    keep = pooled.events[0] > 0
    times, n, d = pooled.times[keep], pooled.at_risk[keep].astype(float), pooled.events[0][keep]
    at_risk = (time[:, None] >= times).astype(float)
    # Observed minus expected of a group is the sum of its members' scores.
    scores = event - at_risk @ (d / n)
    weight = np.divide(d * (n - d), n - 1, out=np.zeros(n.size), where=n > 1)
    observed = _statistics((member == 0)[None, :].astype(float), scores, at_risk, weight, n)[0]
    chosen, as_extreme, total = combinations(range(size), first), 0, 0
    while rows := list(islice(chosen, CHUNK)):
        allocations = np.zeros((len(rows), size))
        np.put_along_axis(allocations, np.array(rows), 1.0, axis=1)
        found = _statistics(allocations, scores, at_risk, weight, n)
        as_extreme += int((found >= observed - TIE).sum())
        total += len(rows)
    return as_extreme / total
