"""No step, mark or end of a drawn curve is one patient's."""

import numpy as np

from graftline.disclosure.curves import coarsen_curve
from graftline.disclosure.policy import Policy
from graftline.estimate.kaplan_meier import estimate_kaplan_meier

# Twenty patients: one dies on each of the days 11 to 22, eight are censored at day 40.
TIMES = np.array([*range(11, 23), *[40] * 8], dtype=float)
EVENTS = np.array([True] * 12 + [False] * 8)


def test_without_masking_a_curve_is_drawn_as_it_is():
    curve = estimate_kaplan_meier(TIMES, EVENTS)
    assert coarsen_curve(curve, Policy(False, 0)) is curve


def test_each_step_joins_five_events_and_stands_behind_the_last_of_them():
    drawn = coarsen_curve(estimate_kaplan_meier(TIMES, EVENTS), Policy(False, 5))
    # The fifth death is on day 15, the tenth on day 20; of twelve, two make no step. Times are
    # rounded up to halves, a twentieth of ten days.
    assert drawn.risk.times.tolist() == [15, 20]
    np.testing.assert_allclose(drawn.survival, [15 / 20, 10 / 20])


def test_no_censoring_is_marked_and_the_longest_follow_up_is_not_told():
    drawn = coarsen_curve(estimate_kaplan_meier(TIMES, EVENTS), Policy(False, 5))
    assert not drawn.risk.censored.any() and drawn.risk.last_time == 20


def test_a_step_does_not_stand_on_the_day_of_an_event():
    drawn = coarsen_curve(estimate_kaplan_meier(TIMES + 0.3, EVENTS), Policy(False, 5))
    assert drawn.risk.times.tolist() == [15.5, 20.5]


def test_fewer_events_than_the_threshold_make_no_step():
    drawn = coarsen_curve(estimate_kaplan_meier(TIMES[8:], EVENTS[8:]), Policy(False, 5))
    assert drawn.risk.times.size == 0 and drawn.risk.last_time == 0
