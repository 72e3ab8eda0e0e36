"""Grades of clinical findings: the item's own words, each with its grade."""

from __future__ import annotations

import pandas as pd

from graftline.errors import GraftlineError
from graftline.grading.scale import Item

FINDING_MISSING = "finding missing"


def grade_findings(item: Item, frame: pd.DataFrame) -> pd.DataFrame:
    """Grades of adverse-event rows of one item, from the column finding.

    `frame` has finding, src_file and src_line. Returns, on the same index, grade (Int64) and reason
    ("finding missing" where there is none; missing where there is a grade). Raises GraftlineError,
    naming file and line, for a finding that is not one of the item's words: guessing its grade, or
    leaving it out of the worst grade, would both be wrong in silence.
    """
    finding = frame["finding"].astype("string[pyarrow]")
    grade = finding.map(item.grade_of_finding).astype("Float64").astype("Int64")
    unknown = finding.notna() & grade.isna()
    if unknown.any():
        row = frame[unknown].iloc[0]
        words = "; ".join(item.grade_of_finding) or "none, it is graded from laboratory values"
        raise GraftlineError(
            f"{row['src_file']}, line {row['src_line']}, column finding: not one of the words of "
            f"the item {item.code} ({words}). Correct it, or move the record to its own item"
        )
    reason = pd.Series(pd.NA, index=frame.index, dtype="string[pyarrow]")
    return pd.DataFrame({"grade": grade, "reason": reason.mask(finding.isna(), FINDING_MISSING)})
