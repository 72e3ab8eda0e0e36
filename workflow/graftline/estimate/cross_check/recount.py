"""Curves once more, by the textbook: each risk set counted anew, each sum written as it is printed.

Nothing here is shared with the estimators, and nothing is fast.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cached_property
from statistics import NormalDist

import numpy as np

from graftline.estimate.cross_check.exact import clopper_pearson_by_sums

# With more patients a product of exact fractions takes longer than it is worth.
MOST_FOR_FRACTIONS = 200
HALF_WITHIN = 1.5e-8  # R's tolerance for a curve at exactly one half


class Recount:
    """Patients of whom everything is counted again. Status 0 is censored, other values are causes."""

    def __init__(self, time, status, entry=None):
        self.time = np.asarray(time, dtype=float)
        self.status = np.asarray(status, dtype=int)
        nobody_late = entry is None
        self.entry = np.full(self.time.size, -np.inf) if nobody_late else np.asarray(entry, float)
        self.has_entry = not nobody_late

    @cached_property
    def moments(self) -> list[tuple[float, int, dict[int, int]]]:
        """Each distinct event time, the patients at risk then, and the events of each cause."""
        found = []
        for moment in sorted(set(self.time[self.status > 0].tolist())):
            here = self.status[(self.time == moment) & (self.status > 0)].tolist()
            events = {cause: here.count(cause) for cause in set(here)}
            found.append((moment, self.at_risk(moment), events))
        return found

    @cached_property
    def reversed(self) -> Recount:
        """The follow-up: censoring is the event, from the origin on."""
        return Recount(self.time, (self.status == 0).astype(int))

    def at_risk(self, at: float) -> int:
        """Patients at risk at `at`: entered before, and not gone before."""
        return int(((self.time >= at) & (self.entry < at)).sum())

    def count(self, at: float, event: bool) -> int:
        """Patients with an event, or censored, up to and including `at`."""
        return int(((self.time <= at) & ((self.status > 0) == event)).sum())

    @cached_property
    def _curve(self) -> list[tuple[float, Fraction | float, float]]:
        """After each event time: survival (exact where that is possible) and Greenwood's sum."""
        exact = self.time.size <= MOST_FOR_FRACTIONS
        survival, greenwood, curve = Fraction(1) if exact else 1.0, 0.0, []
        for moment, n, events in self.moments:
            d = sum(events.values())
            survival = survival * (Fraction(n - d, n) if exact else 1 - d / n)
            greenwood += d / (n * (n - d)) if n > d else 0.0
            curve.append((moment, survival, greenwood))
        return curve

    def survival(self, at: float) -> float:
        """Product of 1 - d / n over the event times up to `at`."""
        return float(([1.0] + [s for moment, s, _ in self._curve if moment <= at])[-1])

    def survival_limit(self, at: float, upper: bool) -> float | None:
        """S**exp(-/+ z sqrt(greenwood) / ln S); None where S is 0, 1 where it is 1."""
        limits = [self._limit(s, g, upper) for moment, s, g in self._curve if moment <= at]
        return limits[-1] if limits else 1.0

    @staticmethod
    def _limit(survival, greenwood: float, upper: bool) -> float | None:
        survival = float(survival)
        if survival <= 0:
            return None
        z = NormalDist().inv_cdf(0.975) * (-1 if upper else 1)
        return survival ** math.exp(-z * math.sqrt(greenwood) / math.log(survival))

    def median(self) -> float | None:
        """When the curve first is one half or less; midway where it stays at one half until it falls."""
        return _invert([(moment, s) for moment, s, _ in self._curve])

    def median_limit(self, upper: bool) -> float | None:
        """When the upper or the lower limit of the curve first is one half or less."""
        limits = [(moment, self._limit(s, g, upper)) for moment, s, g in self._curve]
        return _invert([(moment, limit) for moment, limit in limits if limit is not None])

    def restricted_mean(self, horizon: float) -> float:
        """Area under the curve up to `horizon`, one rectangle for each step."""
        steps = [(0.0, 1.0)] + [(t, float(s)) for t, s, _ in self._curve if t < horizon]
        ends = [t for t, _ in steps[1:]] + [horizon]
        return math.fsum(s * (end - t) for (t, s), end in zip(steps, ends, strict=True))

    def restricted_mean_error(self, horizon: float) -> float:
        """Root of the sum of squares of what each patient contributes (the infinitesimal jackknife,
        which for the Kaplan-Meier curve is Greenwood's formula)."""
        whole, influence = self.restricted_mean(horizon), np.zeros(self.time.size)
        for moment, n, events in self.moments:
            d = sum(events.values())
            if moment >= horizon or n == d:
                continue
            at_risk = (self.time >= moment) & (self.entry < moment)
            died = (self.time == moment) & (self.status > 0)
            later = whole - self.restricted_mean(moment)
            influence -= later * (died - at_risk * (d / n)) / (n - d)
        return math.sqrt(math.fsum(influence**2))

    def incidence(self, cause: int, at: float) -> float:
        """Sum of S(-) d / n of the cause over the event times up to `at`."""
        return self._incidences(cause, at)[-1] if self._incidences(cause, at) else 0.0

    def _incidences(self, cause: int, at: float) -> list[float]:
        survival, total, found = 1.0, 0.0, []
        for moment, n, events in self.moments:
            if moment > at:
                break
            total += survival * events.get(cause, 0) / n
            survival *= 1 - sum(events.values()) / n
            found.append(total)
        return found

    def incidence_variance(self, cause: int, at: float) -> float:
        """Aalen's variance as one double sum: over event times and causes m of
        (1[m is the cause] - (F(at) - F) / S)**2 S(-)**2 (1 - (d-1)/(n-1)) d / n**2."""
        own = self._incidences(cause, at)
        survival, variance = 1.0, []
        for (_, n, events), incidence in zip(self.moments, own, strict=False):
            before, left = survival, n - sum(events.values())
            survival = before * left / n
            change = (own[-1] - incidence) / survival if survival else 0.0
            for m, d in events.items():
                ties = (d - 1) / (n - 1) if d > 1 else 0.0
                variance.append(((m == cause) - change) ** 2 * before**2 * (1 - ties) * d / n**2)
        return math.fsum(variance)

    def incidence_limit(self, cause: int, at: float, upper: bool) -> float | None:
        """F**exp(-/+ z sd / (F ln F)); the exact limits of 0 of m while F is 0; None where it is 1."""
        incidence = self.incidence(cause, at)
        if incidence == 0:
            gone = (self.status == 0) & (self.time < at)
            seen = int(((self.entry < at) & ~gone).sum())
            return clopper_pearson_by_sums(0, seen)[1] if upper else 0.0
        if incidence > 1 - 1e-12:
            return None
        z = NormalDist().inv_cdf(0.975) * (-1 if upper else 1)
        spread = math.sqrt(self.incidence_variance(cause, at))
        return incidence ** math.exp(z * spread / (incidence * abs(math.log(incidence))))


def _invert(curve) -> float | None:
    """The time at which a falling curve, a list of (time, value), reaches one half."""
    for index, (moment, value) in enumerate(curve):
        if abs(value - 0.5) < HALF_WITHIN:
            later = [t for t, s in curve[index:] if s < 0.5 - HALF_WITHIN]
            return (moment + later[0]) / 2 if later else moment
        if value < 0.5:
            return moment
    return None
