"""The register of the second stage, and the cohort that its checks look at."""

from __future__ import annotations

from typing import Any

import pandas as pd

from graftline.raw.cells import TypedTable
from graftline.validation.cohort import Cohort
from graftline.validation.register import Check, check

TOXICITY, ENDPOINTS = "derived/toxicity", "derived/endpoints"
DERIVED_CHECKS: list[Check] = []


def derived_cohort(
    validated: dict[str, pd.DataFrame],
    derived: dict[str, pd.DataFrame],
    *,
    folder: str,
    cut: str,
    endpoints: dict[str, Any] | None = None,
    origins: dict[str, Any] | None = None,
    main_scale: str | None = None,
) -> Cohort:
    """Both kinds of tables for the checks; derived ones are named `derived/<table>`. `endpoints` and
    `origins` are those of study.yaml, `main_scale` is the study's toxicity scale."""
    tables = {name: TypedTable(name, frame) for name, frame in validated.items()}
    for name, frame in derived.items():
        located = frame.assign(src_file=f"{folder}/{name}.parquet", src_line=pd.NA)
        tables[f"derived/{name}"] = TypedTable(name, located.reset_index(drop=True))
    options = {"endpoints": endpoints or {}, "origins": origins or {}, "main_scale": main_scale}
    return Cohort(tables, cut=cut, options=options)


def second_stage(rule: str, severity: str, *tables: str, sentence: str):
    """Register the function below it among the checks of the second stage."""
    return check(rule, severity, *tables, sentence=sentence, register=DERIVED_CHECKS)
