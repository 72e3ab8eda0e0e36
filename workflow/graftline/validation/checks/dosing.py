"""Doses: their dates and numbers."""

from __future__ import annotations

import pandas as pd

from graftline.validation.cohort import Cohort, equals, first_of_subject
from graftline.validation.findings import ERROR, WARNING
from graftline.validation.register import Flag, check


def _first_dose_rows(cohort: Cohort) -> pd.Series:
    """The row of each patient that has the first dose."""
    frame = cohort["exposure"]
    first = frame["start_date"].eq(cohort.of_subject("exposure", cohort.first_dose))
    return first_of_subject(frame, first)


def _days_after_transplant(cohort: Cohort) -> pd.Series:
    transplant = cohort.of_subject("exposure", cohort.transplant_date)
    return (cohort["exposure"]["start_date"] - transplant).dt.days


@check(
    "E10",
    ERROR,
    "exposure",
    "transplant",
    sentence="The first dose is not after the transplantation; check start_date and tx_date.",
)
def check_first_dose_after_transplant(cohort: Cohort):
    """tx_date < first dose."""
    days = _days_after_transplant(cohort)
    yield Flag("exposure", _first_dose_rows(cohort) & (days <= 0), "start_date")


@check(
    "E11",
    WARNING,
    "exposure",
    "transplant",
    sentence="The first dose is not 14 to 365 days after the transplantation; confirm both dates.",
)
def check_first_dose_interval(cohort: Cohort):
    """First dose 14..365 days after transplantation."""
    days = _days_after_transplant(cohort)
    unusual = (days > 0) & ((days < 14) | (days > 365))
    yield Flag("exposure", _first_dose_rows(cohort) & unusual, "start_date")


@check(
    "E13",
    ERROR,
    "exposure",
    sentence="The last dose of the cycle is before its first; check start_date and end_date.",
)
def check_cycle_order(cohort: Cohort):
    """end_date >= start_date."""
    frame = cohort["exposure"]
    yield Flag("exposure", frame["end_date"] < frame["start_date"], "end_date")


@check(
    "E13",
    WARNING,
    "exposure",
    sentence="The cycle begins before an earlier one of the same drug has ended; check its dates.",
)
def check_cycles_overlap(cohort: Cohort):
    """Cycles of one drug do not overlap."""
    frame = cohort["exposure"].sort_values(["start_date", "src_line"], kind="stable")
    frame = frame[frame["end_date"] >= frame["start_date"]]
    of_drug = frame.groupby(["subject_id", "drug"])["end_date"]
    before = of_drug.cummax().groupby([frame["subject_id"], frame["drug"]]).shift()
    overlap = frame["start_date"] <= before
    yield Flag(
        "exposure", overlap.reindex(cohort["exposure"].index, fill_value=False), "start_date"
    )


@check(
    "E14",
    ERROR,
    "exposure",
    "followup",
    sentence="A dose is dated after the patient's death or last contact; check these dates.",
)
def check_dose_within_followup(cohort: Cohort):
    """end_date <= death and last contact."""
    end = cohort["exposure"]["end_date"]
    death = cohort.of_subject("exposure", cohort.death_latest)
    contact = cohort.of_subject("exposure", cohort.contact_latest)
    yield Flag("exposure", (end > death) | (end > contact), "end_date")


@check(
    "E14",
    WARNING,
    "exposure",
    "assessments",
    sentence="A dose was given after relapse or progression; confirm the dates of both.",
)
def check_dose_after_relapse(cohort: Cohort):
    """No dose after the first relapse or progression."""
    relapse = cohort.of_subject("exposure", cohort.relapse_latest)
    yield Flag("exposure", cohort["exposure"]["end_date"] > relapse, "end_date")


@check(
    "E15",
    ERROR,
    "exposure",
    sentence="More doses were given than planned and action_reason is empty; correct it or say why.",
)
def check_doses_within_plan(cohort: Cohort):
    """n_given <= n_planned without a reason."""
    frame = cohort["exposure"]
    more = frame["n_given"] > frame["n_planned"]
    yield Flag("exposure", more & frame["action_reason"].isna(), "n_given")


@check(
    "E15",
    ERROR,
    "exposure",
    sentence="No dose of the cycle was given and action_reason is empty; say why.",
)
def check_reason_without_dose(cohort: Cohort):
    """n_given = 0 has a reason."""
    frame = cohort["exposure"]
    yield Flag(
        "exposure", equals(frame["n_given"], 0) & frame["action_reason"].isna(), "action_reason"
    )


@check(
    "E16",
    WARNING,
    "exposure",
    sentence="There are more doses than the days from start_date to end_date allow; check n_given.",
)
def check_doses_fit_calendar(cohort: Cohort):
    """n_given <= doses a week x weeks + doses of a week, where the cycle does not end before it
    begins (E13)."""
    frame = cohort["exposure"]
    days = (frame["end_date"] - frame["start_date"]).dt.days + 1
    days = days.where(days > 0)
    most = frame["freq_per_week"] * (days / 7) + frame["freq_per_week"]
    yield Flag("exposure", frame["n_given"] > most, "n_given")
