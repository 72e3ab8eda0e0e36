"""Tests of groups once more: one loop over event times, one over groups."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np

MOST_ALLOCATIONS = 500


def log_rank_by_sums(
    time, event, group, entry=None, strata=None
) -> tuple[float, int] | tuple[None, None]:
    """Log-rank chi-squared and its degrees of freedom; (None, None) without variance."""
    time, event, group = np.asarray(time, float), np.asarray(event, bool), np.asarray(group)
    entry = np.full(time.size, -np.inf) if entry is None else np.asarray(entry, float)
    strata = np.zeros(time.size) if strata is None else np.asarray(strata)
    labels = sorted(set(group.tolist()))
    excess, covariance = np.zeros(len(labels)), np.zeros((len(labels), len(labels)))
    for stratum in sorted(set(strata.tolist())):
        within = strata == stratum
        for moment in sorted(set(time[event & within].tolist())):
            at_risk = within & (time >= moment) & (entry < moment)
            died = within & event & (time == moment)
            n, d = at_risk.sum(), died.sum()
            here = np.array([(at_risk & (group == label)).sum() for label in labels])
            excess += np.array([(died & (group == label)).sum() for label in labels]) - d * here / n
            if n > 1:
                spread = np.diag(here / n) - np.outer(here / n, here / n)
                covariance += d * (n - d) / (n - 1) * spread
    values, directions = np.linalg.eigh(covariance)
    if not labels or values[-1] <= 0:
        return None, None
    known = values > 1e-10 * values[-1]
    return float(np.sum((directions.T @ excess)[known] ** 2 / values[known])), int(known.sum())


def exact_log_rank_by_sums(time, event, group) -> float | None:
    """Share of the allocations at least as extreme, each by `log_rank_by_sums`; None with many."""
    labels, member = np.unique(np.asarray(group), return_inverse=True)
    first = int((member == 0).sum())
    if labels.size != 2 or comb(member.size, first) > MOST_ALLOCATIONS:
        return None
    observed, found = log_rank_by_sums(time, event, member)[0] or 0.0, []
    for chosen in combinations(range(member.size), first):
        other = np.ones(member.size)
        other[list(chosen)] = 0
        found.append(log_rank_by_sums(time, event, other)[0] or 0.0)
    return float(np.mean(np.array(found) >= observed - 1e-9))


def _group_steps(time, status, cause: int, moments):
    """For one group at each moment: at risk, events of the cause, of others, S before and at it, and
    incidence before it."""
    survival, incidence, steps = 1.0, 0.0, []
    for moment in moments:
        n = int((time >= moment).sum())
        own = int(((time == moment) & (status == cause)).sum())
        other = int(((time == moment) & (status > 0)).sum()) - own
        after = survival * (n - own - other) / n if n else survival
        steps.append((n, own, other, survival, after, incidence))
        incidence, survival = incidence + (survival * own / n if n else 0.0), after
    return steps


def gray_by_sums(time, status, group, cause: int) -> float | None:
    """Gray's statistic (1988), with the sums over later times written as such; None if singular."""
    time, status, group = np.asarray(time, float), np.asarray(status, int), np.asarray(group)
    labels = sorted(set(group.tolist()))
    moments = sorted(set(time[status > 0].tolist()))
    steps = [_group_steps(time[group == x], status[group == x], cause, moments) for x in labels]
    size, m = len(labels), len(moments)
    score, h, hazard, free = np.zeros(size), np.zeros((size, m)), np.zeros(m), np.ones(m + 1)
    for t in range(m):
        weights = [
            n * (1 - f) / before if n else 0.0 for n, _, _, before, _, f in (s[t] for s in steps)
        ]
        events = sum(s[t][1] for s in steps)
        for k in range(size):
            expected = events * weights[k] / sum(weights) if events else 0.0
            score[k] += steps[k][t][1] - expected
            h[k, t] = steps[k][t][0] / steps[k][t][3] if steps[k][t][0] else 0.0
        step = events / h[:, t].sum() if events else 0.0
        hazard[t] = step / free[t] if free[t] > 1e-12 else 0.0
        free[t + 1] = free[t] - step
    covariance = np.zeros((size, size))
    for r in range(size):
        for t in range(m):
            n, _, other, before, after, _ = steps[r][t]
            if not n:
                continue
            events, total = sum(s[t][1] for s in steps), h[:, t].sum()
            now, later = _moves(h, hazard, r, t)
            ratio = free[t + 1] / after if after else 0.0
            expected = total * before
            ties = 1 - (events - 1) / (expected - 1) if events > 1 and expected > 1 else 1.0
            pooled = before / n * (events / total) * ties
            ties = 1 - (other - 1) / (n - 1) if other > 1 else 1.0
            single = before**2 * other / n**2 * ties
            covariance += pooled * np.outer(now + later * (1 - ratio), now + later * (1 - ratio))
            covariance += single * np.outer(later * ratio, later * ratio)
    free_part = covariance[1:, 1:]
    if size < 2 or np.linalg.matrix_rank(free_part, rtol=1e-10, hermitian=True) < size - 1:
        return None
    return float(score[1:] @ np.linalg.inv(free_part) @ score[1:])


def _moves(h, hazard, r: int, t: int) -> tuple[np.ndarray, np.ndarray]:
    """How the score moves with the incidence of group r: at moment t, and by what follows it."""

    def now(u: int) -> np.ndarray:
        total = h[:, u].sum()
        return h[:, u] * ((np.arange(len(h)) == r) - (h[r, u] / total if total else 0.0))

    later = [hazard[u] * now(u) for u in range(t + 1, h.shape[1]) if hazard[u]]
    return now(t), np.sum(later, axis=0) if later else np.zeros(len(h))
