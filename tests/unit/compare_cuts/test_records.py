"""Patients and past records: what they say now that they did not say in the cut before."""

import pandas as pd
import pytest

from graftline.compare_cuts.explanations import match_past
from graftline.compare_cuts.findings import ask_about, compare_findings
from graftline.compare_cuts.records import compare_patients, compare_records
from graftline.validation.findings import make_findings
from tests.unit.compare_cuts.small_cuts import KEYS, NOW, WHY, explain, told, validated

NOBODY = pd.Series([], dtype=object)
P01, P02, P03 = ({"subject_id": f"P0{number}"} for number in (1, 2, 3))


def compare(before, after, *corrections, gone=NOBODY):
    changes = compare_records(before, after, KEYS, gone)
    return match_past(changes, explain(*corrections))


def vitals(*rows):
    return validated(vitals=[{"subject_id": "P01", "date": "1993-06-15"} | row for row in rows])


# ---- patients


def test_patients_who_are_new_and_who_are_gone_are_told():
    changes = compare_patients(
        validated(subjects=[P01, P02]), validated(subjects=[P02, P03]), explain()
    )
    assert told(changes) == [("patient_lost", "P01"), ("patient_added", "P03")]
    assert changes["src_line"].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("row", "kind", "after"),
    [
        (f"subjects,P01,subject_id,P01,,{WHY},1997-12-31", "patient_removed", ""),
        (f"subjects,P01,subject_id,P01,P02,{WHY},1997-12-31", "patient_merged", "P02"),
        # The other patient is not in the data either.
        (f"subjects,P01,subject_id,P01,P09,{WHY},1997-12-31", "patient_lost", ""),
        # It held before: the patient was there all the same.
        (f"subjects,P01,subject_id,P01,,{WHY},1996-12-31", "patient_lost", ""),
        # It is about another patient.
        (f"subjects,P02,subject_id,P02,,{WHY},1997-12-31", "patient_lost", ""),
    ],
)
def test_a_correction_says_what_became_of_a_patient(row, kind, after):
    changes = compare_patients(
        validated(subjects=[P01, P02]), validated(subjects=[P02]), explain(row)
    )
    assert told(changes, "after") == [(kind, "P01", after)]
    assert (len(ask_about(changes)) == 1) is (kind == "patient_lost")


def test_a_patient_who_disappears_is_an_error():
    changes = compare_patients(validated(), validated(subjects=[P02]), explain())
    asked = ask_about(changes)
    assert asked[["rule", "severity", "subject_id"]].values.tolist() == [["K01", "E", "P01"]]


# ---- past records


def test_nothing_is_told_of_records_that_are_the_same_or_new():
    same = {"temp_cel": "39.2"}
    assert len(compare(vitals(same), vitals(same, {"date": "1997-02-01", "temp_cel": "37"}))) == 0


def test_a_past_value_that_changed_is_called_out():
    changes = compare(vitals({"temp_cel": "39.2"}), vitals({"temp_cel": "38.2"}))
    assert told(changes, "record_key", "column", "before", "after", "correction_line") == [
        ("value_changed", "P01", "P01|1993-06-15", "temp_cel", "39.2", "38.2", "")
    ]
    assert ask_about(changes)[["rule", "severity", "value"]].values.tolist() == [
        ["K03", "W", "38.2"]
    ]


def test_a_correction_to_the_value_that_stands_there_now_explains_it():
    row = f"vitals,P01|1993-06-15,temp_cel,39.2,38.20,{WHY},1997-12-31"
    changes = compare(vitals({"temp_cel": "39.2"}), vitals({"temp_cel": "38.2"}), row)
    assert changes["correction_line"].tolist() == [2]
    assert len(ask_about(changes)) == 0


@pytest.mark.parametrize(
    "row",
    [
        f"vitals,P01|1993-06-15,temp_cel,39.2,38.3,{WHY},1997-12-31",  # to another value
        f"vitals,P01|1993-06-15,weight_kg,39.2,38.2,{WHY},1997-12-31",  # another column
        f"vitals,P01|1993-06-16,temp_cel,39.2,38.2,{WHY},1997-12-31",  # another record
        f"vitals,P01|1993-06-15,temp_cel,39.2,38.2,{WHY},1998-12-31",  # from a later cut
        f"vitals,P01|1993-06-15,temp_cel,39.2,38.2,{WHY},1996-12-31",  # held before
    ],
)
def test_any_other_correction_does_not(row):
    changes = compare(vitals({"temp_cel": "39.2"}), vitals({"temp_cel": "38.2"}), row)
    assert changes["correction_line"].isna().all()


def test_a_value_where_there_was_none_is_not_a_change_of_the_past():
    changes = compare(vitals({"temp_cel": "39.2"}), vitals({"temp_cel": "39.2", "pulse_min": "80"}))
    assert told(changes, "column", "after") == [("value_filled", "P01", "pulse_min", "80")]
    assert len(ask_about(changes)) == 0


def test_a_record_that_is_gone_is_called_out_unless_its_key_was_corrected():
    before, after = vitals({"temp_cel": "39.2"}), vitals({"date": "1993-06-16", "temp_cel": "39.2"})
    assert told(compare(before, after), "record_key") == [
        ("record_removed", "P01", "P01|1993-06-15")
    ]
    row = f"vitals,P01|1993-06-15,date,1993-06-15,1993-06-16,{WHY},1997-12-31"
    assert compare(before, after, row)["correction_line"].tolist() == [2]


def test_of_records_with_one_key_the_first_is_compared_with_the_first():
    labs = {"subject_id": "P01", "date": "1993-06-15", "test": "HGB", "unit": "g/dL"}
    before = validated(labs=[labs | {"value": "11"}, labs | {"value": "12"}])
    after = validated(labs=[labs | {"value": "11"}, labs | {"value": "13"}])
    changes = compare(before, after)
    assert told(changes, "before", "after", "src_line") == [("value_changed", "P01", "12", "13", 3)]


def test_records_of_a_patient_who_is_gone_are_told_once_by_the_patient():
    before = vitals({"temp_cel": "39.2"})
    changes = compare(before, validated(vitals=[]), gone=pd.Series(["P01"]))
    assert len(changes) == 0


# ---- the last contact


def followup(date, status="ALIVE", **more):
    row = {"subject_id": "P01", "date": date, "vital_status": status}
    return validated(followup=[row | more])


def test_a_later_contact_takes_the_place_of_the_earlier_one():
    died = {"death_date": "1997-06-16", "final_status": "DEAD"}
    after = followup("1997-06-16", "DEAD", **died)
    assert len(compare(followup("1996-11-18"), after)) == 0


def test_a_death_that_a_later_contact_puts_on_another_day_is_a_change_of_the_past():
    before = followup("1996-11-18", "DEAD", death_date="1996-11-18", death_cause="RELAPSE")
    after = followup("1997-02-01", "DEAD", death_date="1997-01-30", death_cause="INFECTION")
    changes = compare(before, after)
    assert told(changes, "column", "before", "after") == [
        ("value_changed", "P01", "death_cause", "RELAPSE", "INFECTION"),
        ("value_changed", "P01", "death_date", "1996-11-18", "1997-01-30"),
    ]
    assert ask_about(changes)["rule"].tolist() == ["K03", "K03"]
    correction = f"followup,P01|1997-02-01,death_date,1996-11-18,1997-01-30,{WHY},{NOW}"
    assert compare(before, after, correction)["correction_line"].notna().tolist() == [False, True]


def test_a_later_contact_that_says_the_same_of_a_death_changes_nothing():
    before, after = (
        followup(date, "DEAD", death_date="1996-11-18") for date in ("1996-11-18", "1997-02-01")
    )
    assert len(compare(before, after)) == 0


def test_an_earlier_contact_or_another_status_on_the_same_day_is_a_change_of_the_past():
    before = followup("1996-11-18", final_status="CR")
    assert told(compare(before, followup("1996-11-18", final_status="PD")), "column") == [
        ("value_changed", "P01", "final_status")
    ]
    assert told(compare(before, followup("1996-10-18", final_status="CR")), "column") == [
        ("value_changed", "P01", "date")
    ]


def test_where_a_patient_has_several_contacts_each_is_a_record():
    first, second = ({"subject_id": "P01", "date": f"1996-0{month}-01"} for month in (1, 2))
    before = validated(followup=[first, second])
    after = validated(followup=[second, first | {"date": "1997-01-01"}])
    assert told(compare(before, after), "record_key") == [
        ("record_removed", "P01", "P01|1996-01-01")
    ]


# ---- queries


def test_queries_opened_and_closed_are_told_whatever_their_line():
    def queries(*rows):
        return make_findings(
            [{"rule": rule, "table": "ae", "line": line, "message": "m"} for rule, line in rows]
        )

    before = queries(("E06", 4), ("E11", 9), ("E11", 10))
    after = queries(("E06", 5), ("E11", 12), ("E44", 3))
    changes = compare_findings([before], [after])
    assert sorted(zip(changes["kind"], changes["record_key"], strict=True)) == [
        ("finding_closed", "E11"),
        ("finding_opened", "E44"),
    ]
