"""Firth's penalised partial likelihood written out: one loop over event times, no library.

It confirms what firthmodels finds, and stands in where that does not converge, as it may not with one
or two events.
"""

from __future__ import annotations

import numpy as np

MOST_STEPS = 1000
LONGEST_STEP = 0.5
SMALLEST_GAIN = 1e-21  # of likelihood by a step, at which the search stops
FARTHEST = 1e3  # from the maximum, at which no limit is looked for
# 95% point of chi-squared with one degree of freedom.
CHI_SQUARED_95 = 3.841458820694124


def _penalised(time, event, x, beta) -> tuple[float, np.ndarray, np.ndarray]:
    """Breslow's log likelihood with half the log determinant of the information, its gradient, and
    the information."""
    size = x.shape[1]
    likelihood, score = 0.0, np.zeros(size)
    information, third = np.zeros((size, size)), np.zeros((size, size, size))
    for moment in sorted(set(time[event].tolist())):
        died, rows = event & (time == moment), time >= moment
        d = int(died.sum())
        predictor = x[rows] @ beta
        weight = np.exp(predictor - predictor.max())
        mean = weight @ x[rows] / weight.sum()
        apart = x[rows] - mean
        share = weight / weight.sum()
        likelihood += (x[died] @ beta).sum() - d * (predictor.max() + np.log(weight.sum()))
        score += x[died].sum(axis=0) - d * mean
        information += d * np.einsum("i,ij,ik->jk", share, apart, apart)
        third += d * np.einsum("i,ij,ik,il->jkl", share, apart, apart, apart)
    score = score + 0.5 * np.einsum("jk,jkl->l", np.linalg.inv(information), third)
    return likelihood + 0.5 * np.linalg.slogdet(information)[1], score, information


def _maximise(arguments, start, fixed: int | None) -> tuple[np.ndarray, float]:
    """The maximum over all coefficients but `fixed`, and the penalised likelihood there.

    Steps by the information alone overshoot, as the penalty has its own curvature; they are
    shortened whenever the gradient turns round.
    """
    beta = np.array(start, dtype=float)
    free = [index for index in range(beta.size) if index != fixed]
    damping, before = 1.0, np.zeros(len(free))
    for _ in range(MOST_STEPS):
        _, score, information = _penalised(*arguments, beta)
        if not free:
            break
        if before @ score[free] < 0:
            damping = max(damping / 2, 1 / 16)
        before = score[free]
        step = np.linalg.solve(information[np.ix_(free, free)], before) * damping
        step *= min(1.0, LONGEST_STEP / max(np.abs(step).max(), 1e-300))
        beta[free] += step
        if abs(step @ before) < SMALLEST_GAIN:
            break
    return beta, _penalised(*arguments, beta)[0]


def maximise_penalised(time, event, covariates) -> np.ndarray:
    """For each covariate: coefficient, lower and upper profile limit (95%), and P, as rows (4, p).

    P is that of the penalised likelihood-ratio test. Breslow's ties; no entry.
    """
    from scipy.special import chdtrc

    x = np.asarray(covariates, dtype=float)
    arguments = np.asarray(time, float), np.asarray(event, bool), x
    best, top = _maximise(arguments, np.zeros(x.shape[1]), None)
    found = [best]
    for direction in (-1, 1):
        found.append(
            np.array([_profile_limit(arguments, best, top, j, direction) for j in range(best.size)])
        )
    nulls = [_maximise(arguments, np.where(np.arange(best.size) == j, 0.0, best), j)[1]
             for j in range(best.size)]  # fmt: skip
    found.append(chdtrc(1, np.maximum(2 * (top - np.array(nulls)), 0.0)))
    return np.array(found)


def _profile_limit(arguments, best, top: float, j: int, direction: int) -> float:
    """Where the profile likelihood of coefficient j has fallen by half the chi-squared point."""
    from scipy.optimize import brentq

    def left(distance: float) -> float:
        """How much it may still fall that far from the maximum."""
        start = best.copy()
        start[j] += direction * distance
        return CHI_SQUARED_95 / 2 - (top - _maximise(arguments, start, j)[1])

    step = 1.0
    while left(step) > 0:
        if step > FARTHEST:
            return np.nan
        step *= 2
    return float(best[j] + direction * brentq(left, 0.0, step, xtol=1e-13))
