"""Findings: what is wrong, where, and what to do about it, one row each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from graftline.raw.sources import at_cell

ERROR = "E"
WARNING = "W"
FINDING_COLUMNS = [
    "rule",
    "severity",
    "table",
    "file",
    "line",
    "column",
    "subject_id",
    "value",
    "message",
]
TEXT = pd.StringDtype("pyarrow")
_TYPES = {column: "Int64" if column == "line" else TEXT for column in FINDING_COLUMNS}


def make_findings(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Findings from dictionaries; what a dictionary leaves out is missing, severity is E."""
    frame = pd.DataFrame([{"severity": ERROR, **row} for row in rows], columns=FINDING_COLUMNS)
    return frame.astype(_TYPES)


def flag_rows(
    frame: pd.DataFrame,
    rows: np.ndarray | pd.Series,
    *,
    rule: str,
    message: str | np.ndarray,
    table: str,
    severity: str = ERROR,
    column: str = "",
    value: Any = None,
) -> pd.DataFrame:
    """A finding for each of the `rows` (truth values or positions) of a table with src_file, src_line.

    `value` are the cells to show, one a flagged row; without it those of `column`. `message` may be
    one text a flagged row.
    """
    rows = np.asarray(rows)
    if rows.dtype == bool:
        rows = np.flatnonzero(rows)
    at = at_cell(frame.iloc[rows], column)
    if value is None and column and column in at:
        value = at[column]
    return pd.DataFrame(
        {
            "rule": rule,
            "severity": severity,
            "table": table,
            "file": at["src_file"].to_numpy(),
            "line": at["src_line"].to_numpy(),
            "column": column or None,
            "subject_id": at["subject_id"].to_numpy() if "subject_id" in at else None,
            "value": as_text(value, len(at)),
            "message": message,
        },
        columns=FINDING_COLUMNS,
    ).astype(_TYPES)


def as_text(value: Any, length: int) -> Any:
    """Cells as a person would write them: dates without time, whole numbers without a point."""
    if value is None or isinstance(value, str):
        return [value] * length
    series = pd.Series(value).reset_index(drop=True)
    if pd.api.types.is_datetime64_any_dtype(series):
        return series.dt.strftime("%Y-%m-%d").astype(TEXT).to_numpy()
    if pd.api.types.is_float_dtype(series):
        return series.map(lambda cell: None if pd.isna(cell) else f"{cell:.12g}").to_numpy()
    return series.astype(TEXT).to_numpy()


def concat_findings(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All findings by file, line, column and rule; a finding that two checks made alike is kept once."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return make_findings([])
    frame = pd.concat(parts, ignore_index=True).astype(_TYPES).drop_duplicates()
    order = ["file", "line", "column", "rule", "severity", "table", "value", "message"]
    return frame.sort_values(order, kind="stable", na_position="first").reset_index(drop=True)


def summarise_findings(findings: pd.DataFrame, *, data_label: str | None) -> dict[str, Any]:
    """Counts for the gate and the report, without patient values.

    `by_rule` maps a rule to its `errors` and `warnings`; `files_with_errors` is a count of files.
    """
    errors = findings["severity"].eq(ERROR)
    counts = findings.groupby(["rule", "severity"]).size()
    return {
        "errors": int(errors.sum()),
        "warnings": int((~errors).sum()),
        "files_with_errors": int(findings.loc[errors, "file"].nunique()),
        "by_rule": {
            rule: {
                "errors": int(counts.get((rule, ERROR), 0)),
                "warnings": int(counts.get((rule, WARNING), 0)),
            }
            for rule in sorted(findings["rule"].unique())
        },
        "data_label": data_label,
    }
