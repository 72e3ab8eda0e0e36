"""Follow-up: death, last contact and status against each other and against all else that is dated."""

from __future__ import annotations

import pandas as pd

from graftline.validation.cohort import RELAPSES, Cohort, equals, first_of_subject
from graftline.validation.findings import ERROR, WARNING
from graftline.validation.register import Flag, check

# Table -> column -> the day on which the patient was certainly alive, at the earliest.
EVIDENCE = {
    "labs": ("date", "date"),
    "vitals": ("date", "date"),
    "ae": ("start_date", "start_date_earliest"),
    "assessments": ("date", "date_earliest"),
}
LATE_SAMPLE_DAYS = 1
LOST_DAYS = 183


def _days_after_death(cohort: Cohort, table: str) -> pd.Series:
    """Days from the last day on which the patient may have died to the row's date."""
    frame = cohort[table]
    days = (frame[EVIDENCE[table][1]] - cohort.of_subject(table, cohort.death_latest)).dt.days
    if table == "assessments":  # a relapse after death is E42
        days = days.mask(frame["response"].isin(RELAPSES))
    return days


def _evidence(cohort: Cohort) -> list[str]:
    return [table for table in EVIDENCE if cohort.has(table)]


@check(
    "E45",
    ERROR,
    "followup",
    sentence="The row is dated after the patient's death; check this date and death_date.",
)
def check_nothing_after_death(cohort: Cohort):
    """No evidence of life after death; a laboratory value may be dated the day after."""
    for table in _evidence(cohort):
        allowed = LATE_SAMPLE_DAYS if table == "labs" else 0
        yield Flag(table, _days_after_death(cohort, table) > allowed, EVIDENCE[table][0])


@check(
    "E45",
    WARNING,
    "followup",
    "labs",
    sentence="The sample is dated the day after the patient's death; confirm when it was drawn.",
)
def check_late_sample(cohort: Cohort):
    """Laboratory values of the day after death."""
    yield Flag("labs", _days_after_death(cohort, "labs").between(1, LATE_SAMPLE_DAYS), "date")


@check(
    "E45",
    ERROR,
    "followup",
    sentence="The date of death is not that of the last contact; the last contact of a patient who "
    "died is the day of death.",
)
def check_death_is_last_contact(cohort: Cohort):
    """death_date = last contact."""
    frame = cohort["followup"]
    last_from = cohort.of_subject("followup", cohort.contact_earliest)
    last_to = cohort.of_subject("followup", cohort.contact_latest)
    differs = (frame["death_date_latest"] < last_from) | (frame["death_date_earliest"] > last_to)
    yield Flag("followup", differs & equals(frame["vital_status"], "DEAD"), "death_date")


@check(
    "E45",
    ERROR,
    "followup",
    sentence="There is a date of death and the patient counts as lost; write vital_status DEAD.",
)
def check_death_has_status(cohort: Cohort):
    """A row with a death_date says DEAD (ALIVE is E46)."""
    frame = cohort["followup"]
    lost = equals(frame["vital_status"], "LTFU")
    yield Flag("followup", lost & frame["death_date"].notna(), "vital_status")


@check(
    "E46",
    ERROR,
    "followup",
    sentence="The patient is alive and has a date of death; correct one.",
)
def check_alive_without_death(cohort: Cohort):
    """ALIVE has no death_date."""
    frame = cohort["followup"]
    alive = equals(frame["vital_status"], "ALIVE")
    yield Flag("followup", alive & frame["death_date"].notna(), "vital_status")


@check(
    "E46",
    WARNING,
    "followup",
    sentence="The patient is dead and the date of death is missing; find it: until then death lies "
    "between the last sign of life and the cut.",
)
def check_death_dated(cohort: Cohort):
    """DEAD has a death_date."""
    dead = equals(cohort["followup"]["vital_status"], "DEAD")
    yield Flag("followup", dead & cohort.is_blank("followup", "death_date"), "death_date")


@check(
    "E47",
    ERROR,
    "followup",
    sentence="final_status and vital_status do not agree on death; correct one.",
)
def check_final_status(cohort: Cohort):
    """final_status is DEAD exactly where vital_status is; a vital_status that the date of death
    contradicts is reported for that (E45, E46)."""
    frame = cohort["followup"]
    dead = equals(frame["vital_status"], "DEAD")
    judged = frame["final_status"].notna() & frame["vital_status"].notna()
    judged &= dead | frame["death_date"].isna()
    yield Flag("followup", judged & (equals(frame["final_status"], "DEAD") != dead), "final_status")


@check(
    "E47",
    ERROR,
    "followup",
    "disease",
    sentence="Chronic phase is the final status and the diagnosis is not CML; correct one.",
)
def check_final_chronic_phase(cohort: Cohort):
    """final_status CP is for CML alone."""
    diagnosis = cohort.of_subject("followup", cohort.diagnosis)
    other = diagnosis.notna() & diagnosis.ne("CML")
    yield Flag("followup", equals(cohort["followup"]["final_status"], "CP") & other, "final_status")


@check(
    "E48",
    WARNING,
    "followup",
    "assessments",
    sentence="The cause of death is not relapse and the patient had relapsed; relapse is counted as "
    "the first event: confirm the cause.",
)
def check_cause_after_relapse(cohort: Cohort):
    """NRM_* has no earlier relapse or progression."""
    frame = cohort["followup"]
    relapse = cohort.of_subject("followup", cohort.relapse_earliest)
    earlier = relapse <= frame["death_date_latest"]
    other = frame["death_cause"].str.startswith("NRM_").fillna(False)
    yield Flag("followup", other & earlier, "death_cause")


@check(
    "E49",
    WARNING,
    "followup",
    "exposure",
    sentence="Death from relapse is within 30 days of the last dose; review the cause of death.",
)
def check_death_near_dose(cohort: Cohort):
    """Death from relapse is later than 30 days after the last dose."""
    frame = cohort["followup"]
    days = (frame["death_date_earliest"] - cohort.of_subject("followup", cohort.last_dose)).dt.days
    yield Flag(
        "followup", equals(frame["death_cause"], "RELAPSE") & days.between(0, 30), "death_cause"
    )


def _last_contact_rows(cohort: Cohort) -> pd.Series:
    frame = cohort["followup"]
    last = frame["date_latest"].eq(cohort.of_subject("followup", cohort.contact_latest))
    return first_of_subject(frame, last)


@check(
    "E50",
    WARNING,
    "followup",
    sentence="Another table shows the patient alive after the last contact (LSTALV_RAISED); that later "
    "day is used: correct the date of contact.",
)
def check_contact_is_last(cohort: Cohort):
    """Last contact >= all evidence of life; for patients without a date of death."""
    contact = cohort.contact_latest
    latest = pd.Series(pd.NaT, index=contact.index, dtype="datetime64[ns]")
    for table in _evidence(cohort):
        column = EVIDENCE[table][1]
        frame = cohort[table]
        found = frame[frame["subject_id"].notna()].groupby("subject_id")[column].max()
        found = found.reindex(contact.index)
        latest = latest.where(latest.ge(found) | found.isna(), found)
    raised = contact.index[(latest > contact) & ~contact.index.isin(cohort.death_latest.index)]
    frame = cohort["followup"]
    dead = equals(frame["vital_status"], "DEAD") | frame["death_date"].notna()
    dead_subjects = frame["subject_id"][dead.fillna(False)].dropna()
    rows = frame["subject_id"].isin(raised.difference(pd.Index(dead_subjects)))
    yield Flag("followup", _last_contact_rows(cohort) & rows, "date")


@check(
    "E51",
    WARNING,
    "followup",
    sentence="The patient is alive and was last seen long before the cut; send a newer contact.",
)
def check_lost(cohort: Cohort):
    """Last contact of the living at most 183 days (or as the study says) before the cut."""
    frame = cohort["followup"]
    days = cohort.options.get("lost_to_follow_up_days") or LOST_DAYS
    before = frame["date_latest"] < cohort.cut - pd.Timedelta(days=days)
    alive = equals(frame["vital_status"], "ALIVE")
    yield Flag("followup", _last_contact_rows(cohort) & alive & before, "date")
