"""Checks of who is in the study: E01, E02, E07-E09, E12, E52. Row 0 is line 2 of its table."""

import pytest

from tests.unit.validation.small_cohort import found

TX = {"tx_no": "1", "tx_date": "1998-06-15"}


def test_every_patient_of_a_table_is_in_subjects():
    tables = {
        "subjects": [{"subject_id": "P01"}],
        "labs": [{}, {"subject_id": "P02"}, {"subject_id": ""}],
        "vitals": [{"subject_id": "p01"}],
    }
    assert found("E02", "E", tables) == [("labs", 3, "subject_id"), ("vitals", 2, "subject_id")]


def test_patients_are_not_missed_in_subjects_of_which_rows_were_lost():
    tables = {"subjects": [{}], "labs": [{"subject_id": "P02"}]}
    assert found("E02", "E", tables, lost=["subjects"]) == []


@pytest.mark.parametrize("table", ["followup", "exposure"])
def test_a_patient_without_a_row_is_a_warning(table):
    tables = {"subjects": [{}, {"subject_id": "P02"}], table: [{}]}
    assert found("E02", "W", tables) == [("subjects", 3, "subject_id")]
    assert found("E02", "W", tables, lost=[table]) == []
    assert found("E02", "W", {"subjects": [{}]}) == []  # a study without the table


@pytest.mark.parametrize(("order", "wrong"), [("2", False), ("1", True), ("", False)])
def test_the_order_of_enrolment_is_each_patients_own(order, wrong):
    subjects = [{"enrol_order": "1"}, {"subject_id": "P02", "enrol_order": order}]
    expected = [("subjects", 3, "enrol_order")] if wrong else []
    assert found("E01", "E", {"subjects": subjects}) == expected


def test_a_patient_who_is_there_twice_is_not_said_to_share_the_order_of_enrolment():
    # The repeated key says it.
    assert found("E01", "E", {"subjects": [{"enrol_order": "1"}, {"enrol_order": "1"}]}) == []


@pytest.mark.parametrize(
    ("day", "wrong"),
    [("1998-06-15", False), ("", True), ("1998-06", False), ("15/06/1998", False)],
)
def test_an_empty_date_of_transplantation_is_an_error(day, wrong):
    # A partial or unreadable date has its own finding (E54, E06).
    tables = {"transplant": [{"tx_no": "1", "tx_date": day}]}
    assert found("E07", "E", tables) == ([("transplant", 2, "tx_date")] if wrong else [])


@pytest.mark.parametrize(
    ("number", "wrong"), [("1", False), ("2", True), ("", True), ("one", False)]
)
def test_each_patient_has_an_index_transplant(number, wrong):
    tables = {"subjects": [{}], "transplant": [{"tx_no": number, "tx_date": "1998-06-15"}]}
    assert found("E07", "E", tables) == ([("subjects", 2, "subject_id")] if wrong else [])
    assert found("E07", "E", tables, lost=["transplant"]) == []


# Transplantation in 1998.
@pytest.mark.parametrize(
    ("born", "severity"),
    [
        ("1998", "W"),  # 0 years
        ("1999", "E"),
        ("1908", "W"),  # 90
        ("1907", "E"),
        ("1983", "W"),  # 15
        ("1982", None),  # 16
        ("1923", None),  # 75
        ("1922", "W"),
        ("", None),
    ],
)
def test_the_age_at_transplantation_is_plausible(born, severity):
    tables = {"subjects": [{"birth_year": born}], "transplant": [TX]}
    for tried in "EW":
        expected = [("subjects", 2, "birth_year")] if tried == severity else []
        assert found("E08", tried, tables) == expected


@pytest.mark.parametrize(
    ("day", "wrong"),
    [
        ("1998-06-15", False),
        ("1998-06-16", True),
        ("1998-06", False),  # may be the 15th
        ("1998-07", True),
        ("1998", False),
        ("1999", True),
        ("", False),
    ],
)
def test_diagnosis_is_not_after_transplantation(day, wrong):
    tables = {"disease": [{"diag_date": day}], "transplant": [TX]}
    assert found("E09", "E", tables) == ([("disease", 2, "diag_date")] if wrong else [])


# Day 5 after 15 June is 20 June, day 180 is 12 December.
@pytest.mark.parametrize("column", ["anc500_date", "plt20_date"])
@pytest.mark.parametrize(
    ("day", "wrong"),
    [
        ("1998-06-19", True),
        ("1998-06-20", False),
        ("1998-12-12", False),
        ("1998-12-13", True),
        ("", False),
    ],
)
def test_recovery_lies_in_the_usual_days(column, day, wrong):
    tables = {"transplant": [TX | {column: day}]}
    assert found("E12", "W", tables) == ([("transplant", 2, column)] if wrong else [])


@pytest.mark.parametrize(
    ("day", "wrong"), [("1998-08-01", False), ("1998-08-02", True), ("", False)]
)
def test_recovery_precedes_the_first_dose(day, wrong):
    tables = {
        "transplant": [TX | {"plt20_date": day}],
        "exposure": [{"drug": "IL-2", "start_date": "1998-08-01"}],
    }
    assert found("E12", "W", tables) == ([("transplant", 2, "plt20_date")] if wrong else [])


@pytest.mark.parametrize(
    ("day", "wrong"), [("1998-06-15", True), ("1998-06-16", False), ("", False)]
)
def test_a_second_transplant_is_later_than_the_first(day, wrong):
    tables = {"transplant": [TX, {"tx_no": "2", "tx_date": day}]}
    assert found("E52", "E", tables) == ([("transplant", 3, "tx_date")] if wrong else [])


@pytest.mark.parametrize(
    ("day", "wrong"),
    [
        ("1998-06-15", True),
        ("1998-06-16", False),
        ("1998-06", False),  # may be the 16th
        ("1998-05", True),
        ("", False),
    ],
)
def test_new_therapy_is_later_than_transplantation(day, wrong):
    tables = {"transplant": [TX], "new_therapy": [{"date": day, "type": "CHEMO"}]}
    assert found("E52", "E", tables) == ([("new_therapy", 2, "date")] if wrong else [])
