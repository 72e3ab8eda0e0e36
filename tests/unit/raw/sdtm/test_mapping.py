"""From variables of a domain to canonical columns, with nothing left out in silence."""

import pandas as pd
import pytest

from graftline.raw.records import RawFile
from graftline.raw.sdtm import find_patients_set_aside, map_domain

TEXT = "string[pyarrow]"


def raw_of(rows, lines=None, **more):
    frame = pd.DataFrame(rows).astype(TEXT)
    frame["src_line"] = pd.array(lines or range(1, len(frame) + 1), dtype="Int64")
    return RawFile("x.parquet", header_line=None, frame=frame, **more)


def mapped(rows, columns, lines=None, patients=None, **entry):
    entry = {
        "file": "x.parquet",
        "domain": "AE",
        "columns": {"subject_id": "USUBJID"} | columns,
    } | entry
    rows = [{"USUBJID": "A"} | row for row in rows]
    return map_domain(raw_of(rows, lines), "ae", entry, patients or {})


def cells(result, column):
    return result.raw.frame[column].tolist()


def found(result):
    return [
        (f["rule"], f.get("severity", "E"), f.get("line"), f["column"]) for f in result.findings
    ]


@pytest.mark.parametrize(
    ("part", "text", "expected"),
    [
        ("date", "2014-01-16T13:17", "2014-01-16"),
        ("date", "2014-01-16", "2014-01-16"),
        ("date", "2014-01", "2014-01"),
        ("date", "", ""),
        ("time", "2014-01-16T13:17", "13:17"),
        ("time", "2014-01-16T13:17:05", "13:17:05"),
        ("time", "2014-01-16", ""),
        ("year", "1950-12-26", "1950"),
        ("year", "1950", "1950"),
        ("year", "26DEC1950", "26DEC1950"),  # left for the check of the column
    ],
)
def test_parts_of_dates(part, text, expected):
    result = mapped([{"DTC": text}], {"date": {"from": "DTC", "part": part}})
    assert cells(result, "date") == [expected]


@pytest.mark.parametrize("part", ["date", "time", "year"])
def test_columns_of_a_domain_without_records_are_text(part):
    raw = raw_of([{"USUBJID": "A", "DTC": "2014"}])
    raw.frame = raw.frame.iloc[:0]
    columns = {"subject_id": "USUBJID", "date": {"from": "DTC", "part": part}}
    entry = {"file": "x.parquet", "domain": "AE", "columns": columns}
    assert map_domain(raw, "ae", entry, {}).raw.frame["date"].dtype == TEXT


def test_codes_are_recoded_and_others_stay_to_be_checked():
    recode = {"THOU/uL": "10*3/uL", "": "g/dL"}
    rows = [{"U": "THOU/uL"}, {"U": "thou/ul"}, {"U": ""}]
    assert cells(mapped(rows, {"unit": {"from": "U", "recode": recode}}), "unit") == [
        "10*3/uL",
        "thou/ul",
        "g/dL",
    ]


def test_every_other_text_may_have_one_code_and_an_empty_cell_stays_empty():
    rule = {"from": "SOC", "recode": {"INFECTIONS": "Y"}, "otherwise": "N"}
    rows = [{"SOC": "INFECTIONS"}, {"SOC": "EYE DISORDERS"}, {"SOC": ""}]
    assert cells(mapped(rows, {"infection": rule}), "infection") == ["Y", "N", ""]


def test_terms_in_capitals_become_sentences_and_recoded_ones_stay():
    rule = {"from": "T", "case": "sentence", "recode": {"ST DEPRESSION": "ST depression"}}
    rows = [{"T": "APPLICATION SITE PRURITUS"}, {"T": "ST DEPRESSION"}, {"T": ""}]
    assert cells(mapped(rows, {"pt": rule}), "pt") == [
        "Application site pruritus",
        "ST depression",
        "",
    ]


def test_a_cell_that_counts_only_in_some_records_is_empty_in_the_others():
    rule = {"from": "DTC", "part": "date", "only": {"CODE": ["DEATH"]}}
    rows = [{"DTC": "2014-01-16", "CODE": "DEATH"}, {"DTC": "2014-02-16", "CODE": "COMPLETED"}]
    assert cells(mapped(rows, {"death_date": rule}), "death_date") == ["2014-01-16", ""]


def test_records_set_aside_come_back_with_the_first_reason_that_fits():
    rules = [
        {"where": {"CAT": ["URINE"]}, "reason": "urine"},
        {"where": {"CAT": ["URINE", "OTHER"], "STAT": [""]}, "reason": "other"},
    ]
    rows = [
        {"CAT": "URINE", "STAT": ""},
        {"CAT": "OTHER", "STAT": "NOT DONE"},
        {"CAT": "OTHER", "STAT": ""},
        {"CAT": "BLOOD", "STAT": ""},
    ]
    result = mapped(rows, {"term": "CAT"}, lines=[4, 5, 6, 7], set_aside=rules)
    assert cells(result, "term") == ["OTHER", "BLOOD"]
    assert result.raw.frame["src_line"].tolist() == [5, 7]
    aside = result.set_aside
    assert aside["src_line"].tolist() == [4, 6]
    assert aside["reason"].tolist() == ["urine", "other"]
    assert aside["what"].tolist() == ["row", "row"]


def test_a_patient_set_aside_in_one_table_is_so_in_all():
    dm = {
        "file": "dm.parquet",
        "domain": "DM",
        "columns": {"subject_id": "USUBJID"},
        "set_aside": [{"where": {"ARM": ["SF"]}, "patients": True, "reason": "screen failure"}],
    }
    people = raw_of([{"USUBJID": "A", "ARM": "X"}, {"USUBJID": "B", "ARM": "SF"}])
    patients = find_patients_set_aside({"dm.parquet": people}, {"subjects": dm})
    subjects = map_domain(people, "subjects", dm, patients)
    assert cells(subjects, "subject_id") == ["A"]
    assert subjects.set_aside[["subject_id", "what"]].values.tolist() == [["B", "patient"]]

    rows = [{"USUBJID": "B"}, {"USUBJID": "A"}, {"USUBJID": "B"}]
    events = mapped(rows, {}, patients=patients)
    assert cells(events, "subject_id") == ["A"]
    assert events.set_aside["reason"].tolist() == ["screen failure"] * 2
    assert events.set_aside["what"].tolist() == ["row"] * 2


def test_a_variable_that_is_not_in_the_file_is_one_error_and_its_columns_are_left_out():
    columns = {"start_date": {"from": "STDTC", "part": "date"}, "end_date": "STDTC", "term": "TERM"}
    result = mapped([{"TERM": "x"}], columns, set_aside=[{"where": {"CAT": ["X"]}, "reason": "r"}])
    assert found(result) == [("E03", "E", None, "STDTC"), ("E03", "E", None, "CAT")]
    assert set(result.raw.frame) == {"subject_id", "term", "src_line"}
    assert result.raw.repeated == ["end_date", "start_date"]


GATHER = {
    "test": "TESTCD",
    "value": "RES",
    "unit": "U",
    "to": {
        "temp_cel": {"test": "TEMP", "unit": "C"},
        "sbp_mmhg": {"test": "SYSBP", "unit": "mmHg"},
    },
}
KEYS = {"date": {"from": "DTC", "part": "date"}, "visit": "VISIT"}


def gathered(*rows, lines=None):
    """Rows of (test, result, unit, visit)."""
    named = [
        dict(zip(("TESTCD", "RES", "U", "VISIT"), row, strict=True), DTC="2014-01-16")
        for row in rows
    ]
    return mapped(named, KEYS, lines, gather=GATHER)


def test_measurements_of_one_visit_become_one_row_and_each_keeps_its_record():
    result = gathered(
        ("TEMP", "37.0", "C", "WEEK 2"),
        ("SYSBP", "120", "mmHg", "WEEK 2"),
        ("SYSBP", "130", "mmHg", "WEEK 4"),
        lines=[128, 86, 89],
    )
    frame = result.raw.frame
    assert frame["visit"].tolist() == ["WEEK 2", "WEEK 4"]
    assert frame["temp_cel"].tolist() == ["37.0", ""]
    assert frame["sbp_mmhg"].tolist() == ["120", "130"]
    assert frame["src_line"].tolist() == [86, 89]  # the first of the row's records
    assert frame["temp_cel_line"].tolist() == [128, pd.NA]
    assert frame["sbp_mmhg_line"].tolist() == [86, 89]
    assert sorted(result.raw.gathered) == ["sbp_mmhg_line", "temp_cel_line"]
    assert result.findings == []


def test_a_measurement_in_another_unit_is_an_error_and_not_read():
    result = gathered(("TEMP", "98.6", "F", "WEEK 2"), ("TEMP", "37", "", "WEEK 4"))
    assert found(result) == [("E24", "E", 1, "U"), ("E24", "E", 2, "U")]
    assert cells(result, "temp_cel") == ["", ""]


def test_a_record_without_a_result_needs_no_unit():
    result = gathered(("TEMP", "", "", "WEEK 2"))
    assert (found(result), cells(result, "temp_cel")) == ([], [""])


def test_a_test_that_goes_nowhere_is_a_warning():
    result = gathered(("TEMP", "37", "C", "WEEK 2"), ("BMI", "22", "kg/m2", "WEEK 2"))
    assert found(result) == [("E03", "W", None, "TESTCD")]
    assert len(result.raw.frame) == 1


def test_two_results_at_one_visit_are_an_error_unless_they_are_alike():
    result = gathered(
        ("TEMP", "37.0", "C", "WEEK 2"),
        ("TEMP", "37.0", "C", "WEEK 2"),
        ("TEMP", "38", "C", "WEEK 2"),
    )
    assert found(result) == [("E27", "W", 2, "temp_cel"), ("E27", "E", 3, "temp_cel")]
    assert cells(result, "temp_cel") == ["37.0"]


def test_without_the_result_nothing_is_gathered_and_the_variable_is_named():
    rows = [{"TESTCD": "TEMP", "U": "C", "VISIT": "V", "DTC": "2014-01-16"}]
    result = mapped(rows, KEYS, gather=GATHER)
    assert found(result) == [("E03", "E", None, "RES")]
    assert result.raw.repeated == ["sbp_mmhg", "temp_cel"]
