"""The source row of a cell that was gathered from a record of its own."""

import pandas as pd

from graftline.derive.lineage import lineage_of
from graftline.raw.sources import at_cell
from graftline.validation.findings import flag_rows

FRAME = pd.DataFrame(
    {
        "subject_id": ["A", "A"],
        "temp_cel": [37.0, 39.0],
        "src_file": "vs.parquet",
        "src_line": pd.array([1, 4], dtype="Int64"),
        "temp_cel_line": pd.array([128, pd.NA], dtype="Int64"),
    }
)


def test_a_cell_has_its_own_row_or_that_of_the_whole_row():
    assert at_cell(FRAME, "temp_cel")["src_line"].tolist() == [128, 4]
    assert at_cell(FRAME, "sbp_mmhg")["src_line"].tolist() == [1, 4]
    assert FRAME["src_line"].tolist() == [1, 4]


def test_findings_and_lineage_name_the_row_of_the_cell():
    both = [True, True]
    found = flag_rows(
        FRAME, pd.array(both), rule="E20", message="m", table="vitals", column="temp_cel"
    )
    assert found["line"].tolist() == [128, 4]
    lineage = lineage_of("toxicity", pd.Series(["a", "b"]), FRAME, "temp_cel")
    assert lineage["src_line"].tolist() == [128, 4]
    assert lineage_of("t", pd.Series(["a", "b"]), FRAME, "date")["src_line"].tolist() == [1, 4]
