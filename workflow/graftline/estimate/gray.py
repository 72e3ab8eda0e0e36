"""Gray's test of equal cumulative incidence in several groups with competing causes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graftline.errors import GraftlineError
from graftline.estimate.aalen_johansen import compute_incidence
from graftline.estimate.reasons import NO_EVENTS, NOBODY, ONE_GROUP, SINGULAR
from graftline.estimate.risk_set import count_risk_sets, step_value

# A covariance is singular if an eigenvalue is below this share of the largest.
SINGULAR_BELOW = 1e-10


@dataclass(frozen=True)
class GrayTest:
    """Chi-squared statistic, its degrees of freedom and P; NaN, and `reason`, where there is none.

    `score`, shape (groups,), is observed minus expected events of each of `groups`; `covariance`,
    (groups, groups), is that of the score.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    groups: tuple
    score: np.ndarray
    covariance: np.ndarray
    reason: str | None = None


@dataclass(frozen=True)
class _Counts:
    """By group and distinct time, shape (groups, T): events of the cause and of the others, patients
    at risk, survival free of all causes just before (`before`) and at (`survival`) the time, and
    incidence of the cause just before."""

    own: np.ndarray
    other: np.ndarray
    at_risk: np.ndarray
    before: np.ndarray
    survival: np.ndarray
    incidence_before: np.ndarray


def _just_before(values: np.ndarray, first: float) -> np.ndarray:
    """Value of a step function just before each of the times at which it steps."""
    return np.concatenate([[first], values[:-1]])[: values.size]


def _count(time, status, cause: int, member, groups: int) -> _Counts:
    times = np.unique(time[status > 0])
    shape = (groups, times.size)
    counts = _Counts(*(np.zeros(shape) for _ in range(6)))
    kind = np.where(status == 0, 0, np.where(status == cause, 1, 2))
    for index in range(groups):
        mine = member == index
        risk = count_risk_sets(time[mine], kind[mine], causes=(1, 2))
        happened = risk.events.any(axis=0)
        place = np.searchsorted(times, risk.times[happened])
        counts.own[index, place], counts.other[index, place] = risk.events[:, happened]
        counts.at_risk[index] = risk.count_at_risk(times)
        survival, _, incidence = compute_incidence(risk)
        counts.survival[index] = step_value(risk.times, survival, times, 1.0)
        own = step_value(risk.times, incidence[0], times, 0.0)
        counts.before[index] = _just_before(counts.survival[index], 1.0)
        counts.incidence_before[index] = _just_before(own, 0.0)
    return counts


def _divide(numerator, denominator) -> np.ndarray:
    """The quotient, 0 where the denominator is not above 0."""
    shape = np.broadcast_shapes(np.shape(numerator), np.shape(denominator))
    return np.divide(numerator, denominator, out=np.zeros(shape), where=denominator > 0)


def _tie_factor(events, at_risk) -> np.ndarray:
    """1 - (d - 1) / (n - 1), the hypergeometric variance's factor for d events at once."""
    return 1 - np.where((events > 1) & (at_risk > 1), _divide(events - 1, at_risk - 1), 0.0)


def _score(counts: _Counts) -> np.ndarray:
    """Observed events less those expected if all groups had one subdistribution hazard."""
    weight = _divide(counts.at_risk * (1 - counts.incidence_before), counts.before)
    hazard = _divide(counts.own.sum(axis=0), weight.sum(axis=0))
    return counts.own.sum(axis=1) - weight @ hazard


def _covariance(counts: _Counts) -> np.ndarray:
    """Covariance of the score under the null hypothesis, as Gray 1988 estimates it in section 3.

    With h = n / S(-) of each group and their sum H, the pooled incidence F has the increments
    events / H, and its hazard is dF / (1 - F(-)). The score of group k moves with the incidence of
    group r by d = h_k (1[k = r] - h_r / H) now, and by c = sum of d times the hazard after now.
    An event of the cause adds d + c (1 - (1 - F) / S), another one - c (1 - F) / S; their variances
    are those of the pooled incidence and of the group's own other causes.
    """
    groups = counts.own.shape[0]
    events = counts.own.sum(axis=0)
    h = _divide(counts.at_risk, counts.before)
    total = h.sum(axis=0)
    increment = _divide(events, total)
    free = 1 - np.cumsum(increment)
    # Where the pooled incidence has reached 1, nothing is left that could happen.
    free_before = _just_before(free, 1.0)
    hazard = np.where(free_before > 1e-12, _divide(increment, free_before), 0.0)
    covariance = np.zeros((groups, groups))
    for r in range(groups):
        before, n = counts.before[r], counts.at_risk[r]
        now = h * (np.arange(groups)[:, None] == r) - h * _divide(h[r], total)
        until = np.cumsum(now * hazard, axis=1)
        later = until[:, -1:] - until
        ratio = _divide(free, counts.survival[r])
        by_own, by_other = now + later * (1 - ratio), later * ratio
        # Ties among the n patients that the pooled estimate expects of a group like this one.
        pooled = _divide(before * increment, n) * _tie_factor(events, total * before)
        other = counts.other[r]
        single = _divide(before**2 * other, n**2) * _tie_factor(other, n)
        covariance += (by_own * pooled) @ by_own.T + (by_other * single) @ by_other.T
    return covariance


def estimate_gray(time, status, group, cause: int = 1) -> GrayTest:
    """Gray's test (Ann Stat 1988;16:1141-54, with rho 0) of the incidence of `cause` in two or more
    groups; other values of `status` above 0 are competing causes.

    Time and memory are linear in patients (after sorting) and in groups times distinct event times.
    Delayed entry and strata are not taken. Without events of the cause, with one group, or with a
    covariance that cannot be inverted there is no statistic, and `reason` says why.
    """
    from scipy.special import chdtrc

    time, status = np.asarray(time, dtype=float), np.asarray(status, dtype=int)
    if (status < 0).any():
        raise GraftlineError(f"{int((status < 0).sum())} of {status.size} statuses are below 0")
    labels, member = np.unique(np.asarray(group), return_inverse=True)
    size, names = labels.size, tuple(labels.tolist())
    nothing = np.full(size, np.nan), np.full((size, size), np.nan)
    if size < 2 or not np.any(status == cause):
        why = NOBODY if size == 0 else ONE_GROUP if size == 1 else NO_EVENTS
        return GrayTest(np.nan, max(size - 1, 0), np.nan, names, *nothing, why)
    counts = _count(time, status, cause, member, size)
    score, covariance = _score(counts), _covariance(counts)
    free = covariance[:-1, :-1]
    spread = np.linalg.eigvalsh(free)
    if not spread[0] > SINGULAR_BELOW * max(spread[-1], SINGULAR_BELOW):
        return GrayTest(np.nan, size - 1, np.nan, names, score, covariance, SINGULAR)
    statistic = float(score[:-1] @ np.linalg.solve(free, score[:-1]))
    p_value = float(chdtrc(size - 1, statistic))
    return GrayTest(statistic, size - 1, p_value, names, score, covariance)
