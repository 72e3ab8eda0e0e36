"""The groups of one cohort, compared."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np

from graftline.estimate.contrasts import make_indicators
from graftline.estimate.cox import CoxFit, estimate_cox
from graftline.estimate.firth import estimate_firth_cox
from graftline.estimate.gray import estimate_gray
from graftline.estimate.listing.columns import Patients
from graftline.estimate.listing.records import Records
from graftline.estimate.log_rank import compute_exact_log_rank_p, estimate_log_rank
from graftline.estimate.reasons import MONOTONE, NOT_CONVERGED, ONE_GROUP

MOST_GROUPS = 50
MOST_ALLOCATIONS = 10_000
# With fewer events a coefficient, Firth's estimate is given beside Cox's.
FEW_EVENTS = 10


def list_comparisons(records: Records, patients: Patients, causes: Sequence[int]) -> None:
    """Add to `records` the log-rank test, Gray's test and the regressions of the groups of `patients`.

    Of two groups, in sorted order, the second is compared with the first. Of more, all are compared
    with the first: the record without a group is the second's, the others name their group.
    """
    present = np.unique(patients.group)
    if present.size > MOST_GROUPS:
        reason = f"there are more than {MOST_GROUPS} groups"
        records.add("logrank_chisq", None, patients.time.size, reason=reason)
        return
    _list_log_rank(records, patients, present.size)
    for cause in causes:
        test = estimate_gray(patients.time, patients.status, patients.group, cause)
        for key, value in (("gray_stat", test.statistic), ("gray_p", test.p_value)):
            records.add(key, value, patients.time.size, reason=test.reason, cause=cause)
    names = [patients.groups[index] for index in present]
    fit = _list_cox(records, patients, names, entry=False)
    events = int((patients.status > 0).sum())
    if present.size > 1 and events and (
        fit.reason == MONOTONE or events < FEW_EVENTS * (present.size - 1)
    ):  # fmt: skip
        _list_firth(records, patients, names)
    if patients.entry is not None:
        _list_cox(records, patients, names, entry=True)


def _list_log_rank(records: Records, patients: Patients, groups: int) -> None:
    event, n = patients.status > 0, patients.time.size
    for late in (False, True)[: 1 if patients.entry is None else 2]:
        entry = patients.entry if late else None
        test = estimate_log_rank(patients.time, event, patients.group, entry)
        for key, value in (("logrank_chisq", test.statistic), ("logrank_p", test.p_value)):
            records.add(key, value, n, reason=test.reason, entry=late)
        if not late and groups == 2:
            few = comb(n, int((patients.group == patients.group.min()).sum())) <= MOST_ALLOCATIONS
            p = compute_exact_log_rank_p(patients.time, event, patients.group) if few else None
            reason = f"there are more than {MOST_ALLOCATIONS} allocations"
            records.add("logrank_exact_p", p, n, reason=reason)


def _add_contrasts(records: Records, names, key: str, values, n: int, reason, entry=False) -> None:
    """One record for each group but the first: the second's is the cohort's, further ones name theirs."""
    for index, value in enumerate(values):
        group = names[index + 1] if len(names) > 2 else None
        contrast = f"{names[index + 1]} against {names[0]}"
        about = {"reason": reason, "entry": entry, "contrast": contrast}
        if index == 0:
            records.add(key, value, n, **about)
        if group is not None:
            records.add(key, value, n, group=group, **about)


def _list_cox(records: Records, patients: Patients, names, entry: bool) -> CoxFit | None:
    n = patients.time.size
    if len(names) < 2:
        for key in ("cox_efron_coef", "cox_efron_se"):
            records.add(key, None, n, reason=ONE_GROUP, entry=entry, contrast="no contrast")
        return None
    _, design = make_indicators(patients.group)
    late = patients.entry if entry else None
    fit = estimate_cox(patients.time, patients.status > 0, design, late)
    for key, values in (
        ("cox_efron_coef", fit.coefficients),
        ("cox_efron_se", fit.standard_errors),
    ):
        _add_contrasts(records, names, key, values, n, fit.reason, entry)
    return fit


def _list_firth(records: Records, patients: Patients, names) -> None:
    _, design = make_indicators(patients.group)
    fit = estimate_firth_cox(patients.time, patients.status > 0, design)
    for key, values in (
        ("cox_firth_coef", fit.coefficients),
        ("cox_firth_lower", fit.lower),
        ("cox_firth_upper", fit.upper),
        ("cox_firth_p", fit.p_values),
    ):
        reason = fit.reason or NOT_CONVERGED
        _add_contrasts(records, names, key, values, patients.time.size, reason)
