"""Which second implementation each estimate has, and the check that both agree.

lifelines' Kaplan-Meier and log-rank without entry, scipy's limits and firthmodels' and lifelines' fits
are used where they are right; everything else is counted again by a second formulation. Which calls
of these libraries are wrong, and how, is in docs/reference/estimators.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from graftline.estimate.contrasts import make_indicators
from graftline.estimate.cox import (
    coefficients_by_lifelines,
    coefficients_by_newton,
    fits_lifelines,
)
from graftline.estimate.cross_check.agreement import (
    AGREEMENT,
    AGREEMENT_OF_COX,
    assert_close,
)
from graftline.estimate.cross_check.comparisons import (
    exact_log_rank_by_sums,
    gray_by_sums,
    log_rank_by_sums,
)
from graftline.estimate.cross_check.libraries import (
    log_rank_by_lifelines,
    survival_by_lifelines,
    survival_by_scipy,
    survival_limit_by_scipy,
)
from graftline.estimate.cross_check.recount import Recount
from graftline.estimate.efron import prepare_efron
from graftline.estimate.penalised import maximise_penalised

# lifelines confirms a fit of Newton's method up to so many patients; above it takes minutes.
MOST_RECHECKED = 200_000
MOST_RECHECKED_WITH_ENTRY = 10_000


@dataclass(frozen=True)
class Cohort:
    """Patients of whom an estimate is checked: arrays of one value a patient.

    `status` is 0 or a cause; `entry` and `group` are None where they play no part. `covariates`
    (n, p) are the indicators of `group` unless given.
    """

    time: Any
    status: Any
    entry: Any = None
    group: Any = None
    covariates: Any = None
    _found: dict = field(default_factory=dict, repr=False)

    @cached_property
    def event(self) -> np.ndarray:
        """Whether a patient had an event of any cause."""
        return np.asarray(self.status, dtype=int) > 0

    @cached_property
    def recount(self) -> Recount:
        """The curves, counted again."""
        return Recount(self.time, self.status, self.entry)

    @cached_property
    def design(self) -> np.ndarray:
        """Covariates of a regression."""
        if self.covariates is not None:
            return np.asarray(self.covariates, dtype=float)
        return make_indicators(self.group)[1]

    def once(self, name: str, compute: Callable[[], Any]) -> Any:
        """The result of `compute`, which runs the first time only."""
        if name not in self._found:
            self._found[name] = compute()
        return self._found[name]


@dataclass(frozen=True)
class Second:
    """One second implementation: what it is, in words, and the call.

    `compute(cohort, at, which)` gives the value, or None where it cannot tell; `which` is the cause,
    or the number of a covariate.
    """

    by: str
    compute: Callable[[Cohort, Any, Any], float | None]
    tolerance: float = AGREEMENT
    slow: bool = False  # milliseconds for a handful of patients


def _chi_squared_p(statistic: float | None, freedom: int | None) -> float | None:
    from scipy.special import gammaincc

    return None if statistic is None else float(gammaincc(freedom / 2, statistic / 2))


def _log_rank(cohort: Cohort) -> tuple[float, int] | tuple[None, None]:
    return cohort.once(
        "log-rank",
        lambda: log_rank_by_sums(cohort.time, cohort.event, cohort.group, cohort.entry),
    )


def _gray(cohort: Cohort, cause: int) -> float | None:
    return cohort.once(
        f"gray {cause}",
        lambda: gray_by_sums(cohort.time, cohort.status, cohort.group, cause),
    )


def _cox(what: str) -> Second:
    """Whichever of lifelines and Newton's method did not fit the model."""

    def fit(cohort: Cohort):
        arguments = (cohort.time, cohort.event, cohort.design, cohort.entry)
        patients, late = len(cohort.event), cohort.entry is not None
        if fits_lifelines(patients, late):
            return coefficients_by_newton(prepare_efron(*arguments))
        if patients > (MOST_RECHECKED_WITH_ENTRY if late else MOST_RECHECKED):
            return None, None
        return coefficients_by_lifelines(*arguments)

    def compute(cohort: Cohort, at, which) -> float | None:
        found, covariance = cohort.once("cox", lambda: fit(cohort))
        if found is None:
            return None
        index = which or 0
        return float(np.sqrt(covariance[index, index]) if what == "error" else found[index])

    by = "Newton's method, or by lifelines where that fitted the model"
    return Second(by, compute, AGREEMENT_OF_COX)


def _firth(row: int, tolerance: float = AGREEMENT_OF_COX) -> Second:
    def compute(cohort: Cohort, at, which) -> float:
        found = cohort.once(
            "firth", lambda: maximise_penalised(cohort.time, cohort.event, cohort.design)
        )
        return float(found[row, which or 0])

    return Second("a penalised likelihood written out", compute, tolerance)


def _counted(method: str, *more, reverse: bool = False) -> Second:
    """A method of Recount that is asked with what the estimate has of cause and time."""

    def compute(cohort: Cohort, at, which):
        recount = cohort.recount.reversed if reverse else cohort.recount
        asked = [value for value in (which, at) if value is not None]
        return getattr(recount, method)(*asked, *more)

    return Second("plain sums", compute)


def _scipy_limit(upper: bool) -> Second:
    return Second(
        "scipy",
        lambda c, at, _: survival_limit_by_scipy(c.time, c.event, c.entry, at, upper),
    )


# What each estimate is held against. The name of an estimate with delayed entry ends in _entry, and
# that of a cause's has the cause's number; neither is part of the key.
SECOND_IMPLEMENTATIONS: dict[str, tuple[Second, ...]] = {
    "km_survival": (
        _counted("survival"),
        Second("scipy", lambda c, at, _: survival_by_scipy(c.time, c.event, c.entry, at)),
        Second(
            "lifelines",
            lambda c, at, _: survival_by_lifelines(c.time, c.event, c.entry, at),
            slow=True,
        ),
    ),
    "km_lower": (_counted("survival_limit", False), _scipy_limit(upper=False)),
    "km_upper": (_counted("survival_limit", True), _scipy_limit(upper=True)),
    "at_risk": (_counted("at_risk"),),
    "events": (_counted("count", True),),
    "censored": (_counted("count", False),),
    "median": (_counted("median"),),
    "median_lower": (_counted("median_limit", False),),
    "median_upper": (_counted("median_limit", True),),
    "followup_median_reverse_km": (_counted("median", reverse=True),),
    "followup_median_reverse_km_lower": (_counted("median_limit", False, reverse=True),),
    "followup_median_reverse_km_upper": (_counted("median_limit", True, reverse=True),),
    "rmst": (_counted("restricted_mean"),),
    "rmst_se": (_counted("restricted_mean_error"),),
    "cif": (_counted("incidence"),),
    "cif_var_aalen": (_counted("incidence_variance"),),
    "cif_lower": (_counted("incidence_limit", False),),
    "cif_upper": (_counted("incidence_limit", True),),
    "logrank_chisq": (
        Second("plain sums", lambda c, _at, _which: _log_rank(c)[0]),
        Second(
            "lifelines",
            lambda c, _at, _which: log_rank_by_lifelines(c.time, c.event, c.group, c.entry),
            slow=True,
        ),
    ),
    "logrank_p": (Second("plain sums", lambda c, _at, _which: _chi_squared_p(*_log_rank(c))),),
    "logrank_exact_p": (
        Second(
            "plain sums of each allocation",
            lambda c, _at, _which: exact_log_rank_by_sums(c.time, c.event, c.group),
        ),
    ),
    "gray_stat": (Second("plain sums", lambda c, _at, which: _gray(c, which)),),
    "gray_p": (
        Second(
            "plain sums",
            lambda c, _at, which: _chi_squared_p(_gray(c, which), len(set(c.group)) - 1),
        ),
    ),
    "cox_efron_coef": (_cox("coefficient"),),
    "cox_efron_se": (_cox("error"),),
    "cox_firth_coef": (_firth(0),),
    "cox_firth_lower": (_firth(1),),
    "cox_firth_upper": (_firth(2),),
    # Near 1 a P turns the last digits of a likelihood into its square root.
    "cox_firth_p": (_firth(3, tolerance=1e-6),),
}


def check_estimate(
    name: str,
    quantity: str,
    ours: float | None,
    cohort: Cohort,
    at=None,
    which=None,
    thorough: bool = True,
) -> int:
    """Raise GraftlineError if a second implementation of `quantity` gives another value than `ours`.

    `quantity` is a key of `SECOND_IMPLEMENTATIONS`; `which` is the cause, or the number of a covariate
    (from 0). Without `thorough` the slow implementations are left out; each estimate has a fast one.
    Returns how many implementations agreed: none for a value that could not be estimated (None).
    """
    if ours is None:
        return 0
    checked = 0
    for second in SECOND_IMPLEMENTATIONS[quantity]:
        if second.slow and not thorough:
            continue
        theirs = second.compute(cohort, at, which)
        if theirs is not None:
            assert_close(name, ours, theirs, second.by, second.tolerance)
            checked += 1
    return checked
