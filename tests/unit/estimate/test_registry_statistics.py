"""What the registry gets for rows of the endpoints table: a value, or why there is none."""

import pandas as pd
import pytest

from graftline.errors import GraftlineError
from graftline.numbers.estimators import (
    aalen_johansen,
    fit_aj,
    fit_km,
    fit_reverse_km,
    km,
    query,
    reverse_km,
)


def rows_of(time, status, entry=None):
    frame = pd.DataFrame({"time": time, "status": status, "entry": entry or [0.0] * len(time)})
    return frame.astype({"time": float, "entry": float, "status": "Int64"})


FOUR = rows_of([2, 4, 6, 8], [1, 0, 1, 0])  # S: 3/4 from 2, 3/8 from 6


def test_value_at_a_time():
    assert km("survival", 6, FOUR) == (0.375, None)
    assert km("at_risk", 6, FOUR) == (2, None)
    assert km("events", 6, FOUR) == (2, None) and km("censored", 6, FOUR) == (1, None)
    assert km("at_risk", 6.1, FOUR) == (1, None)


def test_estimate_at_the_last_follow_up_is_given_and_past_it_is_not():
    assert km("survival", 8, FOUR) == (0.375, None)
    value, reason = km("survival", 8.01, FOUR)
    assert value is None and "followed" in reason
    for what in ("cuminc", "lower", "upper", "variance"):
        assert aalen_johansen(what, 1, 8.01, FOUR)[0] is None
    assert km("at_risk", 8.01, FOUR) == (0, None)


def test_past_the_last_follow_up_there_is_no_estimate_even_when_all_have_died():
    assert km("survival", 3, rows_of([2], [1]))[0] is None


def test_before_the_first_entry_there_is_no_estimate():
    late = rows_of([5, 9], [1, 0], [2, 3])
    assert km("survival", 2, late)[0] is None
    assert "observation" in km("survival", 2, late)[1]
    assert km("survival", 2.5, late) == (1.0, None)


def test_median_that_is_not_reached_says_so():
    assert km("median", None, FOUR) == (6.0, None)
    assert km("median_upper", None, FOUR) == (None, "not reached")


def test_limits_before_the_first_event_are_exact_and_say_so():
    nine = rows_of([5] + [9] * 8, [1] + [0] * 8)
    value, reason = km("lower", 4, nine)
    assert round(value, 3) == 0.664 and "exact" in reason  # 0.025 ** (1/9)
    assert km("upper", 4, nine) == (1.0, None)
    value, reason = aalen_johansen("upper", 2, 9, nine)
    assert round(value, 3) == 0.336 and "exact" in reason
    assert aalen_johansen("lower", 2, 9, nine) == (0.0, None)
    assert km("lower", 5, nine)[1] is None  # the event has happened: Greenwood


def test_limits_of_a_survival_of_zero_are_not_estimable():
    value, reason = km("lower", 2, rows_of([2, 2], [1, 1]))
    assert value is None and "not defined" in reason


def test_no_rows_give_a_reason():
    for what, time in (("survival", 1), ("median", None)):
        assert km(what, time, FOUR.iloc[:0])[1] == "no patients to estimate it from"
    assert aalen_johansen("cuminc", 1, 1, FOUR.iloc[:0])[0] is None
    assert km("at_risk", 1, FOUR.iloc[:0]) == (0, None)


def test_reverse_curve_ignores_entry():
    late = rows_of([2, 4, 6, 8], [1, 0, 1, 0], [1, 1, 3, 7])
    assert reverse_km("median", late) == reverse_km("median", FOUR)
    # Censored at 4 (3 at risk) and 8 (1 at risk): 2/3, then 0.
    assert reverse_km("median", FOUR) == (8.0, None)


def test_kaplan_meier_of_competing_events_is_refused():
    for fit in (fit_km, fit_reverse_km):
        with pytest.raises(GraftlineError, match="competing"):
            fit(rows_of([1, 2], [1, 2]))


def test_missing_status_is_refused():
    with pytest.raises(GraftlineError, match="in_risk_set"):
        fit_km(rows_of([1, 2], [1, None]))


def test_censored_on_day_0_without_entry_is_a_patient_but_no_event():
    rows = rows_of([0, 5], [0, 1])
    assert km("survival", 5, rows) == (0.0, None)
    assert km("at_risk", 0, rows) == (2, None)


@pytest.mark.parametrize("what", ["variance", "cuminc", "nonsense"])
def test_unknown_question_is_a_programming_error(what):
    with pytest.raises(ValueError, match="not a value"):
        query(fit_km(FOUR), what, 1)
    with pytest.raises(ValueError, match="cause"):
        query(fit_aj(FOUR), "cuminc", 1, 3)
