"""How far estimates move when partial dates take their earliest or latest days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from graftline.numbers import estimators

DATES = ("imputed", "earliest", "latest")
NOT_COMPARABLE = "it is not estimable both as imputed and at the ends of the partial dates"


def _estimate(rows: pd.DataFrame, statistic: str, arguments: Mapping[str, Any]) -> float | None:
    fit = {"km": estimators.fit_km, "reverse_km": estimators.fit_reverse_km}.get(
        statistic, estimators.fit_aj
    )
    return estimators.query(fit(rows), **arguments)[0]


def find_largest_change(rows: pd.DataFrame, of: Iterable[Mapping[str, Any]]) -> estimators.Result:
    """The largest absolute difference between an estimate as imputed and at either end.

    `rows` of endpoints_bounds; `of`: estimates, each with `endpoint`, `statistic` and `arguments` of
    its query. An estimate that is none as imputed is not a result and is left out, as is an end at
    which there is none.
    """
    changes = []
    for one in of:
        mine = rows[rows["endpoint"].eq(one["endpoint"]).fillna(False)]
        usual, *ends = (
            _estimate(mine[mine["dates"] == dates], one["statistic"], one["arguments"])
            for dates in DATES
        )
        changes += [abs(end - usual) for end in ends if usual is not None and end is not None]
    return (max(changes), None) if changes else (None, NOT_COMPARABLE)
