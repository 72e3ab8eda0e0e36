"""The second formulations, held against answers worked out by hand and against scipy."""

import numpy as np
import pytest
from scipy import stats

from graftline.estimate.cross_check.comparisons import (
    exact_log_rank_by_sums,
    gray_by_sums,
    log_rank_by_sums,
)
from graftline.estimate.cross_check.exact import clopper_pearson_by_sums, fisher_by_counting
from graftline.estimate.cross_check.recount import Recount
from graftline.estimate.exact import clopper_pearson, fisher_exact_p


def test_survival_at_exactly_one_half_is_exactly_one_half():
    # 5/6 4/5 3/4 of six deaths; in logarithms it comes to 0.5000000000000001.
    six = Recount(range(1, 7), [1] * 6)
    assert six.survival(3) == 0.5 and six.median() == 3.5


def test_median_that_stays_at_one_half_is_the_first_time_and_one_not_reached_is_none():
    assert Recount([4, 6, 9, 17, 28], [0, 1, 1, 0, 0]).median() == 9
    assert Recount([4, 6], [0, 0]).median() is None
    assert Recount([], []).median() is None


def test_limits_where_survival_is_1_and_0():
    two = Recount([2, 4], [1, 1])
    assert two.survival_limit(1, upper=False) == 1
    assert two.survival_limit(4, upper=True) is None


def test_entry_on_the_day_of_an_event_is_not_at_risk():
    late = Recount([5, 8, 9], [1, 0, 0], [0, 4, 5])
    assert late.at_risk(5) == 2 and late.survival(5) == 0.5


def test_after_an_early_risk_set_empties_nothing_more_can_happen():
    emptied = Recount([2, 5, 6], [1, 1, 2], [0, 3, 3])
    assert emptied.survival(6) == 0 and emptied.incidence(1, 6) == 1
    assert emptied.incidence(2, 6) == 0 and emptied.incidence_variance(2, 6) >= 0


def test_restricted_mean_and_its_error_by_hand():
    two = Recount([2, 4], [1, 1])
    assert two.restricted_mean(3) == 2.5 and two.restricted_mean(10) == 3
    assert two.restricted_mean_error(3) == pytest.approx(0.125**0.5)
    # Without censoring the mean is that of min(time, 9), and its error that of a plain mean.
    time = [1, 4, 4, 6, 8, 11]
    whole = Recount(time, [1] * 6)
    cut = np.minimum(time, 9)
    assert whole.restricted_mean(9) == pytest.approx(cut.mean())
    assert whole.restricted_mean_error(9) == pytest.approx(cut.std() / 6**0.5)


def test_incidence_without_censoring_is_a_share_and_its_error_binomial():
    # Of five, two of cause 1 and one of cause 2 by day 4; no ties, so that Aalen's is near p q / n.
    five = Recount([1, 2, 4, 6, 7], [1, 2, 1, 1, 2])
    assert five.incidence(1, 4) == pytest.approx(2 / 5)
    assert five.incidence(2, 4) == pytest.approx(1 / 5)
    # One event of one cause alone: V = (1 - (F - F) / S)**2 / n**2.
    assert five.incidence_variance(1, 1) == pytest.approx(1 / 25)


def test_incidence_limit_before_the_first_event_is_that_of_none_of_those_not_censored():
    nine = Recount([5] + [9] * 8, [1] + [0] * 8)
    assert nine.incidence_limit(2, 9, upper=False) == 0
    assert round(nine.incidence_limit(2, 9, upper=True), 3) == 0.336
    assert Recount([2, 2], [1, 1]).incidence_limit(1, 2, upper=True) is None


@pytest.mark.parametrize("patients", [1, 4, 9, 31])
def test_clopper_pearson_and_fisher_are_scipys_and_ours(patients):
    for events in {0, 1, patients // 2, patients}:
        theirs = stats.binomtest(events, patients).proportion_ci(method="exact")
        expected = (theirs.low, theirs.high)
        assert clopper_pearson_by_sums(events, patients) == pytest.approx(expected, abs=1e-10)
        assert clopper_pearson(events, patients) == pytest.approx(expected, abs=1e-10)
        table = [(events, patients - events), (patients // 3, patients - patients // 3)]
        expected = stats.fisher_exact(table).pvalue
        assert fisher_by_counting(table) == pytest.approx(expected, abs=1e-12)
        assert fisher_exact_p(table) == pytest.approx(expected, abs=1e-12)


def test_comparisons_by_hand():
    # One death of A with A and B at risk, then one of B alone: (1/2)**2 / (1/4).
    assert log_rank_by_sums([1, 2], [1, 1], ["A", "B"]) == (pytest.approx(1), 1)
    assert log_rank_by_sums([1, 1], [1, 1], ["A", "B"]) == (None, None)
    assert log_rank_by_sums([], [], []) == (None, None)
    # Six allocations of two and two; the two complete separations are the most extreme.
    time = [1, 2, 3, 4]
    assert exact_log_rank_by_sums(time, [1] * 4, list("AABB")) == pytest.approx(1 / 3)
    assert exact_log_rank_by_sums(range(40), [1] * 40, [0, 1] * 20) is None
    assert gray_by_sums([5, 5], [1, 1], ["A", "B"], 1) is None
