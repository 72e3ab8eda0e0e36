"""Adverse events: dates, fatal outcome, and what the site reported as a grade."""

from __future__ import annotations

import pandas as pd

from graftline.validation.cohort import Cohort, equals
from graftline.validation.findings import ERROR, WARNING
from graftline.validation.register import Flag, check
from schemas.raw.treatment import WHO_ITEMS

FOLLOWED_DAYS = 30


@check(
    "E30", ERROR, "ae", sentence="The event ends before it starts; check start_date and end_date."
)
def check_event_order(cohort: Cohort):
    """end >= start."""
    frame = cohort["ae"]
    yield Flag("ae", frame["end_date_latest"] < frame["start_date_earliest"], "end_date")


@check(
    "E05",
    ERROR,
    "ae",
    sentence="The preferred term is spelled otherwise than the study lists it; write it as listed.",
)
def check_spelling_of_preferred_term(cohort: Cohort):
    """pt is a listed sign in other case or with other spaces, and would be counted as another."""
    pt = cohort["ae"]["pt"]
    listed = {" ".join(term.casefold().split()) for term in cohort.signs}
    folded = pt.str.casefold().str.split().str.join(" ")
    yield Flag("ae", folded.isin(listed) & ~pt.isin(list(cohort.signs)), "pt")


@check(
    "E30",
    ERROR,
    "ae",
    sentence="The event is said to be ongoing and has an end; delete end_date or correct ongoing.",
)
def check_ongoing(cohort: Cohort):
    """ongoing Y has no end_date."""
    frame = cohort["ae"]
    yield Flag("ae", equals(frame["ongoing"], "Y") & frame["end_date"].notna(), "ongoing")


@check(
    "E31",
    ERROR,
    "ae",
    "subjects",
    sentence="The event starts before consent; check start_date and consent_date.",
)
def check_event_after_consent(cohort: Cohort):
    """start >= consent."""
    consent = cohort.of_subject("ae", cohort.column_of("subjects", "consent_date"))
    yield Flag("ae", cohort["ae"]["start_date_latest"] < consent, "start_date")


@check(
    "E31",
    ERROR,
    "ae",
    "followup",
    sentence="The event starts more than 30 days after the last contact; check both dates.",
)
def check_event_within_followup(cohort: Cohort):
    """start <= last contact + 30 days; the dead are E45's."""
    frame = cohort["ae"]
    last = cohort.of_subject("ae", cohort.contact_latest) + pd.Timedelta(days=FOLLOWED_DAYS)
    after_death = frame["start_date_earliest"] > cohort.of_subject("ae", cohort.death_latest)
    yield Flag("ae", (frame["start_date_earliest"] > last) & ~after_death, "start_date")


@check(
    "E31",
    WARNING,
    "ae",
    "exposure",
    sentence="The event starts before the first dose; confirm that it is not medical history.",
)
def check_event_after_first_dose(cohort: Cohort):
    """start >= first dose."""
    first = cohort.of_subject("ae", cohort.first_dose)
    yield Flag("ae", cohort["ae"]["start_date_latest"] < first, "start_date")


@check(
    "E33",
    ERROR,
    "ae",
    "followup",
    sentence="The event is fatal and follow-up has no date of death; send it, or correct outcome.",
)
def check_fatal_has_death(cohort: Cohort):
    """FATAL has a death_date."""
    if not cohort.has_all_rows("followup"):
        return
    frame, followup = cohort["ae"], cohort["followup"]
    dated = followup["death_date"].notna() | cohort.is_unsure("followup", "death_date")
    dead = followup["subject_id"][dated].dropna()
    yield Flag("ae", equals(frame["outcome"], "FATAL") & ~frame["subject_id"].isin(dead), "outcome")


@check(
    "E33",
    ERROR,
    "ae",
    "followup",
    sentence="The event is fatal and the cause of death is relapse or progression; correct one.",
)
def check_fatal_cause(cohort: Cohort):
    """FATAL goes with a cause that is not the disease."""
    frame, followup = cohort["ae"], cohort["followup"]
    disease = followup["death_cause"].isin(["RELAPSE", "PROGRESSION"])
    of_disease = frame["subject_id"].isin(followup["subject_id"][disease].dropna())
    yield Flag("ae", equals(frame["outcome"], "FATAL") & of_disease, "outcome")


@check(
    "E33",
    ERROR,
    "ae",
    "followup",
    sentence="The cause of death is toxicity and no adverse event is fatal; send the event.",
)
def check_toxic_death_has_event(cohort: Cohort):
    """NRM_TOXIC has a FATAL event."""
    if not cohort.has_all_rows("ae"):
        return
    frame, followup = cohort["ae"], cohort["followup"]
    fatal = equals(frame["outcome"], "FATAL") | cohort.is_unsure("ae", "outcome")
    having = followup["subject_id"].isin(frame["subject_id"][fatal].dropna())
    yield Flag("followup", equals(followup["death_cause"], "NRM_TOXIC") & ~having, "death_cause")


@check(
    "E37",
    ERROR,
    "ae",
    sentence="The WHO scale has no such item; correct reported_item or reported_scale.",
)
def check_reported_item(cohort: Cohort):
    """An item reported on the WHO scale is one of its own."""
    frame = cohort["ae"]
    other = frame["reported_item"].notna() & ~frame["reported_item"].isin(WHO_ITEMS)
    yield Flag("ae", equals(frame["reported_scale"], "WHO1981") & other, "reported_item")


@check(
    "E38",
    ERROR,
    "ae",
    sentence="The event is said to be an infection and was graded on another item; correct one.",
)
def check_infection_item(cohort: Cohort):
    """infection Y was graded as INFECT."""
    frame = cohort["ae"]
    other = frame["reported_item"].notna() & frame["reported_item"].ne("INFECT")
    yield Flag("ae", equals(frame["infection"], "Y") & other, "reported_item")


@check(
    "E38",
    ERROR,
    "ae",
    sentence="The event was graded as an infection and infection is not Y; correct one.",
)
def check_infection_marked(cohort: Cohort):
    """INFECT of grade 1 or more has infection Y."""
    frame = cohort["ae"]
    graded = equals(frame["reported_item"], "INFECT") & frame["reported_grade"].ge(1)
    no = equals(frame["infection"], "N") | cohort.is_blank("ae", "infection")
    yield Flag("ae", graded.fillna(False) & no, "infection")
