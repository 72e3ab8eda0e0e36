"""Cumulative incidence with competing causes: the Aalen-Johansen estimator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from graftline.estimate.exact import upper_limit_without_events
from graftline.estimate.risk_set import RiskSets, count_risk_sets, step_value

# A sum of incidences that is 1 may be a little less for a computer.
CERTAIN = 1 - 1e-12


@dataclass(frozen=True)
class AalenJohansen:
    """Fitted incidences. `survival` has shape (T,), `incidence` and `variance` (causes, T)."""

    risk: RiskSets
    causes: tuple[int, ...]
    survival: np.ndarray
    incidence: np.ndarray
    variance: np.ndarray
    confidence: float

    def incidence_at(self, cause: int, at) -> np.ndarray:
        """Cumulative incidence of `cause` at each time of `at`, whatever the follow-up."""
        return step_value(self.risk.times, self.incidence[self.causes.index(cause)], at, 0.0)

    def variance_at(self, cause: int, at) -> np.ndarray:
        """Aalen's variance of the incidence of `cause` at each time of `at`."""
        return step_value(self.risk.times, self.variance[self.causes.index(cause)], at, 0.0)

    def limits_at(self, cause: int, at) -> tuple[np.ndarray, np.ndarray]:
        """Limits at each time of `at`: exp(-exp(ln(-ln F) +/- z sqrt(V) / (F |ln F|))).

        Where F is 0: 0 and the exact upper limit of 0 of m, m being the patients who entered
        before and were not censored before that time. NaN where F is 1.
        """
        at = np.asarray(at, dtype=float)
        incidence, variance = self.incidence_at(cause, at), self.variance_at(cause, at)
        z = NormalDist().inv_cdf(0.5 + self.confidence / 2)
        inside = (incidence > 0) & (incidence < CERTAIN)
        safe = np.where(inside, incidence, 0.5)
        width = z * np.sqrt(variance) / (safe * np.abs(np.log(safe)))
        centre = np.log(-np.log(safe))
        with np.errstate(over="ignore", under="ignore"):
            lower, upper = np.exp(-np.exp(centre + width)), np.exp(-np.exp(centre - width))
        unseen = upper_limit_without_events(
            self.risk.count_not_censored_before(at), self.confidence
        )
        lower = np.where(inside, lower, np.where(incidence == 0, 0.0, np.nan))
        upper = np.where(inside, upper, np.where(incidence == 0, unseen, np.nan))
        return lower, upper


def _aalen_variance(incidence, events, at_risk, survival, survival_before, own: int) -> np.ndarray:
    """Variance of one cause's incidence after Aalen (Scand J Stat 1978;5:141-50), as cmprsk has it.

    With sums over event times of each cause m of weight = S(-)**2 (1 - (d-1)/(n-1)) d / n**2:
    V(t) = sum a**2 weight + F(t)**2 sum b**2 weight - 2 F(t) sum a b weight, where b = 1/S and
    a = F/S (plus 1 for the cause itself) at the event time. After S has fallen to 0, b is 0.
    """
    n = at_risk.astype(float)
    alive = survival > 0
    inverse = np.divide(1.0, survival, out=np.zeros(n.size), where=alive)
    squares, crosses, inverses = np.zeros(n.size), np.zeros(n.size), np.zeros(n.size)
    for cause, d in enumerate(events):
        ties = np.divide(d - 1, n - 1, out=np.zeros(n.size), where=(d > 1) & (n > 1))
        weight = np.divide(
            survival_before**2 * (1 - ties) * d, n**2, out=np.zeros(n.size), where=d > 0
        )
        a = incidence * inverse + (cause == own)
        squares += a**2 * weight
        crosses += a * inverse * weight
        inverses += inverse**2 * weight
    variance = (
        np.cumsum(squares) + incidence**2 * np.cumsum(inverses) - 2 * incidence * np.cumsum(crosses)
    )
    return np.maximum(variance, 0.0)  # a difference of sums may be -1e-18


def compute_incidence(risk: RiskSets) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Survival free of all causes at and just before each time (T,), and incidences (causes, T)."""
    n, all_events = risk.at_risk.astype(float), risk.events.sum(axis=0)
    survival = np.cumprod(np.divide(n - all_events, n, out=np.ones(n.size), where=all_events > 0))
    before = np.concatenate([[1.0], survival[:-1]])[: n.size]
    hazards = np.divide(risk.events, n, out=np.zeros(risk.events.shape), where=risk.events > 0)
    return survival, before, np.cumsum(before * hazards, axis=1)


def estimate_aalen_johansen(
    time, status, entry=None, causes: Sequence[int] = (1, 2), confidence: float = 0.95
) -> AalenJohansen:
    """Cumulative incidence of each of `causes` (Aalen and Johansen, Scand J Stat 1978;5:141-50).

    `status` is 0 for censored or the cause; `time` and `entry` in any one unit. A cause without
    events has incidence 0. With `entry`, at risk on (entry, time]. Raises GraftlineError for times
    that make no sense and for a status which is not among `causes`; no patients: empty arrays.
    """
    causes = tuple(causes)
    risk = count_risk_sets(time, status, entry, causes)
    survival, before, incidence = compute_incidence(risk)
    variance = np.array(
        [
            _aalen_variance(incidence[own], risk.events, risk.at_risk, survival, before, own)
            for own in range(len(causes))
        ]
    )
    return AalenJohansen(risk, causes, survival, incidence, variance, confidence)
