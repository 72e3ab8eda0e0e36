"""The numbers of the comparison: how many of each change, and what each number was before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from graftline.compare_cuts.changes import KINDS, PAST, TEXT
from graftline.numbers.declaration import Declaration, select_rows

CHANGES, MOVED, CUTS = "cut_changes", "moved_numbers", "compared_cuts"
# What a number of the analyses is called in the comparison.
BEFORE, PATIENTS = "changes.before.", "changes.patients."
# Kinds of which patients are counted, each once; of the others, changes.
OF_PATIENTS = (
    *("patient_added", "patient_lost", "patient_removed", "patient_merged", "death"),
    *("death_undone", "followup_grown", "followup_shorter", "status"),
)
Record = Mapping[str, Any]


def tabulate_cuts(previous_cut: str) -> pd.DataFrame:
    """The date of the previous cut; one row."""
    row = {"row_key": "previous_cut", "text": previous_cut}
    return pd.DataFrame([row]).astype({"row_key": TEXT, "text": TEXT})


def declare_cuts() -> list[Declaration]:
    """`changes.previous_cut`, a date."""
    return [
        Declaration(
            id="changes.previous_cut",
            population="the run",
            method="The date of the previous data cut.",
            table=CUTS,
            selected=select_rows(CUTS),
            statistic="value",
            arguments={"column": "text"},
            unit="date",
            display="text",
        )
    ]


def _count(name: str, what: str, table: str, *, patients: bool, **conditions: Any) -> Declaration:
    return Declaration(
        id=f"changes.{name}.n",
        population="the data cut and the one before it",
        method=f"Number of {what}.",
        table=table,
        selected=select_rows(table, **conditions),
        considered=select_rows(table),
        statistic="count_distinct" if patients else "count",
        arguments={"column": "subject_id"} if patients else {},
        unit="patients" if patients else "changes",
    )


def declare_changes(endpoints: Mapping[str, Any]) -> list[Declaration]:
    """`changes.<kind>.n` for each kind, `changes.past.*` for past records, and
    `changes.events.<endpoint>.n` for the study's `endpoints`."""
    declarations = []
    for kind, words in KINDS.items():
        patients = kind in OF_PATIENTS
        what = f"patients of whom the comparison says: {words}" if patients else (
            f"times that the comparison says of a patient: {words}"
        )  # fmt: skip
        declarations.append(_count(kind, what, CHANGES, patients=patients, kind=kind))
    declarations.append(
        _count(
            "past", "past values and records that changed", CHANGES, patients=False, kind=list(PAST)
        )
    )
    for name, what, line in (
        ("explained", "explained by a correction", ("!=", None)),
        ("unexplained", "without a correction that explains it", None),
    ):
        declarations.append(
            _count(
                f"past.{name}",
                f"past values and records that changed, {what}",
                CHANGES,
                patients=False,
                kind=list(PAST),
                correction_line=line,
            )
        )
    for key in endpoints:
        declarations.append(
            _count(
                f"events.{key}",
                "patients with a new event of the endpoint",
                CHANGES,
                patients=True,
                kind="event",
                record_key=key,
            )
        )
    return declarations


def declare_moved(moved: pd.DataFrame, after: Iterable[Record]) -> list[Declaration]:
    """`changes.numbers.{moved,new,gone}.n`; of each number that moved or stands beside one that did,
    `changes.before.<id>`, printed as the number itself is, and `changes.patients.<id>`."""
    declarations = [
        _count(f"numbers.{kind}", f"numbers that {words}", MOVED, patients=False, kind=kind)
        for kind, words in (
            ("moved", "are not what they were"),
            ("new", "are new"),
            ("gone", "are no longer made"),
        )
    ]
    records = {record["id"]: record for record in after}
    shown = moved[moved["kind"].isin(["moved", "unmoved"])]
    for number, kind, count in zip(
        shown["row_key"], shown["kind"], shown["n_patients"], strict=True
    ):
        record = records[number]
        text = isinstance(record["value"], str)
        where = {"table": MOVED, "selected": select_rows(MOVED, row_key=number)}
        declarations.append(
            Declaration(
                id=f"{BEFORE}{number}",
                population=record["population"],
                method="What the number was in the previous data cut, as today's code makes it.",
                statistic="value",
                arguments={"column": "before" if text else "before_value"},
                unit=record["unit"],
                **record["format"],
                **where,
            )
        )
        if kind == "moved" and not pd.isna(count):
            declarations.append(
                Declaration(
                    id=f"{PATIENTS}{number}",
                    population="the data cut and the one before it",
                    method="Number of patients because of whom the number moved.",
                    statistic="value",
                    arguments={"column": "n_patients"},
                    unit="patients",
                    **where,
                )
            )
    return declarations
