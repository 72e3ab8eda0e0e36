"""The disease: engraftment, response, relapse, further treatment."""

from __future__ import annotations

import pandas as pd

from graftline.validation.cohort import RELAPSES, Cohort, equals
from graftline.validation.findings import ERROR, WARNING
from graftline.validation.register import Flag, check

REMISSIONS = ("CR1", "CR2", "CR3P")


@check(
    "E12",
    WARNING,
    "transplant",
    sentence="Recovery is not within 5 to 180 days after the transplantation; confirm the date.",
)
def check_recovery(cohort: Cohort):
    """anc500_date and plt20_date within tx+5..tx+180."""
    frame = cohort["transplant"]
    for column in ("anc500_date", "plt20_date"):
        days = (frame[column] - frame["tx_date"]).dt.days
        yield Flag("transplant", (days < 5) | (days > 180), column)


@check(
    "E12",
    WARNING,
    "transplant",
    "exposure",
    sentence="Recovery is dated after the first dose; confirm both dates.",
)
def check_recovery_before_dose(cohort: Cohort):
    """anc500_date and plt20_date of the index transplant <= first dose."""
    frame = cohort["transplant"]
    first = cohort.of_subject("transplant", cohort.first_dose)
    for column in ("anc500_date", "plt20_date"):
        yield Flag("transplant", equals(frame["tx_no"], 1) & (frame[column] > first), column)


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(["date_earliest", "src_line"], kind="stable")


@check(
    "E41",
    ERROR,
    "assessments",
    "disease",
    sentence="A relapse is reported and no earlier complete remission; write PD or send the earlier "
    "assessment.",
)
def check_relapse_after_remission(cohort: Cohort):
    """REL follows a CR, or remission at transplantation."""
    if not cohort.has_all_rows("assessments"):
        return
    frame = cohort["assessments"]
    ordered = _in_order(frame)
    complete = equals(ordered["response"], "CR").astype("int64")
    before = complete.groupby(ordered["subject_id"]).cumsum() - complete
    disease = cohort["disease"]
    # A status that could not be read may have been a remission.
    maybe = disease["status_at_tx"].isin(REMISSIONS) | cohort.is_unsure("disease", "status_at_tx")
    in_remission = frame["subject_id"].isin(disease["subject_id"][maybe].dropna())
    rows = equals(frame["response"], "REL") & equals(before, 0).reindex(
        frame.index, fill_value=False
    )
    rows &= ~in_remission & ~cohort.is_unsure("assessments", "response", "date")
    yield Flag("assessments", rows, "response")


@check(
    "E41",
    ERROR,
    "assessments",
    sentence="Progression is reported directly after a relapse; send the response between them, or "
    "correct one.",
)
def check_progression_after_relapse(cohort: Cohort):
    """PD does not follow REL."""
    frame = cohort["assessments"]
    ordered = _in_order(frame[frame["response"].ne("NE").fillna(False)])
    before = ordered.groupby("subject_id")["response"].shift()
    rows = equals(ordered["response"], "PD") & equals(before, "REL")
    rows = rows.reindex(frame.index, fill_value=False)
    rows &= ~cohort.is_unsure("assessments", "response", "date") & cohort.has_all_rows(
        "assessments"
    )
    yield Flag("assessments", rows, "response")


@check(
    "E42",
    ERROR,
    "assessments",
    "transplant",
    sentence="Relapse or progression is not after the transplantation; check both dates.",
)
def check_relapse_after_transplant(cohort: Cohort):
    """Relapse > transplantation."""
    frame = cohort["assessments"]
    transplant = cohort.of_subject("assessments", cohort.transplant_date)
    rows = frame["response"].isin(RELAPSES) & (frame["date_latest"] <= transplant)
    yield Flag("assessments", rows, "date")


@check(
    "E42",
    ERROR,
    "assessments",
    "followup",
    sentence="Relapse or progression is dated after death; check both dates.",
)
def check_relapse_before_death(cohort: Cohort):
    """Relapse <= death."""
    frame = cohort["assessments"]
    death = cohort.of_subject("assessments", cohort.death_latest)
    rows = frame["response"].isin(RELAPSES) & (frame["date_earliest"] > death)
    yield Flag("assessments", rows, "date")


@check(
    "E43",
    ERROR,
    "assessments",
    "disease",
    sentence="Chronic phase is reported and the diagnosis is not CML; correct response or diagnosis.",
)
def check_chronic_phase(cohort: Cohort):
    """CP is for CML alone."""
    diagnosis = cohort.of_subject("assessments", cohort.diagnosis)
    other = diagnosis.notna() & diagnosis.ne("CML")
    yield Flag("assessments", equals(cohort["assessments"]["response"], "CP") & other, "response")


@check(
    "E43",
    ERROR,
    "followup",
    "assessments",
    "disease",
    sentence="CML is in progression at the last contact and no assessment says PD; chronic phase "
    "alone is not progression: send the assessment or correct final_status.",
)
def check_cml_progression(cohort: Cohort):
    """CML with final_status PD has an assessment PD or REL."""
    if not cohort.has_all_rows("assessments"):
        return
    frame, assessments = cohort["followup"], cohort["assessments"]
    seen = assessments["response"].isin(RELAPSES) | cohort.is_unsure("assessments", "response")
    progressed = frame["subject_id"].isin(assessments["subject_id"][seen].dropna())
    cml = equals(cohort.of_subject("followup", cohort.diagnosis), "CML")
    yield Flag("followup", cml & equals(frame["final_status"], "PD") & ~progressed, "final_status")


@check(
    "E44",
    WARNING,
    "assessments",
    sentence="More than twice the planned interval has passed since the last adequate assessment; "
    "send those between, if there are any.",
)
def check_assessment_gap(cohort: Cohort):
    """Adequate assessments are at most two planned intervals apart."""
    interval = cohort.options.get("assessment_interval_days")
    if not interval:
        return
    frame = cohort["assessments"]
    adequate = _in_order(frame[equals(frame["adequate"], "Y")])
    before = adequate.groupby("subject_id")["date_latest"].shift()
    gap = (adequate["date_earliest"] - before).dt.days > 2 * interval
    rows = gap.reindex(frame.index, fill_value=False)
    yield Flag("assessments", rows & ~cohort.is_unsure("assessments", "date", "adequate"), "date")


@check(
    "E52",
    ERROR,
    "transplant",
    sentence="A later transplant is not after the one before it; check tx_no and tx_date.",
)
def check_transplants_order(cohort: Cohort):
    """Transplants have the order of their numbers."""
    frame = cohort["transplant"]
    ordered = frame[frame["tx_no"].notna()].sort_values("tx_no", kind="stable")
    before = ordered.groupby("subject_id")[["tx_no", "tx_date"]].shift()
    # Two with one number are a repeated key (E01).
    wrong = (ordered["tx_date"] <= before["tx_date"]) & (ordered["tx_no"] > before["tx_no"])
    yield Flag("transplant", wrong.reindex(frame.index, fill_value=False), "tx_date")


@check(
    "E52",
    ERROR,
    "new_therapy",
    "transplant",
    sentence="The new therapy is not after the transplantation; check both dates.",
)
def check_new_therapy(cohort: Cohort):
    """new_therapy > transplantation."""
    transplant = cohort.of_subject("new_therapy", cohort.transplant_date)
    yield Flag("new_therapy", cohort["new_therapy"]["date_latest"] <= transplant, "date")


# Dates of these tables that show a living patient, beside those of follow-up's own checks.
COURSE_DATES = {
    "transplant": {"tx_date": "tx_date", "anc500_date": "anc500_date", "plt20_date": "plt20_date"},
    "new_therapy": {"date": "date_earliest"},
}


def _course_dates(cohort: Cohort):
    """Table, column and days of all dates of the course that show a living patient."""
    for table, columns in COURSE_DATES.items():
        for column, day in columns.items() if cohort.has(table) else ():
            yield table, column, cohort[table][day]


@check(
    "E45",
    ERROR,
    "followup",
    sentence="The treatment or recovery is dated after the patient's death; check this date and "
    "death_date.",
)
def check_no_treatment_after_death(cohort: Cohort):
    """Transplants, recoveries and new therapies are not after death."""
    for table, column, day in _course_dates(cohort):
        yield Flag(table, day > cohort.of_subject(table, cohort.death_latest), column)


@check(
    "E45",
    ERROR,
    "followup",
    sentence="Another row gives this patient a different date of death; correct one of them.",
)
def check_one_death(cohort: Cohort):
    """All rows of a patient give one date of death; the later row is the one to look at."""
    frame = cohort["followup"]
    dated = frame[frame["death_date"].notna() & frame["subject_id"].notna()]
    first = dated.groupby("subject_id")["death_date"].transform("first")
    yield Flag(
        "followup", (dated["death_date"] != first).reindex(frame.index, fill_value=False),
        "death_date",
    )  # fmt: skip


@check(
    "E50",
    WARNING,
    "followup",
    sentence="The treatment or recovery is dated after the last contact (LSTALV_RAISED); that later day "
    "is used: send a newer contact.",
)
def check_treatment_within_contacts(cohort: Cohort):
    """Transplants, recoveries and new therapies of the living are not after the last contact."""
    for table, column, day in _course_dates(cohort):
        contact = cohort.of_subject(table, cohort.contact_latest)
        died = cohort[table]["subject_id"].isin(cohort.death_latest.index)
        yield Flag(table, (day > contact) & ~died & (day <= cohort.cut), column)
