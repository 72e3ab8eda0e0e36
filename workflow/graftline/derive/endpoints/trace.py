"""Lineage of the endpoints: the cell that decided each row, and those it depends on besides."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from graftline.derive.endpoints.dated import order_events
from graftline.derive.endpoints.named_dates import NamedDates
from graftline.derive.lineage import lineage_of

GROUP_CELLS = (("subjects", "arm"), ("disease", "diagnosis"))


def _of_cells(row_key: pd.Series, cells: pd.DataFrame, wanted: pd.Series | None = None) -> list:
    """Lineage parts of `cells`, one a patient in the order of `row_key`, as contributing."""
    keep = cells["src_line"].notna()
    if wanted is not None:
        keep &= wanted
    row_key, cells = row_key[keep.to_numpy()], cells[keep]
    return [
        lineage_of("endpoints", row_key[mine.to_numpy()], cells[mine], column, role="contributed")
        for column in cells["srcvar"].dropna().unique()
        for mine in [cells["srcvar"] == column]
    ]


def _of_table(row_key, tables, table: str, column: str, subjects: pd.Index) -> list:
    """Lineage parts of `column` of all rows that `table` has of each patient."""
    if table not in tables:
        return []
    frame = tables[table]
    keys = frame["subject_id"].map(pd.Series(row_key.to_numpy(), index=subjects))
    known = keys.notna() & frame[column].notna()
    return [lineage_of("endpoints", keys[known], frame[known], column, role="contributed")]


def trace_decisions(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Lineage parts of the deciding cells of `rows` (columns row_key, srcvar, srcseq, src_file)."""
    source = rows.rename(columns={"srcseq": "src_line"})
    return [
        lineage_of("endpoints", source.loc[mine, "row_key"], source[mine], column)
        for column in source["srcvar"].dropna().unique()
        for mine in [source["srcvar"].eq(column).fillna(False)]
    ]


def trace_assessments(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Lineage parts of what made an assessment the deciding one: its response and adequacy."""
    source = rows.rename(columns={"srcseq": "src_line"})
    source = source[source["srcdom"].eq("assessments").fillna(False)]
    return [
        lineage_of("endpoints", source["row_key"], source, column, role="contributed")
        for column in ("response", "adequate")
    ]


def trace_groups(rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[pd.DataFrame]:
    """Lineage parts of arm and diagnosis, which every row of `rows` carries."""
    subjects = pd.Index(rows["subject_id"])
    return [
        part
        for table, column in GROUP_CELLS
        for part in _of_table(rows["row_key"], tables, table, column, subjects)
    ]


def trace_dates(
    rows: pd.DataFrame,
    named: NamedDates,
    tables: Mapping[str, pd.DataFrame],
    endpoint: dict,
    origins: dict,
) -> list[pd.DataFrame]:
    """Lineage parts of the dates that one endpoint's `rows` depend on besides the deciding cell.

    Origin and entry; every event looked for, whether or not it was the first; vital status; and for
    a censored patient or an imputed date the latest evidence of life in each table.
    """
    row_key, subjects = rows["row_key"], pd.Index(rows["subject_id"])
    names = [origins[key]["event"] for key in (endpoint["origin"], endpoint.get("entry")) if key]
    names += order_events(endpoint)
    chosen = [named.cells[name].loc[subjects] for name in names]
    parts = trace_assessments(rows)
    parts += [part for cells in chosen for part in _of_cells(row_key, cells)]
    for column in ("vital_status", "death_date"):
        parts += _of_table(row_key, tables, "followup", column, subjects)
    depends = (rows["status"].eq(0) | rows["adtf"].notna()).fillna(False).set_axis(subjects)
    last = [cells.loc[subjects] for cells in named.evidence.values()]
    last.append(named.cells["last_assessment"].loc[subjects])
    return parts + [part for cells in last for part in _of_cells(row_key, cells, depends)]
