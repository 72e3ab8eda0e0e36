"""Checks of the second stage that look at endpoints: E42, E53, E55, E56."""

import pandas as pd
import pytest

from graftline.derive.endpoints import derive_endpoints
from graftline.errors import GraftlineError
from graftline.validation.derived import DERIVED_CHECKS, derived_cohort
from graftline.validation.register import CHECKS, run_checks
from tests.unit.validation.small_cohort import CUT, cohort_of, places, type_rows

KM, AJ = {"origin": "TX", "estimator": "kaplan_meier"}, {"origin": "TX"}
DECLARED = {
    "pfs": {"events": ["relapse", "death"], **KM},
    "cir": {"events": ["relapse"], "competing": ["death"], **AJ},
    "nrm": {"events": ["death"], "competing": ["relapse"], **AJ},
    "os": {"events": ["death"], **KM},
}


def findings_of(rule, severity, validated, derived, endpoints=DECLARED, origins=None):
    frames = {name: type_rows(name, rows).frame for name, rows in validated.items()}
    cohort = derived_cohort(
        frames, derived, folder="derived", cut=CUT, endpoints=endpoints, origins=origins
    )
    chosen = [one for one in DERIVED_CHECKS if (one.rule, one.severity) == (rule, severity)]
    assert chosen
    return run_checks(cohort, chosen)


def found(*given, **more):
    return places(findings_of(*given, **more))


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
    declared = {name: {"origin": "TX", "events": [name]} for name in DECLARED}
    derived = endpoints()
    assert found("E56", "E", tables, derived, declared) == []

    lost = {"endpoints": derived["endpoints"].iloc[:-1]}  # P03's overall survival
    assert found("E56", "E", tables, lost, declared) == [("subjects", 4, "subject_id")]

    twice = {"endpoints": pd.concat([derived["endpoints"], derived["endpoints"].iloc[:1]])}
    assert [place[2] for place in found("E56", "E", tables, twice, declared)] == ["row_key"]

    fewer = tables | {"subjects": tables["subjects"][:2]}
    assert len(found("E56", "E", fewer, derived, declared)) == 4  # P03, once an endpoint

    in_remission = declared | {
        "pfs": declared["pfs"] | {"population": {"status_at_tx": ["CR1", "CR2"]}}
    }
    found_now = found("E56", "E", tables, derived, in_remission)
    assert [place[2] for place in found_now] == ["row_key"]  # P02 is in it and should not be


@pytest.mark.parametrize(
    ("changes", "compared"),
    [
        ({}, True),
        ({"cir": {"origin": "IT"}}, False),
        ({"nrm": {"population": {"arm": ["HD"]}}}, False),
        ({"nrm": {"censorings": ["new_therapy", "last_assessment"]}}, False),
        ({"cir": {"competing": ["death", "new_therapy"]}}, False),
    ],
)
def test_only_endpoints_that_part_the_events_of_another_are_compared(changes, compared):
    declared = {key: one | changes.get(key, {}) for key, one in DECLARED.items()}
    wrong = endpoints(cir_1={"time": 4.0})
    assert bool(found("E55", "E", {}, wrong, declared)) == compared


def three_causes(status):
    """Events of three kinds at 3, 5 and 7; one endpoint of each kind, and one of any."""
    kinds = ("relapse", "death", "second_transplant")
    declared = {"efs": {"events": list(kinds), **KM}}
    rows = [("efs", code) for code in (1, 1, 1)]
    for kind in kinds:
        others = [other for other in kinds if other != kind]
        declared[kind] = {"events": [kind], "competing": others, **AJ}
        rows += [(kind, 1 if other == kind else 2) for other in status]
    frame = pd.DataFrame(rows, columns=["endpoint", "status"])
    frame["subject_id"] = ["P01", "P02", "P03"] * 4
    frame["time"], frame["entry"], frame["in_risk_set"] = [3.0, 5.0, 7.0] * 4, 0.0, True
    frame["row_key"] = frame["subject_id"] + "/" + frame["endpoint"]
    return {"endpoints": frame.astype({"status": "Int64", "in_risk_set": "boolean"})}, declared


def test_several_causes_add_up_to_one():
    derived, declared = three_causes(["relapse", "death", "second_transplant"])
    assert found("E55", "E", {}, derived, declared) == []
    # P03's event is in two of the three endpoints: it counts twice, and the sum is over 1.
    derived["endpoints"].loc[5, "status"] = 1
    assert len(found("E55", "E", {}, derived, declared)) == 2


@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        ({}, False),
        # P02 dies at 5: not without, nor before, the event of progression-free survival
        ({"pfs_2": {"status": 0}}, True),
        ({"pfs_2": {"time": 5.5}}, True),
        ({"pfs_2": {"time": 4.5}}, False),
        ({"pfs_2": {"time": None}}, False),  # a finding of its own
        ({"os_2": {"time": 4.5}}, True),
        # who has no event, or is not at risk in both, is not compared
        ({"os_2": {"status": 0}}, False),
        ({"os_2": {"in_risk_set": False, "time": 4.5}}, False),
        ({"pfs_2": {"in_risk_set": False, "status": 0}}, False),
        ({"os_3": {"time": 6.0}}, False),
    ],
)
def test_who_dies_has_the_event_of_progression_free_survival_no_later(columns, wrong):
    nested = {name: DECLARED[name] for name in ("pfs", "os")}
    places = [
        place
        for place in found("E55", "E", {}, endpoints(**columns), nested)
        if place[2] == "status"
    ]
    assert len(places) == wrong


@pytest.mark.parametrize(
    ("changes", "compared"),
    [
        ({}, True),
        ({"os": {"origin": "IT"}}, False),
        ({"os": {"entry": "IT"}}, False),
        ({"pfs": {"censorings": ["new_therapy", "last_alive"]}}, False),
        ({"pfs": {"events": ["death"]}}, False),
        ({"os": {"events": ["death", "second_transplant"]}}, False),
        ({"os": {"source": "outcomes"}}, False),
    ],
)
def test_only_endpoints_with_the_same_clock_and_no_stop_are_held_against_each_other(
    changes, compared
):
    declared = {name: DECLARED[name] | changes.get(name, {}) for name in ("pfs", "os")}
    wrong = endpoints(pfs_2={"time": 5.5})
    assert bool(found("E55", "E", {}, wrong, declared)) == compared


PATIENT = {
    "subjects": [{"subject_id": "P01", "arm": "HD"}],
    "transplant": [{"tx_no": "1", "tx_date": "1998-01-10"}],
    "exposure": [{"drug": "IL-2", "start_date": "1998-04-10", "end_date": "1998-04-20"}],
    "assessments": [{"date": "1998-03-01", "response": "REL", "adequate": "Y"}],
    "followup": [{"date": "1998-12-01", "vital_status": "ALIVE"}],
}
ORIGINS = {"TX": {"event": "transplant"}, "IT": {"event": "treatment_start"}}


@pytest.mark.parametrize(
    ("endpoint", "salvage", "wrong"),
    [
        ({"origin": "IT"}, False, True),
        ({"origin": "TX", "entry": "IT"}, False, True),
        ({"origin": "TX"}, False, False),
        ({"origin": "IT"}, True, False),
        ({"origin": "TX", "entry": "IT"}, True, False),
    ],
)
def test_relapse_before_treatment_is_an_error_at_its_line_unless_salvage_is_declared(
    endpoint, salvage, wrong
):
    declared = {"pfs": {"events": ["relapse", "death"], "estimator": "kaplan_meier", **endpoint}}
    declared["pfs"] |= {"paramcd": "PFS", "label": "x", "censorings": ["last_assessment"]}
    origins = ORIGINS | {"IT": ORIGINS["IT"] | {"salvage": salvage}}
    frames = {name: type_rows(name, rows).frame for name, rows in PATIENT.items()}
    frame, _ = derive_endpoints(
        frames, endpoints=declared, origins=origins, survival={"time_unit": "day"}, cut=CUT
    )
    expected = [("assessments", 2, "date")] if wrong else []
    more = {"endpoints": declared, "origins": origins}
    assert found("E42", "E", PATIENT, {"endpoints": frame}, **more) == expected


@pytest.mark.parametrize(("imputed", "warned"), [(0, False), (1, False), (2, True), (10, True)])
def test_more_than_a_tenth_of_events_on_imputed_days_is_a_warning(imputed, warned):
    # Ten events, of which one may be imputed; a censored row with an imputed date is no event.
    frame = pd.DataFrame({"subject_id": [f"P{number}" for number in range(11)]})
    frame = frame.assign(endpoint="os", time=5.0, entry=0.0, in_risk_set=True, status=1)
    frame.loc[10, "status"] = 0
    frame["adtf"] = ["D"] * imputed + [None] * (10 - imputed) + ["D"]
    frame["row_key"] = frame["subject_id"] + "/os"
    derived = {"endpoints": frame.astype({"status": "Int64", "in_risk_set": "boolean"})}
    findings = findings_of("E53", "W", {}, derived)
    assert len(findings) == warned
    if warned:
        assert f"imputed: {imputed} of 10 of os;" in findings["message"].iloc[0]


DEAD = {"date": "1998-12-01", "vital_status": "DEAD", "death_date": "1998-12-01"}
CONTRADICTIONS = {
    "alive after death": ({"vitals": [{"date": "1998-12-02"}], "followup": [DEAD]}, "vitals"),
    "recovery after death": (
        {
            "transplant": [{"tx_no": "1", "tx_date": "1998-01-10", "plt20_date": "1998-12-02"}],
            "followup": [DEAD],
        },
        "transplant",
    ),
    "new therapy after death": (
        {"new_therapy": [{"date": "1998-12-02", "type": "CHEMO"}], "followup": [DEAD]},
        "new_therapy",
    ),
    "dose after death": (
        {
            "exposure": [{"drug": "IL-2", "start_date": "1998-04-10", "end_date": "1998-12-02"}],
            "followup": [DEAD],
        },
        "exposure",
    ),
    "relapse after death": (
        {"assessments": [{"date": "1998-12-02", "response": "REL"}], "followup": [DEAD]},
        "assessments",
    ),
    "relapse on the day of transplantation": (
        {"assessments": [{"date": "1998-01-10", "response": "REL"}]},
        "assessments",
    ),
    "treatment before transplantation": (
        {"exposure": [{"drug": "IL-2", "start_date": "1998-01-09", "end_date": "1998-01-09"}]},
        "exposure",
    ),
    "death without its month": (
        {"followup": [DEAD | {"death_date": "1998"}]},
        "followup",
    ),
    "two dates of death": (
        {"followup": [DEAD, DEAD | {"date": "1998-12-03", "death_date": "1998-12-03"}]},
        "followup",
    ),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_what_the_derivation_cannot_use_is_listed_by_the_first_stage_with_its_line(case):
    """So that a run never stops with one sentence where a list of queries could be sent."""
    changes, table = CONTRADICTIONS[case]
    rows = PATIENT | {"assessments": []} | changes
    findings = run_checks(cohort_of(rows), CHECKS)
    errors = findings[findings["severity"] == "E"]
    assert table in set(errors["table"]) and errors["line"].notna().all()
    frames = {name: type_rows(name, some).frame for name, some in rows.items()}
    declared = {"os": {"paramcd": "OS", "label": "x", "events": ["death"], **KM}}
    declared["os"]["censorings"] = ["last_alive"]
    with pytest.raises(GraftlineError, match=rf"{table}\.csv, line [23]"):
        derive_endpoints(
            frames, endpoints=declared, origins=ORIGINS, survival={"time_unit": "day"}, cut=CUT
        )


def test_the_same_patient_without_contradictions_has_no_error():
    findings = run_checks(cohort_of(PATIENT | {"assessments": []}), CHECKS)
    assert set(findings["severity"]) <= {"W"}
