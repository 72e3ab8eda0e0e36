"""Findings as a table, as counts, and as a page."""

from graftline.validation.findings import (
    FINDING_COLUMNS,
    concat_findings,
    make_findings,
    summarise_findings,
)
from graftline.validation.page import MAX_ROWS, render_page


def some():
    return make_findings(
        [
            {"rule": "E06", "file": "b.csv", "line": 10, "message": "late"},
            {"rule": "E06", "file": "b.csv", "line": 9, "message": "late", "severity": "W"},
            {
                "rule": "E04",
                "file": "a.csv",
                "line": 3,
                "value": "<b>1,5</b>",
                "message": "comma & co",
            },
        ]
    )


def test_findings_are_sorted_by_file_and_line_and_kept_once():
    findings = concat_findings([some(), some()])
    assert list(findings.columns) == FINDING_COLUMNS
    assert findings[["file", "line"]].values.tolist() == [["a.csv", 3], ["b.csv", 9], ["b.csv", 10]]


def test_no_finding_is_an_empty_table_with_the_same_columns():
    empty = concat_findings([make_findings([])])
    assert list(empty.columns) == FINDING_COLUMNS
    assert (empty.dtypes == some().dtypes).all()


def test_counts_are_by_rule_and_severity_without_values():
    assert summarise_findings(some(), data_label="MADE UP") == {
        "errors": 2,
        "warnings": 1,
        "files_with_errors": 2,
        "by_rule": {"E04": {"errors": 1, "warnings": 0}, "E06": {"errors": 1, "warnings": 1}},
        "data_label": "MADE UP",
    }


def test_the_page_escapes_every_text_and_needs_nothing_from_elsewhere():
    page = render_page(concat_findings([some()]), title="Queries <about> S", data_label="MADE & UP")
    assert "&lt;b&gt;1,5&lt;/b&gt;" in page
    assert "<b>" not in page
    assert "comma &amp; co" in page
    assert "MADE &amp; UP" in page
    assert "Queries &lt;about&gt; S" in page
    assert "http" not in page
    assert "src=" not in page
    assert page.index("a.csv") < page.index("b.csv")
    assert page.index(">9</td>") < page.index(">10</td>")


def test_the_page_says_when_it_shows_only_a_part():
    many = make_findings(
        {"rule": "E04", "file": "a.csv", "line": line, "message": "m"}
        for line in range(MAX_ROWS + 1)
    )
    page = render_page(many, title="t", data_label=None)
    assert page.count("<tr data-kind") == MAX_ROWS
    assert f"first {MAX_ROWS} of {MAX_ROWS + 1}" in page


def test_a_page_without_findings_says_so():
    assert "Nothing was found" in render_page(make_findings([]), title="t", data_label=None)
