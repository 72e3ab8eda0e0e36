"""The nine patients' grades, their independence of each other, their lineage and their types."""

import importlib
from pathlib import Path

import pandas as pd
import pytest
import yaml

from graftline.derive.toxicity import derive_toxicity
from graftline.grading.scale import parse_scale
from tests.unit.derive.toxicity_tables import (
    CUT,
    PROTOCOL,
    UNITS,
    derive,
    dose,
    event,
    lab,
    nine_patients,
    table,
    tables,
    vital,
)

# By the study's design: high-dose patients 1 to 5, then escalating patients 6 to 9.
GRADES = dict(zip([f"P0{n}" for n in range(1, 10)], [2, 4, 2, 2, 4, 1, 1, 1, 1], strict=True))


@pytest.fixture(scope="module")
def nine():
    return derive(nine_patients())


def cells(derived, table, key, role):
    lineage = derived["lineage"]
    rows = lineage[
        (lineage["derived_table"] == table)
        & (lineage["row_key"] == key)
        & (lineage["role"] == role)
    ]
    return set(zip(rows["src_file"], rows["src_line"], rows["src_column"], strict=True))


def test_the_nine_patients_have_their_published_worst_grades(nine):
    worst = nine["toxicity_worst"]
    found = worst[worst["item"] == "ANY"].set_index("subject_id")["grade"].to_dict()
    assert found == GRADES


def test_the_nine_patients_have_the_listed_signs_graded_or_not(nine):
    signs = derive(
        nine_patients(), PROTOCOL | {"signs": {"Asthenia": "weakness", "Pyrexia": "fever"}}
    )["signs"]
    assert len(signs) == 18
    assert signs["present"].all()
    assert len(nine["signs"]) == 27
    assert nine["signs"]["present"].all()


def test_grade_4_comes_from_temperature_and_pressure_of_one_line(nine):
    # vitals.csv, line 6: patient P02, 21 September 1993, 39.8 C and 80 mmHg.
    assert cells(nine, "toxicity_worst", "P02/who-1981/ANY", "decided") == {
        ("vitals.csv", 6, "temp_cel"),
        ("vitals.csv", 6, "sbp_mmhg"),
    }


@pytest.mark.parametrize("name", ["toxicity", "toxicity_worst", "signs"])
def test_the_tables_meet_their_schemas(nine, name):
    schema = importlib.import_module(f"schemas.derived.{name}").SCHEMA
    schema.validate(nine[name], lazy=True)
    empty = derive({"subjects": table("subjects", [{"subject_id": "A"}])})
    schema.validate(empty[name], lazy=True)


def test_a_scale_without_an_item_of_fever_grades_everything_else():
    content = yaml.safe_load(Path("config/scales/who-1981.yaml").read_text(encoding="utf-8"))
    del content["items"]["FEVER_DRUG"]
    derived = derive_toxicity(nine_patients(), [parse_scale(content)], UNITS, PROTOCOL, CUT)
    worst = derived["toxicity_worst"]
    # What is left is laboratory values, nausea and the skin, grade 2 in patients 3 and 4 alone.
    expected = dict.fromkeys(GRADES, 1) | {"P03": 2, "P04": 2}
    found = worst[worst["item"] == "ANY"].set_index("subject_id")["grade"].to_dict()
    assert found == expected


@pytest.mark.parametrize("some", [["P02"], ["P01", "P05", "P09"]])
def test_each_patients_rows_depend_on_that_patient_alone(nine, some):
    def of(wanted):
        return derive({k: t[t["subject_id"].isin(wanted)] for k, t in nine_patients().items()})

    apart = of(some), of([subject for subject in GRADES if subject not in some])
    for name, whole in nine.items():
        order = list(whole.columns)[:6]
        together = pd.concat([part[name] for part in apart]).sort_values(order)
        pd.testing.assert_frame_equal(
            together.reset_index(drop=True), whole.sort_values(order).reset_index(drop=True)
        )


def test_the_order_of_lines_changes_no_grade():
    turned = {name: frame.iloc[::-1] for name, frame in nine_patients().items()}
    pd.testing.assert_frame_equal(
        derive(turned)["toxicity_worst"], derive(nine_patients())["toxicity_worst"]
    )


@pytest.mark.parametrize("name", ["toxicity", "toxicity_worst", "signs"])
def test_every_row_has_a_cell_that_decided_it(nine, name):
    lineage = nine["lineage"]
    decided = lineage[(lineage["derived_table"] == name) & (lineage["role"] == "decided")]
    assert set(nine[name]["row_key"]) == set(decided["row_key"])


def test_every_row_of_untreated_and_empty_patients_has_a_cell_that_decided_it():
    given = tables(
        subjects=[{"subject_id": "A", "arm": "HD"}, {"subject_id": "B", "arm": "HD"}],
        labs=[lab("NEUT", None, "1994-01-10"), lab("NEUT", 1.0, "1993-12-30")],
    )
    derived = derive(given)
    for name in ("toxicity", "toxicity_worst", "signs"):
        lineage = derived["lineage"]
        decided = lineage[(lineage["derived_table"] == name) & (lineage["role"] == "decided")]
        assert set(derived[name]["row_key"]) == set(decided["row_key"])
    assert cells(derived, "toxicity_worst", "B/who-1981/ANY", "decided") == {
        ("subjects.csv", 3, "subject_id")
    }


def test_a_laboratory_grade_names_value_unit_range_and_the_doses_that_make_its_period():
    given = tables(
        exposure=[dose("A", "1994-01-03", "1994-01-28"), dose("A", "1994-01-10", "1994-02-20")],
        labs=[lab("ALT", 120, "1994-01-10", "U/L", uln=40), lab("NEUT", 3.0, "1994-01-10")],
    )
    derived = derive(given)
    assert cells(derived, "toxicity", "A/LB/2/who-1981/AST/ALT", "decided") == {
        ("labs.csv", 2, "value"),
        ("labs.csv", 2, "unit"),
        ("labs.csv", 2, "uln"),
    }
    # An item with limits of its own does not stand on the range.
    assert ("labs.csv", 3, "uln") not in cells(
        derived, "toxicity", "A/LB/3/who-1981/GRAN", "decided"
    )
    contributed = cells(derived, "toxicity", "A/LB/2/who-1981/AST/ALT", "contributed")
    assert ("exposure.csv", 2, "start_date") in contributed
    assert ("exposure.csv", 3, "end_date") in contributed
    assert ("exposure.csv", 2, "end_date") not in contributed
    assert ("labs.csv", 2, "date") in contributed


def test_an_episode_names_the_temperature_that_decided_and_those_that_were_looked_at():
    given = tables(
        ae=[event("Pyrexia", "1994-01-05", "1994-01-08")],
        vitals=[
            vital("1994-01-03", 36.6, 125),
            vital("1994-01-05", 37.7, 118),
            vital("1994-01-06", 39.0, 110),
            vital("1994-02-01", 36.6, 120),
        ],
    )
    derived = derive(given)
    key = "A/AE/2/who-1981/FEVER_DRUG"
    assert cells(derived, "toxicity", key, "decided") == {("vitals.csv", 4, "temp_cel")}
    contributed = cells(derived, "toxicity", key, "contributed")
    assert {
        ("vitals.csv", 3, "temp_cel"),
        ("vitals.csv", 4, "sbp_mmhg"),
        ("vitals.csv", 2, "sbp_mmhg"),
    } <= contributed
    assert {
        ("ae.csv", 2, "start_date"),
        ("ae.csv", 2, "end_date"),
        ("ae.csv", 2, "pt"),
    } <= contributed
    assert not any(line == 5 for file, line, _ in contributed if file == "vitals.csv")


def test_a_clinical_grade_is_decided_by_the_finding_and_a_sign_by_the_term():
    derived = derive(tables(ae=[event("Nausea", "1994-01-05", None, "nausea")]))
    assert cells(derived, "toxicity", "A/AE/2/who-1981/NAUVOM", "decided") == {
        ("ae.csv", 2, "finding")
    }
    assert cells(derived, "signs", "A/Nausea", "decided") == {("ae.csv", 2, "pt")}
    assert cells(derived, "signs", "A/Chills", "decided") == {("subjects.csv", 2, "subject_id")}


def test_the_cut_a_year_before_has_the_same_grades():
    # The last patient was treated from February to May 1996: nothing on treatment came after that
    # cut.
    earlier = derive(nine_patients("1996-12-31"), cut="1996-12-31")["toxicity_worst"]
    pd.testing.assert_frame_equal(earlier, derive(nine_patients(), cut=CUT)["toxicity_worst"])


def test_the_arm_of_the_patient_contributes_to_each_observation(nine):
    lineage = nine["lineage"]
    of_arm = lineage[(lineage["src_file"] == "subjects.csv") & (lineage["src_column"] == "arm")]
    of_arm = of_arm[of_arm["derived_table"] == "toxicity"]
    assert set(of_arm["row_key"]) == set(nine["toxicity"]["row_key"])
    # P03 is on line 4 of subjects.csv.
    lines = of_arm[of_arm["row_key"].str.startswith("P03/")]["src_line"]
    assert set(lines) == {4} and set(of_arm["role"]) == {"contributed"}


def test_dates_that_place_a_lesser_grade_contribute_to_the_worst_grade_of_the_patient():
    # Grade 4 by granulocytes on treatment decides; nausea, and platelets before treatment, are
    # lower. Were their dates others, baseline and what emerged in treatment would be others.
    given = tables(
        labs=[lab("NEUT", 0.3, "1994-01-10"), lab("PLAT", 80, "1994-01-02", lln=150)],
        ae=[event("Nausea", "1994-01-05", "1994-01-06", finding="nausea")],
    )
    contributed = cells(derive(given), "toxicity_worst", "A/who-1981/ANY", "contributed")
    dates = {("labs.csv", 3, "date"), ("ae.csv", 2, "start_date"), ("ae.csv", 2, "end_date")}
    assert dates <= contributed
