"""The log-rank test with strata, with several groups, and where nothing can be compared."""

import numpy as np
import pytest

from graftline.estimate.cross_check.comparisons import log_rank_by_sums
from graftline.estimate.log_rank import compute_exact_log_rank_p, estimate_log_rank


def test_strata_are_summed_before_the_test_and_not_compared_with_one_another():
    # Stratum x: A dies at 1 of A, B (O - E 1/2, V 1/4). Stratum y: B dies at 2 of A, B (-1/2, 1/4).
    found = estimate_log_rank([1, 9, 9, 2], [1, 0, 0, 1], list("ABAB"), strata=list("xxyy"))
    assert found.expected.tolist() == [1, 1] and found.statistic == 0
    # Both times A: (1/2 + 1/2)**2 / (1/4 + 1/4) = 2.
    found = estimate_log_rank([1, 9, 2, 9], [1, 0, 1, 0], list("ABAB"), strata=list("xxyy"))
    assert found.statistic == pytest.approx(2)
    # Without strata the first death has four at risk: E = 2/4 + 1/3, V = 1/4 + 2/9.
    whole = estimate_log_rank([1, 9, 2, 9], [1, 0, 1, 0], list("ABAB"))
    assert whole.statistic == pytest.approx((2 - 5 / 6) ** 2 / (1 / 4 + 2 / 9))


def test_one_stratum_is_no_stratum_and_a_stratum_of_one_group_adds_nothing():
    time, event, group = [3, 5, 5, 8, 9], [1, 1, 0, 1, 1], list("ABABA")
    plain = estimate_log_rank(time, event, group)
    assert estimate_log_rank(time, event, group, strata=[7] * 5).statistic == plain.statistic
    more = estimate_log_rank(
        [*time, 4, 6], [*event, 1, 1], [*group, "A", "A"], strata=[0] * 5 + [1] * 2
    )
    assert more.statistic == pytest.approx(plain.statistic)


@pytest.mark.parametrize("late", [False, True])
def test_strata_and_entry_are_those_of_a_plain_sum(late):
    random = np.random.default_rng(3)
    time = random.integers(2, 12, 40)
    entry = random.integers(0, 2, 40) * (time // 2) if late else None
    event, group = random.integers(0, 2, 40), random.integers(0, 3, 40)
    strata = random.integers(0, 3, 40)
    found = estimate_log_rank(time, event, group, entry, strata)
    expected, freedom = log_rank_by_sums(time, event, group, entry, strata)
    assert found.statistic == pytest.approx(expected, abs=1e-12)
    assert found.degrees_of_freedom == freedom == 2


def test_group_gone_before_the_first_event_does_not_count():
    found = estimate_log_rank([1, 2, 3, 4, 5], [0, 1, 1, 0, 1], list("CABAB"))
    without = estimate_log_rank([2, 3, 4, 5], [1, 1, 0, 1], list("ABAB"))
    assert found.degrees_of_freedom == without.degrees_of_freedom == 1
    assert found.statistic == pytest.approx(without.statistic)


def test_group_at_risk_only_alone_does_not_count():
    # C enters when A and B are gone: its own events compare nobody.
    found = estimate_log_rank(
        [2, 3, 4, 5, 9], [1, 1, 0, 1, 1], list("ABABC"), entry=[0, 0, 0, 0, 6]
    )
    assert found.degrees_of_freedom == 1
    without = estimate_log_rank([2, 3, 4, 5], [1, 1, 0, 1], list("ABAB"), entry=[0, 0, 0, 0])
    assert found.statistic == pytest.approx(without.statistic)


@pytest.mark.parametrize(
    ("time", "event", "group", "word"),
    [
        ([], [], [], "no patients"),
        ([4], [1], ["A"], "one group"),
        ([4, 5], [0, 0], ["A", "B"], "no events"),
        ([4, 4], [1, 1], ["A", "B"], "compare|at risk"),  # all at once: nothing varies
        ([1, 4, 5], [0, 1, 1], ["A", "B", "B"], "at risk"),
    ],
)
def test_without_an_answer_there_is_a_reason(time, event, group, word):
    found = estimate_log_rank(time, event, group)
    assert np.isnan(found.statistic) and np.isnan(found.p_value)
    assert any(part in found.reason for part in word.split("|"))


def test_exact_test_where_nothing_varies_is_1():
    assert compute_exact_log_rank_p([4, 4], [1, 1], ["A", "B"]) == 1
    assert compute_exact_log_rank_p([4, 5], [0, 0], ["A", "B"]) == 1
    assert np.isnan(compute_exact_log_rank_p([], [], []))
