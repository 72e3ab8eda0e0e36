"""Checks that need derived values: E32, E34-E36, E39, E40, E55, E56, S01."""

import pandas as pd
import pytest

from graftline.validation.derived import DERIVED_CHECKS, derived_cohort
from graftline.validation.derived.schemas import check_derived_schemas
from graftline.validation.register import run_checks
from tests.unit.validation.small_cohort import CUT, places, type_rows


def found(rule, severity, validated, derived=None, endpoints=None):
    frames = {name: type_rows(name, rows).frame for name, rows in validated.items()}
    cohort = derived_cohort(frames, derived or {}, folder="derived", cut=CUT, endpoints=endpoints)
    chosen = [one for one in DERIVED_CHECKS if (one.rule, one.severity) == (rule, severity)]
    assert chosen
    return places(run_checks(cohort, chosen))


def event(**cells):
    row = {"ae_no": "1", "start_date": "1998-03-02", "end_date": "1998-03-09", "pt": "Pyrexia"}
    return row | cells


def toxicity(*rows):
    """Graded observations: (domain, line, item, grade, day)."""
    frame = pd.DataFrame(rows, columns=["domain", "line", "item", "grade", "date_earliest"])
    frame["subject_id"] = "P01"
    frame["row_key"] = [f"P01/{row[0]}/{row[1]}/{row[2]}" for row in rows]
    frame["date_earliest"] = pd.to_datetime(frame["date_earliest"])
    text = dict.fromkeys(["domain", "item", "subject_id", "row_key"], "string[pyarrow]")
    return {"toxicity": frame.drop(columns="line").astype(text | {"grade": "Int64"})}


@pytest.mark.parametrize(
    ("scale", "grade", "outcome", "death", "wrong"),
    [
        ("WHO1981", "0", "", "", False),
        ("WHO1981", "4", "", "", False),
        ("WHO1981", "5", "FATAL", "1998-03-09", True),
        ("WHO1981", "-1", "", "", True),
        ("CTCAE5", "5", "FATAL", "1998-03-09", False),
        ("CTCAE5", "5", "FATAL", "1998-03", False),
        ("CTCAE5", "5", "FATAL", "1998-03-10", True),
        ("CTCAE5", "5", "RECOVERED", "1998-03-09", True),
        ("CTCAE5", "5", "FATAL", "", True),
        ("CTCAE5", "6", "FATAL", "1998-03-09", True),
        ("WHO1981", "", "", "", False),
    ],
)
def test_reported_grades_are_those_of_the_scale(scale, grade, outcome, death, wrong):
    row = event(reported_scale=scale, reported_grade=grade, outcome=outcome)
    tables = {"ae": [row], "followup": [{"date": "1998-03-10", "death_date": death}]}
    assert found("E32", "E", tables) == ([("ae", 2, "reported_grade")] if wrong else [])


@pytest.mark.parametrize(
    ("reported", "item", "wrong"),
    [
        ("2", "FEVER_DRUG", False),
        ("1", "FEVER_DRUG", True),
        ("1", "NAUVOM", False),
        ("", "FEVER_DRUG", False),
    ],
)
def test_reported_fever_is_held_against_vital_signs_of_the_event(reported, item, wrong):
    row = event(reported_scale="WHO1981", reported_item=item, reported_grade=reported)
    graded = toxicity(
        ("VS", 2, "FEVER_DRUG", 1, "1998-03-02"),
        ("VS", 3, "FEVER_DRUG", 2, "1998-03-09"),
        ("VS", 4, "FEVER_DRUG", 3, "1998-03-10"),  # after its end
        ("AE", 2, "FEVER_DRUG", 4, "1998-03-02"),  # not a vital sign
    )
    expected = [("ae", 2, "reported_grade")] if wrong else []
    assert found("E34", "W", {"ae": [row]}, graded) == expected


def test_fever_without_a_temperature_is_not_judged():
    row = event(reported_scale="WHO1981", reported_item="FEVER_DRUG", reported_grade="3")
    graded = toxicity(("VS", 4, "FEVER_DRUG", 1, "1998-03-10"))
    assert found("E34", "W", {"ae": [row]}, graded) == []


# Of 60 kg: 5% less is 57, 10% less 54, 20% less 48.
@pytest.mark.parametrize(
    ("weight", "grade"),
    [("60", 0), ("57.1", 0), ("57", 1), ("54.1", 1), ("54", 2), ("48.1", 2), ("48", 3), ("70", 0)],
)
def test_reported_weight_loss_is_held_against_the_weights(weight, grade):
    vitals = [
        {"date": "1998-02-01", "weight_kg": "80"},
        {"date": "1998-03-01", "weight_kg": "60"},  # the last before the first dose
        {"date": "1998-03-09", "weight_kg": weight},
        {"date": "1998-03-10", "weight_kg": "40"},  # after the event
    ]
    exposure = [{"drug": "IL-2", "start_date": "1998-03-02"}]
    for reported in range(4):
        row = event(pt="Weight decreased", reported_grade=str(reported))
        tables = {"ae": [row], "vitals": vitals, "exposure": exposure}
        expected = [] if reported == grade else [("ae", 2, "reported_grade")]
        assert found("E35", "W", tables) == expected


def test_weight_loss_without_a_baseline_is_not_judged():
    vitals = [{"date": "1998-03-09", "weight_kg": "40"}]
    exposure = [{"drug": "IL-2", "start_date": "1998-03-02"}]
    row = event(pt="Weight decreased", reported_grade="1")
    assert found("E35", "W", {"ae": [row], "vitals": vitals, "exposure": exposure}) == []


@pytest.mark.parametrize(
    ("item", "reported", "wrong"),
    [
        ("HB", "2", False),
        ("HB", "1", False),
        ("HB", "0", True),
        ("HB", "4", True),
        ("HB", "", False),
        ("PLT", "4", False),
        ("ALT", "3", True),
        ("AST", "2", False),
    ],
)
def test_a_reported_laboratory_grade_is_near_that_of_the_values(item, reported, wrong):
    row = event(reported_scale="WHO1981", reported_item=item, reported_grade=reported)
    graded = toxicity(
        ("LB", 2, "HB", 2, "1998-03-05"),
        ("LB", 3, "HB", 4, "1998-03-10"),
        ("LB", 4, "AST/ALT", 1, "1998-03-05"),
    )
    expected = [("ae", 2, "reported_grade")] if wrong else []
    assert found("E36", "W", {"ae": [row]}, graded) == expected


@pytest.mark.parametrize(
    ("grade", "action", "serious", "warned", "wrong"),
    [
        (4, "NONE", "Y", True, False),
        (4, "REDUCE", "Y", False, False),
        (4, "", "Y", False, False),
        (4, "WITHDRAW", "N", False, True),
        (4, "WITHDRAW", "", False, True),
        (3, "NONE", "N", False, False),
        (None, "NONE", "N", False, False),
    ],
)
def test_grade_4_goes_with_an_action_and_is_serious(grade, action, serious, warned, wrong):
    tables = {"ae": [event(), event(ae_no="2", action=action, serious=serious)]}
    graded = toxicity(
        ("AE", 2, "FEVER_DRUG", 2, "1998-03-02"), ("AE", 3, "FEVER_DRUG", grade, None)
    )
    assert found("E39", "W", tables, graded) == ([("ae", 3, "action")] if warned else [])
    assert found("E40", "E", tables, graded) == ([("ae", 3, "serious")] if wrong else [])


# The event lasts from 2 to 9 March: 14 days before it is 16 February, 14 days after it 23 March.
@pytest.mark.parametrize(
    ("last_dose", "action", "wrong"),
    [
        ("1998-02-16", "WITHDRAW", False),
        ("1998-02-15", "WITHDRAW", True),
        ("1998-03-23", "WITHDRAW", False),
        ("1998-03-24", "WITHDRAW", True),
        ("1998-03-24", "NONE", False),
        ("", "WITHDRAW", False),
    ],
)
def test_a_withdrawal_has_an_event_near_it(last_dose, action, wrong):
    tables = {
        "ae": [event()],
        "exposure": [{"drug": "IL-2", "end_date": last_dose, "action": action}],
    }
    assert found("E39", "W", tables) == ([("exposure", 2, "action")] if wrong else [])


def endpoints(**columns):
    """Three patients; relapse at 3, death at 5, censored at 7. `columns` maps endpoint to changes."""
    rows = []
    status = {"pfs": [1, 1, 0], "cir": [1, 2, 0], "nrm": [2, 1, 0], "os": [0, 1, 0]}
    for endpoint, codes in status.items():
        for number, (time, code) in enumerate(zip([3.0, 5.0, 7.0], codes, strict=True), 1):
            row = {"subject_id": f"P0{number}", "endpoint": endpoint, "time": time}
            row |= {"entry": 1.0, "status": code, "in_risk_set": True}
            rows.append(row | columns.get(f"{endpoint}_{number}", {}))
    frame = pd.DataFrame(rows)
    frame["row_key"] = frame["subject_id"] + "/" + frame["endpoint"]
    types = {"status": "Int64", "in_risk_set": "boolean"}
    types |= dict.fromkeys(["subject_id", "endpoint", "row_key"], "string[pyarrow]")
    return {"endpoints": frame.astype(types)}


def test_endpoints_that_agree_are_right():
    assert found("E55", "E", {}, endpoints()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"time": -1.0, "entry": -2.0},
        {"time": None},
        {"status": None},
        {"entry": 5.0},
        {"entry": 6.0},
    ],
)
def test_a_time_that_cannot_be_is_an_error(change):
    derived = endpoints(os_2=change)
    findings = found("E55", "E", {}, derived)
    assert [column for _, _, column in findings] == ["time"]
    assert found("E55", "E", {}, endpoints(os_2=change | {"in_risk_set": False})) == []


def test_an_event_on_the_first_day_is_right_for_those_under_observation_from_it():
    same = {"time": 0.0, "entry": 0.0}
    derived = endpoints(os_2=same, pfs_2=same, cir_2=same, nrm_2=same)
    assert found("E55", "E", {}, derived) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"cir_1": {"status": 2}},
        {"nrm_2": {"status": 0}},
        {"pfs_3": {"status": 1}},
        {"cir_1": {"time": 4.0}},
        {"nrm_3": {"entry": 2.0}},
        {"cir_3": {"in_risk_set": False}},
        {"nrm_1": {"in_risk_set": False}},
    ],
)
def test_relapse_death_and_either_see_the_same_patients_and_events(columns):
    rules = found("E55", "E", {}, endpoints(**columns))
    assert rules
    assert {column for _, _, column in rules} == {"status"}


def test_each_patient_of_the_population_has_one_row_an_endpoint():
    tables = {
        "subjects": [{"subject_id": name} for name in ("P01", "P02", "P03")],
        "disease": [
            {"subject_id": name, "status_at_tx": status}
            for name, status in (("P01", "CR1"), ("P02", "PR"), ("P03", "CR2"))
        ],
    }
    declared = {name: {} for name in ("os", "pfs", "cir", "nrm")}
    derived = endpoints()
    assert found("E56", "E", tables, derived, declared) == []

    lost = {"endpoints": derived["endpoints"].iloc[:-1]}  # P03's overall survival
    assert found("E56", "E", tables, lost, declared) == [("subjects", 4, "subject_id")]

    twice = {"endpoints": pd.concat([derived["endpoints"], derived["endpoints"].iloc[:1]])}
    assert [place[2] for place in found("E56", "E", tables, twice, declared)] == ["row_key"]

    fewer = tables | {"subjects": tables["subjects"][:2]}
    assert len(found("E56", "E", fewer, derived, declared)) == 4  # P03, once an endpoint

    in_remission = declared | {"pfs": {"population": {"status_at_tx": ["CR1", "CR2"]}}}
    found_now = found("E56", "E", tables, derived, in_remission)
    assert [place[2] for place in found_now] == ["row_key"]  # P02 is in it and should not be


def test_a_derived_table_that_does_not_fit_its_schema_is_an_error():
    good = pd.DataFrame(
        {"row_key": ["P01/Pyrexia"], "subject_id": ["P01"]}, dtype="string[pyarrow]"
    )
    findings = check_derived_schemas({"signs": good}, folder="derived")
    assert set(findings["rule"]) == {"S01"}
    assert (findings["severity"] == "E").all()
    assert (findings["file"] == "derived/signs.parquet").all()
    assert findings["message"].str.contains("column_in_dataframe|not in dataframe").any()


def test_a_derived_table_without_a_schema_is_an_error():
    findings = check_derived_schemas({"unheard_of": pd.DataFrame()}, folder="derived")
    assert findings[["rule", "table"]].values.tolist() == [["S01", "unheard_of"]]
