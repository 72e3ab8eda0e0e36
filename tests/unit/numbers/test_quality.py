"""Numbers of findings and corrections."""

import pandas as pd
import pytest

from graftline.errors import GraftlineError
from graftline.numbers import evaluate
from graftline.numbers.quality import (
    FINDING_COLUMNS,
    declare_quality,
    tabulate_findings,
    tabulate_set_aside,
)
from graftline.raw.sdtm.mapping import SET_ASIDE, no_set_aside


def queries(*rows: tuple) -> pd.DataFrame:
    """A list of queries as read from CSV: all text."""
    names = ["rule", "severity", "table", "file", "line", "column", "value", "message"]
    return pd.DataFrame(
        [(*row, "SECRET", "SECRET too") for row in rows], columns=names, dtype=object
    )


RAW = queries(
    ("E06", "E", "ae", "ae.csv", "12", "start_date"),
    ("E44", "W", "labs", "labs.csv", "3", "value"),
    ("E44", "W", "labs", "labs.csv", "9", "value"),
    ("E31", "W", "vitals", "vitals.csv", "2", "pulse_min"),
)
DERIVED = queries(("S01", "E", "toxicity", None, None, None))
NO_CORRECTIONS = pd.DataFrame({"row_key": pd.array([], dtype="string[pyarrow]")})


def values(findings: pd.DataFrame, corrections=NO_CORRECTIONS, set_aside=None) -> dict:
    set_aside = tabulate_set_aside(no_set_aside() if set_aside is None else set_aside)
    frames = {"findings": findings, "corrections": corrections, "set_aside": set_aside}
    return {r["id"]: r["value"] for r in evaluate(declare_quality(findings, set_aside), frames)}


def test_findings_of_both_stages_are_one_table_without_values_and_messages():
    frame = tabulate_findings({"raw": RAW, "derived": DERIVED})
    assert list(frame) == FINDING_COLUMNS
    assert frame["row_key"].tolist() == [
        "raw/0000001",
        "raw/0000002",
        "raw/0000003",
        "raw/0000004",
        "derived/0000001",
    ]
    assert frame["src_line"].tolist() == [12, 3, 9, 2, pd.NA]
    assert not frame.astype(str).apply(lambda column: column.str.contains("SECRET")).any(axis=None)


def test_findings_are_counted_by_severity_and_by_rule():
    corrections = pd.DataFrame(
        {"row_key": pd.array(["0000002", "0000003"], dtype="string[pyarrow]")}
    )
    assert values(tabulate_findings({"raw": RAW, "derived": DERIVED}), corrections) == {
        "quality.errors.n": 2,
        "quality.warnings.n": 3,
        "quality.corrections.n": 2,
        "quality.set_aside.patients.n": 0,
        "quality.set_aside.rows.n": 0,
        "quality.e06.n": 1,
        "quality.e31.n": 1,
        "quality.e44.n": 2,
        "quality.s01.n": 1,
    }


@pytest.mark.parametrize("stages", [{"raw": RAW.iloc[:0], "derived": DERIVED.iloc[:0]}])
def test_without_findings_the_counts_are_zero(stages):
    findings = tabulate_findings(stages)
    assert len(findings) == 0
    assert values(findings) == {
        "quality.errors.n": 0,
        "quality.warnings.n": 0,
        "quality.corrections.n": 0,
        "quality.set_aside.patients.n": 0,
        "quality.set_aside.rows.n": 0,
    }


def test_one_stage_without_findings_takes_nothing_from_the_other():
    assert (
        values(tabulate_findings({"raw": RAW.iloc[:0], "derived": DERIVED}))["quality.errors.n"]
        == 1
    )
    assert (
        values(tabulate_findings({"raw": RAW, "derived": DERIVED.iloc[:0]}))["quality.errors.n"]
        == 1
    )


@pytest.mark.parametrize("severity", ["error", "e", None, ""])
def test_a_severity_that_would_be_counted_nowhere_is_refused(severity):
    with pytest.raises(GraftlineError, match="severity is neither E nor W"):
        tabulate_findings({"raw": queries(("E06", severity, "ae", "ae.csv", "12", "start_date"))})


def test_patients_and_records_set_aside_are_counted_by_reason():
    rows = [
        ("subjects", "A", "dm.xpt", 1, "patient", "screen failure"),
        ("subjects", "B", "dm.xpt", 2, "patient", "screen failure"),
        ("followup", "A", "ds.xpt", 1, "row", "screen failure"),
        ("labs", "C", "lb.xpt", 7, "row", "urinalysis"),
        ("labs", "C", "lb.xpt", 9, "row", "urinalysis"),
    ]
    aside = pd.DataFrame(rows, columns=list(SET_ASIDE)).astype(SET_ASIDE)
    found = values(tabulate_findings({"raw": RAW.iloc[:0]}), set_aside=aside)
    assert {name: n for name, n in found.items() if "set_aside" in name} == {
        "quality.set_aside.patients.n": 2,
        "quality.set_aside.patients.screen_failure.n": 2,
        "quality.set_aside.rows.n": 3,
        "quality.set_aside.rows.screen_failure.n": 1,
        "quality.set_aside.rows.urinalysis.n": 2,
    }
    nothing = values(tabulate_findings({"raw": RAW.iloc[:0]}))
    assert nothing["quality.set_aside.patients.n"] == nothing["quality.set_aside.rows.n"] == 0
