"""The patients that numbers of toxicity are of, and declarations that come in sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graftline.numbers import Declaration, select_rows

ROMAN = {0: "none", 1: "I", 2: "II", 3: "III", 4: "IV", 5: "V"}


@dataclass(frozen=True)
class Group:
    """Patients that a number is of: those of an arm, or all who were treated."""

    suffix: str  # "" for all, else "." and the arm's id
    label: str
    population: str
    where: tuple[tuple[str, Any], ...]

    def rows(self, table: str, **conditions: Any) -> str:
        """SQL for the rows of `table` of this group."""
        return select_rows(table, **dict(self.where), **conditions)

    def treated(self, scale: str, item: str = "ANY", **conditions: Any) -> str:
        """SQL for the rows of toxicity_worst of the group's treated patients and one item."""
        return self.rows("toxicity_worst", scale=scale, item=item, treated=True, **conditions)

    @property
    def headed(self) -> str:
        """The group's name and number of patients, as a table's header."""
        return (
            f"{self.label[0].upper()}{self.label[1:]} (n\u00a0=\u00a0{{toxicity{self.suffix}.n}})"
        )


def groups_of(arms: Mapping[str, Mapping[str, str]]) -> list[Group]:
    """A group for each arm, in the order of the protocol, and last all patients."""
    by_arm = [
        Group(
            "." + arm["id"],
            arm["label"],
            f"treated patients of the {arm['label']}",
            (("arm", code),),
        )
        for code, arm in arms.items()
    ]
    return [*by_arm, Group("", "all patients", "treated patients", ())]


def item_groups(arms: Mapping[str, Mapping[str, str]]) -> list[Group]:
    """The groups by which items are counted: the arms, or all patients of a study without arms."""
    return groups_of(arms)[: len(arms)] if arms else groups_of(arms)


def shown_groups(arms: Mapping[str, Mapping[str, str]]) -> list[Group]:
    """The groups that tables and figures show: the arms, and all patients unless there is one
    arm."""
    groups = groups_of(arms)
    return groups[:1] if len(groups) == 2 else groups


def declare_count(
    id: str, group: Group, method: str, selected: str, considered: str
) -> Declaration:
    """A number of patients, counted in toxicity_worst."""
    return Declaration(
        id=f"{id}{group.suffix}.n",
        population=group.population,
        method=method,
        table="toxicity_worst",
        selected=selected,
        considered=considered,
        statistic="count",
        unit="patients",
    )


def declare_share(
    prefix: str,
    group: Group,
    method: str,
    table: str,
    selected: str,
    considered: str,
    decimals: int,
) -> Iterator[Declaration]:
    """A count, its percentage and the exact limits: ids <prefix><group>.n, .percent, .lower,
    .upper."""
    common = {
        "table": table,
        "selected": selected,
        "considered": considered,
        "population": group.population,
    }
    of = f"{method[0].lower()}{method[1:]}".rstrip(".")
    yield Declaration(
        id=f"{prefix}{group.suffix}.n", method=method, statistic="count", unit="patients", **common
    )
    yield Declaration(
        id=f"{prefix}{group.suffix}.percent",
        method=f"Percentage: {of}.",
        statistic="percent",
        unit="percent",
        display="percent",
        decimals=decimals,
        **common,
    )
    for side in ("lower", "upper"):
        yield Declaration(
            id=f"{prefix}{group.suffix}.{side}",
            method=f"Exact {side} 95% confidence limit (Clopper and Pearson), percentage: {of}.",
            statistic=f"clopper_pearson_{side}",
            arguments={"confidence": 0.95},
            unit="percent",
            display="percent_bare",
            decimals=decimals,
            **common,
        )


def make_row(label: str, cells: list[str], indent: int = 0) -> dict[str, Any]:
    """A row of a table's layout."""
    return {"label": label, "indent": indent, "cells": cells}


def group_columns(first: str, groups: list[Group], columns: list[str]) -> dict[str, list[Any]]:
    """Headers of a table with the same `columns` under each group, behind the row's label."""
    return {
        "column_groups": [
            {"label": "", "columns": 1},
            *[{"label": group.headed, "columns": len(columns)} for group in groups],
        ],
        "columns": [first, *[column for _ in groups for column in columns]],
    }
