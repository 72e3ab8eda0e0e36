"""Doses given against doses planned, and who stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.analyse.describe import (
    Group,
    count_rows,
    declare_share,
    declare_spread,
    list_groups,
)
from graftline.numbers import Declaration
from graftline.slugs import slug

TABLE = "exposure_total"
# Column of the table -> (part of the id, what it is, how it is defined).
RELATIVE = {
    "relative_total_dose": (
        "the relative total dose",
        "The total dose given, divided by the dose planned for all cycles, also for patients who "
        "stopped early.",
    ),
    "relative_dose_intensity": (
        "the relative dose intensity",
        "The dose given per day from the first to the last dose given, divided by the dose planned "
        "per day from the first to the last planned dose; rest between cycles counts in both.",
    ),
}


def _amounts(rows: pd.DataFrame) -> dict[str, tuple[str, str, str]]:
    """Column -> (heading of its row, what it is, unit) of what was given: the number of doses, or, where it
    is not known of anybody, the days of treatment."""
    amounts = {"n_cycles_begun": ("cycles begun", "the number of cycles begun", "cycles")}
    if rows["n_given"].notna().any():
        amounts["n_given"] = ("doses given", "the number of doses given", "doses")
    else:
        what = "the days from the first to the last dose, both included"
        amounts["actual_days"] = ("days from first to last dose", what, "days")
    return amounts


def _has_plan(rows: pd.DataFrame) -> bool:
    return bool(rows["relative_total_dose"].notna().any())


def _of_drug(rows: pd.DataFrame, drug: str) -> pd.DataFrame:
    return rows[(rows["drug"] == drug).fillna(False)]


def list_drugs(totals: pd.DataFrame, drugs: Mapping[str, Mapping]) -> list[str]:
    """The study's drugs, in its order, that were planned for anybody or given."""
    return [drug for drug in drugs if len(_of_drug(totals, drug))]


def list_reasons(rows: pd.DataFrame) -> list[str]:
    """The reasons for which a drug was withdrawn, sorted."""
    return sorted(rows["stop_reason"].dropna().unique())


def _within(group: Group, drug: str, label: str) -> Group:
    """The patients of the group for whom the drug was planned, or who had it."""
    return Group(
        group.suffix,
        f"{group.words} for whom {label} was planned or given",
        group.title,
        {**group.conditions, "drug": drug},
    )


def _declare_drug(
    totals: pd.DataFrame, drug: str, spec: Mapping, group: Group
) -> list[Declaration]:
    """The numbers of one drug in one group."""
    stem, label = f"exposure.{spec['id']}", spec["label"]
    who = _within(group, drug, label)
    rows = _of_drug(totals, drug)
    numbers = [
        count_rows(
            f"{stem}{who.suffix}.n", TABLE, who.words, "Number of patients.", {}, who.conditions
        )
    ]
    numbers += declare_share(
        f"{stem}.given", TABLE, who, "given at least one dose", {"n_cycles_begun": (">", 0)}, ""
    )
    if rows["completed"].notna().any():
        numbers += declare_share(
            f"{stem}.completed", TABLE, who, "given all planned doses of every cycle",
            {"completed": True}, "",
        )  # fmt: skip
    if rows["withdrawn"].notna().any():
        numbers += declare_share(
            f"{stem}.withdrawn", TABLE, who,
            "in whom the drug was withdrawn", {"withdrawn": True}, "",
        )  # fmt: skip
    for reason in list_reasons(rows):
        numbers += declare_share(
            f"{stem}.withdrawn.{slug(reason)}", TABLE, who,
            f"in whom the drug was withdrawn for {reason}",
            {"withdrawn": True, "stop_reason": reason}, "",
        )  # fmt: skip
    if (rows["withdrawn"] & rows["stop_reason"].isna()).any():
        numbers += declare_share(
            f"{stem}.withdrawn.not_stated", TABLE, who,
            "in whom the drug was withdrawn without a stated reason",
            {"withdrawn": True, "stop_reason": None}, "",
        )  # fmt: skip
    for column, (_, what, unit) in _amounts(rows).items():
        numbers += declare_spread(
            f"{stem}.{column}", TABLE, column, who, totals, what=what, unit=unit
        )
    for column, (what, method) in RELATIVE.items():
        if rows[column].notna().any():
            numbers += declare_spread(
                f"{stem}.{column}", TABLE, column, who, totals,
                what=what, unit="proportion", method=method, display="percent_of_one", decimals=0,
            )  # fmt: skip
    return numbers


def declare_exposure(totals: pd.DataFrame, *, arms: Mapping, drugs: Mapping) -> list[Declaration]:
    """All numbers of exposure, of the derived table `exposure_total`: by drug, and by arm."""
    numbers = [
        Declaration(
            id="exposure.treated.n",
            population="patients given any drug of the study",
            method="Number of patients given at least one dose of any drug.",
            table=TABLE,
            selected="SELECT row_key FROM exposure_total WHERE n_cycles_begun > 0 ORDER BY row_key",
            statistic="count_distinct",
            arguments={"column": "subject_id"},
            unit="patients",
        ),
    ]
    if totals["withdrawn"].notna().any():
        numbers.append(
            Declaration(
                id="exposure.withdrawn_any.n",
                population="patients given any drug of the study",
                method="Number of patients in whom at least one drug was withdrawn.",
                table=TABLE,
                selected="SELECT row_key FROM exposure_total WHERE withdrawn ORDER BY row_key",
                considered="SELECT row_key FROM exposure_total ORDER BY row_key",
                statistic="count_distinct",
                arguments={"column": "subject_id"},
                unit="patients",
            )
        )
    groups = list_groups(totals, arms)
    for drug in list_drugs(totals, drugs):
        for group in groups:
            numbers += _declare_drug(totals, drug, drugs[drug], group)
    return numbers


def _spread(stem: str) -> str:
    return f"{{{stem}.median}} ({{{stem}.minimum}}–{{{stem}.maximum}})"


def lay_out_exposure(totals: pd.DataFrame, *, arms: Mapping, drugs: Mapping) -> dict[str, Any]:
    """The layout of the table of exposure: rows by drug, a column for all patients and each arm."""
    groups = list_groups(totals, arms)
    rows: list[dict[str, Any]] = []

    def add(label: str, write_cell, indent: int = 1) -> None:
        cells = [write_cell(group.suffix) for group in groups]
        rows.append({"label": label, "indent": indent, "cells": cells})

    for drug in list_drugs(totals, drugs):
        stem, of_drug = f"exposure.{drugs[drug]['id']}", _of_drug(totals, drug)
        label = drugs[drug]["label"]
        add(label[:1].upper() + label[1:], lambda _: "", 0)
        add("patients, planned or given", lambda s, stem=stem: f"{{{stem}{s}.n}}")
        shares = [("given", "given at least one dose")]
        if of_drug["completed"].notna().any():
            shares.append(("completed", "given all planned doses"))
        if of_drug["withdrawn"].notna().any():
            shares.append(("withdrawn", "withdrawn"))
        shares += [
            (f"withdrawn.{slug(reason)}", f"withdrawn for {reason}")
            for reason in list_reasons(of_drug)
        ]
        if (of_drug["withdrawn"] & of_drug["stop_reason"].isna()).any():
            shares.append(("withdrawn.not_stated", "withdrawn, reason not stated"))
        for part, words in shares:
            add(words, lambda s, p=f"{stem}.{part}": f"{{{p}{s}.n}} ({{{p}{s}.percent}})")
        spreads = [(column, heading) for column, (heading, _, _) in _amounts(of_drug).items()]
        spreads += [
            (column, what.removeprefix("the "))
            for column, (what, _) in RELATIVE.items()
            if of_drug[column].notna().any()
        ]
        for part, words in spreads:
            add(f"{words}, median (range)", lambda s, p=f"{stem}.{part}": _spread(f"{p}{s}"))
    layout = {
        "caption": "Doses given.",
        "columns": ["", *(group.title for group in groups)],
        "rows": rows,
        "footnotes": [],
    }
    if _has_plan(totals):
        layout["caption"] = "Doses given and planned."
        layout["footnotes"] = [
            "Relative total dose: the dose given, divided by the dose planned for all cycles.",
            "Relative dose intensity: the dose given per day from the first to the last dose "
            "given, divided by the dose planned per day from the first to the last planned dose; "
            "rest between cycles counts in both. A patient who stops before a planned rest can "
            "exceed the planned intensity: the two measures are to be read together.",
        ]
    return layout


def state_facts(totals: pd.DataFrame, *, arms: Mapping, drugs: Mapping) -> dict[str, Any]:
    """What prose about exposure may say: drugs, and reasons for withdrawal with their numbers."""
    given = list_drugs(totals, drugs)
    return {
        "exposure.drugs": [
            {
                "id": drugs[drug]["id"],
                "label": drugs[drug]["label"],
                "has_plan": _has_plan(_of_drug(totals, drug)),
                "reasons": [
                    {
                        "label": reason,
                        "number": f"exposure.{drugs[drug]['id']}.withdrawn.{slug(reason)}.n",
                    }
                    for reason in list_reasons(_of_drug(totals, drug))
                ],
            }
            for drug in given
        ],
        "exposure.arms": [
            arm["id"] for code, arm in arms.items() if (totals["arm"] == code).fillna(False).any()
        ],
        "exposure.all_completed": bool(totals["completed"].fillna(False).all()),
    }
