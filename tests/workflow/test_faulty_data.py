"""Faulty data: everything wrong is listed at once, and the last good results stay."""

from __future__ import annotations

import csv

import pytest

from tests.workflow.test_staleness import CUT, make_sums_anew

pytestmark = pytest.mark.workflow


def set_cell(folder, table: str, line: int, column: str, value: str) -> None:
    """Change one cell, `line` counted as an editor counts it."""
    path = folder / f"{table}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    rows[line - 1][rows[0].index(column)] = value
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


# table, line, column, value, rule that finds it
FAULTS = [
    ("subjects", 3, "sex", "male", "E05"),
    ("disease", 4, "n_prior_lines", "two", "E04"),
    ("transplant", 5, "graft", "PBSCT", "E05"),
    ("exposure", 6, "route", "SUBCUT", "E05"),
    ("ae", 7, "start_date", "1993-02-31", "E06"),
    ("labs", 8, "value", "11,4", "E04"),
    ("labs", 20, "unit", "stone", "E24"),
    ("vitals", 9, "temp_cel", "46.0", "E20"),
    ("assessments", 10, "date", "03/04/1994", "E06"),
    ("followup", 4, "subject_id", "P99", "E02"),
]


def test_ten_faults_give_ten_findings_with_their_lines_and_leave_the_earlier_pdf(scratch):
    folder = scratch.path / CUT
    results = scratch.results("il2-ifn", "1997-12-31")
    before = (results / "aggregate/manuscript.pdf").read_bytes()
    for table, line, column, value, _ in FAULTS:
        set_cell(folder, table, line, column, value)
    make_sums_anew(folder)

    run = scratch.snakemake()

    assert run.status == 1
    assert (results / "aggregate/manuscript.pdf").read_bytes() == before
    with (results / "patient_level/queries.csv").open(newline="", encoding="utf-8") as file:
        errors = [row for row in csv.DictReader(file) if row["severity"] == "E"]
    found = {(row["table"], int(row["line"]), row["column"]) for row in errors}
    for table, line, column, _, _ in FAULTS:
        assert (table, line, column) in found
    assert "queries.csv" in run.output
    assert "P99" not in run.output and "stone" not in run.output
