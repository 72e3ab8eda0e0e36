"""Grades of fever, from temperatures and, for the highest grade, blood pressure near in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from graftline.grading.laboratory import grade_values, round_for_comparison
from graftline.grading.scale import Item

TEMPERATURE_MISSING = "no temperature recorded in the episode"
PAIRS = ["temperature", "pressure", "low"]


def moments(frame: pd.DataFrame) -> pd.Series:
    """Date and time of each row; missing where the time of day is missing or is not HH:MM."""
    clock = frame["time"].astype("string[pyarrow]").str.extract(r"^(\d{1,2}):(\d{2})", expand=True)
    hours, minutes = (
        pd.to_numeric(clock[part], errors="coerce").astype("float64") for part in (0, 1)
    )
    of_day = hours * 60 + minutes
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


def grade_temperatures(item: Item, temperature: pd.Series, hypotension: pd.Series) -> pd.Series:
    """Grade (Int64) of each temperature, in degrees Celsius; missing where it is missing.

    `hypotension` (bool) says that the temperature is a fever with low pressure near it, which has
    the item's last grade; temperature alone never reaches that grade.
    """
    grades = grade_values(item, temperature.to_numpy(float, na_value=np.nan))
    highest = max(grade.grade for grade in item.grades)
    grades = np.where(hypotension.to_numpy(bool) & ~np.isnan(grades), highest, grades)
    return pd.Series(pd.array(grades, dtype="Float64").astype("Int64"), index=temperature.index)
