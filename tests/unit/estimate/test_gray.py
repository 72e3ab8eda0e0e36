"""Gray's test: published and hand-worked values, edges, and what it needs of time and memory."""

import tracemalloc

import numpy as np
import pytest

from graftline.errors import GraftlineError
from graftline.estimate.cross_check.comparisons import gray_by_sums
from graftline.estimate.gray import estimate_gray


def test_by_hand_without_competing_causes_and_ties():
    # A fails at 1 and 3, B at 2 and 4. Without other causes the weights n (1 - F) / S are n, so that
    # the score is the log-rank's: A 2 - (2/4 + 1/3 + 1/2) = 2/3.
    found = estimate_gray([1, 3, 2, 4], [1, 1, 1, 1], list("AABB"))
    assert found.score == pytest.approx([2 / 3, -2 / 3])
    assert found.groups == ("A", "B") and found.degrees_of_freedom == 1
    # Variance by the formula of Gray's section 3, written out for these four patients:
    # h = n / S(-) is 2, 2, 2, 0 in A and 2, 2, 2, 2 in B; dF = 1/4 thrice, then 1/2.
    # d of A: +1, +1, +1, 0 for its own events, -1, -1, -1, 0 for those of B; dF / (1 - F): 1/4, 1/3, 1/2, 2.
    # c after each: 5/6, 1/2, 0, 0. (1 - F) / S: A 3/2, 1, (S is 0) 0; B 3/4, 1, 1/2, ...
    # A: (1 + 5/6 (1 - 3/2))**2 (1/2)(1/4) + (1 + 1/2 (1 - 1))**2 (1/2)(1/4) + 1 (1/2)(1/4)
    of_a = (7 / 12) ** 2 / 8 + 1 / 8 + 1 / 8
    # B: at 1 S is 1: (1 + 5/6 (1 - 3/4))**2 / 8; at 2 S is 1/2: 1 / 8; at 3 S(-) / n is 1/2: 1 / 8.
    of_b = (1 + 5 / 24) ** 2 / 8 + 1 / 8 + 1 / 8
    assert found.covariance[0, 0] == pytest.approx(of_a + of_b)
    assert found.statistic == pytest.approx((2 / 3) ** 2 / (of_a + of_b))


def test_statistic_is_that_of_any_groups_but_one():
    time, status = [2, 5, 5, 7, 8, 9, 9, 12, 14], [1, 2, 1, 0, 1, 1, 2, 0, 1]
    found = estimate_gray(time, status, list("ABCABCABC"))
    assert found.degrees_of_freedom == 2
    assert found.score.sum() == pytest.approx(0, abs=1e-12)
    # Another group left out of the quadratic form gives the same.
    free, score = found.covariance[1:, 1:], found.score[1:]
    assert score @ np.linalg.solve(free, score) == pytest.approx(found.statistic)
    renamed = estimate_gray(time, status, list("CABCABCAB"))
    assert renamed.statistic == pytest.approx(found.statistic)


@pytest.mark.parametrize("cause", [1, 2, 3])
def test_other_causes_count_the_same_whatever_their_number(cause):
    time = np.array([1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9])
    status = np.array([1, 2, 3, 1, 0, 3, 2, 1, 3, 2, 0, 1])
    group = np.array(list("ABABABABABAB"))
    merged = np.where(status == cause, 1, np.where(status > 0, 2, 0))
    found = estimate_gray(time, status, group, cause)
    assert found.statistic == estimate_gray(time, merged, group, 1).statistic
    assert found.statistic == pytest.approx(gray_by_sums(time, status, group, cause), abs=1e-12)


@pytest.mark.parametrize(
    ("time", "status", "group", "word"),
    [
        ([], [], [], "no patients"),
        ([5], [1], ["A"], "one group"),
        ([5, 6, 7], [1, 2, 0], ["A", "A", "A"], "one group"),
        ([5, 6], [0, 0], ["A", "B"], "no events"),
        ([5, 6], [2, 2], ["A", "B"], "no events"),  # cause 1 is absent
        ([5, 5, 5], [1, 1, 1], ["A", "B", "B"], "singular"),  # all at once: nothing varies
        ([1, 5, 6], [0, 1, 1], ["A", "B", "B"], "singular"),  # A is gone before the first event
    ],
)
def test_without_an_answer_there_is_a_reason(time, status, group, word):
    found = estimate_gray(np.array(time), np.array(status, dtype=int), np.array(group))
    assert np.isnan(found.statistic) and np.isnan(found.p_value)
    assert word in found.reason


def test_one_group_of_three_that_can_never_be_told_apart_is_singular():
    # C is gone before anything happens; A and B can be compared, the three together cannot.
    found = estimate_gray([1, 2, 3, 4, 5], [0, 1, 1, 0, 1], list("CABAB"))
    assert "singular" in found.reason
    assert estimate_gray([2, 3, 4, 5], [1, 1, 0, 1], list("ABAB")).statistic > 0


def test_pooled_incidence_may_reach_1_while_events_go_on():
    # F pooled is 1/4, 1/2, 1 after three of four events; the last can then tell nothing.
    found = estimate_gray([1, 5, 6, 7], [1, 1, 1, 1], [2, 2, 0, 1])
    assert np.isfinite(found.statistic) and found.statistic >= 0
    assert found.statistic == pytest.approx(
        gray_by_sums([1, 5, 6, 7], [1, 1, 1, 1], [2, 2, 0, 1], 1), abs=1e-12
    )


def test_events_on_day_0_count():
    with_0 = estimate_gray([0, 3, 5, 7], [1, 1, 1, 0], list("ABAB"))
    later = estimate_gray([1, 4, 6, 8], [1, 1, 1, 0], list("ABAB"))
    assert with_0.statistic == later.statistic


def test_negative_status_and_negative_time_are_refused():
    with pytest.raises(GraftlineError, match="1 of 2 statuses"):
        estimate_gray([1, 2], [1, -1], ["A", "B"])
    with pytest.raises(GraftlineError, match="times"):
        estimate_gray([-1, 2], [1, 1], ["A", "B"])


def test_memory_is_linear_in_patients():
    random = np.random.default_rng(7)
    peaks = []
    for n in (20_000, 80_000):
        time, status = random.integers(1, 2000, n), random.integers(0, 3, n)
        group = random.integers(0, 2, n)
        tracemalloc.start()
        estimate_gray(time, status, group)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 6 * peaks[0]
    assert peaks[1] < 80_000 * 500  # bytes; 2,000 x 2,000 numbers for each patient would be 10**12
