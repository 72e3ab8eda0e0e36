"""The periods of each patient, before, during and after treatment, and what lies in them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.grading.fever import moments

TEXT = "string[pyarrow]"
PERIOD_COLUMNS = ["first_dose", "last_dose", "period_end"]
BEFORE, DURING, AFTER, LATER = PERIODS = ("BEFORE", "DURING", "AFTER", "LATER")
ON_TREATMENT = (DURING, AFTER)


def given_doses(exposure: pd.DataFrame) -> pd.DataFrame:
    """Rows of `exposure` in which something was given: not those with n_given = 0 or without a
    start."""
    return exposure[
        (exposure["n_given"].isna() | (exposure["n_given"] > 0)) & exposure["start_date"].notna()
    ]


def treatment_periods(exposure: pd.DataFrame, days_after: int, cut: pd.Timestamp) -> pd.DataFrame:
    """First dose, last dose and end of the on-treatment period, by subject_id.

    The period runs from the day of the first dose of any drug to `days_after` days after the last
    dose of any drug, both included. A drug without an end date is still being given: its patient's
    last dose is on the day of the cut.
    """
    given = given_doses(exposure)
    by_subject = given.assign(last=given["end_date"].fillna(cut)).groupby("subject_id")
    last = by_subject["last"].max()
    periods = pd.DataFrame(
        {
            "first_dose": by_subject["start_date"].min(),
            "last_dose": last,
            "period_end": last + pd.Timedelta(days=days_after),
        }
    )
    return periods[PERIOD_COLUMNS].astype("datetime64[ns]")


def _name_periods(frame: pd.DataFrame, conditions: dict[str, pd.Series]) -> pd.DataFrame:
    """`frame` with the period of the first condition that holds, and on_treatment."""
    held = [condition.fillna(False).to_numpy(bool) for condition in conditions.values()]
    number = np.select(held, range(len(held)), default=-1)
    named = pd.Categorical.from_codes(number, list(conditions))
    frame["period"] = pd.Series(named, index=frame.index).astype(TEXT)
    frame["on_treatment"] = frame["period"].isin(ON_TREATMENT)
    return frame


def mark_measurements(frame: pd.DataFrame, periods: pd.DataFrame, same: list[str]) -> pd.DataFrame:
    """`frame` with first_dose, after_first_dose, before_treatment, period and on_treatment.

    Doses carry no time of day. A measurement on the day of the first dose is taken as made before
    it, unless its time says otherwise: it is later than another measurement of that day which
    agrees in the columns `same`. Patients without a dose have no periods.
    """
    out = frame.join(periods, on="subject_id")
    first_day = out["date"] == out["first_dose"]
    moment = moments(out).where(first_day)
    earliest = moment.groupby([out[column] for column in same], dropna=False).transform("min")
    after = (out["date"] > out["first_dose"]) | (moment > earliest)
    out["after_first_dose"] = after
    out["before_treatment"] = (out["date"] <= out["first_dose"]) & ~after
    return _name_periods(
        out,
        {
            BEFORE: out["before_treatment"],
            DURING: after & (out["date"] <= out["last_dose"]),
            AFTER: after & (out["date"] <= out["period_end"]),
            LATER: after,
        },
    )


def mark_last_before(frame: pd.DataFrame, by: list[str], usable: pd.Series) -> pd.Series:
    """True for the last row before treatment in each group `by`, among the `usable` rows.

    Ties in date and time are all marked: the order of lines decides nothing.
    """
    candidates = frame[frame["before_treatment"] & usable]
    start_of_day = candidates["date"]
    moment = moments(candidates).fillna(start_of_day)
    last = moment.groupby([candidates[column] for column in by]).transform("max")
    return (moment == last).reindex(frame.index, fill_value=False)


def mark_events(ae: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """`ae` with first_dose, last_dose, period_end, period, on_treatment and began_before.

    An event is on treatment if it may overlap the on-treatment period, by the earliest and latest
    days that its dates allow; a missing start or end leaves it open on that side. It belongs to the
    first period that it may overlap, but to BEFORE only if it ended before the first dose. Symptoms
    on the day of the first dose are on treatment. One that surely began before the first dose and
    went on also tells the baseline.
    """
    out = ae.join(periods, on="subject_id")
    treated = out["first_dose"].notna()
    start, end = out["start_date_earliest"], out["end_date_latest"]
    out = _name_periods(
        out,
        {
            BEFORE: treated & (end < out["first_dose"]),
            DURING: treated & ~(start > out["last_dose"]),
            AFTER: treated & ~(start > out["period_end"]),
            LATER: treated,
        },
    )
    out["began_before"] = out["on_treatment"] & (out["start_date_latest"] < out["first_dose"])
    return out
