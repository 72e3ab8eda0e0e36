"""Grades of fever: temperature, how long it lasted, and blood pressure near in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from graftline.grading.comparison import compare, round_for_comparison
from graftline.grading.scale import Grade, Item

PAIRS = ["temperature", "pressure", "low"]
RUNS = ["temperature", "run", "first_day", "last_day", "long"]
DAY = 24 * 60  # minutes


def minutes_of_day(frame: pd.DataFrame) -> pd.Series:
    """Minutes since midnight of each row's time; missing where it is missing or is not HH:MM."""
    clock = frame["time"].astype("string[pyarrow]").str.extract(r"^(\d{1,2}):(\d{2})", expand=True)
    hours, minutes = (
        pd.to_numeric(clock[part], errors="coerce").astype("float64") for part in (0, 1)
    )
    return hours * 60 + minutes


def moments(frame: pd.DataFrame) -> pd.Series:
    """Date and time of each row; missing where the time of day is missing or is not HH:MM."""
    of_day = minutes_of_day(frame)
    # pandas overflows on missing values in a conversion to time differences.
    since_midnight = pd.to_timedelta(of_day.fillna(0), unit="min").where(of_day.notna())
    return frame["date"] + since_midnight


def pair_pressures(
    vitals: pd.DataFrame, baseline_sbp: pd.Series, fever: Mapping[str, Any]
) -> pd.DataFrame:
    """Feverish temperatures paired with the systolic pressures taken near them.

    `vitals` has subject_id, date, time, temp_cel, sbp_mmhg and after_first_dose; `baseline_sbp` is
    the pressure before treatment by subject_id; `fever` has fever_cel, low_sbp_mmhg, sbp_fall_mmhg
    and within_hours of the protocol. Near means not more than within_hours apart; where one of the
    two has no time of day, the same day. A pressure is low under low_sbp_mmhg, or, after the first
    dose, more than sbp_fall_mmhg under baseline. Returns one row a pair: temperature and pressure
    (index values of `vitals`) and low (bool).
    """
    columns = ["subject_id", "date", "moment"]
    frame = vitals.assign(moment=moments(vitals), row=vitals.index)
    temperature = round_for_comparison(frame["temp_cel"].to_numpy(float, na_value=np.nan))
    hot = frame.loc[temperature >= fever["fever_cel"], [*columns, "row"]]
    pressure = frame.loc[
        frame["sbp_mmhg"].notna(), [*columns, "row", "sbp_mmhg", "after_first_dose"]
    ]
    if hot.empty or pressure.empty:
        return pd.DataFrame({column: [] for column in PAIRS})
    found = []
    days = int(np.ceil(fever["within_hours"] / 24))
    for shift in range(-days, days + 1):
        near = hot.assign(on=hot["date"] + pd.Timedelta(days=shift)).merge(
            pressure.rename(columns={"date": "on"}), on=["subject_id", "on"], suffixes=("_t", "_p")
        )
        apart = (near["moment_t"] - near["moment_p"]).abs()
        close = apart <= pd.Timedelta(hours=fever["within_hours"])
        found.append(near[close | (apart.isna() & (shift == 0))])
    pairs = pd.concat(found, ignore_index=True)
    sbp = round_for_comparison(pairs["sbp_mmhg"].to_numpy(float))
    before = pairs["subject_id"].map(baseline_sbp).to_numpy(float, na_value=np.nan)
    with np.errstate(invalid="ignore"):
        fallen = round_for_comparison(before - sbp) > fever["sbp_fall_mmhg"]
    low = (sbp < fever["low_sbp_mmhg"]) | (fallen & pairs["after_first_dose"].to_numpy(bool))
    return pd.DataFrame({"temperature": pairs["row_t"], "pressure": pairs["row_p"], "low": low})


def reached_by(grade: Grade, values: np.ndarray) -> np.ndarray:
    """Which of the temperatures `values` have reached the limits of `grade`; all, if it has none."""
    reached = np.zeros(len(values), dtype=bool)
    for criterion in grade.criteria:
        limit = round_for_comparison(np.full(len(values), criterion.limits["Cel"], dtype=float))
        reached |= compare(criterion, round_for_comparison(values), limit)[0]
    return reached if grade.criteria else np.isfinite(values)


def find_runs(vitals: pd.DataFrame, grade: Grade) -> pd.DataFrame:
    """Runs of consecutive temperatures that have all reached the limit of `grade`.

    `vitals` has subject_id, date, time and temp_cel. A lower temperature ends a run, and so does a
    day without any. Temperatures of one moment, or of one day where they have no time, count
    together: the lowest must have reached the limit. Returns a row for each temperature of a run:
    temperature (index value), run (number), first_day and last_day of the run, and long (bool):
    whether it surely lasted for more than the hours that the grade asks for. Of a temperature
    without a time only the day is known: then the least that the run may have lasted counts.
    """
    frame = vitals[vitals["temp_cel"].notna() & vitals["date"].notna()]
    frame = frame[["subject_id", "date", "temp_cel"]].assign(clock=minutes_of_day(frame))
    keys = ["subject_id", "date", "clock"]
    taken = frame.groupby(keys, dropna=False)["temp_cel"].min().reset_index()
    # Within a day, those whose time is not known come last.
    taken = taken.sort_values(keys, kind="stable", na_position="last", ignore_index=True)
    hot = reached_by(grade, taken["temp_cel"].to_numpy(float))
    # A lower temperature without a time may have ended a run at any moment of its day.
    ends = pd.Series(~hot & taken["clock"].isna().to_numpy(bool))
    ends = ends.groupby([taken["subject_id"], taken["date"]]).transform("any").to_numpy(bool)
    same = (taken["subject_id"] == taken["subject_id"].shift()).fillna(False).to_numpy(bool)
    near = (taken["date"] - taken["date"].shift() <= pd.Timedelta(days=1)).to_numpy(bool)
    goes_on = same & near & ~ends & np.append(False, hot[:-1])[: len(hot)]
    taken["run"] = np.cumsum(hot & ~goes_on)
    taken = taken[hot]
    day = (taken["date"] - pd.Timestamp("1900-01-01")).dt.days * DAY
    bounds = taken.assign(
        latest=day + taken["clock"].fillna(DAY - 1), earliest=day + taken["clock"].fillna(0)
    ).groupby("run")
    runs = pd.DataFrame(
        {"first_day": bounds["date"].min(), "last_day": bounds["date"].max()}
        | {"lasted": bounds["earliest"].max() - bounds["latest"].min()}
    )
    runs["long"] = runs["lasted"] > (grade.longer_than_hours or 0) * 60
    found = frame.rename_axis("temperature").reset_index().merge(taken[[*keys, "run"]], on=keys)
    return found.merge(runs.reset_index(), on="run")[RUNS]


def grade_temperatures(
    item: Item, temperature: pd.Series, hypotension: pd.Series, long: Mapping[int, pd.Series]
) -> pd.DataFrame:
    """Grades of each temperature, in degrees Celsius.

    `hypotension` (bool) says that the temperature is a fever with low pressure near it, `long` by
    grade that it belongs to a run which lasted for as long as that grade asks (`find_runs`). A
    grade that needs one of these is not reached by temperature alone. Returns, on the same index,
    grade (Int64; missing where the temperature is) and limit (Cel): where that grade begins, or for
    grade 0 the first limit that was not reached.
    """
    values = temperature.to_numpy(float, na_value=np.nan)
    known = np.isfinite(values)
    grades, limits = np.where(known, 0.0, np.nan), np.full(len(values), np.nan)
    for grade in item.grades:
        if not grade.criteria and not grade.with_hypotension:
            continue
        reached = reached_by(grade, values) & known
        if grade.with_hypotension:
            reached &= hypotension.to_numpy(bool)
        if grade.longer_than_hours:
            reached &= long[grade.grade].to_numpy(bool)
        limit = grade.criteria[0].limits["Cel"] if grade.criteria else np.nan
        limits = np.where(reached | (known & np.isnan(limits)), limit, limits)
        grades = np.where(reached, grade.grade, grades)
    return pd.DataFrame(
        {"grade": pd.array(grades, dtype="Float64").astype("Int64"), "limit": limits},
        index=temperature.index,
    )
