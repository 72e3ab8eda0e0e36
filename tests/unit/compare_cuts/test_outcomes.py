"""Deaths, follow-up, events, grades and statuses that are new."""

import pandas as pd
import pytest

from graftline.compare_cuts.findings import ask_about
from graftline.compare_cuts.outcomes import compare_outcomes
from tests.unit.compare_cuts.small_cuts import WHY, endpoints, explain, subjects, told

DEAD = {"vital_status": "DEAD", "death_date": "1996-11-18", "final_status": "DEAD"}


def compare(before, after, *corrections, **tables):
    was = {"subjects": subjects(**before)} | {name: pair[0] for name, pair in tables.items()}
    now = {"subjects": subjects(**after)} | {name: pair[1] for name, pair in tables.items()}
    return compare_outcomes(was, now, explain(*corrections), "who-1981")


def test_the_same_patients_have_no_changes():
    assert len(compare({"P01": {}, "P02": DEAD}, {"P01": {}, "P02": DEAD})) == 0


def test_all_of_a_new_patient_is_new_and_not_told_again():
    assert len(compare({"P01": {}}, {"P01": {}, "P02": DEAD})) == 0


def test_a_death_is_told_once_and_not_as_longer_follow_up_or_another_status():
    died = DEAD | {"death_date": "1997-06-16"}
    changes = compare({"P01": {}}, {"P01": died})
    assert told(changes, "before", "after") == [("death", "P01", "ALIVE", "DEAD")]


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        ("1996-11-17", ["followup_shorter"]),
        ("1996-11-18", []),
        ("1996-11-19", ["followup_grown"]),
    ],
)
def test_follow_up_grows_or_shrinks_by_a_day(day, kinds):
    changes = compare({"P01": {}}, {"P01": {"last_alive_date": day}})
    assert changes["kind"].tolist() == kinds


@pytest.mark.parametrize("day", ["1996-11-17", "1996-11-19"])
def test_a_death_on_another_day_is_no_longer_or_shorter_follow_up(day):
    assert len(compare({"P01": DEAD}, {"P01": DEAD | {"death_date": day}})) == 0


def test_a_status_that_changed_in_life_is_told():
    changes = compare({"P01": {}}, {"P01": {"final_status": "PD", "vital_status": "LTFU"}})
    assert told(changes, "column", "after") == [
        ("status", "P01", "final_status", "PD"),
        ("status", "P01", "vital_status", "LTFU"),
    ]


def test_a_death_that_is_undone_is_an_error_unless_a_correction_says_so():
    changes = compare({"P01": DEAD}, {"P01": {}})
    assert told(changes) == [("death_undone", "P01")]
    assert ask_about(changes)[["rule", "severity"]].values.tolist() == [["K02", "E"]]

    row = f"followup,P01|1996-11-18,vital_status,DEAD,ALIVE,{WHY},1997-12-31"
    explained = compare({"P01": DEAD}, {"P01": {}}, row)
    assert explained["correction_line"].tolist() == [2]
    assert len(ask_about(explained)) == 0


def test_events_that_are_new_undone_or_moved_are_told_by_endpoint():
    patients = {key: {} for key in ("P01", "P02", "P03", "P04")}
    before = endpoints(P01=(100, 0), P02=(100, 1), P03=(100, 1), P04=(100, 0))
    after = endpoints(P01=(150, 1), P02=(150, 0), P03=(90, 1), P04=(400, 0))
    changes = compare(patients, patients, endpoints=(before, after))
    assert told(changes, "record_key", "derived_key") == [
        ("event", "P01", "os", "P01/os"),
        ("event_undone", "P02", "os", "P02/os"),
        ("event_moved", "P03", "os", "P03/os"),
    ]


def test_worst_grades_that_changed_came_or_went_are_told_on_the_main_scale():
    def worst(**grades):
        rows = [
            {"row_key": f"P01/who-1981/{item}", "subject_id": "P01", "scale": "who-1981"}
            | {"item": item, "grade": grade}
            for item, grade in grades.items()
        ]
        other = rows[0] | {"row_key": "P01/ctcae-5.0/F", "scale": "ctcae-5.0"}
        rows.append(other | {"item": "F", "grade": len(grades)})
        text = dict.fromkeys(("row_key", "subject_id", "scale", "item"), "string[pyarrow]")
        return pd.DataFrame(rows).astype(text | {"grade": "Int64"})

    before = worst(ANY=1, ANY_CTC=2, FEVER=1, NAUSEA=2, PAIN=0)
    after = worst(ANY=3, ANY_CTC=3, FEVER=3, NAUSEA=2, DIARRHOEA=1, COUGH=0)
    changes = compare({"P01": {}}, {"P01": {}}, toxicity_worst=(before, after))
    assert told(changes, "record_key", "before", "after") == [
        ("grade", "P01", "DIARRHOEA", "", "1"),
        ("grade", "P01", "FEVER", "1", "3"),
    ]
