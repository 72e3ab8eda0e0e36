"""What the registry asks of fitted curves, beside tests/unit/estimate/test_registry_statistics.py."""

import pandas as pd
import pytest

from graftline.numbers.estimators import fit_aj, fit_km, fit_reverse_km, query


def rows(time, status, **more):
    frame = pd.DataFrame({"time": [float(t) for t in time], "status": status, "entry": 0.0, **more})
    return frame.astype({"status": "Int64"})


# The nine of the reconstruction: days from transplantation, and from the first dose.
FROM_TX = [1715, 492, 406, 1358, 1330, 1169, 440, 903, 601]
FROM_IT = [1618, 381, 281, 1268, 1219, 1065, 329, 806, 497]
DIED = [0, 1, 1, 0, 0, 0, 1, 0, 1]


@pytest.mark.parametrize(
    ("time", "mean", "error"), [(FROM_TX, 621.0, 43.81), (FROM_IT, 570.889, 61.928)]
)
def test_restricted_mean_to_two_years_with_its_error_and_limits(time, mean, error):
    """R's survival: 621.0 (43.81) from transplantation, 570.889 (61.928) from treatment."""
    fit = fit_km(rows(time, DIED))
    value = {
        what: query(fit, f"restricted_mean{what}", time=730)[0]
        for what in ("", "_error", "_lower", "_upper")
    }
    assert value[""] == pytest.approx(mean, abs=5e-4)
    assert value["_error"] == pytest.approx(error, abs=5e-3)
    assert value["_upper"] - value[""] == pytest.approx(1.959964 * value["_error"], abs=1e-5)
    assert value[""] - value["_lower"] == pytest.approx(1.959964 * value["_error"], abs=1e-5)


def test_restricted_mean_past_the_last_follow_up_is_none_with_its_reason():
    value, reason = query(fit_km(rows([5, 9], [1, 0])), "restricted_mean", time=10)
    assert value is None and "followed to this time" in reason
    value, reason = query(fit_km(rows([], [])), "restricted_mean", time=10)
    assert value is None and "no patients" in reason


def test_events_are_counted_of_one_cause_or_of_all():
    fit = fit_aj(rows([1, 2, 3, 4, 5], [1, 2, 2, 0, 1]))
    assert query(fit, "events", time=3)[0] == 3
    assert query(fit, "events", time=3, cause=1)[0] == 1
    assert query(fit, "events", time=3, cause=2)[0] == 2
    assert query(fit, "censored", time=4)[0] == 1


def test_who_is_dead_on_an_unknown_day_censors_follow_up_as_every_death_does():
    # Censored at 2 and 8; dead on an unknown day, last seen at 4.
    times, status = [2, 4, 8], [0, 0, 0]
    assert query(fit_reverse_km(rows(times, status)), "median")[0] == 4
    marked = rows(times, status, cnsr=pd.array([1, 6, 1], dtype="Int64"))
    # 2/3 are left after 2, and none after 8.
    assert query(fit_reverse_km(marked), "median")[0] == 8
