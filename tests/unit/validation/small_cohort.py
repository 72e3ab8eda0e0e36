"""Small cohorts for tests of checks: tables as text, a row a line, typed by the project itself."""

import pandas as pd

from graftline.raw.cells import parse_cells
from graftline.validation import checks  # noqa: F401  (registers the checks)
from graftline.validation.cohort import Cohort
from graftline.validation.cut import empty_texts
from graftline.validation.cutoff import check_cutoff
from graftline.validation.findings import concat_findings
from graftline.validation.register import CHECKS, run_checks
from graftline.validation.schema import check_duplicates, check_schema
from schemas.raw import schema_of_study

CUT = "1999-12-31"
CODES = {"arms": ["HD", "ESC"], "drugs": ["IL-2", "IFN-A2B"]}
DRUGS = {
    "IL-2": {"dose_units": ["10*6.[iU]/m2"], "dose_range": [0.1, 24], "routes": ["SC"]},
    "IFN-A2B": {"dose_units": ["10*6.[iU]"], "dose_range": [0.5, 20], "routes": ["SC"]},
}
WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri"]
REGIMENS = {
    "HD": {"weekdays": WEEK, "dose_by_cycle": "constant", "IL-2": [], "IFN-A2B": []},
    "ESC": {"weekdays": WEEK, "dose_by_cycle": "non_decreasing", "IL-2": []},
}


def texts_of(table, rows):
    """The canonical text table of `rows`, dictionaries of which "" and missing keys are empty cells; the
    first row is line 2. The patient is P01 unless the row says otherwise."""
    columns = list(empty_texts(table).columns.drop(["src_file", "src_line"]))
    unknown = {key for row in rows for key in row} - set(columns)
    assert not unknown, f"{table} has no {unknown}"
    frame = pd.DataFrame([{"subject_id": "P01"} | row for row in rows], columns=columns)
    frame = frame.replace("", None).astype("string[pyarrow]")
    frame["src_file"] = pd.array([f"{table}.csv"] * len(rows), dtype="string[pyarrow]")
    frame["src_line"] = pd.array(range(2, len(rows) + 2), dtype="Int64")
    return frame


def type_rows(table, rows, *, lost_rows=False, judge=False, absent=()):
    """The typed table of `rows`; with `judge` its cut-off, schema and duplicates are checked."""
    schema = schema_of_study(table, codes=CODES, absent=list(absent))
    typed = parse_cells(table, texts_of(table, rows), schema, lost_rows=lost_rows)
    if judge:
        check_cutoff(typed, schema, CUT)
        check_schema(typed, schema)
        check_duplicates(typed, schema)
    return typed


def cohort_of(tables, *, lost=(), cut=CUT, signs=None, **options):
    """A cohort of `tables`: name -> rows; of those in `lost` some rows could not be read."""
    typed = {name: type_rows(name, rows, lost_rows=name in lost) for name, rows in tables.items()}
    return Cohort(
        typed, cut=cut, arms={}, drugs=DRUGS, regimens=REGIMENS, signs=signs, options=options
    )


def found(rule, severity, tables, **more):
    """(table, line, column) of what the checks of a rule and severity find in a cohort."""
    chosen = [one for one in CHECKS if (one.rule, one.severity) == (rule, severity)]
    assert chosen, f"no check {rule} of severity {severity}"
    return places(run_checks(cohort_of(tables, **more), chosen))


def judged(table, rows, **more):
    """(rule, severity, line, column) of what a table's own cells show."""
    findings = concat_findings(type_rows(table, rows, judge=True, **more).findings)
    return [
        (row.rule, row.severity, row.line, None if pd.isna(row.column) else row.column)
        for row in findings.itertuples()
    ]


def places(findings):
    """(table, line, column) of each finding, in the order of the list."""
    return [(row.table, row.line, row.column) for row in findings.itertuples()]
