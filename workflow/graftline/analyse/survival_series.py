"""The curves of an analysis: an endpoint in everybody, or in the patients of one group."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from graftline.errors import GraftlineError

GROUP_COLUMNS = ("arm", "diagnosis")
FEW = 100  # with fewer patients percentages have no decimals


@dataclass(frozen=True)
class Series:
    """One curve: an endpoint in everybody, or in the patients of one level of a column.

    `suffix` ends the ids of its numbers ("" or ".aml"); `condition` selects its rows; `decimals`
    are those of its percentages.
    """

    key: str
    endpoint: dict[str, Any]
    suffix: str
    label: str
    condition: dict[str, str]
    decimals: int

    @property
    def report(self) -> str:
        """How much of it the manuscript has: main, table or registry."""
        return self.endpoint.get("report", "main")

    @property
    def is_incidence(self) -> bool:
        """Whether the endpoint has competing events."""
        return self.endpoint["estimator"] == "aalen_johansen"

    @property
    def estimate(self) -> str:
        """Name of the estimate, as in its ids: survival or cuminc."""
        return "cuminc" if self.is_incidence else "survival"

    def id(self, *parts: Any) -> str:
        """`os.survival.365`, or with a level `cir.cuminc.30.aml`."""
        return ".".join([self.key, *(slug(part) for part in parts)]) + self.suffix

    def rows(self, endpoints: pd.DataFrame) -> pd.DataFrame:
        """The rows that the curve is fitted to."""
        keep = (endpoints["endpoint"] == self.key) & endpoints["in_risk_set"]
        for column, value in self.condition.items():
            keep &= (endpoints[column] == value).fillna(False)
        return endpoints[keep]


def slug(value: Any) -> str:
    """`value` as part of an id: lower case letters, digits and underscores."""
    return re.sub(
        r"[^a-z0-9]+", "_", f"{value:g}" if isinstance(value, float) else str(value).lower()
    )


def list_levels(endpoints: pd.DataFrame, survival: dict, labels: dict, arms: dict) -> list[dict]:
    """The levels of the column by which survival is also estimated, with their names in print."""
    column = survival.get("groups")
    if not column:
        return []
    if column not in GROUP_COLUMNS:
        raise GraftlineError(
            f"study.yaml, survival.groups: {column!r} is not one of {', '.join(GROUP_COLUMNS)}"
        )
    names = {key: arm["label"] for key, arm in arms.items()} if column == "arm" else {}
    names |= (labels or {}).get(column, {})
    # Groups of treatment in the order of the protocol, as in every table.
    places = {key: place for place, key in enumerate(arms if column == "arm" else [])}
    values = sorted(
        endpoints[column].dropna().unique().tolist(),
        key=lambda value: (places.get(value, len(places)), value),
    )
    levels = [
        {"column": column, "value": value, "slug": slug(value), "label": names.get(value, value)}
        for value in values
    ]
    if len({level["slug"] for level in levels}) < len(levels):
        raise GraftlineError(f"two values of {column} give the same id; rename one in study.yaml")
    return levels


def list_series(endpoints: pd.DataFrame, declared: dict, levels: list[dict]) -> list[Series]:
    """All curves: for each endpoint everybody first, then each level."""
    series = []
    for key, endpoint in declared.items():
        whole = Series(key, endpoint, "", endpoint["label"], {}, 0)
        decimals = 0 if len(whole.rows(endpoints)) < FEW else 1
        series.append(Series(key, endpoint, "", endpoint["label"], {}, decimals))
        for level in levels:
            condition = {level["column"]: level["value"]}
            series.append(
                Series(key, endpoint, f".{level['slug']}", level["label"], condition, decimals)
            )
    return series
