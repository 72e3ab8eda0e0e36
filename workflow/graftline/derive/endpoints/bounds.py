"""Endpoints with partial dates at the first and the last days that they allow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.derive.endpoints.cells import TEXT
from graftline.derive.endpoints.declarations import is_dated
from graftline.derive.endpoints.derive import COLUMN_TYPES, derive_rows, find_dates_of
from graftline.derive.endpoints.partial_dates import EARLIEST, IMPUTED, LATEST
from graftline.derive.lineage import concat_lineage

BOUNDS_COLUMN_TYPES = {**COLUMN_TYPES, "dates": TEXT}
# What an estimate depends on.
DECISIVE = ["time", "entry", "status", "in_risk_set"]


def has_partial_dates(
    tables: Mapping[str, pd.DataFrame], events: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Whether an endpoint may depend on a date of which only a part is known, or that is not known
    at all of a patient reported dead."""
    read = [("followup", "date"), ("followup", "death_date"), ("assessments", "date")]
    read += [("new_therapy", "date")]
    read += [(event["table"], event["date"]) for event in events.values()]
    for table, column in read:
        if table in tables and f"{column}_earliest" in tables[table]:
            frame = tables[table]
            if (frame[f"{column}_earliest"] < frame[f"{column}_latest"]).any():
                return True
    if "followup" not in tables:
        return False
    frame = tables["followup"]
    dated = frame.loc[frame["death_date_earliest"].notna(), "subject_id"]
    dead = frame.loc[frame["vital_status"].eq("DEAD").fillna(False), "subject_id"]
    return not dead.isin(dated).all()


def _name_rows(
    frame: pd.DataFrame, lineage: pd.DataFrame, dates: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows and lineage as rows of `endpoints_bounds`."""
    frame = frame.assign(row_key=frame["row_key"] + f"/{dates}", dates=dates)
    lineage = lineage[lineage["row_key"].isin(frame["row_key"].str.removesuffix(f"/{dates}"))]
    lineage = lineage.assign(
        derived_table="endpoints_bounds", row_key=lineage["row_key"] + f"/{dates}"
    )
    return frame.astype(BOUNDS_COLUMN_TYPES), lineage.astype(dict(lineage.dtypes))


def derive_bounds(
    tables: Mapping[str, pd.DataFrame],
    imputed: tuple[pd.DataFrame, pd.DataFrame],
    *,
    endpoints: dict[str, dict[str, Any]],
    origins: dict[str, dict[str, Any]],
    survival: dict[str, Any],
    cut: str,
    events: dict[str, dict[str, Any]] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The endpoints that depend on partial dates, three times, and the lineage of these rows.

    `imputed` is what `derive_endpoints` returns; the other arguments are those it takes. `dates` is
    imputed, earliest or latest: all partial dates as imputed, on the first and on the last day that
    they allow within their bounds; a patient dead on an unknown day died on the last day known alive
    or at the cut. Only endpoints of which a row differs are among them: no rows where none does, and
    nothing is computed where no date is partial.
    """
    frame, lineage = imputed
    events = events or {}
    nothing = (
        frame.iloc[:0].assign(dates=None).astype(BOUNDS_COLUMN_TYPES),
        lineage.iloc[:0],
    )
    dated = {key: one for key, one in endpoints.items() if is_dated(one)}
    if not dated or not has_partial_dates(tables, events):
        return nothing
    found = {IMPUTED: imputed}
    for dates in (EARLIEST, LATEST):
        named = find_dates_of(tables, dated, events, cut, dates)
        found[dates] = derive_rows(
            tables,
            named,
            endpoints=dated,
            origins=origins,
            survival=survival,
            events=events,
            cut=cut,
        )
    usual = frame.set_index("row_key")[["endpoint", *DECISIVE]]
    changed: set[str] = set()
    for dates in (EARLIEST, LATEST):
        other = found[dates][0].set_index("row_key")[DECISIVE]
        here = usual.loc[other.index]
        differs = pd.Series(False, index=other.index)
        for column in DECISIVE:
            same = (here[column] == other[column]).fillna(False)
            differs |= ~(same | (here[column].isna() & other[column].isna()))
        changed |= set(here.loc[differs, "endpoint"])
    if not changed:
        return nothing
    parts = [
        _name_rows(rows[rows["endpoint"].isin(changed)], cells, dates)
        for dates, (rows, cells) in found.items()
    ]
    bounds = pd.concat([rows for rows, _ in parts], ignore_index=True)
    return (
        bounds.sort_values("row_key", ignore_index=True),
        concat_lineage([cells for _, cells in parts]),
    )
