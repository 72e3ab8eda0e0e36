"""Dated raw cells: a date with the cell it was read from, one row a patient."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from graftline.errors import GraftlineError

TEXT = "string[pyarrow]"
CELL_TYPES = {
    "subject_id": TEXT,
    "date": "datetime64[ns]",
    "flag": TEXT,  # D day imputed, M month and day, Y all; missing: as recorded
    "what": TEXT,  # what the cell says happened, in words
    "srcdom": TEXT,
    "srcvar": TEXT,
    "src_file": TEXT,
    "src_line": "Int64",
}


def no_cells() -> pd.DataFrame:
    """A frame of cells without rows."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in CELL_TYPES.items()})


def read_cells(
    tables: Mapping[str, pd.DataFrame],
    table: str,
    column: str,
    *,
    what: str,
    date: pd.Series | None = None,
    where: pd.Series | None = None,
) -> pd.DataFrame:
    """Cells of `column` of `tables[table]` that hold a date; none if the study lacks the table.

    `date` replaces the column's own values (as for partial dates); `where` keeps rows that are true
    (a missing truth value is false).
    """
    if table not in tables:
        return no_cells()
    frame = tables[table]
    dates = pd.to_datetime(frame[column] if date is None else date)
    keep = dates.notna()
    if where is not None:
        keep &= where.fillna(False).astype(bool)
    rows = frame.loc[keep]
    return pd.DataFrame(
        {
            "subject_id": rows["subject_id"],
            "date": dates[keep],
            "flag": pd.NA,
            "what": what,
            "srcdom": table,
            "srcvar": column,
            "src_file": rows["src_file"],
            "src_line": rows["src_line"],
        }
    ).astype(CELL_TYPES)


def concat_cells(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """All cells of `parts`, numbered anew."""
    # Of one type, also where a column has no value at all: else pandas would guess the type.
    parts = [part.astype(CELL_TYPES) for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else no_cells()


def pick_cell(cells: pd.DataFrame, subjects: pd.Index, *, last: bool = False) -> pd.DataFrame:
    """The earliest (or latest) cell of each of `subjects`; of several on one day the first listed.

    Indexed by `subjects`, a row of missing values for a patient without any.
    """
    cells = cells.reset_index(drop=True)
    dates = cells.groupby("subject_id", sort=False)["date"]
    chosen = cells.loc[dates.idxmax() if last else dates.idxmin()] if len(cells) else cells
    return chosen.set_index("subject_id").reindex(subjects)


def place_of(cells: pd.DataFrame, wrong: pd.Series) -> str:
    """File, line and column of the first cell where `wrong`."""
    first = cells.loc[wrong.to_numpy(dtype=bool)].iloc[0]
    return f"{first['src_file']}, line {first['src_line']}, column {first['srcvar']}"


def refuse(cells: pd.DataFrame, wrong: pd.Series, problem: str) -> None:
    """Raise GraftlineError for the first of the cells that are `wrong`, with how many more."""
    n = int(wrong.sum())
    if n:
        more = f" ({n - 1} more like it)" if n > 1 else ""
        raise GraftlineError(f"{place_of(cells, wrong)}: {problem}{more}")
