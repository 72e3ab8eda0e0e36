"""The statistics that a declaration may name: rows in, one value out.

Each takes the rows selected, the rows considered and the declaration's arguments, and returns the
value and the reason why there is none. Estimators of survival are in `graftline.numbers.estimators`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from graftline.estimate.exact import clopper_pearson, fisher_exact_p

Result = tuple[Any, str | None]
NO_ROWS = "no rows to compute it from"


def _present(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column].dropna()


def _plain(value: Any) -> Any:
    """A cell as JSON has it: numpy's scalars unwrapped, a date as YYYY-MM-DD."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if hasattr(value, "item") else value


def _of_column(reduce: Callable, selected, considered, *, column: str) -> Result:
    """`reduce` over the values of `column` that are present."""
    values = _present(selected, column)
    if values.empty:
        return None, NO_ROWS
    return reduce(values), None


def _count(selected, considered) -> Result:
    return len(selected), None


def _count_distinct(selected, considered, *, column: str) -> Result:
    return int(selected[column].nunique()), None


def _sum(selected, considered, *, column: str) -> Result:
    """0 without rows; none where rows there are but no value."""
    values = _present(selected, column)
    if values.empty:
        return (None, NO_ROWS) if len(selected) else (0, None)
    return _plain(values.sum()), None


def _quantile(selected, considered, *, column: str, p: float) -> Result:
    """Type 7 of Hyndman and Fan (Am Stat 1996;50:361-5), R's default."""
    values = _present(selected, column)
    if values.empty:
        return None, NO_ROWS
    return float(np.quantile(values.to_numpy(dtype=float), p)), None


def _percent(selected, considered) -> Result:
    if considered.empty:
        return None, "nobody was considered"
    return 100 * len(selected) / len(considered), None


def _clopper_pearson(limit: int, selected, considered, *, confidence: float = 0.95) -> Result:
    if considered.empty:
        return None, "nobody was considered"
    return 100 * clopper_pearson(len(selected), len(considered), confidence)[limit], None


def _fisher_p(selected, considered, *, column: str, groups: list) -> Result:
    """Two-sided P of Fisher's exact test: selected or not, in the two `groups` of `column`."""
    counts = []
    for group in groups:
        total = int((considered[column] == group).sum())
        with_event = int((selected[column] == group).sum())
        if total == 0:
            return None, "one of the groups is empty"
        counts.append((with_event, total - with_event))
    return fisher_exact_p(counts), None


def _value(selected, considered, *, column: str) -> Result:
    if len(selected) != 1:
        return None, f"{len(selected)} rows where one was expected"
    value = selected[column].iloc[0]
    if pd.isna(value):
        return None, "the value is missing"
    return _plain(value), None


STATISTICS: dict[str, Callable[..., Result]] = {
    "count": _count,
    "count_distinct": _count_distinct,
    "sum": _sum,
    "median": partial(_of_column, lambda values: float(values.median())),
    "minimum": partial(_of_column, lambda values: _plain(values.min())),
    "maximum": partial(_of_column, lambda values: _plain(values.max())),
    "quantile": _quantile,
    "percent": _percent,
    "clopper_pearson_lower": partial(_clopper_pearson, 0),
    "clopper_pearson_upper": partial(_clopper_pearson, 1),
    "fisher_p": _fisher_p,
    "value": _value,
}

# Those in which the rows selected must be among the rows considered.
SHARES = ("percent", "clopper_pearson_lower", "clopper_pearson_upper", "fisher_p")
# Those that need no column, only how many rows were selected and considered.
COUNTING = ("count", "percent", "clopper_pearson_lower", "clopper_pearson_upper")
SURVIVAL_STATISTICS = ("km", "reverse_km", "aalen_johansen")
