"""Corrections: applied from their cut on, and only where the old cell is what they say."""

import pytest

from graftline.raw.corrections import apply_corrections
from graftline.raw.read_csv import read_csv
from tests.unit.validation.small_cohort import texts_of

HEADER = "table,key,column,old,new,reason,author,date,from_cut\n"
KEYS = {"subjects": ["subject_id"], "exposure": ["subject_id", "drug", "cycle"]}
WHY = "chart,A. Author,1999-01-05"


def correct(*rows, cut="1999-12-31", header=HEADER):
    tables = {
        "subjects": texts_of("subjects", [{"sex": "F"}, {"subject_id": "P02", "sex": ""}]),
        "exposure": texts_of(
            "exposure",
            [
                {"drug": "IL-2", "cycle": "1", "n_given": "20"},
                {"drug": "IL-2", "cycle": "2", "n_given": "19"},
                {"drug": "IL-2", "cycle": "2", "n_given": "18"},
            ],
        ),
    }
    raw = read_csv((header + "".join(row + "\n" for row in rows)).encode(), "corrections.csv")
    return apply_corrections(raw, tables, KEYS, cut)


def reports(findings):
    return [
        (row.rule, row.severity, row.file, row.line, row.column) for row in findings.itertuples()
    ]


def test_a_cell_is_corrected_and_the_correction_is_listed():
    tables, applied, findings = correct(f"exposure,P01|IL-2|1,n_given,20,18,{WHY},1999-01-01")
    assert len(findings) == 0
    assert tables["exposure"]["n_given"].tolist() == ["18", "19", "18"]
    assert applied.to_dict("records") == [
        {
            "table": "exposure",
            "subject_id": "P01",
            "src_file": "exposure.csv",
            "src_line": 2,
            "column": "n_given",
            "old": "20",
            "new": "18",
            "reason": "chart",
            "correction_line": 2,
        }
    ]


def test_an_empty_cell_is_filled_and_a_filled_one_emptied():
    tables, applied, findings = correct(
        f"subjects,P02,sex,,M,{WHY},1999-01-01", f"subjects,P01,sex,F,,{WHY},1999-01-01"
    )
    assert len(findings) == 0
    assert tables["subjects"]["sex"].isna().tolist() == [True, False]
    assert tables["subjects"]["sex"][1] == "M"
    assert applied["correction_line"].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("cut", "value"), [("1998-12-31", "F"), ("1999-01-01", "M"), ("1999-12-31", "M")]
)
def test_a_correction_holds_from_its_cut_on(cut, value):
    tables, applied, findings = correct(f"subjects,P01,sex,F,M,{WHY},1999-01-01", cut=cut)
    assert tables["subjects"]["sex"][0] == value
    assert len(applied) == (value == "M")
    assert len(findings) == 0


def test_a_correction_may_correct_an_earlier_one():
    tables, applied, findings = correct(
        f"subjects,P01,sex,F,M,{WHY},1999-01-01", f"subjects,P01,sex,M,U,{WHY},1999-01-01"
    )
    assert len(findings) == 0
    assert tables["subjects"]["sex"][0] == "U"
    assert applied[["old", "new"]].values.tolist() == [["F", "M"], ["M", "U"]]


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (f"subjects,P01,sex,M,U,{WHY},1999-01-01", "C02", "old"),
        (f"subjects,P02,sex,NA,U,{WHY},1999-01-01", "C02", "old"),
        (f"subjects,P09,sex,F,M,{WHY},1999-01-01", "C01", "key"),
        (f"exposure,P01|IL-2,n_given,20,18,{WHY},1999-01-01", "C01", "key"),
        (f"exposure,P01|IL-2|2,n_given,19,20,{WHY},1999-01-01", "C01", "key"),  # two rows
        (f"subjects,P01,gender,F,M,{WHY},1999-01-01", "C01", "column"),
        (f"subjects,P01,src_line,2,3,{WHY},1999-01-01", "C01", "column"),
        (f"labs,P01,value,2,3,{WHY},1999-01-01", "C01", "table"),
        ("subjects,P01,sex,F,M,,A. Author,1999-01-05,1999-01-01", "C01", "reason"),
        ("subjects,P01,sex,F,M,chart, ,1999-01-05,1999-01-01", "C01", "author"),
        ("subjects,P01,sex,F,M,chart,A. Author,5/1/1999,1999-01-01", "C01", "date"),
        (f"subjects,P01,sex,F,M,{WHY},1999", "C01", "from_cut"),
    ],
)
def test_a_correction_that_does_not_fit_is_an_error_and_is_not_applied(row, rule, column):
    tables, applied, findings = correct(f"subjects,P02,sex,,M,{WHY},1999-01-01", row)
    assert reports(findings) == [(rule, "E", "corrections.csv", 3, column)]
    assert tables["subjects"]["sex"].tolist() == ["F", "M"]
    assert tables["exposure"]["n_given"].tolist() == ["20", "19", "18"]
    assert len(applied) == 1


def test_a_correction_that_the_delivery_holds_already_is_a_warning_and_changes_nothing():
    tables, applied, findings = correct(f"subjects,P01,sex,M,F,{WHY},1999-01-01")
    assert reports(findings) == [("C02", "W", "corrections.csv", 2, "old")]
    assert tables["subjects"]["sex"][0] == "F"
    assert len(applied) == 0


def test_of_a_chain_of_corrections_the_delivery_may_hold_the_last():
    _, applied, findings = correct(
        f"subjects,P01,sex,M,U,{WHY},1999-01-01", f"subjects,P01,sex,U,F,{WHY},1999-01-01"
    )
    assert [found[1:4:2] for found in reports(findings)] == [("W", 2), ("W", 3)]
    assert len(applied) == 0


def test_what_became_of_a_patient_who_is_not_delivered_is_no_fault():
    tables, applied, findings = correct(
        f"subjects,P08,subject_id,P08,,{WHY},1999-01-01",
        f"subjects,P09,subject_id,P09,P01,{WHY},1999-01-01",
    )
    assert len(findings) == 0 and len(applied) == 0
    assert tables["subjects"]["subject_id"].tolist() == ["P01", "P02"]


def test_the_tables_given_are_left_as_they_were():
    given = {"subjects": texts_of("subjects", [{"sex": "F"}])}
    raw = read_csv(f"{HEADER}subjects,P01,sex,F,M,{WHY},1999-01-01\n".encode(), "c.csv")
    corrected, _, _ = apply_corrections(raw, given, KEYS, "1999-12-31")
    assert (given["subjects"]["sex"][0], corrected["subjects"]["sex"][0]) == ("F", "M")


def test_a_header_that_lacks_columns_is_one_finding():
    _, applied, findings = correct("subjects,P01,sex,F,M", header="table,key,column,old,new\n")
    assert reports(findings)[0][:4] == ("C01", "E", "corrections.csv", 1)
    assert len(findings) == 1
    assert len(applied) == 0


def test_a_ragged_row_is_a_finding_and_the_rest_is_applied():
    tables, _, findings = correct("subjects,P01,sex", f"subjects,P01,sex,F,M,{WHY},1999-01-01")
    assert reports(findings)[0][:4] == ("R05", "E", "corrections.csv", 2)
    assert tables["subjects"]["sex"][0] == "M"


def test_missing_parts_at_the_end_of_a_key_may_be_left_out():
    day = {"date": "1999-03-02", "weight_kg": "60"}
    tables = {"vitals": texts_of("vitals", [day, day | {"time": "08:00", "weight_kg": "61"}])}
    keys = {"vitals": ["subject_id", "date", "time", "visit"]}
    rows = (
        f"vitals,P01|1999-03-02,weight_kg,60,62,{WHY},1999-01-01\n"
        f"vitals,P01|1999-03-02|08:00|,weight_kg,61,63,{WHY},1999-01-01\n"
    )
    raw = read_csv((HEADER + rows).encode(), "corrections.csv")
    corrected, applied, findings = apply_corrections(raw, tables, keys, "1999-12-31")
    assert len(findings) == 0 and len(applied) == 2
    assert corrected["vitals"]["weight_kg"].tolist() == ["62", "63"]
