"""Properties of the estimators on small random cohorts with many ties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graftline.estimate.aalen_johansen import estimate_aalen_johansen
from graftline.estimate.contrasts import make_indicators
from graftline.estimate.cox import estimate_cox
from graftline.estimate.cross_check import incidence_by_sums
from graftline.estimate.cross_check.comparisons import gray_by_sums, log_rank_by_sums
from graftline.estimate.gray import estimate_gray
from graftline.estimate.kaplan_meier import estimate_kaplan_meier
from graftline.estimate.listing.columns import Patients
from graftline.estimate.listing.confirmation import confirm_records
from graftline.estimate.listing.estimates import estimate_cohort
from graftline.estimate.log_rank import estimate_log_rank

SMALL = settings(max_examples=150, derandomize=True, deadline=None)
FEW = settings(max_examples=40, derandomize=True, deadline=None)
GROUPS = st.lists(st.integers(0, 2), min_size=12, max_size=12)


@st.composite
def cohorts(draw, late_entry=False):
    """Times 1 to 12, statuses 0 to 2, and entries before the times."""
    n = draw(st.integers(1, 12))
    time = np.array(draw(st.lists(st.integers(1, 12), min_size=n, max_size=n)), dtype=float)
    status = np.array(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)))
    lead = np.array(draw(st.lists(st.integers(1, 12), min_size=n, max_size=n)), dtype=float)
    return time, status, np.maximum(time - lead, 0) if late_entry else None


@SMALL
@given(cohorts(late_entry=True))
def test_survival_falls_within_0_and_1_and_its_limits_enclose_it(cohort):
    time, status, entry = cohort
    curve = estimate_kaplan_meier(time, status > 0, entry)
    assert ((curve.survival >= 0) & (curve.survival <= 1)).all()
    assert (np.diff(curve.survival) <= 0).all()
    known = ~np.isnan(curve.lower)
    assert (curve.lower[known] <= curve.survival[known] + 1e-12).all()
    assert (curve.survival[known] <= curve.upper[known] + 1e-12).all()


@SMALL
@given(cohorts(late_entry=True))
def test_incidences_and_event_free_survival_add_up_to_1(cohort):
    time, status, entry = cohort
    curve = estimate_aalen_johansen(time, status, entry)
    free = estimate_kaplan_meier(time, status > 0, entry)
    np.testing.assert_allclose(curve.incidence.sum(axis=0) + free.survival, 1, rtol=0, atol=1e-12)
    assert (np.diff(curve.incidence, axis=1) >= 0).all()
    assert (curve.variance >= 0).all() and np.isfinite(curve.variance).all()


@SMALL
@given(cohorts(late_entry=True), st.integers(0, 13))
def test_incidence_is_the_textbook_sum(cohort, at):
    time, status, entry = cohort
    curve = estimate_aalen_johansen(time, status, entry)
    for cause in (1, 2):
        summed, _ = incidence_by_sums(time, status, entry, cause, at)
        assert abs(float(curve.incidence_at(cause, at)) - summed) < 1e-12


@SMALL
@given(cohorts(late_entry=True), st.randoms(use_true_random=False))
def test_order_of_patients_does_not_matter(cohort, random):
    time, status, entry = cohort
    order = list(range(time.size))
    random.shuffle(order)
    one = estimate_aalen_johansen(time, status, entry)
    two = estimate_aalen_johansen(time[order], status[order], entry[order])
    assert np.array_equal(one.incidence, two.incidence)
    assert np.array_equal(one.variance, two.variance)


@SMALL
@given(cohorts(late_entry=True), st.sampled_from([0.25, 2, 365]))
def test_unit_of_time_does_not_matter(cohort, factor):
    time, status, entry = cohort
    one = estimate_kaplan_meier(time, status > 0, entry)
    two = estimate_kaplan_meier(time * factor, status > 0, entry * factor)
    assert np.array_equal(one.survival, two.survival)
    scaled = np.array(one.median()) * factor
    np.testing.assert_allclose(two.median(), scaled, rtol=1e-12, equal_nan=True)


@SMALL
@given(cohorts())
def test_entry_at_the_origin_is_no_delayed_entry(cohort):
    time, status, _ = cohort
    one = estimate_kaplan_meier(time, status > 0)
    two = estimate_kaplan_meier(time, status > 0, np.zeros(time.size))
    assert np.array_equal(one.survival, two.survival)


@SMALL
@given(cohorts(), st.lists(st.booleans(), min_size=12, max_size=12))
def test_log_rank_does_not_depend_on_the_names_of_groups(cohort, group):
    time, status, _ = cohort
    first = np.array(group[: time.size])
    one = estimate_log_rank(time, status > 0, first)
    two = estimate_log_rank(time, status > 0, ~first)
    np.testing.assert_allclose(one.statistic, two.statistic, atol=1e-9, equal_nan=True)
    np.testing.assert_allclose(one.observed.sum(), one.expected.sum(), atol=1e-9)


@SMALL
@given(cohorts(late_entry=True), GROUPS, st.booleans())
def test_log_rank_with_entry_and_strata_is_a_plain_sum(cohort, group, stratified):
    time, status, entry = cohort
    group = np.array(group[: time.size])
    strata = np.arange(time.size) % 2 if stratified else None
    found = estimate_log_rank(time, status > 0, group, entry, strata)
    expected, freedom = log_rank_by_sums(time, status > 0, group, entry, strata)
    if expected is None:
        assert found.reason and np.isnan(found.statistic)
    else:
        assert abs(found.statistic - expected) < 1e-9 and found.degrees_of_freedom == freedom


@SMALL
@given(cohorts(), GROUPS, st.sampled_from([1, 2]))
def test_grays_test_is_a_plain_sum_and_comprisks(cohort, group, cause):
    time, status, _ = cohort
    group = np.array(group[: time.size])
    found = estimate_gray(time, status, group, cause)
    if np.isnan(found.statistic):
        assert found.reason and np.isnan(found.p_value)
        return
    assert found.statistic >= 0
    assert abs(found.statistic - gray_by_sums(time, status, group, cause)) < 1e-9
    comprisk = pytest.importorskip("comprisk")
    theirs = comprisk.gray_test(time, status, group, cause=cause)
    assert abs(found.statistic - theirs.stat) < 1e-9
    assert abs(found.p_value - theirs.pvalue) < 1e-9


@SMALL
@given(cohorts())
def test_incidence_and_its_variance_are_comprisks(cohort):
    comprisk = pytest.importorskip("comprisk")
    time, status, _ = cohort
    curve = estimate_aalen_johansen(time, status)
    if not status.any():
        return
    for (_, cause), theirs in comprisk.CumulativeIncidence().fit(time, status).curves_.items():
        np.testing.assert_allclose(curve.incidence_at(cause, theirs.times), theirs.cif, atol=1e-9)
        np.testing.assert_allclose(curve.variance_at(cause, theirs.times), theirs.var, atol=1e-9)


@SMALL
@given(cohorts(late_entry=True), st.lists(st.integers(1, 4), min_size=12, max_size=12))
def test_incidences_of_four_causes_add_up_and_do_not_depend_on_the_others_names(cohort, kinds):
    time, status, entry = cohort
    status = np.where(status > 0, np.array(kinds[: time.size]), 0)
    curve = estimate_aalen_johansen(time, status, entry, causes=(1, 2, 3, 4))
    free = estimate_kaplan_meier(time, status > 0, entry)
    np.testing.assert_allclose(curve.incidence.sum(axis=0) + free.survival, 1, rtol=0, atol=1e-12)
    two = estimate_aalen_johansen(time, np.where(status > 1, 2, status), entry)
    np.testing.assert_allclose(curve.incidence[0], two.incidence[0], rtol=0, atol=1e-12)


@FEW
@given(cohorts(late_entry=True), GROUPS)
def test_cox_of_renamed_groups_is_turned_round(cohort, group):
    time, status, entry = cohort
    group = np.array(group[: time.size]) % 2
    one = estimate_cox(time, status > 0, make_indicators(group)[1], entry)
    two = estimate_cox(time, status > 0, make_indicators(1 - group)[1], entry)
    assert one.reason == two.reason
    np.testing.assert_allclose(one.coefficients, -two.coefficients, atol=1e-8)


@settings(FEW, max_examples=12)
@given(cohorts(late_entry=True), GROUPS, st.integers(0, 13))
def test_every_estimate_of_a_small_cohort_is_confirmed_or_has_a_reason(cohort, group, at):
    time, status, entry = cohort
    member, whose = np.array(group[: time.size]), np.zeros(time.size, dtype=int)
    patients = Patients(time, status, entry, whose, ("x",), member, ("A", "B", "C"))
    records = estimate_cohort("x", patients, [float(at)])
    confirm_records(records, patients)
    for record in records:
        assert (record["value"] is None) == bool(record.get("reason"))
