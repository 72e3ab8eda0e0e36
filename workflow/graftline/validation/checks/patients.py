"""Who is in the study: subjects, transplant and disease against each other."""

from __future__ import annotations

from graftline.validation.cohort import Cohort, equals
from graftline.validation.findings import ERROR, WARNING
from graftline.validation.register import Flag, check


@check(
    "E02",
    ERROR,
    "subjects",
    sentence="The patient is not in the table subjects; correct subject_id or add the patient there.",
)
def check_subjects_known(cohort: Cohort):
    """Every subject_id of another table is one of subjects."""
    if not cohort.has_all_rows("subjects"):
        return
    known = cohort["subjects"]["subject_id"].dropna()
    for table in cohort.tables:
        if table != "subjects":
            subjects = cohort[table]["subject_id"]
            yield Flag(table, subjects.notna() & ~subjects.isin(known), "subject_id")


def _without_row(cohort: Cohort, table: str):
    if cohort.has_all_rows(table):
        subjects = cohort["subjects"]["subject_id"]
        missing = subjects.notna() & ~subjects.isin(cohort[table]["subject_id"].dropna())
        yield Flag("subjects", missing, "subject_id")


@check(
    "E02",
    WARNING,
    "subjects",
    "followup",
    sentence="The patient has no row in followup; send the last contact.",
)
def check_has_followup(cohort: Cohort):
    """Every patient has a contact."""
    return _without_row(cohort, "followup")


@check(
    "E02",
    WARNING,
    "subjects",
    "exposure",
    sentence="The patient has no row in exposure; send the doses, or say that none was given.",
)
def check_has_exposure(cohort: Cohort):
    """Every patient has a dose."""
    return _without_row(cohort, "exposure")


@check(
    "E01",
    ERROR,
    "subjects",
    sentence="Two patients have the same order of enrolment; give each its own number.",
)
def check_enrol_order(cohort: Cohort):
    """enrol_order is unique; the row of a patient who is there already is a repeated key."""
    frame = cohort["subjects"]
    order = frame["enrol_order"]
    again = frame["subject_id"].notna() & frame["subject_id"].duplicated()
    yield Flag("subjects", order.notna() & order.duplicated() & ~again, "enrol_order")


@check(
    "E07",
    ERROR,
    "transplant",
    sentence="The date of transplantation is empty; the exact day is needed.",
)
def check_transplant_date(cohort: Cohort):
    """tx_date is there."""
    yield Flag("transplant", cohort.is_blank("transplant", "tx_date"), "tx_date")


@check(
    "E07",
    ERROR,
    "subjects",
    "transplant",
    sentence="The patient has no transplant with tx_no 1; send the index transplant.",
)
def check_index_transplant(cohort: Cohort):
    """Each patient has a transplant numbered 1; two of them are a repeated key (E01)."""
    transplant = cohort["transplant"]
    if not cohort.has_all_rows("transplant"):
        return
    index = equals(transplant["tx_no"], 1) | cohort.is_unsure("transplant", "tx_no")
    subjects = cohort["subjects"]["subject_id"]
    having = transplant["subject_id"][index.fillna(False).astype(bool)].dropna()
    yield Flag("subjects", subjects.notna() & ~subjects.isin(having), "subject_id")


def _age(cohort: Cohort):
    """Years at transplantation: calendar year of it minus year of birth."""
    year = cohort.of_subject("subjects", cohort.transplant_date).dt.year
    return year - cohort["subjects"]["birth_year"].astype("float64")


@check(
    "E08",
    ERROR,
    "subjects",
    "transplant",
    sentence="The age at transplantation is not within 0 to 90 years; check birth_year and tx_date.",
)
def check_age(cohort: Cohort):
    """Age within 0..90."""
    age = _age(cohort)
    yield Flag("subjects", (age < 0) | (age > 90), "birth_year")


@check(
    "E08",
    WARNING,
    "subjects",
    "transplant",
    sentence="The age at transplantation is unusual (not within 16 to 75 years); confirm birth_year.",
)
def check_age_unusual(cohort: Cohort):
    """Age within 16..75."""
    age = _age(cohort)
    yield Flag("subjects", ((age >= 0) & (age < 16)) | ((age > 75) & (age <= 90)), "birth_year")


@check(
    "E09",
    ERROR,
    "disease",
    "transplant",
    sentence="The diagnosis is dated after the transplantation; check both dates.",
)
def check_diagnosis_before_transplant(cohort: Cohort):
    """diag_date <= tx_date."""
    transplant = cohort.of_subject("disease", cohort.transplant_date)
    yield Flag("disease", cohort["disease"]["diag_date_earliest"] > transplant, "diag_date")
