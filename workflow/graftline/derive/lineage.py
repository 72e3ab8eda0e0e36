"""Lineage: which raw cells each derived row stands on."""

from __future__ import annotations

import pandas as pd

from graftline.raw.sources import at_cell

LINEAGE_COLUMNS = ["derived_table", "row_key", "role", "src_file", "src_line", "src_column"]


def lineage_of(
    derived_table: str,
    row_key: pd.Series,
    source: pd.DataFrame,
    src_column: str,
    *,
    role: str = "decided",
) -> pd.DataFrame:
    """Lineage of the derived rows `row_key`, which stand on `src_column` of the rows of `source`.

    `row_key` and `source` have the same length and order; `source` has `src_file` and `src_line`, and
    where it has `<src_column>_line` too, that is the source row of the cell (`graftline.raw.sources`).
    `role` is "decided" for the cell that gave the row its value and "contributed" for one that was
    looked at. Rows without a source line (missing `src_line`) are left out.
    """
    if role not in ("decided", "contributed"):
        raise ValueError(f"role is {role!r}; it must be decided or contributed")
    if len(row_key) != len(source):
        raise ValueError(f"{len(row_key)} row keys for {len(source)} source rows")
    source = at_cell(source, src_column)
    frame = pd.DataFrame(
        {
            "derived_table": derived_table,
            "row_key": row_key.to_numpy(),
            "role": role,
            "src_file": source["src_file"].to_numpy(),
            "src_line": source["src_line"].to_numpy(),
            "src_column": src_column,
        },
        columns=LINEAGE_COLUMNS,
    )
    return frame[frame["src_line"].notna()]


def lineage_of_cells(derived_table: str, frame: pd.DataFrame, column: str) -> list[pd.DataFrame]:
    """Lineage of the rows of `frame` that are about one raw cell each.

    `frame` has `row_key`, `src_file`, `src_line`, and in `column` the name of the raw column; a row
    about a whole line has none there and gets the empty name.
    """
    return [
        lineage_of(derived_table, rows["row_key"], rows, str(name))
        for name, rows in frame.groupby(frame[column].fillna(""), sort=True)
    ]


def concat_lineage(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """All parts as one table with the columns `LINEAGE_COLUMNS`, sorted, each row once."""
    parts = [part for part in parts if len(part)]
    if not parts:
        frame = pd.DataFrame({column: [] for column in LINEAGE_COLUMNS})
    else:
        frame = pd.concat(parts, ignore_index=True).drop_duplicates()
    text = [column for column in LINEAGE_COLUMNS if column != "src_line"]
    frame = frame.astype(dict.fromkeys(text, "string[pyarrow]") | {"src_line": "Int64"})
    return frame.sort_values(LINEAGE_COLUMNS, kind="stable").reset_index(drop=True)
