"""Checks that need derived values: E32, E34-E36, E39, E40, E61-E63, S01."""

import pandas as pd
import pytest

from graftline.derive.toxicity import derive_toxicity
from graftline.grading.files import read_scale, read_units
from graftline.validation.derived import DERIVED_CHECKS, derived_cohort
from graftline.validation.derived.schemas import check_derived_schemas
from graftline.validation.register import run_checks
from tests.unit.validation.small_cohort import CUT, places, type_rows


def found(rule, severity, validated, derived=None, endpoints=None):
    frames = {name: type_rows(name, rows).frame for name, rows in validated.items()}
    return places(derived_findings(frames, derived or {}, rule, severity, endpoints))


def derived_findings(frames, derived, rule, severity, endpoints=None):
    cohort = derived_cohort(
        frames,
        derived,
        folder="derived",
        cut=CUT,
        endpoints=endpoints,
        main_scale="who-1981",
    )
    chosen = [one for one in DERIVED_CHECKS if (one.rule, one.severity) == (rule, severity)]
    assert chosen
    return run_checks(cohort, chosen)


def event(**cells):
    row = {"ae_no": "1", "start_date": "1998-03-02", "end_date": "1998-03-09", "pt": "Pyrexia"}
    return row | cells


def toxicity(*rows, scale="who-1981", **more):
    """Graded observations: (domain, line, item, grade, day), and other columns for all of them."""
    frame = pd.DataFrame(rows, columns=["domain", "line", "item", "grade", "date_earliest"])
    frame = frame.assign(subject_id="P01", scale=scale, **more)
    frame["row_key"] = [f"P01/{row[0]}/{row[1]}/{scale}/{row[2]}" for row in rows]
    frame["date_earliest"] = pd.to_datetime(frame["date_earliest"])
    units = {"VS": "Cel", "LB": "g/dL"}
    frame["unit"] = frame["domain"].map(units)
    frame = frame.assign(**{name: None for name in ("reason", "value") if name not in frame})
    text = ["domain", "item", "subject_id", "scale", "row_key", "unit", "reason"]
    types = dict.fromkeys(text, "string[pyarrow]") | {"grade": "Int64", "value": "float64"}
    return {"toxicity": frame.drop(columns="line").astype(types)}


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


@pytest.mark.parametrize(
    ("scale", "item", "reported", "wrong"),
    [
        ("CTCAE5", "Fever", "1", False),
        ("CTCAE5", "Fever", "2", True),
        ("CTCAE403", "Fever", "2", False),  # not one of the study's scales
        ("CTC2", "Fever", "2", False),
        ("WHO1981", "Fever", "2", False),
        ("CTCAE5", "FEVER_DRUG", "2", False),
    ],
)
def test_reported_fever_is_compared_on_the_scale_of_the_report(scale, item, reported, wrong):
    row = event(reported_scale=scale, reported_item=item, reported_grade=reported)
    graded = toxicity(("VS", 2, "Fever", 1, "1998-03-02"), scale="ctcae-5.0")
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


@pytest.mark.parametrize(("reported", "wrong"), [("3", False), ("4", True), ("2", False)])
def test_a_reported_laboratory_grade_of_ctcae_is_compared_on_ctcae(reported, wrong):
    row = event(reported_scale="CTCAE5", reported_item="Anemia", reported_grade=reported)
    graded = toxicity(("LB", 2, "Anemia", 2, "1998-03-05"), scale="ctcae-5.0")
    expected = [("ae", 2, "reported_grade")] if wrong else []
    assert found("E36", "W", {"ae": [row]}, graded) == expected


@pytest.mark.parametrize(
    ("scale", "item", "reported", "wrong"),
    [
        ("WHO1981", "NAUVOM", "1", False),
        ("WHO1981", "NAUVOM", "2", True),
        ("WHO1981", "NAUVOM", "", False),
        ("WHO1981", "CUTAN", "2", False),  # an item that the record is not of
        ("CTCAE5", "NAUVOM", "2", False),
        ("CTC1", "NAUVOM", "2", False),
    ],
)
def test_a_reported_grade_is_compared_with_that_of_the_finding(scale, item, reported, wrong):
    rows = [event(), event(ae_no="2", pt="Nausea", finding="nausea")]
    rows[1] |= {"reported_scale": scale, "reported_item": item, "reported_grade": reported}
    graded = toxicity(("AE", 3, "NAUVOM", 1, "1998-03-02"))
    expected = [("ae", 3, "reported_grade")] if wrong else []
    assert found("E63", "W", {"ae": rows}, graded) == expected


def test_a_fever_is_not_compared_twice():
    row = event(reported_scale="WHO1981", reported_item="FEVER_DRUG", reported_grade="1")
    graded = toxicity(("AE", 2, "FEVER_DRUG", 2, "1998-03-02"), value=38.5)
    assert found("E63", "W", {"ae": [row]}, graded) == []


def joined(*parts):
    return {"toxicity": pd.concat([part["toxicity"] for part in parts], ignore_index=True)}


@pytest.mark.parametrize(
    ("finding", "on_who", "on_ctcae", "error", "warning"),
    [
        ("nausea", None, "finding_not_of_item", False, False),
        ("oral intake decreased", "finding_not_of_item", None, False, True),
        ("noxea", "finding_not_of_item", "finding_not_of_item", True, False),
        ("noxea", "not_in_scale", "not_in_scale", True, False),
        ("noxea", "not_in_scale", "finding_not_of_item", True, False),
        ("noxea", "term_missing", "term_missing", True, False),
        ("shivering", "not_in_scale", None, False, False),
        ("", "not_in_scale", "not_in_scale", False, False),
        ("", "finding_missing", "finding_missing", False, False),
    ],
)
def test_a_finding_that_has_a_grade_on_no_scale_is_an_error(
    finding, on_who, on_ctcae, error, warning
):
    rows = [event(), event(ae_no="2", pt="Nausea", finding=finding)]
    derived = joined(
        toxicity(("AE", 3, "NAUVOM", None, None), reason=on_who),
        toxicity(("AE", 3, "Nausea", None, None), scale="ctcae-5.0", reason=on_ctcae),
    )
    place = [("ae", 3, "finding")]
    assert found("E61", "E", {"ae": rows}, derived) == (place if error else [])
    assert found("E61", "W", {"ae": rows}, derived) == (place if warning else [])


@pytest.mark.parametrize(
    ("pt", "finding", "lines"),
    [
        ("Nausea", "nausea", []),
        ("Nausea", "nausae", [3]),
        ("Eczema", "erythema", [3]),
        ("", "nausea", [3]),
        ("Chills", "", []),
        ("Anaemia", "pale", [3]),
    ],
)
def test_a_finding_that_was_not_graded_is_a_query_with_file_and_line(pt, finding, lines):
    units = read_units("config/units.yaml")
    who = read_scale("config/scales/who-1981.yaml", units)
    protocol = {"days_after_last_dose": 30, "signs": {}}
    protocol["fever"] = {"fever_cel": 38, "low_sbp_mmhg": 90, "sbp_fall_mmhg": 40}
    protocol["fever"] |= {"within_hours": 24}
    rows = {
        "subjects": [{"arm": "HD"}],
        "exposure": [{"drug": "IL-2", "start_date": "1998-03-02", "end_date": "1998-03-20"}],
        "ae": [event(), event(ae_no="2", pt=pt, finding=finding)],
    }
    frames = {name: type_rows(name, entries).frame for name, entries in rows.items()}
    derived = derive_toxicity(frames, [who], units, protocol, CUT)
    findings = derived_findings(frames, derived, "E61", "E")
    assert findings["line"].tolist() == lines
    assert set(findings["file"]) <= {"ae.csv"}
    assert set(findings["value"]) <= {finding}


def test_a_finding_is_known_by_patient_and_line():
    # Where lines are numbered within a patient, two records have line 2.
    rows = [event(finding="nausea"), event(subject_id="P02", finding="noxea")]
    frames = {"ae": type_rows("ae", rows).frame.assign(src_line=2)}
    mine = toxicity(("AE", 2, "NAUVOM", 1, None))
    other = toxicity(("AE", 2, "NAUVOM", None, None), reason="finding_not_of_item")
    other["toxicity"]["subject_id"] = "P02"
    findings = derived_findings(frames, joined(mine, other), "E61", "E")
    assert findings["subject_id"].tolist() == ["P02"]


@pytest.mark.parametrize(
    ("reason", "wrong"), [("unit_missing", True), ("uln_missing", False), (None, False)]
)
def test_a_value_without_a_unit_is_an_error_where_it_cannot_be_compared(reason, wrong):
    labs = [{"date": "1998-03-05", "test": "HGB", "value": "9"}] * 2
    graded = toxicity(("LB", 3, "HB", None, "1998-03-05"), reason=reason)
    assert found("E62", "E", {"labs": labs}, graded) == ([("labs", 3, "unit")] if wrong else [])


@pytest.mark.parametrize(
    ("grade", "action", "serious", "warned", "wrong"),
    [
        (4, "NONE", "Y", True, False),
        (4, "REDUCE", "Y", False, False),
        (4, "", "Y", False, False),
        (4, "WITHDRAW", "N", False, True),
        (4, "WITHDRAW", "", False, True),
        (5, "WITHDRAW", "N", False, True),
        (5, "NONE", "Y", False, False),
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
