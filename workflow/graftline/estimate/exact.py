"""Exact (binomial and hypergeometric) limits and tests, for numbers too small for anything else.

They stand on scipy.special: scipy.stats has the same, and takes most of a second to import, which
a job that analyses nine patients would spend on nothing else. Tests hold them against scipy.stats.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def clopper_pearson(
    n_events: int, n_patients: int, confidence: float = 0.95
) -> tuple[float, float]:
    """Exact limits of a proportion (Clopper and Pearson, Biometrika 1934;26:404-13).

    Returns proportions (0 to 1); NaN for both without patients. Raises ValueError unless
    0 <= n_events <= n_patients.
    """
    from scipy.special import betainccinv, betaincinv

    if not 0 <= n_events <= n_patients:
        raise ValueError(f"{n_events} events in {n_patients} patients")
    if n_patients == 0:
        return np.nan, np.nan
    tail = (1 - confidence) / 2
    n_without = n_patients - n_events
    lower = 0.0 if n_events == 0 else betaincinv(n_events, n_without + 1, tail)
    upper = 1.0 if n_without == 0 else betainccinv(n_events + 1, n_without, tail)
    return float(lower), float(upper)


def upper_limit_without_events(n_patients, confidence: float = 0.95) -> np.ndarray:
    """Exact upper limit of a proportion of which nothing has been seen: 1 - tail**(1/n).

    It is the upper Clopper-Pearson limit of 0 of n; 1 for no patients. Vectorised.
    """
    n_patients = np.asarray(n_patients, dtype=float)
    tail = (1 - confidence) / 2
    return 1 - np.where(n_patients > 0, tail ** (1 / np.maximum(n_patients, 1)), 0.0)


def fisher_exact_p(counts: Sequence[Sequence[int]]) -> float:
    """Two-sided P of Fisher's exact test of a two-by-two table ((with, without), (with, without)).

    Two-sided as in R: the tables with the same margins that are no more likely than the one
    observed, taken as equally likely up to a relative 1e-7.
    """
    from scipy.special import gammaln

    (a, b), (c, d) = counts
    if min(a, b, c, d) < 0:
        raise ValueError("a count is negative")
    with_event, without, group = a + c, b + d, a + b
    possible = np.arange(max(0, group - without), min(group, with_event) + 1)
    log_probability = -(
        gammaln(possible + 1)
        + gammaln(with_event - possible + 1)
        + gammaln(group - possible + 1)
        + gammaln(without - group + possible + 1)
    )
    probability = np.exp(log_probability - log_probability.max())
    observed = probability[possible == a][0]
    return float(
        min(1.0, probability[probability <= observed * (1 + 1e-7)].sum() / probability.sum())
    )
