"""Fever: temperature at the scale's limits, low pressure at the protocol's in value and in time,
and how long it lasted."""

import numpy as np
import pandas as pd
import pytest

from graftline.grading.fever import find_runs, grade_temperatures, pair_pressures
from graftline.grading.files import read_scale

WHO = read_scale("config/scales/who-1981.yaml")
CTCAE = {name: read_scale(f"config/scales/ctcae-{name}.yaml") for name in ("4.03", "5.0", "6.0")}
FEVER = {"fever_cel": 38.0, "low_sbp_mmhg": 90, "sbp_fall_mmhg": 40, "within_hours": 24}


def vitals(rows):
    """rows: (date, time, temperature, systolic pressure); all of one patient and after the first
    dose."""
    frame = pd.DataFrame(rows, columns=["date", "time", "temp_cel", "sbp_mmhg"])
    return frame.astype({"time": "string[pyarrow]", "temp_cel": float, "sbp_mmhg": float}).assign(
        subject_id="A", date=pd.to_datetime(frame["date"]), after_first_dose=True
    )


def grade_first(rows, baseline=None):
    """Grade of the first row's temperature."""
    frame = vitals(rows)
    before = pd.Series({"A": baseline} if baseline is not None else {}, dtype=float)
    pairs = pair_pressures(frame, before, FEVER)
    low = pd.Series(
        frame.index.isin(pairs.loc[pairs["low"].astype(bool), "temperature"]), frame.index
    )
    return grade_temperatures(WHO.fever_item, frame["temp_cel"], low, {})["grade"].iloc[0]


def grade_by_duration(rows, scale="5.0"):
    """Grades of all temperatures on CTCAE."""
    frame, item = vitals([(*row, np.nan) for row in rows]), CTCAE[scale].fever_item
    runs = find_runs(frame, item.grades[-2])
    long = pd.Series(frame.index.isin(runs.loc[runs["long"], "temperature"]), frame.index)
    none = pd.Series(False, index=frame.index)
    return grade_temperatures(item, frame["temp_cel"], none, {4: long})["grade"].tolist()


@pytest.mark.parametrize(
    ("temperature", "without_pressure", "with_sbp_80"),
    [
        (36.9, 0, 0),
        (37.4, 0, 0),
        (37.5, 1, 1),
        (37.9, 1, 1),  # low pressure without fever of 38.0 is not grade 4
        (37.99, 1, 1),
        (38.0, 2, 4),
        (39.9, 2, 4),
        (40.0, 2, 4),
        (40.1, 3, 4),
        (42.5, 3, 4),  # temperature alone never gives 4
    ],
)
def test_fever_is_graded_by_temperature_and_only_low_pressure_makes_it_grade_4(
    temperature, without_pressure, with_sbp_80
):
    assert grade_first([("1994-01-03", None, temperature, np.nan)]) == without_pressure
    assert grade_first([("1994-01-03", None, temperature, 80)]) == with_sbp_80


@pytest.mark.parametrize(("sbp", "expected"), [(89, 4), (89.9, 4), (90, 2), (91, 2)])
def test_pressure_is_low_under_90(sbp, expected):
    assert grade_first([("1994-01-03", None, 38.5, sbp)]) == expected


@pytest.mark.parametrize(
    ("baseline", "sbp", "expected"),
    [(140, 100, 2), (140, 99, 4), (141, 100, 4), (130, 100, 2), (None, 100, 2)],
)
def test_pressure_is_low_after_a_fall_of_more_than_40_from_baseline(baseline, sbp, expected):
    assert grade_first([("1994-01-03", None, 38.5, sbp)], baseline) == expected


@pytest.mark.parametrize(
    ("temperature_at", "pressure_at", "expected"),
    [
        (("1994-01-03", "12:00"), ("1994-01-03", "20:00"), 4),
        (("1994-01-03", "12:00"), ("1994-01-04", "12:00"), 4),  # 24 hours later
        (("1994-01-03", "12:00"), ("1994-01-04", "12:01"), 2),
        (("1994-01-03", "12:00"), ("1994-01-04", "13:00"), 2),  # 25 hours later
        (("1994-01-03", "12:00"), ("1994-01-02", "12:00"), 4),  # 24 hours earlier
        (("1994-01-03", "12:00"), ("1994-01-02", "11:00"), 2),  # 25 hours earlier
        (("1994-01-03", None), ("1994-01-03", "23:59"), 4),  # a time is missing: the same day
        (("1994-01-03", None), ("1994-01-04", "00:01"), 2),
        (("1994-01-03", "23:59"), ("1994-01-04", None), 2),
        (("1994-01-03", None), ("1994-01-03", None), 4),
        (("1994-01-03", None), ("1994-01-04", None), 2),
        (("1994-01-03", "12:00"), ("1994-01-05", "11:00"), 2),
    ],
)
def test_pressure_counts_within_24_hours_or_on_the_same_day_without_times(
    temperature_at, pressure_at, expected
):
    rows = [(*temperature_at, 38.5, np.nan), (*pressure_at, np.nan, 80)]
    assert grade_first(rows) == expected


def test_a_missing_temperature_has_no_grade_even_with_low_pressure():
    assert grade_first([("1994-01-03", None, np.nan, 80)]) is pd.NA


def test_the_pressure_of_another_patient_does_not_count():
    frame = vitals([("1994-01-03", None, 39.0, np.nan), ("1994-01-03", None, np.nan, 70)])
    frame["subject_id"] = ["A", "B"]
    assert len(pair_pressures(frame, pd.Series(dtype=float), FEVER)) == 0


def test_a_fall_before_the_first_dose_is_not_a_fall_from_baseline():
    frame = vitals([("1994-01-03", None, 39.0, 100)]).assign(after_first_dose=False)
    assert pair_pressures(frame, pd.Series({"A": 150.0}), FEVER)["low"].tolist() == [False]


@pytest.mark.parametrize("scale", ["4.03", "5.0", "6.0"])
@pytest.mark.parametrize(
    ("temperature", "grade"),
    # The text: 38.0 - 39.0; >39.0 - 40.0; >40.0 for <=24 hrs.
    [(37.9, 0), (38.0, 1), (39.0, 1), (39.1, 2), (40.0, 2), (40.1, 3), (42.0, 3)],
)
def test_on_ctcae_fever_is_graded_by_temperature_and_one_alone_never_makes_4(
    scale, temperature, grade
):
    assert grade_by_duration([("1994-01-03", "08:00", temperature)], scale) == [grade]


@pytest.mark.parametrize(
    ("first", "last", "grade"),
    [
        (("1994-01-03", "08:00"), ("1994-01-04", "08:01"), 4),
        (("1994-01-03", "08:00"), ("1994-01-04", "08:00"), 3),  # 24 hours and no more
        (("1994-01-03", "00:00"), ("1994-01-03", "23:59"), 3),
        (("1994-01-03", "23:59"), ("1994-01-05", "00:00"), 3),  # a day between has no temperature
        # Without a time only the day is known, and one of two days may have been short.
        (("1994-01-03", None), ("1994-01-04", None), 3),
        (("1994-01-03", None), ("1994-01-04", "23:59"), 3),  # 23:59 to 23:59
        (("1994-01-03", "00:00"), ("1994-01-04", None), 3),  # 00:00 to 00:00
    ],
)
def test_over_40_is_grade_4_if_it_surely_lasted_for_more_than_24_hours(first, last, grade):
    assert grade_by_duration([(*first, 40.5), (*last, 40.1)]) == [grade, grade]


def test_three_days_over_40_without_a_time_surely_lasted_for_more_than_24_hours():
    days = [("1994-01-03", None, 40.1), ("1994-01-04", None, 40.2), ("1994-01-05", None, 40.3)]
    assert grade_by_duration(days) == [4, 4, 4]


@pytest.mark.parametrize("between", [40.0, 36.5])
def test_a_temperature_of_40_or_less_ends_the_run(between):
    rows = [
        ("1994-01-03", "08:00", 40.5),
        ("1994-01-03", "20:00", between),
        ("1994-01-04", "20:00", 40.5),
    ]
    assert grade_by_duration(rows) == [3, 2 if between == 40.0 else 0, 3]


def test_a_run_takes_the_temperatures_inside_it_and_no_others():
    rows = [
        ("1994-01-02", "08:00", 39.5),
        ("1994-01-03", "08:00", 40.5),
        ("1994-01-03", "20:00", 41.0),
        ("1994-01-04", "09:00", 40.5),
        ("1994-01-05", "08:00", 39.5),
        ("1994-01-06", "08:00", 40.5),
    ]
    assert grade_by_duration(rows) == [2, 4, 4, 4, 2, 3]
    assert grade_by_duration(rows[::-1]) == [3, 2, 4, 4, 4, 2]


def test_of_temperatures_that_no_time_tells_apart_the_lowest_counts():
    rows = [
        ("1994-01-03", None, 40.5),
        ("1994-01-04", None, 40.5),
        ("1994-01-04", None, 38.5),
        ("1994-01-05", None, 40.5),
    ]
    assert grade_by_duration(rows) == [3, 3, 1, 3]


@pytest.mark.parametrize("day", ["1994-01-03", "1994-01-04"])
def test_a_lower_temperature_without_a_time_may_have_ended_the_run_on_its_day(day):
    rows = [
        ("1994-01-03", "08:00", 40.5),
        ("1994-01-04", "12:00", 40.5),
        (day, None, 38.5),
    ]
    assert grade_by_duration(rows) == [3, 3, 1]


def test_a_higher_temperature_without_a_time_ends_nothing():
    rows = [
        ("1994-01-03", "08:00", 40.5),
        ("1994-01-03", None, 41.0),
        ("1994-01-04", "12:00", 40.5),
    ]
    assert grade_by_duration(rows) == [4, 4, 4]


def test_runs_are_of_one_patient():
    frame = vitals([("1994-01-03", "08:00", 40.5, None), ("1994-01-04", "20:00", 40.5, None)])
    frame["subject_id"] = ["A", "B"]
    runs = find_runs(frame, CTCAE["5.0"].fever_item.grades[-2])
    assert runs["run"].nunique() == 2
    assert not runs["long"].any()


def test_the_limit_is_the_one_reached_or_the_first_that_was_not():
    frame = vitals([("1994-01-03", None, value, None) for value in (37.0, 37.5, 40.0, 41.0)])
    none = pd.Series(False, index=frame.index)
    graded = grade_temperatures(WHO.fever_item, frame["temp_cel"], none, {})
    assert graded["limit"].tolist() == [37.5, 37.5, 38.0, 40.0]
