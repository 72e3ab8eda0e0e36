"""The on-treatment period of each patient, and which observations lie in it."""

from __future__ import annotations

import pandas as pd

from graftline.grading.fever import moments

PERIOD_COLUMNS = ["first_dose", "period_end"]


def given_doses(exposure: pd.DataFrame) -> pd.DataFrame:
    """Rows of `exposure` in which something was given: not those with n_given = 0 or without a
    start."""
    return exposure[
        (exposure["n_given"].isna() | (exposure["n_given"] > 0)) & exposure["start_date"].notna()
    ]


def treatment_periods(exposure: pd.DataFrame, days_after: int, cut: pd.Timestamp) -> pd.DataFrame:
    """First dose and end of the on-treatment period, by subject_id.

    The period runs from the day of the first dose of any drug to `days_after` days after the last
    dose of any drug, both included. A drug without an end date is still being given: its patient's
    period runs to the cut.
    """
    given = given_doses(exposure)
    by_subject = given.assign(last=given["end_date"].fillna(cut)).groupby("subject_id")
    periods = pd.DataFrame(
        {
            "first_dose": by_subject["start_date"].min(),
            "period_end": by_subject["last"].max() + pd.Timedelta(days=days_after),
        }
    )
    return periods[PERIOD_COLUMNS].astype("datetime64[ns]")


def mark_measurements(frame: pd.DataFrame, periods: pd.DataFrame, same: list[str]) -> pd.DataFrame:
    """`frame` with first_dose, after_first_dose, before_treatment and on_treatment.

    Doses carry no time of day. A measurement on the day of the first dose is taken as made before
    it, unless its time says otherwise: it is later than another measurement of that day which
    agrees in the columns `same`. Patients without a dose have neither before nor on treatment.
    """
    out = frame.join(periods, on="subject_id")
    first_day = out["date"] == out["first_dose"]
    moment = moments(out).where(first_day)
    earliest = moment.groupby([out[column] for column in same], dropna=False).transform("min")
    after = (out["date"] > out["first_dose"]) | (moment > earliest)
    out["after_first_dose"] = after
    out["on_treatment"] = after & (out["date"] <= out["period_end"])
    out["before_treatment"] = (out["date"] <= out["first_dose"]) & ~after
    return out


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
    """`ae` with first_dose, period_end, on_treatment and began_before.

    An event is on treatment if it may overlap the period, by the earliest and latest days that its
    dates allow; a missing start or end leaves it open on that side. Symptoms on the day of the
    first dose are on treatment. One that surely began before the first dose also tells the
    baseline.
    """
    out = ae.join(periods, on="subject_id")
    treated = out["first_dose"].notna()
    starts = out["start_date_earliest"].isna() | (out["start_date_earliest"] <= out["period_end"])
    ends = out["end_date_latest"].isna() | (out["end_date_latest"] >= out["first_dose"])
    out["on_treatment"] = treated & starts & ends
    out["began_before"] = out["on_treatment"] & (out["start_date_latest"] < out["first_dose"])
    return out
