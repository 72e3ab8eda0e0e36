"""The register of checks: each is a small function with its rule, severity, tables and sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from graftline.validation.cohort import Cohort
from graftline.validation.findings import concat_findings, flag_rows


@dataclass(frozen=True)
class Flag:
    """Rows of a table (truth values) that a check holds against a column.

    `value`: the cells to show, one a row of the table, instead of those of the column. `message`
    replaces the check's sentence.
    """

    table: str
    rows: np.ndarray | pd.Series
    column: str = ""
    value: pd.Series | None = None
    message: str | None = None


@dataclass(frozen=True)
class Check:
    """A registered check. `tables`: those it cannot do without."""

    rule: str
    severity: str
    tables: tuple[str, ...]
    sentence: str
    run: Callable[[Cohort], Iterable[Flag]]


CHECKS: list[Check] = []


def check(
    rule: str, severity: str, *tables: str, sentence: str, register: list[Check] = CHECKS
) -> Callable:
    """Register the function below it. It takes the cohort and gives the rows that are wrong."""

    def add(function: Callable[[Cohort], Iterable[Flag]]) -> Callable:
        register.append(Check(rule, severity, tables, sentence, function))
        return function

    return add


def run_checks(cohort: Cohort, checks: Iterable[Check] | None = None) -> pd.DataFrame:
    """The findings of all checks whose tables the study has."""
    parts = []
    for one in CHECKS if checks is None else checks:
        if not all(cohort.has(table) for table in one.tables):
            continue
        for flag in one.run(cohort):
            rows = _as_bool(flag.rows)
            if rows.any():
                parts.append(_to_findings(cohort, one, flag, rows))
    return concat_findings(parts)


def _as_bool(rows: Any) -> np.ndarray:
    """Truth values with missing ones false."""
    return pd.array(rows, dtype="boolean").fillna(False).to_numpy(dtype=bool)


def _to_findings(cohort: Cohort, one: Check, flag: Flag, rows: np.ndarray) -> pd.DataFrame:
    return flag_rows(
        cohort[flag.table],
        rows,
        rule=one.rule,
        severity=one.severity,
        table=flag.table,
        column=flag.column,
        value=None if flag.value is None else flag.value[rows],
        message=flag.message or one.sentence,
    )
