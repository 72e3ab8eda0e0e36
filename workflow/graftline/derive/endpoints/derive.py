"""The table `endpoints`: declarations of study.yaml applied to validated tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.derive.endpoints.cells import TEXT
from graftline.derive.endpoints.dated import derive_from_dates
from graftline.derive.endpoints.named_dates import CENSORINGS, EVENTS, ORIGINS, find_named_dates
from graftline.derive.endpoints.outcomes import derive_from_outcomes
from graftline.derive.endpoints.trace import trace_dates, trace_decisions, trace_groups
from graftline.derive.lineage import concat_lineage
from graftline.errors import GraftlineError

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
}


def check_declarations(endpoints: dict, origins: dict, survival: dict) -> None:
    """Raise GraftlineError where an endpoint speaks of something that does not exist."""
    for key, endpoint in endpoints.items():
        clocks = [endpoint["origin"], *([endpoint["entry"]] if endpoint.get("entry") else [])]
        named = [*endpoint["events"], *(endpoint.get("competing") or [])]
        from_outcomes = endpoint.get("source") == "outcomes"
        problems = [
            f"origin {name!r} is not among origins" for name in clocks if name not in origins
        ]
        problems += [
            f"origin {name!r} starts at {origins[name]['event']!r}; known: {', '.join(ORIGINS)}"
            for name in clocks
            if name in origins and origins[name]["event"] not in ORIGINS
        ]
        problems += [
            f"event {name!r}; known: {', '.join(EVENTS)}" for name in named if name not in EVENTS
        ]
        if len(set(named)) < len(named):
            problems.append("an event is listed twice")
        if from_outcomes and endpoint.get("entry"):
            problems.append("outcomes have no entry")
        if not from_outcomes and endpoint.get("censored_at") not in CENSORINGS:
            problems.append(f"censored_at must be one of {', '.join(CENSORINGS)}")
        if not from_outcomes and survival["time_unit"] != "day":
            problems.append("dates are counted in days; survival.time_unit must be day")
        if bool(endpoint.get("competing")) != (endpoint.get("estimator") == "aalen_johansen"):
            problems.append("competing events and the estimator aalen_johansen go together")
        if problems:
            raise GraftlineError(f"study.yaml, endpoints.{key}: {problems[0]}")


def _population(tables: Mapping[str, pd.DataFrame], endpoint: dict) -> pd.Index:
    """Patients the endpoint is defined for, sorted: all, or those whose `disease` row has one of
    the values that `population` lists by column (relapse-free survival: those in remission)."""
    subjects = pd.Index(tables["subjects"]["subject_id"].sort_values(), name="subject_id")
    for column, values in (endpoint.get("population") or {}).items():
        disease = tables["disease"]
        subjects = subjects[subjects.isin(disease.loc[disease[column].isin(values), "subject_id"])]
    return subjects


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


def derive_endpoints(
    tables: Mapping[str, pd.DataFrame],
    *,
    endpoints: dict[str, dict[str, Any]],
    origins: dict[str, dict[str, Any]],
    survival: dict[str, Any],
    cut: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Endpoints, one row a patient and declared endpoint, and their lineage.

    `tables`: validated tables by name, those that the study has. `endpoints`, `origins` and
    `survival`: sections of study.yaml. `cut`: ISO date; events after it are not events. The first
    of the listed events counts; on one day the one listed first, but relapse before death. Without
    one the patient is censored at `censored_at`, bounded by the cut; an event beats any censoring.
    Columns: `COLUMN_TYPES`; status 0 censored, 1 event, 2 competing; CNSR 0 is the event.
    Raises GraftlineError for declarations that name unknown things and for contradictory dates.
    """
    check_declarations(endpoints, origins, survival)
    cut_date = pd.Timestamp(cut)
    named, parts, lineage = None, [], []
    for key, endpoint in endpoints.items():
        population = _population(tables, endpoint)
        if endpoint.get("source") == "outcomes":
            rows = derive_from_outcomes(
                tables["outcomes"], endpoint, population, survival["time_unit"]
            )
        else:
            if named is None:
                named = find_named_dates(tables, cut_date)
            lost_after = survival.get("lost_to_follow_up_days", 183)
            rows = derive_from_dates(named, endpoint, origins, cut_date, lost_after)
            rows = rows.loc[population]
        rows = _label_rows(rows, key, endpoint, tables, survival["time_unit"])
        lineage += trace_decisions(rows) + trace_groups(rows, tables)
        if endpoint.get("source") == "outcomes":
            lineage += trace_decisions(rows.assign(srcvar="status"))
        else:
            lineage += trace_dates(rows, named, tables, endpoint, origins)
        parts.append(rows.reindex(columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES))
    frame = pd.concat(parts, ignore_index=True).sort_values("row_key", ignore_index=True)
    return frame, _drop_weaker_role(concat_lineage(lineage))


def _drop_weaker_role(lineage: pd.DataFrame) -> pd.DataFrame:
    """Each cell of a row once: what decided it is not also listed as having contributed."""
    cell = ["derived_table", "row_key", "src_file", "src_line", "src_column"]
    # "contributed" sorts before "decided".
    return lineage.sort_values([*cell, "role"]).drop_duplicates(cell, keep="last").sort_index()
