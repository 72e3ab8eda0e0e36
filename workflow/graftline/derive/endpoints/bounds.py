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
    rows = frame.assign(row_key=frame["row_key"] + f"/{dates}", dates=dates)
    lineage = lineage[lineage["row_key"].isin(frame["row_key"])]
    lineage = lineage.assign(
        derived_table="endpoints_bounds", row_key=lineage["row_key"] + f"/{dates}"
    )
    return rows.astype(BOUNDS_COLUMN_TYPES), lineage


def no_bounds(
    imputed: tuple[pd.DataFrame, pd.DataFrame],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`derive_bounds` of a study in which no date is partial: no rows, no lineage."""
    frame, lineage = imputed
    return frame.iloc[:0].assign(dates=None).astype(BOUNDS_COLUMN_TYPES), lineage.iloc[:0]


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
    """The endpoints that are made of dates, three times, and the lineage of these rows.

    `imputed` is what `derive_endpoints` returns; the other arguments are those it takes. `dates` is
    imputed, earliest or latest: all partial dates as imputed, on the first and on the last day that
    they allow within their bounds; a patient dead on an unknown day died on the last day known alive
    or at the cut.
    """
    dated = {key: one for key, one in endpoints.items() if is_dated(one)}
    if not dated:
        return no_bounds(imputed)
    frame, lineage = imputed
    parts = [_name_rows(frame[frame["endpoint"].isin(dated)], lineage, IMPUTED)]
    for dates in (EARLIEST, LATEST):
        found = derive_rows(
            tables,
            find_dates_of(tables, dated, events or {}, cut, dates),
            endpoints=dated,
            origins=origins,
            survival=survival,
            events=events or {},
            cut=cut,
        )
        parts.append(_name_rows(*found, dates))
    bounds = pd.concat([rows for rows, _ in parts], ignore_index=True)
    return (
        bounds.sort_values("row_key", ignore_index=True),
        concat_lineage([cells for _, cells in parts]),
    )
