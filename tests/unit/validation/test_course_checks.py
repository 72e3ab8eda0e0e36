"""Checks of the disease and of follow-up: E41-E51. Row 0 is line 2 of its table; the cut of the
data is 31 December 1999."""

import pytest

from graftline.validation.cohort import Cohort
from graftline.validation.register import CHECKS, run_checks
from tests.unit.validation.small_cohort import CUT, found, places, type_rows

TX = {"tx_no": "1", "tx_date": "1998-01-15"}


def seen(*responses):
    """Assessments a month apart from February 1998."""
    return [
        {"date": f"1998-{month:02d}-15", "response": response}
        for month, response in enumerate(responses, 2)
    ]


@pytest.mark.parametrize(
    ("responses", "status", "line"),
    [
        (["CR", "REL"], "REFR", None),
        (["PR", "REL"], "REFR", 3),
        (["REL", "CR"], "REFR", 2),  # the remission must come before
        (["REL"], "CR1", None),
        (["REL"], "CR2", None),
        (["REL"], "CR3P", None),
        (["REL"], "PR", 2),
        (["REL"], "", 2),
        (["", "REL"], "CR1", None),
        (["PD"], "REFR", None),
        (["CR", "PD"], "REFR", None),
        (["PR", "PD"], "REFR", None),
        (["SD", "PD"], "REFR", None),
        (["PD", "PD"], "REFR", None),
        (["CR", "REL", "PD"], "REFR", 4),
        (["CR", "REL", "NE", "PD"], "REFR", 5),
        (["CR", "REL", "CR", "PD"], "REFR", None),
    ],
)
def test_relapse_and_progression_follow_what_they_can_follow(responses, status, line):
    tables = {"assessments": seen(*responses), "disease": [{"status_at_tx": status}]}
    expected = [("assessments", line, "response")] if line else []
    assert found("E41", "E", tables) == expected


def test_a_status_that_could_not_be_read_may_have_been_a_remission():
    disease = type_rows("disease", [{"diagnosis": "AML", "status_at_tx": "cr1"}], judge=True)
    cohort = Cohort(
        {"assessments": type_rows("assessments", seen("REL")), "disease": disease}, cut=CUT
    )
    assert places(run_checks(cohort, [one for one in CHECKS if one.rule == "E41"])) == []


def test_history_is_not_judged_where_rows_were_lost():
    tables = {"assessments": seen("REL"), "disease": [{"status_at_tx": "PR"}]}
    assert found("E41", "E", tables, lost=["assessments"]) == []


@pytest.mark.parametrize(
    ("day", "response", "wrong"),
    [
        ("1998-01-15", "REL", True),
        ("1998-01-16", "REL", False),
        ("1998-01", "REL", False),  # may be the 31st
        ("1997-12", "PD", True),
        ("1998-01-15", "CR", False),
        ("1998-09-01", "REL", False),  # the day of death
        ("1998-09-02", "REL", True),
        ("1998-09", "PD", False),
        ("1998-10", "PD", True),
        ("", "REL", False),
    ],
)
def test_relapse_lies_between_transplantation_and_death(day, response, wrong):
    tables = {
        "transplant": [TX],
        "followup": [{"date": "1998-09-01", "death_date": "1998-09-01"}],
        "assessments": [{"date": day, "response": response}],
    }
    assert found("E42", "E", tables) == ([("assessments", 2, "date")] if wrong else [])


@pytest.mark.parametrize(("diagnosis", "wrong"), [("CML", False), ("AML", True), ("", False)])
def test_chronic_phase_is_for_cml(diagnosis, wrong):
    tables = {
        "disease": [{"diagnosis": diagnosis}],
        "assessments": seen("CP"),
        "followup": [{"date": "1999-12-01", "final_status": "CP"}],
    }
    expected = [("assessments", 2, "response")] if wrong else []
    assert found("E43", "E", tables) == expected
    assert found("E47", "E", tables) == ([("followup", 2, "final_status")] if wrong else [])


@pytest.mark.parametrize(
    ("diagnosis", "responses", "wrong"),
    [
        ("CML", ["CP", "PD"], False),
        ("CML", ["CP"], True),
        ("AML", ["CR"], False),
        ("CML", [""], True),
    ],
)
def test_cml_in_progression_has_an_assessment_of_it(diagnosis, responses, wrong):
    tables = {
        "disease": [{"diagnosis": diagnosis}],
        "assessments": seen(*responses),
        "followup": [{"date": "1999-12-01", "final_status": "PD"}],
    }
    assert found("E43", "E", tables) == ([("followup", 2, "final_status")] if wrong else [])


# Twice 90 days after 1 January 1998 is 30 June.
@pytest.mark.parametrize(
    ("day", "adequate", "wrong"),
    [
        ("1998-06-30", "Y", False),
        ("1998-07-01", "Y", True),
        ("1998-07-01", "N", False),
        ("1998-07-01", "", False),
        ("", "Y", False),
    ],
)
def test_a_gap_between_adequate_assessments_is_a_warning(day, adequate, wrong):
    rows = [
        {"date": "1998-01-01", "response": "CR", "adequate": "Y"},
        {"date": "1998-04-01", "response": "CR", "adequate": "N"},
        {"date": day, "response": "CR", "adequate": adequate},
    ]
    tables = {"assessments": rows}
    expected = [("assessments", 4, "date")] if wrong else []
    assert found("E44", "W", tables, assessment_interval_days=90) == expected
    assert found("E44", "W", tables) == []  # the study does not state an interval


DEAD = {
    "date": "1998-09-01",
    "death_date": "1998-09-01",
    "vital_status": "DEAD",
    "final_status": "DEAD",
}


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("labs", {"test": "HGB"}, "date"),
        ("vitals", {}, "date"),
        ("ae", {"ae_no": "1"}, "start_date"),
        ("assessments", {"response": "CR"}, "date"),
    ],
)
def test_nothing_is_dated_after_death(table, row, column):
    def after(day, severity):
        tables = {"followup": [DEAD], table: [row | {column: day}]}
        if severity == "W" and table != "labs":
            tables["labs"] = []
        return found("E45", severity, tables)

    late = [(table, 2, column)]
    assert after("1998-09-01", "E") == []
    assert after("", "E") == []
    assert after("1998-09-03", "E") == late
    # A laboratory value may be dated the day after, with a warning.
    assert after("1998-09-02", "E") == ([] if table == "labs" else late)
    assert after("1998-09-02", "W") == (late if table == "labs" else [])


def test_a_partial_date_of_death_is_held_against_its_last_day():
    followup = [DEAD | {"death_date": "1998-09"}]
    vitals = [{"date": "1998-09-30"}, {"date": "1998-10-01"}]
    assert found("E45", "E", {"followup": followup, "vitals": vitals}) == [("vitals", 3, "date")]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({}, None),
        ({"date": "1998-09-02"}, "death_date"),
        ({"date": "1998-08-31"}, "death_date"),
        ({"date": "1998-09"}, None),
        ({"death_date": "1998-09"}, None),
        ({"death_date": "1998-10"}, "death_date"),
        ({"date": ""}, None),
        ({"vital_status": "LTFU"}, "vital_status"),
        ({"vital_status": "ALIVE"}, None),  # E46
    ],
)
def test_the_dead_were_last_seen_on_the_day_of_death(change, column):
    expected = [("followup", 2, column)] if column else []
    assert found("E45", "E", {"followup": [DEAD | change]}) == expected


def test_a_contact_after_the_day_of_death_is_an_error():
    followup = [DEAD, {"date": "1998-10-01", "vital_status": "ALIVE"}]
    assert found("E45", "E", {"followup": followup}) == [("followup", 2, "death_date")]


@pytest.mark.parametrize(
    ("status", "death", "severity"),
    [
        ("DEAD", "1998-09-01", None),
        ("ALIVE", "1998-09-01", "E"),
        ("DEAD", "", "W"),
        ("DEAD", "9/1/1998", None),  # not readable, and says so
        ("ALIVE", "", None),
        ("", "1998-09-01", None),
    ],
)
def test_death_and_its_date_go_together(status, death, severity):
    tables = {"followup": [{"date": "1998-09-01", "vital_status": status, "death_date": death}]}
    column = "vital_status" if severity == "E" else "death_date"
    for tried in "EW":
        expected = [("followup", 2, column)] if tried == severity else []
        assert found("E46", tried, tables) == expected


@pytest.mark.parametrize(
    ("final", "status", "wrong"),
    [
        ("DEAD", "DEAD", False),
        ("DEAD", "ALIVE", True),
        ("DEAD", "LTFU", True),
        ("CR", "DEAD", True),
        ("PD", "DEAD", True),
        ("CR", "ALIVE", False),
        ("PR", "LTFU", False),
        ("", "DEAD", False),
        ("DEAD", "", False),
    ],
)
def test_final_status_agrees_on_death(final, status, wrong):
    tables = {"followup": [{"date": "1998-09-01", "vital_status": status, "final_status": final}]}
    assert found("E47", "E", tables) == ([("followup", 2, "final_status")] if wrong else [])


@pytest.mark.parametrize("status", ["ALIVE", "LTFU"])
def test_a_vital_status_that_the_date_of_death_contradicts_is_one_error(status):
    row = {"date": "1998-09-01", "vital_status": status, "final_status": "DEAD"}
    tables = {"followup": [row | {"death_date": "1998-09-01"}]}
    assert found("E47", "E", tables) == []
    rule = "E46" if status == "ALIVE" else "E45"
    assert found(rule, "E", tables) == [("followup", 2, "vital_status")]


@pytest.mark.parametrize(
    ("cause", "relapse", "wrong"),
    [
        ("NRM_INFECTION", "1998-08-31", True),
        ("NRM_OTHER", "1998-09-01", True),
        ("NRM_TOXIC", "1998-09-02", False),  # E42
        ("RELAPSE", "1998-08-31", False),
        ("NRM_INFECTION", "", False),
        ("", "1998-08-31", False),
    ],
)
def test_a_cause_other_than_relapse_after_a_relapse_is_a_warning(cause, relapse, wrong):
    assessments = [{"date": relapse, "response": "REL"}]
    tables = {"followup": [DEAD | {"death_cause": cause}], "assessments": assessments}
    assert found("E48", "W", tables) == ([("followup", 2, "death_cause")] if wrong else [])


# 30 days before 1 September are 2 August.
@pytest.mark.parametrize(
    ("cause", "last_dose", "wrong"),
    [
        ("RELAPSE", "1998-08-02", True),
        ("RELAPSE", "1998-08-01", False),
        ("RELAPSE", "1998-09-01", True),
        ("NRM_TOXIC", "1998-08-20", False),
        ("RELAPSE", "", False),
        ("", "1998-08-20", False),
    ],
)
def test_death_from_relapse_soon_after_a_dose_is_a_warning(cause, last_dose, wrong):
    exposure = [{"drug": "IL-2", "start_date": "1998-03-02", "end_date": last_dose}]
    tables = {"followup": [DEAD | {"death_cause": cause}], "exposure": exposure}
    assert found("E49", "W", tables) == ([("followup", 2, "death_cause")] if wrong else [])


@pytest.mark.parametrize(
    ("contact", "wrong"),
    [
        ({"date": "1998-09-01"}, False),
        ({"date": "1998-08-31"}, True),
        ({"date": "1998-09"}, False),
        ({"date": ""}, False),
        ({"date": "1998-08-31", "death_date": "1998-08-31", "vital_status": "DEAD"}, False),  # E45
        ({"date": "1998-08-31", "vital_status": "DEAD"}, False),
    ],
)
def test_evidence_of_life_after_the_last_contact_is_a_warning(contact, wrong):
    tables = {"followup": [contact], "vitals": [{"date": "1998-09-01"}]}
    assert found("E50", "W", tables) == ([("followup", 2, "date")] if wrong else [])


def test_the_latest_of_several_contacts_is_the_one_that_counts():
    followup = [{"date": "1998-08-31"}, {"date": "1998-06-01"}]
    assert found("E50", "W", {"followup": followup, "labs": [{"date": "1998-09-01"}]}) == [
        ("followup", 2, "date")
    ]


# 183 days before the cut are 1 July 1999.
@pytest.mark.parametrize(
    ("day", "status", "wrong"),
    [
        ("1999-07-01", "ALIVE", False),
        ("1999-06-30", "ALIVE", True),
        ("1999-06-30", "LTFU", False),
        ("1999-06-30", "DEAD", False),
        ("1999-06", "ALIVE", True),
        ("1999-07", "ALIVE", False),
        ("", "ALIVE", False),
        ("1999-06-30", "", False),
    ],
)
def test_a_patient_not_seen_for_half_a_year_is_a_warning(day, status, wrong):
    tables = {"followup": [{"date": day, "vital_status": status}]}
    assert found("E51", "W", tables) == ([("followup", 2, "date")] if wrong else [])


def test_a_study_may_set_how_long_a_patient_may_be_unseen():
    tables = {"followup": [{"date": "1999-06-30", "vital_status": "ALIVE"}]}
    assert found("E51", "W", tables, lost_to_follow_up_days=184) == []


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("transplant", {"tx_no": "2", "tx_date": "DAY"}, "tx_date"),
        ("transplant", {**TX, "anc500_date": "DAY"}, "anc500_date"),
        ("new_therapy", {"date": "DAY", "type": "DLI"}, "date"),
    ],
)
def test_treatment_is_not_after_death_and_later_than_the_last_contact_only_with_a_warning(
    table, row, column
):
    def on(day):
        return {table: [{key: value.replace("DAY", day) for key, value in row.items()}]}

    dead = {"date": "1998-12-01", "vital_status": "DEAD", "death_date": "1998-12-01"}
    assert (table, 2, column) in found("E45", "E", {"followup": [dead], **on("1998-12-02")})
    assert found("E45", "E", {"followup": [dead], **on("1998-12-01")}) == []
    alive = {"date": "1998-12-01", "vital_status": "ALIVE"}
    assert (table, 2, column) in found("E50", "W", {"followup": [alive], **on("1998-12-02")})
    assert found("E50", "W", {"followup": [alive], **on("1998-12-01")}) == []
    assert found("E50", "W", {"followup": [dead], **on("1998-12-02")}) == []


def test_a_second_date_of_death_is_an_error_and_the_same_one_again_is_not():
    first = {"date": "1998-12-01", "vital_status": "DEAD", "death_date": "1998-12-01"}
    again, other = first | {"date": "1998-12"}, first | {"death_date": "1998-12-02"}
    assert found("E45", "E", {"followup": [first, again]}) == []
    assert ("followup", 3, "death_date") in found("E45", "E", {"followup": [first, other]})
