"""The list of cases: one row a patient, days counted from transplantation, no dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.numbers import Declaration, select_rows
from graftline.slugs import slug

MOST_CASES = 30  # more patients than this are not listed one by one
DAYS = {
    "days_to_treatment": ("First dose", "Days from transplantation to the first dose."),
    "days_tx_to_last_dose": ("Last dose", "Days from transplantation to the last dose."),
    "days_tx_to_relapse": (
        "Relapse or progression",
        "Days from transplantation to relapse or progression.",
    ),
    "days_tx_to_end": (
        "Last contact or death",
        "Days from transplantation to death, or to the last date known alive.",
    ),
}


def may_show_singly(n: int, disclosure: Mapping[str, Any] | None) -> bool:
    """Whether `n` patients may be shown one by one: allowed by the study, and few."""
    return bool((disclosure or {}).get("case_listing") and 0 < n <= MOST_CASES)


def may_list_cases(subjects: pd.DataFrame, disclosure: Mapping[str, Any] | None) -> bool:
    """Whether patients may be shown one by one: allowed by the study, few, and with dates."""
    return may_show_singly(len(subjects), disclosure) and bool(subjects["tx_date"].notna().any())


def sort_cases(subjects: pd.DataFrame) -> pd.DataFrame:
    """Patients in the order of their case's number."""
    number = subjects["case_label"].str.removeprefix("Case ").astype("int64")
    return subjects.loc[number.sort_values().index]


def _number_id(case_label: str, column: str) -> str:
    return f"cohort.{slug(case_label)}.{column}"


def _filled(subjects: pd.DataFrame) -> list[tuple[str, str]]:
    """(case, column) of each day that is known."""
    cases = sort_cases(subjects)
    return [
        (case, column)
        for column in DAYS
        for case in cases.loc[cases[column].notna(), "case_label"].tolist()
    ]


def declare_cases(subjects: pd.DataFrame) -> list[Declaration]:
    """The days of each case that are known, each a number."""
    return [
        Declaration(
            id=_number_id(case, column),
            population=case,
            method=DAYS[column][1],
            table="subjects",
            selected=select_rows("subjects", case_label=case),
            statistic="value",
            arguments={"column": column},
            unit="days",
        )
        for case, column in _filled(subjects)
    ]


def _print_codes(column: pd.Series, labels: Mapping[str, str]) -> list[str]:
    return [labels.get(code, code) if isinstance(code, str) else "not known" for code in column]


def lay_out_cases(subjects: pd.DataFrame, *, arms: Mapping, labels: Mapping) -> dict[str, Any]:
    """The layout of the list of cases, without age and sex, which with a diagnosis name people."""
    cases = sort_cases(subjects)
    known = set(_filled(subjects))
    columns = ["Case"]
    cells = []
    if cases["arm"].notna().any():
        columns.append("Group")
        adjectives = {code: arm.get("adjective", arm["label"]) for code, arm in arms.items()}
        cells.append(_print_codes(cases["arm"], adjectives))
    for column, title in (
        ("diagnosis", "Diagnosis"),
        ("status_at_tx", "Status at transplantation"),
        ("final_status", "Status at last contact"),
    ):
        if cases[column].notna().any():
            columns.append(title)
            cells.append(_print_codes(cases[column], labels.get(column, {})))
    for column, (title, _) in DAYS.items():
        columns.append(title)
        cells.append(
            [
                f"{{{_number_id(case, column)}}}" if (case, column) in known else "–"
                for case in cases["case_label"]
            ]
        )
    rows = [
        {"label": case, "indent": 0, "cells": list(row)}
        for case, row in zip(cases["case_label"], zip(*cells, strict=True), strict=True)
    ]
    return {
        "caption": "Course of each patient, in days from transplantation.",
        "column_groups": [
            {"label": "", "columns": len(columns) - len(DAYS)},
            {"label": "Day", "columns": len(DAYS)},
        ],
        "columns": columns,
        "rows": rows,
        "footnotes": ["The day of transplantation is day zero. –, did not occur by the data cut."],
    }
