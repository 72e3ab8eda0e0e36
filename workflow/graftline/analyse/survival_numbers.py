"""Declarations of the numbers of survival: what is estimated, of whom, when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from graftline.errors import GraftlineError
from graftline.numbers import Declaration, select_rows

GROUP_COLUMNS = ("arm", "diagnosis")
FEW = 100  # with fewer patients percentages have no decimals
METHODS = {
    "survival": "Kaplan-Meier estimate{entry} at {at} {unit}s.",
    "cuminc": "Aalen-Johansen estimate{entry} of the cumulative incidence at {at} {unit}s.",
}
LIMITS = {
    "survival": (
        "{side} 95% limit by Greenwood's formula on the log(-log) scale at {at} {unit}s; before "
        "the first event the exact binomial limit of the patients not censored before."
    ),
    "cuminc": (
        "{side} 95% limit by Aalen's variance on the log(-log) scale at {at} {unit}s; before "
        "the first event the exact binomial limit of the patients not censored before."
    ),
}


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
    values = sorted(endpoints[column].dropna().unique().tolist())
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


def _population(series: Series) -> str:
    population = "patients at risk of the endpoint"
    return f"{population}, {series.label}" if series.suffix else population


def _count(series: Series, name: str, method: str, **conditions) -> Declaration:
    rows = {"endpoint": series.key, **series.condition}
    return Declaration(
        id=series.id(name),
        population=_population(series),
        method=method,
        table="endpoints",
        selected=select_rows("endpoints", **rows, **conditions),
        considered=select_rows("endpoints", **rows),
        statistic="count",
        unit="patients",
    )


def declare_counts(series: Series) -> list[Declaration]:
    """Patients, events, competing events, censored by reason, and those never at risk."""
    at_risk = {"in_risk_set": True}
    numbers = [
        _count(series, "n", "Number of patients who came under observation.", **at_risk),
        _count(series, "n_events", "Number of events.", **at_risk, status=1),
        _count(series, "n_censored", "Number of patients without an event.", **at_risk, status=0),
        _count(series, "n_lost", "Number last seen too long before the cut.", **at_risk, cnsr=2),
        _count(series, "n_unassessed", "Number censored at the origin.", **at_risk, cnsr=3),
        _count(series, "n_died_undated", "Number dead, nobody knows when.", **at_risk, cnsr=6),
        _count(
            series, "n_imputed", "Number of events on a day that was imputed.",
            **at_risk, status=[1, 2], adtf=("!=", None),
        ),
        _count(
            series, "n_excluded", "Number of patients who left before they came under observation.",
            in_risk_set=False,
        ),
    ]  # fmt: skip
    if series.is_incidence:
        numbers.append(
            _count(series, "n_competing", "Number of competing events.", **at_risk, status=2)
        )
    return numbers


def _estimate(
    series: Series, id: str, method: str, arguments: dict, statistic: str | None = None, **display
) -> Declaration:
    rows = {"endpoint": series.key, **series.condition}
    if series.is_incidence:
        statistic, arguments = "aalen_johansen", {**arguments, "cause": 1}
    return Declaration(
        id=id,
        population=_population(series),
        method=method,
        table="endpoints",
        selected=select_rows("endpoints", **rows, in_risk_set=True),
        considered=select_rows("endpoints", **rows),
        statistic=statistic or "km",
        arguments=arguments,
        **display,
    )


def declare_at_time(series: Series, at: float, unit: str) -> list[Declaration]:
    """The estimate at `at` with its limits."""
    name = series.estimate
    entry = " with delayed entry" if series.endpoint.get("entry") else ""
    shown = {"decimals": series.decimals, "unit": "probability"}
    numbers = [
        _estimate(
            series, series.id(name, at), METHODS[name].format(entry=entry, at=slug(at), unit=unit),
            {"what": name, "time": at}, display="percent_of_one", **shown,
        )
    ]  # fmt: skip
    for side in ("lower", "upper"):
        method = LIMITS[name].format(side=side.capitalize(), at=slug(at), unit=unit)
        numbers.append(
            _estimate(
                series, f"{series.id(name, at)}.{side}", method, {"what": side, "time": at},
                display="percent_of_one_bare", **shown,
            )
        )  # fmt: skip
    return numbers


def declare_at_risk(series: Series, at: float, unit: str) -> list[Declaration]:
    """Patients at risk at `at`, and events up to then."""
    when = f"{slug(at)} {unit}s"
    found = [
        ("at_risk", f"Number of patients at risk at {when}."),
        ("events", f"Number of events up to {when}."),
    ]
    return [
        _estimate(series, series.id(what, at), method, {"what": what, "time": at}, unit="patients")
        for what, method in found
        if what == "at_risk" or not series.is_incidence
    ]


def declare_median(series: Series, unit: str) -> list[Declaration]:
    """Median time to the event, with its limits."""
    return _declare_median(series, unit, series.id("median"), "km", "Kaplan-Meier")


def declare_follow_up(series: Series, unit: str) -> list[Declaration]:
    """Median follow-up with its limits, and its range in the patients without an event.

    The range is without the patients who are dead on an unknown day.
    """
    method = "reverse Kaplan-Meier, from the origin on"
    event_free = {"status": 0, "cnsr": ("!=", 6)}
    return [
        *_declare_median(series, unit, "followup.median", "reverse_km", method),
        *declare_extremes(series, unit, "followup.{}_alive", "time", **event_free),
    ]


def _declare_median(series, unit: str, id: str, statistic: str, words: str) -> list[Declaration]:
    numbers = []
    for end, what in (("", "median"), (".lower", "median_lower"), (".upper", "median_upper")):
        subject = "Median" if not end else f"{end[1:].capitalize()} 95% limit of the median"
        method = f"{subject} by {words}; limits by inversion of those of the curve."
        shown = {"unit": f"{unit}s", "display": "decimal", "decimals": 0 if unit == "day" else 1}
        numbers.append(_estimate(series, id + end, method, {"what": what}, statistic, **shown))
    return numbers


def declare_extremes(
    series: Series, unit: str, name: str, column: str, **conditions
) -> list[Declaration]:
    """Least and greatest value of `column` in the rows that meet `conditions`."""
    rows = {"endpoint": series.key, **series.condition, "in_risk_set": True, **conditions}
    return [
        Declaration(
            id=name.format(which),
            population=_population(series),
            method=f"{which.capitalize()} of {column}.",
            table="endpoints",
            selected=select_rows("endpoints", **rows),
            considered=select_rows("endpoints", endpoint=series.key, **series.condition),
            statistic=which,
            arguments={"column": column},
            unit=f"{unit}s",
            display="decimal",
            decimals=0 if unit == "day" else 1,
        )
        for which in ("minimum", "maximum")
    ]
