"""A second opinion on every estimate: another library where one is right, plain sums elsewhere."""

from __future__ import annotations

import numpy as np

from graftline.estimate.cross_check.agreement import (
    AGREEMENT,
    AGREEMENT_OF_COX,
    IDENTITY,
    assert_close,
)
from graftline.estimate.cross_check.libraries import survival_by_lifelines
from graftline.estimate.cross_check.recount import Recount
from graftline.estimate.cross_check.second import (
    SECOND_IMPLEMENTATIONS,
    Cohort,
    check_estimate,
)

__all__ = [
    "AGREEMENT",
    "AGREEMENT_OF_COX",
    "IDENTITY",
    "SECOND_IMPLEMENTATIONS",
    "Cohort",
    "assert_close",
    "check_estimate",
    "check_incidence",
    "check_survival",
    "incidence_by_sums",
    "survival_by_lifelines",
]


def incidence_by_sums(time, status, entry, cause: int, at: float) -> tuple[float, float]:
    """Cumulative incidence of `cause`, and survival free of any, at `at`, by plain sums."""
    recount = Recount(time, status, entry)
    return recount.incidence(cause, at), recount.survival(at)


def check_survival(name: str, ours: float, time, event, entry, at: float) -> None:
    """Raise GraftlineError if lifelines (where it can) or plain sums differ by over 1e-9."""
    status = np.asarray(event).astype(int)
    check_estimate(name, "km_survival", ours, Cohort(time, status, entry), at)


def check_incidence(name: str, ours: float, time, status, entry, cause: int, at: float) -> None:
    """Raise GraftlineError if a plain sum differs, or if the incidences of all causes and the
    survival free of any do not add up to 1."""
    cohort = Cohort(time, status, entry)
    check_estimate(name, "cif", ours, cohort, at, cause)
    others = set(np.unique(np.asarray(status, dtype=int)).tolist()) - {0, cause}
    rest = sum(cohort.recount.incidence(other, at) for other in others)
    total = ours + rest + cohort.recount.survival(at)
    assert_close(name, total, 1.0, "the sum of all outcomes", IDENTITY)
