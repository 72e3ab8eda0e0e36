"""The table `endpoints`: declarations of study.yaml applied to validated tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.derive.endpoints.cells import TEXT
from graftline.derive.endpoints.dated import derive_from_dates
from graftline.derive.endpoints.declarations import (
    check_declarations,
    find_population,
    is_dated,
    list_events,
)
from graftline.derive.endpoints.named_dates import NamedDates, find_named_dates
from graftline.derive.endpoints.outcomes import derive_from_outcomes
from graftline.derive.endpoints.partial_dates import IMPUTED
from graftline.derive.endpoints.trace import CellPlaces, trace_rows
from graftline.derive.lineage import concat_lineage

COLUMN_TYPES = {
    "row_key": TEXT,
    "subject_id": TEXT,
    "arm": TEXT,
    "diagnosis": TEXT,
    "endpoint": TEXT,
    "paramcd": TEXT,
    "param": TEXT,
    "startdt": "datetime64[ns]",
    "adt": "datetime64[ns]",
    "aval": "float64",
    "time": "float64",
    "entry": "float64",
    "time_unit": TEXT,
    "in_risk_set": "boolean",
    "cnsr": "Int64",
    "status": "Int64",
    "evntdesc": TEXT,
    "cnsdtdsc": TEXT,
    "srcdom": TEXT,
    "srcvar": TEXT,
    "srcseq": "Int64",
    "adtf": TEXT,
    "flag": TEXT,
}


def _label_rows(
    rows: pd.DataFrame, key: str, endpoint: dict, tables, time_unit: str
) -> pd.DataFrame:
    """`rows` with keys, names and the columns by which patients are grouped."""
    rows = rows.rename_axis("subject_id").reset_index()
    rows["row_key"] = rows["subject_id"] + "/" + key
    rows["endpoint"], rows["paramcd"], rows["param"] = key, endpoint["paramcd"], endpoint["label"]
    rows["time_unit"] = time_unit
    for table, column in (("subjects", "arm"), ("disease", "diagnosis")):
        values = pd.Series(pd.NA, index=rows.index)
        if table in tables:
            values = rows["subject_id"].map(tables[table].set_index("subject_id")[column])
        rows[column] = values
    return rows


def find_dates_of(
    tables: Mapping[str, pd.DataFrame],
    endpoints: dict[str, dict[str, Any]],
    events: dict[str, dict[str, Any]],
    cut: str,
    dates: str = IMPUTED,
) -> NamedDates:
    """The named dates that the dated ones of `endpoints` speak of."""
    wanted = {name for one in endpoints.values() if is_dated(one) for name in list_events(one)}
    return find_named_dates(tables, pd.Timestamp(cut), events=wanted, declared=events, dates=dates)


def derive_rows(
    tables: Mapping[str, pd.DataFrame],
    named: NamedDates | None,
    *,
    endpoints: dict[str, dict[str, Any]],
    origins: dict[str, dict[str, Any]],
    survival: dict[str, Any],
    events: dict[str, dict[str, Any]],
    cut: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of all `endpoints` and their lineage, from dates as `named` has them."""
    parts, lineage = [], []
    places = CellPlaces(tables, named)
    for key, endpoint in endpoints.items():
        population = find_population(tables, endpoint)
        if is_dated(endpoint):
            rows = derive_from_dates(named, endpoint, origins, pd.Timestamp(cut), survival)
            rows = rows.loc[population]
        else:
            rows = derive_from_outcomes(
                tables["outcomes"], endpoint, population, survival["time_unit"]
            )
        rows = _label_rows(rows, key, endpoint, tables, survival["time_unit"])
        lineage += trace_rows(rows, places, endpoint, origins, events)
        parts.append(rows.reindex(columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES))
    frame = pd.concat(parts, ignore_index=True).sort_values("row_key", ignore_index=True)
    return frame, _drop_weaker_role(concat_lineage(lineage))


def derive_endpoints(
    tables: Mapping[str, pd.DataFrame],
    *,
    endpoints: dict[str, dict[str, Any]],
    origins: dict[str, dict[str, Any]],
    survival: dict[str, Any],
    cut: str,
    events: dict[str, dict[str, Any]] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Endpoints, one row a patient and declared endpoint, and their lineage.

    `tables`: validated tables by name, those that the study has. `endpoints`, `origins`, `survival`
    and `events`: sections of study.yaml. `cut`: ISO date; events after it are not events. The first
    of the listed events counts; on one day the one listed first, but relapse before death. Without
    one the patient is censored as `censorings` say, bounded by the cut; an event beats any censoring
    but those that stop observation before it. Partial dates are imputed by rule.
    Columns: `COLUMN_TYPES`; status 0 censored, 1 event, 2 competing; CNSR 0 is the event.
    Raises GraftlineError for declarations that name unknown things and for contradictory dates.
    """
    events = events or {}
    check_declarations(endpoints, origins, survival, events)
    named = None
    if any(is_dated(endpoint) for endpoint in endpoints.values()):
        named = find_dates_of(tables, endpoints, events, cut)
    return derive_rows(
        tables,
        named,
        endpoints=endpoints,
        origins=origins,
        survival=survival,
        events=events,
        cut=cut,
    )


def _drop_weaker_role(lineage: pd.DataFrame) -> pd.DataFrame:
    """Each cell of a row once: what decided it is not also listed as having contributed."""
    cell = ["derived_table", "row_key", "src_file", "src_line", "src_column"]
    # "contributed" sorts before "decided".
    return lineage.sort_values([*cell, "role"]).drop_duplicates(cell, keep="last").sort_index()
