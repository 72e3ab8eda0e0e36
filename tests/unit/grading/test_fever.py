"""Fever: temperature at the scale's limits, and low pressure at the protocol's, in value and in
time."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from graftline.grading.fever import grade_temperatures, pair_pressures
from graftline.grading.scale import parse_scale

WHO = parse_scale(yaml.safe_load(Path("config/scales/who-1981.yaml").read_text(encoding="utf-8")))
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
    return grade_temperatures(WHO.fever_item, frame["temp_cel"], low).iloc[0]


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
