"""Queries opened and closed between two cuts, and what the comparison itself has to ask."""

from __future__ import annotations

import pandas as pd

from graftline.compare_cuts.changes import concat_changes, make_changes
from graftline.validation.findings import ERROR, TEXT, WARNING, concat_findings, make_findings

# What makes a finding the same in both cuts: its line may have moved.
SAME = ["rule", "severity", "table", "column", "subject_id", "value"]

QUESTIONS = {
    "patient_lost": (
        "K01",
        ERROR,
        "The patient was in the previous cut and is not in this one; deliver him again, or say in "
        "corrections.csv what became of him (table subjects, column subject_id, new empty for removed "
        "or the patient with whom he is one).",
    ),
    "death_undone": (
        "K02",
        ERROR,
        "The patient was dead in the previous cut and is not in this one; correct vital_status, or "
        "confirm it by a row of corrections.csv for the patient's follow-up (column vital_status).",
    ),
    "value_changed": (
        "K03",
        WARNING,
        "The value is not that of the previous cut and no correction says why; confirm it by a row of "
        "corrections.csv from this cut on.",
    ),
    "record_removed": (
        "K04",
        WARNING,
        "The record was in the previous cut and is not in this one, and no correction says why; deliver "
        "it again or confirm that it was wrong.",
    ),
}


def compare_findings(before: list[pd.DataFrame], after: list[pd.DataFrame]) -> pd.DataFrame:
    """The queries of all stages that are new, and those that are no longer there."""
    old, new = (_numbered(pd.concat(stages, ignore_index=True)) for stages in (before, after))
    opened = new[~new["same"].isin(old["same"])]
    closed = old[~old["same"].isin(new["same"])]
    return concat_changes(
        [_rows("finding_opened", opened), _rows("finding_closed", closed)],
    )


def _numbered(findings: pd.DataFrame) -> pd.DataFrame:
    """`findings` with a text that is the same for the same finding of another cut."""
    same = findings[SAME[0]].astype(TEXT).fillna("")
    for name in SAME[1:]:
        same = same + "\0" + findings[name].astype(TEXT).fillna("")
    nth = same.groupby(same).cumcount().astype("string[pyarrow]")
    return findings.assign(same=same + "\0" + nth)


def _rows(kind: str, findings: pd.DataFrame) -> pd.DataFrame:
    return make_changes(
        kind,
        len(findings),
        subject_id=findings["subject_id"].to_numpy(),
        table_name=findings["table"].to_numpy(),
        record_key=findings["rule"].to_numpy(),
        column=findings["column"].to_numpy(),
        **{"before" if kind == "finding_closed" else "after": findings["value"].to_numpy()},
        src_file=findings["file"].to_numpy(),
        src_line=pd.to_numeric(findings["line"], errors="coerce").astype("Int64").to_numpy(),
    )


def ask_about(changes: pd.DataFrame) -> pd.DataFrame:
    """A finding for each change that needs a correction and has none (K01 to K04).

    An error for a patient who is gone and for a death that is undone, a warning for a past record that
    says something else.
    """
    parts = []
    for kind, (rule, severity, message) in QUESTIONS.items():
        rows = changes[changes["kind"].eq(kind) & changes["correction_line"].isna()]
        found = make_findings([])
        if len(rows):
            found = pd.DataFrame(
                {
                    "rule": rule,
                    "severity": severity,
                    "table": rows["table_name"],
                    "file": rows["src_file"],
                    "line": rows["src_line"],
                    "column": rows["column"],
                    "subject_id": rows["subject_id"],
                    "value": rows["after"] if severity == WARNING else rows["before"],
                    "message": message,
                }
            )
        parts.append(found)
    return concat_findings(parts)
