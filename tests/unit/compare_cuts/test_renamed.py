"""A patient under a new id is one patient: neither new nor gone, and compared with what was known."""

from graftline.compare_cuts.outcomes import compare_outcomes
from graftline.compare_cuts.records import compare_patients, compare_records
from graftline.compare_cuts.renamed import find_renamed, pair_keys, rename_patients
from tests.unit.compare_cuts.small_cuts import (
    KEYS,
    WHY,
    endpoints,
    explain,
    subjects,
    told,
    validated,
)

P01, P02, P09, P010 = ({"subject_id": name} for name in ("P01", "P02", "P09", "P010"))
RENAMED = f"subjects,P01,subject_id,P01,P010,{WHY},1997-12-31"


def renamed(before, after, *rows):
    patients = compare_patients(before, after, explain(*rows))
    return told(patients, "after"), find_renamed(patients, before["subjects"]).to_dict()


def test_a_patient_under_a_new_id_is_neither_new_nor_gone():
    found = renamed(validated(), validated(subjects=[P010, P02]), RENAMED)
    assert found == ([("patient_merged", "P01", "P010")], {"P01": "P010"})


def test_without_the_correction_one_is_gone_and_one_is_new():
    found = renamed(validated(), validated(subjects=[P010, P02]))
    assert found == ([("patient_lost", "P01", ""), ("patient_added", "P010", "")], {})


def test_who_is_one_with_a_patient_of_the_cut_before_is_not_renamed():
    row = RENAMED.replace("P010", "P02")
    assert renamed(validated(), validated(subjects=[P02]), row)[1] == {}


def test_two_who_become_one_new_patient_are_merged_and_he_is_not_new():
    rows = RENAMED, RENAMED.replace("P01,", "P02,")
    found = renamed(validated(), validated(subjects=[P010]), *rows)
    assert found == ([("patient_merged", "P01", "P010"), ("patient_merged", "P02", "P010")], {})


def test_another_patient_who_is_new_is_told_beside_him():
    found, _ = renamed(validated(), validated(subjects=[P010, P02, P09]), RENAMED)
    assert found == [("patient_merged", "P01", "P010"), ("patient_added", "P09", "")]


def ids(before, after):
    return find_renamed(compare_patients(before, after, explain(RENAMED)), before["subjects"])


def test_a_past_value_that_changed_is_told_of_a_renamed_patient():
    def cut(patient, temperature):
        vitals = [{"subject_id": patient, "date": "1993-06-15", "temp_cel": temperature}]
        return validated(subjects=[{"subject_id": patient}, P02], vitals=vitals)

    before, after = cut("P01", "39.2"), cut("P010", "38.2")
    chosen = ids(before, after)
    before = {name: rename_patients(frame, chosen) for name, frame in before.items()}
    changes = compare_records(before, after, KEYS, chosen.index.to_series())
    assert told(changes, "record_key", "before", "after") == [
        ("value_changed", "P010", "P010|1993-06-15", "39.2", "38.2")
    ]


def test_a_death_cannot_be_undone_by_another_id():
    dead = {"vital_status": "DEAD", "death_date": "1996-06-16", "last_alive_date": None}
    before = {"subjects": subjects(P01=dead, P02={}), "endpoints": endpoints(P01=(700, 1))}
    after = {"subjects": subjects(P010={}, P02={}), "endpoints": endpoints(P010=(900, 0))}
    chosen = ids(validated(), validated(subjects=[P010, P02]))
    moved = {name: rename_patients(frame, chosen) for name, frame in before.items()}
    found = told(compare_outcomes(moved, after, explain(RENAMED)))
    assert found == [("death_undone", "P010"), ("event_undone", "P010")]
    # The rows are found again in the lineage of the cut before, where they have their old keys.
    assert pair_keys(before["endpoints"], moved["endpoints"]).to_dict() == {"P010/os": "P01/os"}


def test_nobody_else_is_touched_by_a_renaming():
    frame = subjects(P01={}, P012={}, P02={})
    chosen = ids(validated(), validated(subjects=[P010, P02]))
    found = rename_patients(frame, chosen)
    assert found["subject_id"].tolist() == found["row_key"].tolist() == ["P010", "P012", "P02"]
    assert frame["subject_id"].tolist() == ["P01", "P012", "P02"]
