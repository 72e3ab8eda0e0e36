"""Graded observations, worst grades and signs, on tables small enough to grade by hand."""

import pandas as pd
import pytest

from tests.unit.derive.toxicity_tables import derive, event, lab, tables, vital, worst


def test_the_worst_grade_of_a_patient_is_the_highest_of_items_on_treatment():
    given = tables(
        labs=[
            lab("NEUT", 0.9, "1994-01-10"),  # 3
            lab("NEUT", 0.3, "1994-06-10"),  # 4, after the period
            lab("BILI", None, "1994-01-10", "mg/dL", uln=1.0),  # not gradable
        ],
        ae=[event("Nausea", "1994-01-05", "1994-01-06", "transient vomiting")],  # 2
    )
    assert worst(given)["grade"] == 3
    assert worst(given, "GRAN")["grade"] == 3
    assert worst(given, "NAUVOM")["grade"] == 2
    assert worst(given, "BILI")["grade"] is None
    assert worst(given, "PLT") is None


def test_a_patient_whose_items_cannot_be_graded_has_no_worst_grade_rather_than_0():
    given = tables(
        labs=[lab("BILI", 0.5, "1994-01-10", "mg/dL")], ae=[event("Chills", "1994-01-05")]
    )
    assert worst(given)["grade"] is None
    reasons = derive(given)["toxicity"].set_index("domain")["reason"].to_dict()
    assert reasons == {"LB": "uln_missing", "AE": "not_in_scale"}


def test_a_patient_without_any_record_has_a_row_without_a_grade():
    assert worst(tables())["grade"] is None


def test_two_tests_of_one_item_give_it_the_worse_grade():
    given = tables(
        labs=[
            lab("ALT", 45, "1994-01-10", "U/L", uln=40),
            lab("AST", 120, "1994-01-10", "U/L", uln=40),
        ]
    )
    assert worst(given, "AST/ALT")["grade"] == 2


def test_tests_that_feed_no_item_are_left_out():
    assert (
        len(derive(tables(labs=[lab("LDH", 900, "1994-01-10", "U/L", uln=240)]))["toxicity"]) == 0
    )


def test_a_sign_that_the_scale_does_not_have_is_listed_without_a_grade():
    given = tables(ae=[event("Chills", "1994-01-05")])
    row = derive(given)["toxicity"].iloc[0]
    assert row["row_key"] == "A/AE/2/who-1981/Chills"
    assert (row["item"], row["grade"], row["criterion"]) == (pd.NA, pd.NA, pd.NA)
    sign = derive(given)["signs"].set_index("pt").loc["Chills"]
    assert (sign["present"], sign["n_episodes"], sign["who_item"], sign["worst_grade"]) == (
        True,
        1,
        pd.NA,
        pd.NA,
    )


def test_signs_count_episodes_on_treatment_and_absent_signs_have_a_row():
    given = tables(
        ae=[
            event("Nausea", "1994-01-05", "1994-01-06", "nausea"),
            event("Nausea", "1994-01-15", "1994-01-16", "transient vomiting"),
            event("Chills", "1994-06-15", "1994-06-16"),
        ]
    )
    signs = derive(given)["signs"].set_index("pt")
    assert signs["present"].to_dict() == {"Pyrexia": False, "Chills": False, "Nausea": True}
    assert signs["n_episodes"].to_dict() == {"Pyrexia": 0, "Chills": 0, "Nausea": 2}
    assert (signs.loc["Nausea", "who_item"], signs.loc["Nausea", "worst_grade"]) == ("NAUVOM", 2)


def test_an_infection_under_any_other_term_is_graded_as_infection():
    given = tables(
        ae=[event("Cellulitis", "1994-01-05", None, "moderate", infection="Y", related="N")]
    )
    row = derive(given)["toxicity"].iloc[0]
    assert (row["item"], row["grade"], row["infection"], row["related"]) == ("INFECT", 2, "Y", "N")


@pytest.mark.parametrize(
    ("term", "finding", "reason"),
    [
        ("Eczema", "exfoliative dermatitis", "finding_not_of_item"),  # a term of no item
        ("Eczema", None, "not_in_scale"),
        (None, None, "term_missing"),
        ("Nausea", "erythema", "finding_not_of_item"),
        ("Nausea", None, "finding_missing"),
        ("Anaemia", "pale", "finding_not_of_item"),  # graded from the laboratory
        ("Pyrexia", "hot", "finding_not_of_item"),  # graded from temperatures
    ],
)
def test_no_grade_is_guessed_from_what_cannot_be_placed(term, finding, reason):
    given = tables(ae=[event(term, "1994-01-05", None, finding)])
    row = derive(given)["toxicity"].iloc[0]
    assert (row["grade"], row["reason"]) == (pd.NA, reason)
    assert worst(given)["grade"] is None


def test_a_misspelt_finding_of_a_fever_keeps_the_grade_of_its_temperatures():
    given = tables(
        ae=[event("Pyrexia", "1994-01-05", "1994-01-06", "hot")],
        vitals=[vital("1994-01-05", 38.5)],
    )
    row = derive(given)["toxicity"].set_index("domain").loc["AE"]
    assert (row["grade"], row["reason"]) == (2, "finding_not_of_item")


def test_a_laboratory_item_recorded_as_an_event_is_graded_by_its_values_alone():
    given = tables(
        ae=[event("Anaemia", "1994-01-05")], labs=[lab("HGB", 9.0, "1994-01-10", "g/dL")]
    )
    rows = derive(given)["toxicity"].set_index("domain")
    assert rows.loc["AE", "reason"] == "from_laboratory"
    assert worst(given, "HB")["grade"] == 2


def test_a_fever_episode_has_the_worst_grade_of_the_temperatures_in_it():
    given = tables(
        ae=[event("Pyrexia", "1994-01-05", "1994-01-07")],
        vitals=[
            vital("1994-01-04", 40.5),  # before the episode
            vital("1994-01-05", 37.5),
            vital("1994-01-07", 38.0),  # its last day
            vital("1994-01-08", 40.6),
        ],
    )
    row = derive(given)["toxicity"].set_index("domain").loc["AE"]
    assert (row["grade"], row["value"], row["unit"], row["criterion"]) == (
        2,
        38.0,
        "Cel",
        "38-40 C",
    )


def test_a_fever_outside_any_episode_counts_too():
    assert worst(tables(vitals=[vital("1994-01-10", 40.5)]), "FEVER_DRUG")["grade"] == 3


def test_low_pressure_makes_an_episode_grade_4_and_the_row_says_so():
    given = tables(
        ae=[event("Pyrexia", "1994-01-05", "1994-01-07")],
        vitals=[vital("1994-01-03", 36.6, 130), vital("1994-01-06", 38.6, 89)],
    )
    row = derive(given)["toxicity"].set_index("domain").loc["AE"]
    assert (row["grade"], row["criterion"]) == (4, "fever with hypotension")


@pytest.mark.parametrize(("baseline", "expected"), [(140, 2), (141, 4)])
def test_a_fall_of_more_than_40_from_the_last_pressure_before_treatment_makes_grade_4(
    baseline, expected
):
    given = tables(
        ae=[event("Pyrexia", "1994-01-05", "1994-01-07")],
        vitals=[
            vital("1993-12-01", None, 180),
            vital("1994-01-03", 36.6, baseline),
            vital("1994-01-06", 38.6, 100),
        ],
    )
    assert worst(given, "FEVER_DRUG")["grade"] == expected


def test_a_fever_episode_without_a_temperature_cannot_be_graded():
    given = tables(
        ae=[event("Pyrexia", "1994-01-05", "1994-01-07")], vitals=[vital("1994-01-06", None, 80)]
    )
    row = derive(given)["toxicity"].iloc[0]
    assert (row["grade"], row["reason"]) == (pd.NA, "no_temperature")
    assert derive(given)["signs"].set_index("pt").loc["Pyrexia", "present"]


def test_an_episode_without_an_end_takes_no_temperature_after_the_period():
    given = tables(
        ae=[event("Pyrexia", "1994-01-05")],
        vitals=[vital("1994-01-06", 37.8), vital("1994-03-01", 41.0)],
    )
    assert derive(given)["toxicity"].set_index("domain").loc["AE", "grade"] == 1


def test_an_episode_from_before_treatment_counts_with_temperatures_on_treatment():
    given = tables(
        ae=[event("Pyrexia", "1993-12-30", "1994-01-10")],
        vitals=[vital("1993-12-31", 40.5), vital("1994-01-05", 38.2)],
    )
    row = worst(given, "FEVER_DRUG")
    assert row["grade"] == 2
