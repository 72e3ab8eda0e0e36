"""The comparison in the manuscript: the table of numbers that moved, and facts that steer the text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

# A longer table, or one with what stands behind each estimate, helps nobody; all numbers are in
# aggregate/cut_comparison.json.
MOST_ROWS = 34
BEHIND = {
    *("at_risk", "censored", "events", "competing", "n_censored", "n_competing"),
    *("event_maximum", "error", "minimum_alive", "maximum_alive"),
}
GROUPS = {
    "cohort": "Patients",
    "exposure": "Exposure",
    "flow": "Flow of patients",
    "followup": "Follow-up",
    "quality": "Quality of the data",
    "toxicity": "Toxicity",
}
COMMON = ("all patients", "patients at risk of the endpoint", "the data cut")
Record = Mapping[str, Any]


def name_groups(endpoints: Mapping[str, Any], origins: Mapping[str, Any]) -> dict[str, str]:
    """The first part of a number's id -> the heading of its numbers."""
    named = {
        key: f"{endpoint['label']}, from {origins[endpoint['origin']]['label']}"
        if endpoint.get("origin") in origins
        else endpoint["label"]
        for key, endpoint in endpoints.items()
    }
    return GROUPS | named


def lay_out_moved(
    moved: pd.DataFrame, after: Iterable[Record], groups: Mapping[str, str]
) -> dict[str, Any] | None:
    """The table of the results that moved, by what they are about; None where none did.

    What stands behind an estimate (patients at risk at a time, those censored, a standard error) and
    the days of single patients are left out, and the table says so.
    """
    records = {record["id"]: record for record in after}
    shown = moved[moved["kind"].isin(["moved", "unmoved"])]
    kinds = dict(zip(shown["row_key"], shown["kind"], strict=True))
    members: dict[str, list[str]] = {}
    for number, base in zip(shown["row_key"], shown["base"], strict=True):
        members.setdefault(base, []).append(number)
    if not members:
        return None
    left_out = {base for base in members if _stands_behind(base)}
    counted = set(shown["row_key"][shown["n_patients"].notna()])
    headings = list(groups)

    def place(base: str) -> int:
        first = base.split(".")[0]
        return headings.index(first) if first in headings else len(headings)

    order = sorted((base for base in members if base not in left_out), key=place)
    if not order:
        return None
    rows: list[dict[str, Any]] = []
    heading = None
    for base in order[:MOST_ROWS]:
        first = base.split(".")[0]
        if first != heading:
            heading = first
            label = groups.get(first, first)
            rows.append({"label": label, "indent": 0, "cells": [], "term": True})
        # Because of whom: the estimate itself, or the limit that alone moved.
        because = [n for n in (base, *members[base]) if kinds.get(n) == "moved" and n in counted]
        rows.append(
            {
                "label": _describe(records[base]),
                "indent": 1,
                "term": True,
                "cells": [
                    _cell(base, members[base], "changes.before."),
                    _cell(base, members[base], ""),
                    f"{{changes.patients.{because[0]}}}" if because else "–",
                ],
            }
        )
    notes = ["Patients: those because of whose rows the number, or one of its limits, moved."]
    if left_out:
        notes.append(
            "Results alone are shown: not the patients at risk, events and censored at each time, "
            "standard errors, extremes, and the days of single patients."
        )
    if len(order) > MOST_ROWS:
        notes.append("The table is cut short.")
    if len(notes) > 1:
        notes.append("All numbers that moved are in aggregate/cut_comparison.json.")
    return {
        "caption": "Results that moved since the previous data cut.",
        "columns": ["", "Previous cut", "This cut", "Patients"],
        "rows": rows,
        "footnotes": notes,
    }


def _stands_behind(number: str) -> bool:
    """Whether `number` is not a result of its own, but what an estimate stands on, or one patient's."""
    return any(part in BEHIND or part.startswith("case_") for part in number.split("."))


def _describe(record: Record) -> str:
    """A number in words: its method, and its population where that is not the usual one."""
    method = record["method"].rstrip(".")
    return method if record["population"] in COMMON else f"{method} ({record['population']})"


def _cell(base: str, members: list[str], prefix: str) -> str:
    """A number with its limits, range or percentage behind it."""
    by_end = {number.rpartition(".")[2]: number for number in members if number != base}
    text = f"{{{prefix}{base}}}"
    behind = []
    if "percent" in by_end:
        behind.append(f"{{{prefix}{by_end['percent']}}}")
    for low, high in (("lower", "upper"), ("minimum", "maximum")):
        if low in by_end and high in by_end:
            behind.append(f"{{{prefix}{by_end[low]}}}–{{{prefix}{by_end[high]}}}")
    return f"{text} ({'; '.join(behind)})" if behind else text


def state_facts(changes: pd.DataFrame, moved: pd.DataFrame, cases: Mapping[str, str]) -> dict:
    """What happened at all: the kinds of change, the endpoints with new events, the cases that died.

    `cases` maps a patient to his name in what may leave; empty where none may be named.
    """
    deaths = changes.loc[changes["kind"].eq("death"), "subject_id"].map(dict(cases))
    events = changes.loc[changes["kind"].eq("event"), "record_key"]
    return {
        "compared": True,
        "kinds": sorted(changes["kind"].unique()),
        "past_unexplained": bool(
            (
                changes["kind"].isin(["value_changed", "record_removed"])
                & changes["correction_line"].isna()
            ).any()
        ),
        "events": sorted(events.unique()),
        "numbers": sorted(moved["kind"].unique()),
        "deaths": sorted(deaths.dropna()),
    }
