"""Properties of the estimators on small random cohorts with many ties."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graftline.estimate.aalen_johansen import estimate_aalen_johansen
from graftline.estimate.cross_check import incidence_by_sums
from graftline.estimate.kaplan_meier import estimate_kaplan_meier
from graftline.estimate.log_rank import estimate_log_rank

SMALL = settings(max_examples=150, derandomize=True, deadline=None)


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
