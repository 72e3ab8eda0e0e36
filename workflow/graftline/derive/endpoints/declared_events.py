"""Events that a study declares itself: an adverse event, failure to engraft, an infusion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.derive.endpoints.cells import no_cells, read_cells
from graftline.derive.endpoints.partial_dates import (
    IMPUTED,
    apply_bounds,
    choose_day,
    flag_precision,
)
from graftline.errors import GraftlineError


def _column(frame: pd.DataFrame, name: str, column: str) -> pd.Series:
    if column not in frame:
        raise GraftlineError(f"study.yaml, events.{name}: the table has no column {column!r}")
    return frame[column]


def find_dated_event(
    frame: pd.DataFrame,
    table: str,
    column: str,
    *,
    what: str,
    where: pd.Series | None = None,
    not_after: pd.Series | None = None,
    dates: str = IMPUTED,
) -> pd.DataFrame:
    """Cells of the rows `where`, dated by `column`, which may be partial.

    A partial date is imputed in the middle, not after `not_after` (a day a patient).
    """
    if f"{column}_earliest" not in frame:
        return read_cells({table: frame}, table, column, what=what, where=where)
    earliest, latest = frame[f"{column}_earliest"], frame[f"{column}_latest"]
    flag = flag_precision(earliest, latest)
    until = None if not_after is None else frame["subject_id"].map(not_after)
    date = choose_day(earliest, latest, flag, dates)
    date = apply_bounds(date, earliest, latest, not_after=until)
    cells = read_cells({table: frame}, table, column, what=what, date=date, where=where)
    kept = date.notna() if where is None else date.notna() & where.fillna(False).astype(bool)
    cells["flag"] = flag[kept].to_numpy()
    return cells


def find_declared_event(
    tables: Mapping[str, pd.DataFrame],
    name: str,
    declared: Mapping[str, Any],
    *,
    not_after: pd.Series,
    dates: str = IMPUTED,
) -> pd.DataFrame:
    """Cells of all events `name`, as `events.<name>` of study.yaml declares it.

    `declared`: label, table, date, and optionally where (column -> codes of which each row must have
    one) and days_later (the event counts so many days after the date). Nobody has the event in a
    study without the table. Raises GraftlineError for a column that the table does not have.
    """
    if declared["table"] not in tables:
        return no_cells()
    frame = tables[declared["table"]]
    where = pd.Series(True, index=frame.index)
    for column, codes in (declared.get("where") or {}).items():
        cells = _column(frame, name, column).astype("string[pyarrow]")
        where &= cells.isin([str(code) for code in codes]).fillna(False).astype(bool)
    column = declared["date"]
    if f"{column}_earliest" not in frame and _column(frame, name, column).dtype.kind != "M":
        raise GraftlineError(f"study.yaml, events.{name}.date: {column!r} is not a date")
    label = declared["label"]
    cells = find_dated_event(
        frame,
        declared["table"],
        column,
        what=label[:1].upper() + label[1:],
        where=where,
        not_after=not_after,
        dates=dates,
    )
    cells["date"] += pd.Timedelta(days=declared.get("days_later", 0))
    return cells
