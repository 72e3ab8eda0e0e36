"""Cox's partial likelihood with Efron's treatment of ties, its slope and its curvature.

Stated by itself, without an optimiser of somebody else's: it confirms what lifelines finds, and it
fits cohorts that are too large for lifelines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOST_STEPS = 60
SMALLEST_STEP = 1e-11
# The last step is taken when it would raise the likelihood by less than half of this.
SMALLEST_GAIN = 1e-14
# With so few different rows of covariates risk sets are counts of each.
MOST_PATTERNS = 64


@dataclass(frozen=True)
class PartialLikelihood:
    """Logarithm of the partial likelihood, its gradient (p,) and its information (p, p)."""

    log_likelihood: float
    score: np.ndarray
    information: np.ndarray


@dataclass(frozen=True)
class Patterns:
    """Risk sets where covariates have few different rows `x` (G, p): groups, for example.

    `at_risk` and `events`, (T, G): how many of each pattern are at risk, and have the event, at each
    distinct event time.
    """

    x: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray

    def sum_at_risk(self, values: np.ndarray) -> np.ndarray:
        """Sum over each risk set of a value a pattern, along the first axis."""
        return np.tensordot(self.at_risk, values, axes=1)

    def sum_tied(self, values: np.ndarray) -> np.ndarray:
        """Sum over the events of each time of a value a pattern."""
        return np.tensordot(self.events, values, axes=1)


@dataclass(frozen=True)
class Individuals:
    """Risk sets where every patient has covariates of her own: `x` (n, p) in the order of exit.

    `first` is the first patient still there at each distinct event time; with delayed entry
    `entered` of those in `entry_order` are there already. `event_rows` and `starts` are the patients
    with events, and where those of each time start among them.
    """

    x: np.ndarray
    first: np.ndarray
    entry_order: np.ndarray | None
    entered: np.ndarray | None
    event_rows: np.ndarray
    starts: np.ndarray

    def sum_at_risk(self, values: np.ndarray) -> np.ndarray:
        """Sum over each risk set of a value a patient, along the first axis."""
        zero = np.zeros((1, *values.shape[1:]))
        if self.entered is None:
            still = np.cumsum(values[::-1], axis=0)[::-1]
            return np.concatenate([still, zero])[self.first]
        gone = np.concatenate([zero, np.cumsum(values, axis=0)])[self.first]
        come = np.concatenate([zero, np.cumsum(values[self.entry_order], axis=0)])[self.entered]
        return come - gone

    def sum_tied(self, values: np.ndarray) -> np.ndarray:
        """Sum over the events of each time of a value a patient."""
        return np.add.reduceat(values[self.event_rows], self.starts, axis=0)


@dataclass(frozen=True)
class EfronData:
    """Risk sets, and how many events each distinct event time has (`tied`)."""

    risk_sets: Patterns | Individuals
    tied: np.ndarray


def prepare_efron(time, event, covariates, entry=None) -> EfronData:
    """Count or sort patients once for `evaluate_efron`; at risk on (entry, time]."""
    time, event = np.asarray(time, dtype=float), np.asarray(event, dtype=bool)
    x = np.asarray(covariates, dtype=float)
    late = None if entry is None else np.asarray(entry, dtype=float)
    times, tied = np.unique(time[event], return_counts=True)
    patterns, member = np.unique(x, axis=0, return_inverse=True)
    if len(patterns) > MOST_PATTERNS:
        return EfronData(_sort_individuals(time, event, x, late, times, tied), tied)
    at_risk, events = np.zeros((2, times.size, len(patterns)))
    for index in range(len(patterns)):
        mine = member.ravel() == index
        come = mine.sum() if late is None else np.searchsorted(np.sort(late[mine]), times)
        at_risk[:, index] = come - np.searchsorted(np.sort(time[mine]), times)
        happened = np.searchsorted(times, time[mine & event])
        events[:, index] = np.bincount(happened, minlength=times.size)
    return EfronData(Patterns(patterns, at_risk, events), tied)


def _sort_individuals(time, event, x, late, times, tied) -> Individuals:
    order = np.argsort(time, kind="stable")
    entry_order = entered = None
    if late is not None:
        entry_order = np.argsort(late[order], kind="stable")
        entered = np.searchsorted(late[order][entry_order], times)
    rows = np.flatnonzero(event[order])
    first = np.searchsorted(time[order], times)
    return Individuals(x[order], first, entry_order, entered, rows, np.cumsum(tied) - tied)


def evaluate_efron(data: EfronData, coefficients) -> PartialLikelihood:
    """Efron's partial likelihood (J Am Stat Assoc 1977;72:557-65) at `coefficients` (p,).

    Of d events at one time the l-th (from 0) has the denominator: sum of exp(x b) over the risk set
    less l / d of that over the d events. One row is made for each event, none for a patient.
    """
    sets, tied = data.risk_sets, data.tied
    x, size = sets.x, sets.x.shape[1]
    if not tied.size:
        return PartialLikelihood(0.0, np.zeros(size), np.zeros((size, size)))
    predictor = x @ np.asarray(coefficients, dtype=float)
    predictor = predictor - predictor.max()
    weight = np.exp(predictor)
    moment = np.repeat(np.arange(tied.size), tied)
    share = (np.arange(moment.size) - (np.cumsum(tied) - tied)[moment]) / tied[moment]

    def less_ties(values: np.ndarray) -> np.ndarray:
        """Sums over the risk set less the share of the tied events, a row an event."""
        reduced = share.reshape(-1, *[1] * (values.ndim - 1)) * sets.sum_tied(values)[moment]
        return sets.sum_at_risk(values)[moment] - reduced

    denominator = less_ties(weight)
    mean = less_ties(weight[:, None] * x) / denominator[:, None]
    squares = less_ties(weight[:, None, None] * x[:, :, None] * x[:, None, :])
    information = (squares / denominator[:, None, None]).sum(axis=0) - mean.T @ mean
    log_likelihood = sets.sum_tied(predictor).sum() - np.log(denominator).sum()
    score = sets.sum_tied(x).sum(axis=0) - mean.sum(axis=0)
    return PartialLikelihood(float(log_likelihood), score, information)


def solve_efron(data: EfronData) -> np.ndarray | None:
    """The coefficients at the maximum by Newton's method from 0; None where none is found.

    A step that lowers the likelihood is halved.
    """
    coefficients = np.zeros(data.risk_sets.x.shape[1])
    here = evaluate_efron(data, coefficients)
    for _ in range(MOST_STEPS):
        try:
            step = np.linalg.solve(here.information, here.score)
        except np.linalg.LinAlgError:
            return None
        if abs(here.score @ step) < SMALLEST_GAIN:
            return coefficients + step
        there = evaluate_efron(data, coefficients + step)
        while not there.log_likelihood >= here.log_likelihood - 1e-9 * abs(here.log_likelihood):
            step = step / 2
            if np.abs(step).max() < SMALLEST_STEP:
                return None
            there = evaluate_efron(data, coefficients + step)
        coefficients, here = coefficients + step, there
    return None
