"""From a file's own columns and codes to canonical ones."""

import pytest

from graftline.raw.canonical import to_canonical
from graftline.raw.read_csv import read_csv
from schemas.raw import RAW_SCHEMAS

OUTCOMES = {"file": "o.csv", "constants": {"origin": "TX", "time_unit": "month"}}


def convert(data, entry=None, table="outcomes", label=None):
    raw = read_csv(data, "o.csv")
    return to_canonical(raw, table, entry or OUTCOMES, RAW_SCHEMAS[table], data_label=label)


def found(findings):
    return [(one["rule"], one.get("severity", "E"), one["line"], one["column"]) for one in findings]


def test_columns_are_renamed_codes_recoded_and_constants_added():
    entry = OUTCOMES | {
        "rename": {"id": "subject_id", "ftime": "time"},
        "recode": {"status": {"0": "CENSORED", "1": "NRM"}},
        "ignore": ["note"],
    }
    frame, lacking, findings = convert(
        b"id,ftime,status,note\nA,13,0,x\nB,2,1,y\nC,3,RELAPSE,z\n", entry
    )
    assert (lacking, findings) == (set(), [])
    assert frame["subject_id"].tolist() == ["A", "B", "C"]
    assert frame["time"].tolist() == ["13", "2", "3"]
    assert frame["status"].tolist() == ["CENSORED", "NRM", "RELAPSE"]
    assert frame["origin"].tolist() == ["TX"] * 3
    assert frame["src_line"].tolist() == [2, 3, 4]
    assert "note" not in frame


def test_an_unread_column_is_a_warning_with_a_near_name():
    _, lacking, findings = convert(b"subject_id,time,status,extra\nA,1,NRM,x\n")
    assert found(findings) == [("E03", "W", 1, "extra")]
    assert lacking == set()
    _, lacking, findings = convert(b"subject_id,time,Statos\nA,1,NRM\n")
    assert "It looks like status" in findings[0]["message"]
    # What it was meant to be is missing, and that is an error.
    assert found(findings) == [("E03", "W", 1, "Statos"), ("E03", "E", 1, "status")]
    assert lacking == {"status"}


def test_a_missing_column_is_an_error_that_names_column_and_file():
    frame, lacking, findings = convert(b"subject_id,time\nA,1\n")
    assert found(findings) == [("E03", "E", 1, "status")]
    assert "status" in findings[0]["message"]
    assert "o.csv" in findings[0]["message"]
    assert lacking == {"status"}
    assert frame["status"].isna().all()


def test_a_column_that_files_may_leave_out_is_a_warning():
    header = (
        "subject_id,date,temp_cel,sbp_mmhg,dbp_mmhg,pulse_min,weight_kg,height_cm,ecog,karnofsky"
    )
    _, _, findings = convert(header.encode() + b"\n", {"file": "v.csv"}, "vitals")
    assert found(findings) == [("E03", "W", 1, "time"), ("E03", "W", 1, "visit")]


def test_columns_that_the_study_declares_absent_are_empty_without_a_finding():
    frame, lacking, findings = convert(b"subject_id,time\nA,1\n", OUTCOMES | {"absent": ["status"]})
    assert (lacking, findings) == (set(), [])
    assert frame["status"].isna().all()


@pytest.mark.parametrize("key", ["absent", "constants"])
def test_a_column_that_is_there_against_the_study_is_an_error(key):
    entry = {"file": "o.csv", "constants": {"origin": "TX", "time_unit": "month"}}
    entry[key] = ["time"] if key == "absent" else entry["constants"] | {"time": "3"}
    _, _, findings = convert(b"subject_id,time,status\nA,1,NRM\n", entry)
    assert found(findings) == [("E03", "E", 1, "time")]


def test_two_columns_for_one_are_an_error():
    entry = OUTCOMES | {"rename": {"ftime": "time"}}
    _, _, findings = convert(b"subject_id,time,ftime,status\nA,1,2,NRM\n", entry)
    assert found(findings) == [("E03", "E", 1, "ftime")]


def test_a_repeated_column_is_left_to_its_own_finding():
    _, lacking, findings = convert(b"subject_id,time,time,status\nA,1,2,NRM\n")
    assert findings == []
    assert lacking == {"time"}


def test_a_file_without_a_header_is_one_finding():
    _, lacking, findings = convert(b"A,1,NRM\nB,2,NRM\n", {"file": "o.csv"})
    errors = [one for one in found(findings) if one[1] == "E"]
    assert errors == [("E03", "E", 1, None)]
    assert "status" in lacking


def test_cells_are_missing_where_they_are_empty_or_the_study_says_so():
    data = b"subject_id,time,status\nA,NA,NRM\nB,,NA\n"
    frame, _, _ = convert(data)
    assert frame["time"].isna().tolist() == [False, True]  # NA is text
    frame, _, _ = convert(data, OUTCOMES | {"missing": ["NA"]})
    assert frame["time"].isna().tolist() == [True, True]
    assert frame["status"].isna().tolist() == [False, True]
    frame, _, _ = convert(data, OUTCOMES | {"missing": {"time": ["NA"]}})
    assert frame["status"].isna().tolist() == [False, False]


@pytest.mark.parametrize(
    ("label", "cell", "wrong"),
    [
        ("MADE UP", "MADE UP", False),
        ("MADE UP", "REAL", True),
        ("MADE UP", "", False),
        (None, "MADE UP", True),  # made-up data in a study of real ones
        (None, "", False),
    ],
)
def test_rows_of_another_data_label_are_errors(label, cell, wrong):
    data = f"subject_id,time,status,data_label\nA,1,NRM,{cell}\n".encode()
    _, _, findings = convert(data, label=label)
    assert found(findings) == ([("E03", "E", 2, "data_label")] if wrong else [])


def test_a_file_without_the_label_column_is_right():
    assert convert(b"subject_id,time,status\nA,1,NRM\n", label="MADE UP")[2] == []
