"""From a number to its rows and raw cells, on a results folder written by hand."""

import pytest

from graftline.errors import GraftlineError
from graftline.results_folder import ResultsFolder
from graftline.trace import format_trace, trace_number
from tests.unit.small_results import DATA, RECORDS, record, write_results


def trace(folder, number="cohort.alive.n", **options):
    return trace_number(ResultsFolder(write_results(folder, **options)), number)


def places(cells):
    return [
        (cell["role"], cell["file"].removeprefix(DATA + "/"), cell["line"], cell["column"])
        for cell in cells
    ]


def test_rows_selected_come_before_rows_considered(tmp_path):
    rows = trace(tmp_path)["rows"]
    assert [(row["row_key"], row["selected"]) for row in rows] == [
        ("P01", True),
        ("P02", True),
        ("P03", False),
    ]


def test_deciding_cells_come_before_contributing_ones_in_the_order_of_file_and_line(tmp_path):
    _, second, third = trace(tmp_path)["rows"]
    assert places(second["cells"]) == [
        ("decided", "followup.csv", 3, "date"),
        ("decided", "followup.csv", 12, "vitals"),
        ("contributed", "followup.csv", 12, "vital_status"),
        ("contributed", "labs.csv", 9, "date"),
    ]
    assert third["cells"] == []


def test_a_row_of_another_table_with_the_same_key_is_not_mixed_in(tmp_path):
    assert not any("ae.csv" in str(row["cells"]) for row in trace(tmp_path)["rows"])


def test_a_column_is_named_as_in_its_file_also_where_another_has_its_canonical_name(tmp_path):
    # vitals is vital_status, and the file's own vital_status is final_status.
    cells = trace(tmp_path)["rows"][1]["cells"]
    assert {cell["column"] for cell in cells if cell["line"] == 12} == {"vitals", "vital_status"}
    assert (
        next(c["column"] for c in cells if c["role"] == "decided" and c["line"] == 12) == "vitals"
    )


def test_a_column_that_two_tables_take_from_different_columns_names_both(tmp_path):
    raw = {
        "followup": {"file": "followup.csv", "rename": {"seen": "date"}},
        "assessments": {"file": "followup.csv", "rename": {"assessed": "date"}},
        "labs": {"file": "labs.csv", "rename": {"drawn": "date"}},
    }
    cells = trace(tmp_path, raw_tables=raw)["rows"][1]["cells"]
    assert {(c["file"][-8:], c["column"]) for c in cells if c["line"] != 12} == {
        ("owup.csv", "assessed or seen"),
        ("labs.csv", "drawn"),
    }


def test_a_correction_is_named_at_its_cell_and_no_other(tmp_path):
    found = trace(tmp_path, corrections=[("followup.csv", 12, "vital_status", 4)])
    corrected = [cell["corrected_at_lines"] for cell in found["rows"][1]["cells"]]
    assert corrected == [[], [4], [], []]
    text = format_trace(found)
    assert (
        f"decided     {DATA}/followup.csv:12 vitals (corrected by line 4 of corrections.csv)"
        in text
    )
    assert text.count("corrected by") == 1


def test_a_cell_that_was_corrected_twice_stands_once_with_both_lines(tmp_path):
    twice = [("followup.csv", 12, "vital_status", 9), ("followup.csv", 12, "vital_status", 4)]
    found = trace(tmp_path, corrections=twice)
    assert len(found["rows"][1]["cells"]) == 4
    assert "vitals (corrected by line 4 and 9 of corrections.csv)" in format_trace(found)


@pytest.mark.parametrize("number", ["cohort.alive.m", "cohort.alve.n"])
def test_an_unknown_number_is_answered_with_a_near_one(tmp_path, number):
    with pytest.raises(GraftlineError) as caught:
        trace(tmp_path, number)
    assert f"there is no number '{number}'" in str(caught.value)
    assert "did you mean cohort.alive.n" in str(caught.value)
    assert "numbers_full.json" in str(caught.value)


def test_the_printed_trace_says_how_the_number_was_made(tmp_path):
    text = format_trace(trace(tmp_path, "cohort.alive.age"))
    assert text.startswith("cohort.alive.age = 35.0 (patients)\n")
    for part in (
        "method      A sentence.",
        "made by     rule summarise_cohort, workflow/scripts/summarise_cohort.py (sha256 summarise_cohort",
        "derived by  rule derive_subjects, workflow/scripts/derive_subjects.py",
        'function    STATISTICS["median"], workflow/graftline/numbers/statistics.py',
        "build       d1ge57",
        "statistic   median (column = age)",
        "selected    SELECT row_key FROM subjects WHERE vital_status = 'ALIVE'",
        "considered  SELECT row_key FROM subjects ORDER BY",
        "data        MADE UP FOR A TEST",
        "rows selected: 2\n    subjects P01\n",
        "rows considered and not selected: 1\n    subjects P03",
    ):
        assert part in text


def test_no_value_of_a_raw_cell_is_printed(tmp_path):
    assert "DEAD" not in format_trace(trace(tmp_path))


def test_a_long_trace_is_cut_and_says_so(tmp_path):
    found = trace(tmp_path)
    text = format_trace(found, most_rows=1)
    assert "rows selected: 2, the first 1\n    subjects P01" in text and "P02" not in text
    assert "rows considered and not selected: 1, the first 0" in text
    assert "P03" in format_trace(found, most_rows=None)


def test_a_number_that_could_not_be_estimated_says_why(tmp_path):
    reason = "nobody was followed so long"
    none = record("os.median", "count", None, "NE", reason=reason)
    text = format_trace(trace(tmp_path, "os.median", records=[*RECORDS, none]))
    assert "os.median = NE" in text and f"None ({reason})" in text


# In SDTM each patient has a record 1 of a domain.
RECORDS_OF_TWO = [
    ("subjects", "P01", "decided", "ds.parquet", 1, "vital_status"),
    ("subjects", "P02", "decided", "ds.parquet", 1, "vital_status"),
]
DS = {
    "followup": {
        "file": "ds.parquet",
        "domain": "DS",
        "columns": {"subject_id": "USUBJID", "vital_status": {"from": "DSDECOD"}},
    },
    "vitals": {
        "file": "vs.parquet",
        "domain": "VS",
        "columns": {"subject_id": "USUBJID"},
        "gather": {"value": "VSSTRESN", "to": {"temp_cel": {"test": "TEMP", "unit": "C"}}},
    },
}


def test_a_correction_of_a_record_is_that_of_its_patient(tmp_path):
    found = trace(
        tmp_path,
        cells=RECORDS_OF_TWO,
        raw_tables=DS,
        corrections=[("ds.parquet", 1, "vital_status", 4, "P02")],
    )
    lines = {
        row["row_key"]: [c["corrected_at_lines"] for c in row["cells"]] for row in found["rows"]
    }
    assert lines == {"P01": [[]], "P02": [[4]], "P03": []}


def test_variables_of_a_domain_are_named_as_in_the_file(tmp_path):
    cells = [*RECORDS_OF_TWO[:1], ("subjects", "P01", "decided", "vs.parquet", 128, "temp_cel")]
    found = trace(tmp_path, cells=cells, raw_tables=DS)
    assert [cell["column"] for cell in found["rows"][0]["cells"]] == ["DSDECOD", "VSSTRESN"]
