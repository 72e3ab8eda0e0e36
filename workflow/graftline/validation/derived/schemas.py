"""Derived tables against their schemas (rule S01)."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import pandas as pd
import pandera.pandas as pa

from graftline.validation.findings import concat_findings, make_findings


def check_derived_schemas(derived: dict[str, pd.DataFrame], *, folder: str) -> pd.DataFrame:
    """A finding for each column and check of `schemas/derived/<table>.py` that a table fails.

    A table without a schema is a finding as well: nothing undeclared passes.
    """
    return concat_findings(
        [_check_table(name, frame, f"{folder}/{name}.parquet") for name, frame in derived.items()]
    )


def _check_table(name: str, frame: pd.DataFrame, file: str) -> pd.DataFrame:
    where = {"rule": "S01", "table": name, "file": file}
    if find_spec(f"schemas.derived.{name}") is None:
        message = f"The derived table has no schema; write schemas/derived/{name}.py."
        return make_findings([{**where, "message": message}])
    try:
        import_module(f"schemas.derived.{name}").SCHEMA.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases.astype({"check": str})
        # A check of the whole table names the table in `column`.
        groups = cases.groupby(["column", "check"], dropna=False, sort=True)
        return make_findings(
            [_describe(where, frame, column, check, rows) for (column, check), rows in groups]
        )
    return make_findings([])


def _describe(where: dict, frame: pd.DataFrame, column, check: str, cases: pd.DataFrame) -> dict:
    """One finding for all rows that fail a check, showing the first row's key."""
    rows = cases["index"].dropna().unique()
    first = frame["row_key"].get(rows[0]) if len(rows) and "row_key" in frame else None
    of_column = isinstance(column, str) and column in frame.columns
    message = (
        f"The derived table does not fit its schema in {len(rows)} rows: {check}; this is a defect "
        f"of the derivation: report it."
    )
    return {**where, "column": column if of_column else None, "value": first, "message": message}
