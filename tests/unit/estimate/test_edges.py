"""The edges of each estimator, worked out by hand."""

import numpy as np
import pytest

from graftline.errors import GraftlineError
from graftline.estimate.aalen_johansen import estimate_aalen_johansen
from graftline.estimate.exact import clopper_pearson, fisher_exact_p, upper_limit_without_events
from graftline.estimate.kaplan_meier import estimate_kaplan_meier, estimate_reverse_kaplan_meier
from graftline.estimate.log_rank import compute_exact_log_rank_p, estimate_log_rank
from graftline.estimate.median import invert_curve
from graftline.estimate.restricted_mean import estimate_restricted_mean


def test_no_patients_give_empty_curves():
    curve = estimate_kaplan_meier([], [])
    assert curve.survival.size == 0
    assert all(np.isnan(curve.median()))
    assert all(np.isnan(estimate_restricted_mean(curve, 1)))
    assert estimate_aalen_johansen([], []).incidence.shape == (2, 0)
    assert np.isnan(estimate_log_rank([], [], []).statistic)
    assert all(np.isnan(clopper_pearson(0, 0)))


def test_one_patient_who_dies():
    curve = estimate_kaplan_meier([3], [1])
    assert curve.survival_at([2.999, 3]).tolist() == [1, 0]
    assert np.isnan(curve.limits_at(3)).all()
    assert curve.median()[0] == 3


def test_nobody_dies():
    curve = estimate_kaplan_meier([1, 2, 3], [0, 0, 0])
    assert curve.survival.tolist() == [1, 1, 1]
    assert curve.limits_at(3) == (1, 1)
    assert all(np.isnan(curve.median()))


def test_everybody_dies_at_once():
    curve = estimate_kaplan_meier([2, 2, 2], [1, 1, 1])
    assert curve.survival.tolist() == [0]
    assert curve.median()[0] == 2
    incidence = estimate_aalen_johansen([2, 2, 2, 2], [1, 1, 1, 2])
    assert incidence.incidence_at(1, 2) == 0.75 and incidence.incidence_at(2, 2) == 0.25
    assert np.isfinite(incidence.limits_at(1, 2)).all()
    alone = estimate_aalen_johansen([2, 2], [1, 1])
    assert alone.incidence_at(1, 2) == 1 and np.isnan(alone.limits_at(1, 2)).all()


def test_censored_on_the_day_of_an_event_is_still_at_risk():
    # Two at risk on day 5, one dies: one half, not zero.
    assert estimate_kaplan_meier([5, 5], [1, 0]).survival_at(5) == 0.5


def test_entering_on_the_day_of_an_event_is_not_at_risk():
    # On day 5 two are at risk (entries 0 and 4), the third enters that day.
    curve = estimate_kaplan_meier([5, 8, 9], [1, 0, 0], entry=[0, 4, 5])
    assert curve.risk.count_at_risk(5) == 2 and curve.survival_at(5) == 0.5
    incidence = estimate_aalen_johansen([5, 8, 9], [1, 0, 0], entry=[0, 4, 5])
    assert incidence.incidence_at(1, 5) == 0.5


def test_survival_stays_at_zero_after_an_early_risk_set_empties():
    curve = estimate_kaplan_meier([2, 5, 6], [1, 1, 0], entry=[0, 3, 3])
    assert curve.survival.tolist() == [0, 0, 0]
    incidence = estimate_aalen_johansen([2, 5, 6], [1, 2, 0], entry=[0, 3, 3])
    assert incidence.incidence_at(1, 6) == 1 and incidence.incidence_at(2, 6) == 0
    assert np.isfinite(incidence.variance).all()


@pytest.mark.parametrize("estimate", [estimate_kaplan_meier, estimate_aalen_johansen])
def test_entry_on_or_after_exit_is_refused(estimate):
    estimate([3.0], [1], entry=[2.9])
    for entry in (3.0, 3.1):
        with pytest.raises(GraftlineError, match="1 of 1 patients enter"):
            estimate([3.0], [1], entry=[entry])


@pytest.mark.parametrize("time", [-1.0, np.nan, np.inf])
def test_impossible_times_are_refused(time):
    with pytest.raises(GraftlineError, match="1 of 2 times"):
        estimate_kaplan_meier([time, 1], [0, 0])


def test_status_that_is_no_cause_is_refused():
    with pytest.raises(GraftlineError, match=r"\[3\]"):
        estimate_aalen_johansen([1, 2], [1, 3])


@pytest.mark.parametrize("n", [4, 6, 8])
def test_median_of_all_deaths_is_midway_where_survival_is_exactly_one_half(n):
    # R: n / 2 + 0.5.
    assert estimate_kaplan_meier(np.arange(1, n + 1), np.ones(n)).median()[0] == n / 2 + 0.5


def test_median_is_the_first_time_where_survival_stays_at_one_half():
    # Deaths at 6 and 9 of 4, 6, 9, 17, 28: S is 3/4, then 1/2 to the end.
    assert estimate_kaplan_meier([4, 6, 9, 17, 28], [0, 1, 1, 0, 0]).median()[0] == 9


def test_median_at_beside_and_above_one_half():
    times = np.array([1.0, 2.0, 3.0])
    assert invert_curve(times, np.array([0.8, 0.5 + 1e-9, 0.2])) == 2.5
    assert invert_curve(times, np.array([0.8, 0.5 + 1e-7, 0.2])) == 3
    assert invert_curve(times, np.array([0.8, 0.5 - 1e-7, 0.2])) == 2
    assert np.isnan(invert_curve(times, np.array([0.8, 0.7, 0.6])))
    assert invert_curve(times, np.array([0.8, np.nan, 0.4])) == 3


def test_upper_limit_of_the_median_is_not_reached_when_the_last_observation_is_an_event():
    curve = estimate_kaplan_meier([1, 2, 3, 36], [1, 1, 1, 1])
    assert curve.survival[-1] == 0 and np.isnan(curve.median()[2])


def test_restricted_mean_by_hand():
    # S is 1 to day 2, 1/2 to day 4, then 0: area 3 by day 4 and ever after.
    curve = estimate_kaplan_meier([2, 4], [1, 1])
    assert estimate_restricted_mean(curve, 3)[0] == 2.5
    assert estimate_restricted_mean(curve, 4)[0] == 3
    assert estimate_restricted_mean(curve, 10)[0] == 3
    # Var = (area from 2 to 3)**2 * 1 / (2 * 1) = 0.125.
    assert estimate_restricted_mean(curve, 3)[1] == pytest.approx(0.125**0.5)
    censored = estimate_kaplan_meier([2, 4], [1, 0])
    assert np.isfinite(estimate_restricted_mean(censored, 4)[0])
    assert np.isnan(estimate_restricted_mean(censored, 4.1)[0])


def test_reverse_curve_of_a_cohort_in_which_all_died_is_not_reached():
    assert np.isnan(estimate_reverse_kaplan_meier([1, 2, 3], [1, 1, 1]).median()[0])


@pytest.mark.parametrize(
    ("events", "patients", "lower", "upper"),
    [
        (0, 9, 0, 0.336), (9, 9, 0.664, 1), (5, 9, 0.212, 0.863), (4, 9, 0.137, 0.788),
        (2, 5, 0.053, 0.853), (5, 5, 0.478, 1), (0, 4, 0, 0.602),
    ],
)  # fmt: skip
def test_clopper_pearson_as_r_has_it(events, patients, lower, upper):
    assert tuple(round(limit, 3) for limit in clopper_pearson(events, patients)) == (lower, upper)


def test_limit_without_events_is_the_upper_clopper_pearson_limit_of_none():
    for patients in (1, 4, 9, 200):
        expected = clopper_pearson(0, patients)[1]
        assert float(upper_limit_without_events(patients)) == pytest.approx(expected, abs=1e-12)
    assert upper_limit_without_events(0) == 1


def test_fisher_as_r_has_it():
    assert round(fisher_exact_p([(5, 0), (0, 4)]), 5) == 0.00794
    assert round(fisher_exact_p([(2, 3), (0, 4)]), 3) == 0.444


def test_log_rank_with_entry_by_hand():
    # Day 2: at risk A and B, A dies (O-E 1/2, V 1/4). Day 4: at risk A' and B, B dies (-1/2, 1/4).
    # A' enters on day 2 and so is not at risk that day. (O-E)**2 / V = 0.
    found = estimate_log_rank([2, 6, 4], [1, 0, 1], ["A", "A", "B"], entry=[0, 2, 0])
    assert found.expected.tolist() == [1, 1] and found.statistic == 0
    # Were A' at risk on day 2: E(A) = 2/3 + 1/2.
    assert estimate_log_rank([2, 6, 4], [1, 0, 1], ["A", "A", "B"]).expected[0] == pytest.approx(
        7 / 6
    )


def test_exact_log_rank_of_a_complete_separation_of_two_and_two():
    # Six allocations; the two complete separations are the most extreme: 2/6.
    assert compute_exact_log_rank_p([1, 2, 3, 4], [1, 1, 1, 1], list("AABB")) == pytest.approx(
        1 / 3
    )


def test_exact_log_rank_needs_two_groups_and_few_patients():
    assert np.isnan(compute_exact_log_rank_p([1, 2], [1, 1], list("AA")))
    with pytest.raises(GraftlineError, match="too many"):
        compute_exact_log_rank_p(np.arange(60), np.ones(60), [0, 1] * 30)


def test_exact_log_rank_ranks_allocations_by_the_same_statistic_as_the_test():
    from itertools import combinations

    time, event = [3, 3, 5, 8, 8, 9, 11], [1, 0, 1, 1, 1, 0, 1]
    observed = estimate_log_rank(time, event, [0, 1, 0, 0, 1, 1, 1]).statistic
    others = [
        estimate_log_rank(time, event, [0 if i in chosen else 1 for i in range(7)]).statistic
        for chosen in combinations(range(7), 3)
    ]
    expected = np.mean(np.nan_to_num(others) >= observed - 1e-9)
    assert compute_exact_log_rank_p(time, event, [0, 1, 0, 0, 1, 1, 1]) == pytest.approx(expected)
