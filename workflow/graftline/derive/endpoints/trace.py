"""Lineage of the endpoints: the cell that decided each row, and those it depends on besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import pandas as pd

from graftline.derive.endpoints.declarations import is_dated, order_events, order_of_censorings
from graftline.derive.endpoints.named_dates import NamedDates
from graftline.derive.lineage import LINEAGE_COLUMNS, lineage_of

GROUP_CELLS = (("subjects", "arm"), ("disease", "diagnosis"))
VITAL_CELLS = (("followup", "vital_status"), ("followup", "death_date"))
PLACE = ["subject_id", "src_file", "src_line", "src_column"]


def _place_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Where the cells of patients stand, one row each; cells without a source line are left out."""
    known = cells.loc[cells["src_line"].notna(), ["src_file", "src_line", "srcvar"]]
    return known.rename(columns={"srcvar": "src_column"}).reset_index()[PLACE]


class CellPlaces:
    """Where the cells stand that the rows of all endpoints may depend on; each looked up once."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], named: NamedDates | None):
        self._tables, self._named = tables, named
        self._found: dict[tuple, pd.DataFrame] = {}

    def of_columns(self, columns: Iterable[tuple[str, str]]) -> pd.DataFrame:
        """All filled cells of the given (table, column) pairs that the study has."""
        key = tuple(columns)
        if key not in self._found:
            parts = []
            for table, column in key:
                if table in self._tables:
                    frame = self._tables[table]
                    filled = frame.loc[
                        frame[column].notna(), ["subject_id", "src_file", "src_line"]
                    ]
                    parts.append(filled.assign(src_column=column))
            self._found[key] = pd.concat(parts) if parts else pd.DataFrame(columns=PLACE)
        return self._found[key]

    def of_names(self, names: Iterable[str]) -> pd.DataFrame:
        """The cells of the named dates `names`."""
        key = ("names", *dict.fromkeys(names))
        if key not in self._found:
            cells = self._named.cells
            parts = [_place_cells(cells[name]) for name in key[1:] if name in cells]
            self._found[key] = pd.concat(parts)
        return self._found[key]

    @cached_property
    def of_life(self) -> pd.DataFrame:
        """The latest evidence of life in each table, and the last assessment free of disease."""
        found = [*self._named.evidence.values(), self._named.cells["last_assessment"]]
        return pd.concat([_place_cells(cells) for cells in found])


def trace_decisions(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Lineage parts of the deciding cells of `rows` (columns row_key, srcvar, srcseq, src_file)."""
    source = rows.rename(columns={"srcseq": "src_line"})
    return [
        lineage_of("endpoints", source.loc[mine, "row_key"], source[mine], column)
        for column in source["srcvar"].dropna().unique()
        for mine in [source["srcvar"].eq(column).fillna(False)]
    ]


def _trace_beside(rows: pd.DataFrame, endpoint: dict, events: dict) -> list[pd.DataFrame]:
    """Lineage parts of the cells beside the deciding one that made it so: an assessment's response
    and adequacy, and the columns that an event of the study's own goes by."""
    source = rows.rename(columns={"srcseq": "src_line"})
    beside = [(source["srcdom"].eq("assessments"), ("response", "adequate"))]
    for name in order_events(endpoint):
        if name in events:
            one = events[name]
            mine = source["srcdom"].eq(one["table"]) & source["srcvar"].eq(one["date"])
            beside.append((mine, tuple(one.get("where") or ())))
    return [
        lineage_of(
            "endpoints", source.loc[mine, "row_key"], source[mine], column, role="contributed"
        )
        for applies, columns in beside
        for mine in [applies.fillna(False).astype(bool)]
        for column in columns
    ]


def _contributed(rows: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Lineage of the rows of one endpoint that look at `cells` (columns `PLACE`)."""
    cells = cells[cells["subject_id"].isin(rows["subject_id"])]
    key = cells["subject_id"] + "/" + rows["endpoint"].iloc[0]
    found = cells.assign(derived_table="endpoints", role="contributed", row_key=key)
    return found[LINEAGE_COLUMNS]


def trace_rows(
    rows: pd.DataFrame, places: CellPlaces, endpoint: dict, origins: dict, events: dict
) -> list[pd.DataFrame]:
    """Lineage parts of one endpoint's `rows`: the deciding cells and all that they depend on.

    Of dates: origin and entry; every event looked for, whether or not it was the first, and what
    might have stopped observation; vital status; for a censored patient or an imputed date the
    latest evidence of life in each table. Arm and diagnosis, which every row carries.
    """
    parts = trace_decisions(rows)
    if rows.empty:
        return parts
    looked_at = [places.of_columns(GROUP_CELLS)]
    if is_dated(endpoint):
        clocks = (endpoint["origin"], endpoint.get("entry"))
        names = [origins[key]["event"] for key in clocks if key]
        names += [*order_events(endpoint), *order_of_censorings(endpoint)[0]]
        depends = (rows["status"].eq(0) | rows["adtf"].notna()).fillna(False)
        life = places.of_life
        life = life[life["subject_id"].isin(rows.loc[depends, "subject_id"])]
        looked_at += [places.of_names(names), places.of_columns(VITAL_CELLS), life]
        parts += _trace_beside(rows, endpoint, events)
    else:
        parts += trace_decisions(rows.assign(srcvar="status"))
    return [*parts, _contributed(rows, pd.concat(looked_at))]
