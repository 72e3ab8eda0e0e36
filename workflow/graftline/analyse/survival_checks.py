"""Every survival estimate a second time, by other means, and the sums that must be 1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import NormalDist
from typing import Any

import numpy as np

from graftline.analyse.survival import SurvivalAnalysis
from graftline.analyse.survival_series import Series
from graftline.derive.endpoints.declarations import list_families

# What is asked of an estimator -> its name among the second implementations.
SURVIVAL = {"survival": "km_survival", "lower": "km_lower", "upper": "km_upper"}
INCIDENCE = {"cuminc": "cif", "lower": "cif_lower", "upper": "cif_upper"}
MEDIAN = {"": "median", ".lower": "median_lower", ".upper": "median_upper"}
FOLLOW_UP = {
    end: f"followup_{name.replace('median', 'median_reverse_km')}" for end, name in MEDIAN.items()
}
TESTS = {
    "log_rank": {"statistic": "logrank_chisq", "p": "logrank_p"},
    "exact_log_rank": {"p": "logrank_exact_p"},
    "gray": {"statistic": "gray_stat", "p": "gray_p"},
}
FIRTH = {"": "cox_firth_coef", ".lower": "cox_firth_lower", ".upper": "cox_firth_upper"}
LEVEL = 0.025  # below the lower limit
DIED_UNDATED = 6
IDENTITY = 1e-12


def _cohort(rows, *, group: str | None = None, cause: int | None = None):
    """What the second implementations take, of rows chosen without the registry's queries; of one
    `cause` alone, the others as censorings."""
    from graftline.estimate.cross_check import Cohort

    status = rows["status"].to_numpy(int)
    if cause is not None:
        status = (status == cause).astype(int)
    entry = rows["entry"].to_numpy(float)
    labels = None if group is None else rows[group].astype(str).to_numpy()
    return Cohort(rows["time"].to_numpy(float), status, entry if entry.any() else None, labels)


def _exact_limit(cohort, at: float) -> float:
    """Lower limit of m of m, m the patients who entered before `at` and were not censored before."""
    entered = np.ones(len(cohort.time), bool) if cohort.entry is None else cohort.entry < at
    gone = (cohort.status == 0) & (cohort.time < at)
    return LEVEL ** (1 / int((entered & ~gone).sum()))


class _Checker:
    """Holds values of the registry against second implementations, and counts them."""

    def __init__(self, records: Iterable[Mapping[str, Any]]):
        self.by_id = {record["id"]: record for record in records}
        self.checked = 0

    def value(self, id: str) -> float | None:
        return self.by_id[id]["value"]

    def check(self, id: str, quantity: str, cohort, *, at=None, cause=None, ours=None) -> None:
        """Check the number `id`, or `ours` made of it."""
        from graftline.estimate.cross_check import check_estimate

        ours = self.value(id) if ours is None else ours
        if ours is not None and check_estimate(id, quantity, ours, cohort, at, cause):
            self.checked += 1

    def check_at(self, one: Series, cohort, at: float) -> None:
        """The estimate of a curve at a fixed time, with its limits."""
        from graftline.estimate.cross_check import AGREEMENT, assert_close

        stem = one.id(one.estimate, at)
        for what, quantity in (INCIDENCE if one.is_incidence else SURVIVAL).items():
            id = stem if what == one.estimate else f"{stem}.{what}"
            reason = self.by_id[id]["reason"] or ""
            if what == "lower" and reason.startswith("exact"):
                theirs = _exact_limit(cohort, at)
                assert_close(id, self.value(id), theirs, "the binomial formula", AGREEMENT)
                self.checked += 1
            else:
                self.check(id, quantity, cohort, at=at, cause=1 if one.is_incidence else None)

    def check_ratio(self, compared, level, place: int, cohort) -> None:
        """A hazard ratio: the logarithms of it and its limits (of Wald's, their standard error)."""
        stem = compared.ratio_id(level)
        logs = {
            end: None if self.value(stem + end) is None else np.log(self.value(stem + end))
            for end in FIRTH
        }
        if logs[""] is None:
            return
        if compared.model == "firth":
            for end, quantity in FIRTH.items():
                self.check(stem + end, quantity, cohort, cause=place, ours=logs[end])
            self.check(f"{stem}.p", "cox_firth_p", cohort, cause=place)
            return
        self.check(stem, "cox_efron_coef", cohort, cause=place, ours=logs[""])
        error = (logs[".upper"] - logs[".lower"]) / (2 * NormalDist().inv_cdf(1 - LEVEL))
        self.check(f"{stem}.upper", "cox_efron_se", cohort, cause=place, ours=error)


def check_estimates(
    analysis: SurvivalAnalysis, records: Iterable[Mapping[str, Any]]
) -> dict[str, int]:
    """Compute every estimate with its limits, every median and every comparison a second time.

    Rows are chosen here without the registry's queries. Returns how many values were `checked`, and
    how many `sums` of incidences were; raises GraftlineError where two values disagree, and where
    incidences do not add up.
    """
    checker = _Checker(records)
    for one in analysis.series:
        rows = one.rows(analysis.endpoints)
        cohort = _cohort(rows)
        for item in analysis.survival["times"]:
            checker.check_at(one, cohort, item["time"])
        if not one.is_incidence:
            for end, quantity in MEDIAN.items():
                checker.check(one.id("median") + end, quantity, cohort)
            if analysis.horizon:
                stem = one.id("restricted_mean", analysis.horizon)
                checker.check(stem, "rmst", cohort, at=analysis.horizon)
                checker.check(f"{stem}.error", "rmst_se", cohort, at=analysis.horizon)
    for one in analysis.series:
        if one.key != analysis.followed.key:
            continue
        followed = one.rows(analysis.endpoints)
        died = followed["cnsr"].eq(DIED_UNDATED).fillna(False)
        cohort = _cohort(followed.assign(status=followed["status"].mask(died, 1)))
        for end, quantity in FOLLOW_UP.items():
            checker.check(f"followup.median{one.suffix}{end}", quantity, cohort)
    for compared in analysis.comparisons:
        rows = compared.series.rows(analysis.endpoints).dropna(subset=compared.group)
        of_test = _cohort(rows, group=compared.group)
        for what, quantity in TESTS[compared.test].items():
            cause = 1 if compared.test == "gray" else None
            checker.check(compared.test_id(what), quantity, of_test, cause=cause)
        own = _cohort(rows, group=compared.group, cause=1)
        for place, level in enumerate(compared.levels[1:]):
            checker.check_ratio(compared, level, place, own)
    return {"checked": checker.checked, "sums": check_sums(analysis)}


def check_sums(analysis: SurvivalAnalysis) -> int:
    """Raise GraftlineError unless the probability of no event and the incidences of the events that
    compete (progression-free survival, relapse, death without it) add up to 1 within 1e-12 at every
    event time, in all patients and in each group. Returns how many sums were made."""
    from graftline.estimate.cross_check import assert_close

    made = 0
    for key, parts in list_families(analysis.declared):
        for whole in analysis.series:
            if whole.key != key:
                continue
            curve = analysis.fit(whole)
            at = curve.risk.times[curve.risk.events.any(axis=0)]
            total = curve.survival_at(at)
            for one in analysis.series:
                if one.key in parts and one.suffix == whole.suffix:
                    total = total + analysis.fit(one).incidence_at(1, at)
            if at.size:
                worst = float(total[np.argmax(np.abs(total - 1))])
                name = f"of {' + '.join((key, *parts))}{whole.suffix}"
                assert_close(name, worst, 1.0, "the sum of all outcomes", IDENTITY)
                made += at.size
    return made
