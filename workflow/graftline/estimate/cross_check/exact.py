"""Exact limits and tests once more, in whole numbers."""

from __future__ import annotations

from fractions import Fraction
from math import comb


def _tail(events: int, patients: int, proportion: float) -> float:
    """Probability of `events` or more of `patients`."""
    return sum(
        comb(patients, k) * proportion**k * (1 - proportion) ** (patients - k)
        for k in range(events, patients + 1)
    )


def _bisect(condition) -> float:
    """Where between 0 and 1 `condition` ceases to hold."""
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if condition(middle) else (low, middle)
    return (low + high) / 2


def clopper_pearson_by_sums(
    events: int, patients: int, confidence: float = 0.95
) -> tuple[float, float]:
    """The proportions at which as many, or as few, events have just the probability of a tail."""
    alpha = (1 - confidence) / 2
    if patients == 0:
        return (0.0, 1.0)
    lower = 0.0 if events == 0 else _bisect(lambda p: _tail(events, patients, p) < alpha)
    few = patients - events
    upper = 1.0 if few == 0 else 1 - _bisect(lambda p: _tail(few, patients, p) < alpha)
    return lower, upper


def fisher_by_counting(counts) -> float:
    """Share of the allocations, with these margins, that are no likelier than the one observed."""
    (a, b), (c, d) = counts
    ways = {
        k: comb(a + b, k) * comb(c + d, a + c - k)
        for k in range(max(0, a - d), min(a + b, a + c) + 1)
    }
    rare = sum(number for number in ways.values() if number <= ways[a])
    return float(Fraction(rare, sum(ways.values())))
