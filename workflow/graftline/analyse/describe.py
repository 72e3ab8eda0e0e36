"""Declarations that describe a column: counts of its values, or its median and range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from graftline.numbers import Declaration, select_rows

MEDIAN_AND_RANGE = {"median": "Median", "minimum": "Smallest", "maximum": "Largest"}


@dataclass(frozen=True)
class Group:
    """Patients that are described together: all, or those of an arm.

    `suffix` is what their numbers' ids carry (".high_dose" or nothing), `words` says who they are,
    and `conditions` selects them.
    """

    suffix: str
    words: str
    title: str
    conditions: dict[str, Any] = field(default_factory=dict)


def list_groups(frame: pd.DataFrame, arms: Mapping[str, Mapping[str, str]]) -> list[Group]:
    """All patients, and each arm of the study, in its order, that has patients in `frame`."""
    groups = [Group("", "all patients", "All patients")]
    for code, arm in arms.items():
        if (frame["arm"] == code).fillna(False).any():
            label = arm["label"]
            groups.append(
                Group(
                    f".{arm['id']}",
                    f"patients of the {label}",
                    label[:1].upper() + label[1:],
                    {"arm": code},
                )
            )
    return groups


def list_codes(column: pd.Series, labels: Mapping[str, str]) -> list[str]:
    """The codes that occur in `column`: first those of `labels`, in its order, then the others."""
    found = set(column.dropna().unique())
    return [code for code in labels if code in found] + sorted(found - set(labels))


def count_rows(
    id_: str, table: str, population: str, method: str, conditions, considered
) -> Declaration:
    """The number of patients who meet `conditions` among those who meet `considered`."""
    return Declaration(
        id=id_,
        population=population,
        method=method,
        table=table,
        selected=select_rows(table, **considered, **conditions),
        considered=select_rows(table, **considered),
        statistic="count",
        unit="patients",
    )


def declare_share(
    stem: str, table: str, group: Group, what: str, conditions, method: str
) -> list[Declaration]:
    """`stem.n` and `stem.percent`: how many of the group meet `conditions`, and the share."""
    selected = select_rows(table, **group.conditions, **conditions)
    considered = select_rows(table, **group.conditions)
    common = {"population": group.words, "table": table, "selected": selected}
    return [
        Declaration(
            id=f"{stem}{group.suffix}.n",
            method=f"Number of patients {what}. {method}".strip(),
            considered=considered,
            statistic="count",
            unit="patients",
            **common,
        ),
        Declaration(
            id=f"{stem}{group.suffix}.percent",
            method=f"Patients {what}, as a share of the population. {method}".strip(),
            considered=considered,
            statistic="percent",
            unit="percent",
            display="percent",
            **common,
        ),
    ]


def needs_decimal(values: pd.Series) -> bool:
    """Whether the median of whole numbers lies half way between two of them."""
    return bool(values.notna().any()) and float(values.dropna().median()) % 1 != 0


def declare_spread(
    stem: str,
    table: str,
    column: str,
    group: Group,
    frame: pd.DataFrame,
    *,
    what: str,
    unit: str,
    method: str = "",
    conditions: Mapping[str, Any] | None = None,
    display: str = "decimal",
    decimals: int | None = None,
) -> list[Declaration]:
    """`stem.median`, `.minimum` and `.maximum` of `column` in the group.

    `decimals` None is for whole numbers: the median has a decimal only where it needs one, which
    `frame`, the table itself, tells; the values are not computed here.
    """
    rows = frame
    wanted = {**group.conditions, **(conditions or {})}
    for key, value in wanted.items():
        rows = rows[(rows[key] == value).fillna(False)]
    half = decimals is None and needs_decimal(rows[column])
    selected = select_rows(table, **wanted, **{column: ("!=", None)})
    return [
        Declaration(
            id=f"{stem}{group.suffix}.{statistic}",
            population=group.words,
            method=f"{word} of {what}, of the patients with a value. {method}".strip(),
            table=table,
            selected=selected,
            considered=select_rows(table, **wanted),
            statistic=statistic,
            arguments={"column": column},
            unit=unit,
            display=display,
            decimals=(1 if half and statistic == "median" else 0) if decimals is None else decimals,
        )
        for statistic, word in MEDIAN_AND_RANGE.items()
    ]
