"""The log-rank test, with delayed entry and strata, and its exact permutation form for small groups."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np

from graftline.errors import GraftlineError
from graftline.estimate.reasons import NO_EVENTS, NOBODY, NOTHING_TO_COMPARE, ONE_GROUP
from graftline.estimate.risk_set import count_risk_sets

MOST_ALLOCATIONS = 1_000_000
CHUNK = 4096
RANK_BELOW = 1e-10  # eigenvalues of a covariance below this share of the largest are 0
TIE = 1e-9  # two allocations whose statistics differ by less are equally extreme


@dataclass(frozen=True)
class LogRank:
    """Chi-squared statistic, its degrees of freedom and P; NaN, and `reason`, where there is none.

    `observed` and `expected` are the events of each of `groups`.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    groups: tuple
    observed: np.ndarray
    expected: np.ndarray
    reason: str | None = None


def _compare_in_stratum(time, event, member, entry, groups: int):
    """Observed and expected events of each group, and the covariance of their difference."""
    pooled = count_risk_sets(time, event.astype(int), entry)
    keep = pooled.events[0] > 0
    times, n, d = pooled.times[keep], pooled.at_risk[keep].astype(float), pooled.events[0][keep]
    share = np.zeros((groups, times.size))
    for index in range(groups):
        mine = member == index
        late = None if entry is None else entry[mine]
        share[index] = count_risk_sets(time[mine], event[mine].astype(int), late).count_at_risk(
            times
        )
    share /= n
    weight = np.divide(d * (n - d), n - 1, out=np.zeros(n.size), where=n > 1)
    covariance = np.diag(share @ weight) - (share * weight) @ share.T
    return np.bincount(member[event], minlength=groups), share @ d, covariance


def estimate_log_rank(time, event, group, entry=None, strata=None) -> LogRank:
    """Log-rank test of two or more groups with the hypergeometric variance (Mantel, Cancer Chemother
    Rep 1966;50:163-70).

    `event` true or 1 for the event; `group` and `strata` any labels; at risk on (entry, time]. With
    `strata` observed, expected and variance are summed over them. A group nobody of which is at risk
    when something could be compared does not count in the degrees of freedom, as in R.
    """
    from scipy.special import chdtrc

    time, event = np.asarray(time, dtype=float), np.asarray(event, dtype=bool)
    entry = None if entry is None else np.asarray(entry, dtype=float)
    labels, member = np.unique(np.asarray(group), return_inverse=True)
    strata = np.zeros(time.size, dtype=int) if strata is None else np.asarray(strata)
    observed, expected = np.zeros(labels.size), np.zeros(labels.size)
    covariance = np.zeros((labels.size, labels.size))
    for stratum in np.unique(strata):
        mine = strata == stratum
        late = None if entry is None else entry[mine]
        found = _compare_in_stratum(time[mine], event[mine], member[mine], late, labels.size)
        observed, expected, covariance = (
            total + part
            for total, part in zip((observed, expected, covariance), found, strict=True)
        )
    known = np.flatnonzero(expected > 0)[1:]
    result = tuple(labels.tolist()), observed, expected
    difference, free = (observed - expected)[known], covariance[np.ix_(known, known)]
    rank = np.linalg.matrix_rank(free, rtol=RANK_BELOW, hermitian=True) if np.any(free) else 0
    if not rank:
        why = NOBODY if labels.size == 0 else ONE_GROUP if labels.size == 1 else NOTHING_TO_COMPARE
        why = why if event.any() or labels.size < 2 else NO_EVENTS
        return LogRank(np.nan, known.size, np.nan, *result, why)
    inverse = np.linalg.pinv(free, rtol=RANK_BELOW, hermitian=True)
    statistic = float(difference @ inverse @ difference)
    return LogRank(statistic, int(rank), float(chdtrc(rank, statistic)), *result)


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
