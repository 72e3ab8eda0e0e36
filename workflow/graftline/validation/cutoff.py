"""E06: nothing is dated after the cut."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.raw.cells import TypedTable
from graftline.validation.findings import WARNING, flag_rows

GRACE_DAYS = 7
# Tables of which a row may be dated shortly after the cut; the row is then left out.
ROW_DATES = {"vitals": "date", "labs": "date", "ae": "start_date"}


def check_cutoff(typed: TypedTable, schema, cut: str) -> None:
    """Report dates that are certainly after the cut; they become missing.

    Rows of vitals, labs and ae dated up to 7 days after the cut are left out with a warning. An
    adverse event's end up to 7 days after the cut is a warning and stays.
    """
    limit = pd.Timestamp(cut)
    late_rows = np.zeros(len(typed.frame), dtype=bool)
    for column, declared in schema.columns.items():
        kind = declared.metadata["kind"]
        if kind not in ("date", "partial_date"):
            continue
        days = typed.frame[column if kind == "date" else f"{column}_earliest"]
        after = (days > limit).to_numpy()
        if not after.any():
            continue
        slightly = after & (days <= limit + pd.Timedelta(days=GRACE_DAYS)).to_numpy()
        if ROW_DATES.get(typed.name) == column:
            late_rows |= slightly
            sentence = f"{column} is up to {GRACE_DAYS} days after the cut; the row was left out."
        elif (typed.name, column) == ("ae", "end_date"):
            sentence = f"{column} is up to {GRACE_DAYS} days after the cut; check it."
        else:
            slightly[:] = False
            sentence = ""
        _flag(typed, slightly, column, sentence, WARNING)
        wrong = after & ~slightly
        _flag(typed, wrong, column, f"{column} is after the cut of the data; check the year.", "E")
        if wrong.any():
            typed.fail(column, wrong)
    if late_rows.any():
        typed.drop(late_rows)


def _flag(typed: TypedTable, rows: np.ndarray, column: str, message: str, severity: str) -> None:
    if rows.any():
        typed.findings.append(
            flag_rows(
                typed.frame,
                rows,
                rule="E06",
                severity=severity,
                table=typed.name,
                column=column,
                message=message,
            )
        )
