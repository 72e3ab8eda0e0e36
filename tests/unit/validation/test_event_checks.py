"""Checks of adverse events and free text: E30, E31, E33, E37, E38, E53, E59. Row 0 is line 2."""

import pytest

from graftline.validation.register import CHECKS, run_checks
from tests.unit.validation.small_cohort import cohort_of, found


def event(**cells):
    return {"ae_no": "1", "term": "Fever", "pt": "Pyrexia", "start_date": "1998-03-02"} | cells


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("1998-03-02", "1998-03-02", False),
        ("1998-03-02", "1998-03-01", True),
        ("1998-03-02", "1998-03", False),
        ("1998-03-02", "1998-02", True),
        ("1998-03", "1998-03-01", False),
        ("1998", "1998-01-01", False),
        ("1998", "1997-12-31", True),
        ("1998-03-02", "", False),
        ("", "1998-03-02", False),
    ],
)
def test_an_event_does_not_end_before_it_starts(start, end, wrong):
    tables = {"ae": [event(start_date=start, end_date=end)]}
    assert found("E30", "E", tables) == ([("ae", 2, "end_date")] if wrong else [])


@pytest.mark.parametrize(
    ("pt", "wrong"),
    [
        ("Injection site dermatitis", False),
        ("injection site dermatitis", True),
        ("Injection  site dermatitis", True),
        # Another term is not a misspelling of this one.
        ("Injection site pain", False),
    ],
)
def test_a_listed_sign_is_spelled_as_the_study_lists_it(pt, wrong):
    signs = {"Injection site dermatitis": "local dermatitis"}
    places = found("E05", "E", {"ae": [event(pt=pt)]}, signs=signs)
    assert places == ([("ae", 2, "pt")] if wrong else [])


@pytest.mark.parametrize(
    ("ongoing", "end", "wrong"),
    [
        ("Y", "1998-03-09", True),
        ("Y", "", False),
        ("N", "1998-03-09", False),
        ("", "1998-03", False),
    ],
)
def test_an_ongoing_event_has_no_end(ongoing, end, wrong):
    tables = {"ae": [event(ongoing=ongoing, end_date=end)]}
    assert found("E30", "E", tables) == ([("ae", 2, "ongoing")] if wrong else [])


@pytest.mark.parametrize(
    ("day", "wrong"),
    [
        ("1998-03-02", False),
        ("1998-03-01", True),
        ("1998-03", False),
        ("1998-02", True),
        ("", False),
    ],
)
def test_an_event_does_not_start_before_consent(day, wrong):
    tables = {"subjects": [{"consent_date": "1998-03-02"}], "ae": [event(start_date=day)]}
    assert found("E31", "E", tables) == ([("ae", 2, "start_date")] if wrong else [])


# 30 days after 2 March are 1 April.
@pytest.mark.parametrize(
    ("day", "wrong"),
    [
        ("1998-04-01", False),
        ("1998-04-02", True),
        ("1998-04", False),
        ("1998-05", True),
        ("", False),
    ],
)
def test_an_event_does_not_start_long_after_the_last_contact(day, wrong):
    tables = {"followup": [{"date": "1998-03-02"}], "ae": [event(start_date=day)]}
    assert found("E31", "E", tables) == ([("ae", 2, "start_date")] if wrong else [])


@pytest.mark.parametrize(
    ("day", "wrong"), [("1998-03-02", False), ("1998-03-01", True), ("1998-03", False), ("", False)]
)
def test_an_event_before_the_first_dose_is_a_warning(day, wrong):
    exposure = [{"drug": "IL-2", "start_date": "1998-03-02"}]
    tables = {"exposure": exposure, "ae": [event(start_date=day)]}
    assert found("E31", "W", tables) == ([("ae", 2, "start_date")] if wrong else [])


@pytest.mark.parametrize(
    ("outcome", "contact", "wrong"),
    [
        ("FATAL", {"death_date": "1998-03-09", "death_cause": "NRM_TOXIC"}, False),
        ("FATAL", {}, True),
        ("FATAL", {"death_date": "09.03.1998"}, False),  # not readable, and says so
        ("FATAL", {"death_date": "1998-03-09", "death_cause": "RELAPSE"}, True),
        ("FATAL", {"death_date": "1998-03-09", "death_cause": "PROGRESSION"}, True),
        ("FATAL", {"death_date": "1998-03-09"}, False),
        ("RECOVERED", {}, False),
        ("", {}, False),
    ],
)
def test_a_fatal_event_goes_with_a_death_from_it(outcome, contact, wrong):
    tables = {"ae": [event(outcome=outcome)], "followup": [contact]}
    assert found("E33", "E", tables) == ([("ae", 2, "outcome")] if wrong else [])


@pytest.mark.parametrize(
    ("cause", "outcome", "wrong"),
    [
        ("NRM_TOXIC", "FATAL", False),
        ("NRM_TOXIC", "RECOVERED", True),
        ("NRM_TOXIC", "", True),
        ("NRM_INFECTION", "RECOVERED", False),
        ("", "RECOVERED", False),
    ],
)
def test_a_death_from_toxicity_has_a_fatal_event(cause, outcome, wrong):
    followup = [{"death_date": "1998-03-09", "death_cause": cause}]
    tables = {"ae": [event(outcome=outcome)], "followup": followup}
    assert found("E33", "E", tables) == ([("followup", 2, "death_cause")] if wrong else [])


@pytest.mark.parametrize(
    ("scale", "item", "wrong"),
    [
        ("WHO1981", "FEVER_DRUG", False),
        ("WHO1981", "AST", False),
        ("WHO1981", "AST/ALT", False),
        ("WHO1981", "Chills", True),
        ("WHO1981", "Weakness", True),
        ("WHO1981", "Anorexia", True),
        ("WHO1981", "Weight loss", True),
        ("CTCAE5", "Chills", False),
        ("WHO1981", "", False),
        ("", "Chills", False),
    ],
)
def test_an_item_graded_on_the_who_scale_is_one_of_its_own(scale, item, wrong):
    tables = {"ae": [event(reported_scale=scale, reported_item=item)]}
    assert found("E37", "E", tables) == ([("ae", 2, "reported_item")] if wrong else [])


@pytest.mark.parametrize(
    ("infection", "item", "grade", "column"),
    [
        ("Y", "INFECT", "1", None),
        ("Y", "FEVER_DRUG", "1", "reported_item"),
        ("Y", "", "", None),  # no grade was reported
        ("N", "INFECT", "1", "infection"),
        ("N", "INFECT", "0", None),
        ("", "INFECT", "1", "infection"),
        ("N", "INFECT", "", None),
        ("N", "FEVER_DRUG", "2", None),
    ],
)
def test_infection_and_its_item_go_together(infection, item, grade, column):
    row = event(infection=infection, reported_item=item, reported_grade=grade)
    assert found("E38", "E", {"ae": [row]}) == ([("ae", 2, column)] if column else [])


@pytest.mark.parametrize(
    ("day", "wrong"),
    [("1998-03-02", False), ("1998-03", True), ("1998", True), ("1998---02", True), ("", False)],
)
def test_partial_dates_are_listed(day, wrong):
    tables = {"ae": [event(start_date=day)]}
    assert found("E53", "W", tables) == ([("ae", 2, "start_date")] if wrong else [])


@pytest.mark.parametrize(
    ("day", "severity"),
    [("1998-03-02", None), ("1998-03", "W"), ("1998", "E"), ("1998---02", "E"), ("", None)],
)
def test_a_date_of_death_has_its_month(day, severity):
    tables = {"followup": [{"date": "1998-03-02", "death_date": day}]}
    for tried in "EW":
        expected = [("followup", 2, "death_date")] if tried == severity else []
        assert found("E53", tried, tables) == expected


def test_a_partial_date_of_an_event_is_listed_once_and_marked():
    tables = {
        "followup": [{"date": "1998-03", "death_date": "1998-03"}],
        "assessments": [
            {"date": "1998-03", "response": "REL"},
            {"date": "1998-02", "response": "CR"},
        ],
    }
    findings = run_checks(cohort_of(tables), [one for one in CHECKS if one.rule == "E53"])
    listed = {
        (row.table, row.line, row.column): "death or relapse" in row.message
        for row in findings.itertuples()
    }
    assert listed == {
        ("followup", 2, "date"): False,
        ("followup", 2, "death_date"): True,
        ("assessments", 2, "date"): True,
        ("assessments", 3, "date"): False,
    }


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Dr Smith was called", True),
        ("seen by Mrs. Jones", True),
        ("J.S. had fever", True),
        ("patient A. B. fell", True),
        ("call 0612 345 678", True),
        ("call +34 93 227 54 00", True),
        ("write to a.b@example.org", True),
        ("Fever of 39.2 on 1998-03-02", False),
        ("Hodgkin lymphoma, stage IV.", False),
        ("vitamin B. given", False),
        ("injection-site dermatitis", False),
        ("", False),
    ],
)
def test_free_text_that_may_name_a_person_is_a_warning(text, wrong):
    tables = {"ae": [event(term=text)]}
    assert found("E59", "W", tables) == ([("ae", 2, "term")] if wrong else [])
