"""No step, mark or end of a drawn curve is one patient's."""

import numpy as np

from graftline.disclosure.curves import coarsen_curve
from graftline.disclosure.policy import Policy
from graftline.estimate.aalen_johansen import estimate_aalen_johansen
from graftline.estimate.kaplan_meier import estimate_kaplan_meier

# Twenty patients: one dies on each of the days 11 to 22, eight are censored at day 40.
TIMES = np.array([*range(11, 23), *[40] * 8], dtype=float)
EVENTS = np.array([True] * 12 + [False] * 8)


def test_without_masking_a_curve_is_drawn_as_it_is():
    curve = estimate_kaplan_meier(TIMES, EVENTS)
    assert coarsen_curve(curve, Policy(False, 0)) is curve


def test_each_step_joins_five_events_and_stands_behind_the_last_of_them():
    drawn = coarsen_curve(estimate_kaplan_meier(TIMES, EVENTS), Policy(False, 5))
    # The fifth death is on day 15; a step at the tenth, on day 20, would leave two of twelve, so that
    # the other seven make one. Times are rounded up to halves, a twentieth of ten days.
    assert drawn.risk.times.tolist() == [15, 22]
    np.testing.assert_allclose(drawn.survival, [15 / 20, 8 / 20])


def test_a_step_of_two_causes_joins_enough_of_each_or_none():
    # Of 30 patients the first five events are three of one kind and two of the other.
    status = np.array([1, 1, 2, 1, 2, 1, 2, 1, 2, 2, 1, 1, 1, 1, 1] + [0] * 15)
    curve = estimate_aalen_johansen(np.arange(11.0, 41), status, causes=(1, 2))
    drawn = coarsen_curve(curve, Policy(False, 5))
    events = np.diff(np.round(drawn.incidence * 30).astype(int), axis=1, prepend=0)
    # Nobody is censored among them: five of each kind by day 20, and five more of the first by 25.
    assert drawn.risk.times.tolist() == [20, 25] and events.tolist() == [[5, 5], [5, 0]]


def test_a_step_does_not_leave_two_to_the_next_time_at_which_events_are_printed():
    # Five are dead by day 15 and seven by day 17.
    curve = estimate_kaplan_meier(TIMES, EVENTS)
    drawn = coarsen_curve(curve, Policy(False, 5), [0, 17])
    np.testing.assert_allclose(drawn.survival, [13 / 20, 8 / 20])
    assert drawn.risk.times.tolist() == [17, 22]


def test_no_censoring_is_marked_and_the_longest_follow_up_is_not_told():
    drawn = coarsen_curve(estimate_kaplan_meier(TIMES, EVENTS), Policy(False, 5))
    assert not drawn.risk.censored.any() and drawn.risk.last_time == 22


def test_a_step_does_not_stand_on_the_day_of_an_event():
    drawn = coarsen_curve(estimate_kaplan_meier(TIMES + 0.3, EVENTS), Policy(False, 5))
    assert drawn.risk.times.tolist() == [15.5, 22.5]


def test_fewer_events_than_the_threshold_make_no_step():
    drawn = coarsen_curve(estimate_kaplan_meier(TIMES[8:], EVENTS[8:]), Policy(False, 5))
    assert drawn.risk.times.size == 0 and drawn.risk.last_time == 0
