"""Exact (binomial and hypergeometric) limits and tests, for numbers too small for anything else."""

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
    from scipy.stats import beta

    if not 0 <= n_events <= n_patients:
        raise ValueError(f"{n_events} events in {n_patients} patients")
    if n_patients == 0:
        return np.nan, np.nan
    tail = (1 - confidence) / 2
    lower = 0.0 if n_events == 0 else beta.ppf(tail, n_events, n_patients - n_events + 1)
    upper = 1.0 if n_events == n_patients else beta.isf(tail, n_events + 1, n_patients - n_events)
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

    Two-sided as in R: all tables that are no more likely than the one observed.
    """
    from scipy.stats import fisher_exact

    return float(fisher_exact(np.asarray(counts)).pvalue)
