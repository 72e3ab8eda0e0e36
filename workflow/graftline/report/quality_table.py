"""The table of what was done to the data: imputed, corrected, set aside, warned of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graftline.report.numbers_in_text import NumbersInText
from graftline.slugs import slug

# Check -> what its findings are. Those of the first kind are deviations from the protocol.
DEVIATIONS = {
    "e11": "first dose at an unusual time after transplantation",
    "e13": "cycles of one drug that overlap",
    "e14": "doses after relapse or progression",
    "e16": "more doses than the days of a cycle allow",
    "e17": "a drug of the arm not given",
    "e18": "doses that differ from the arm's plan",
    "e19": "a route that the protocol does not have",
    "e39": "severe events without action, or withdrawal without an event",
    "e44": "longer than planned between assessments",
    "e58": "doses on days of the week that are not planned",
}
OTHERS = {
    "e02": "patients without doses or without follow-up",
    "e03": "columns that are not known",
    "e06": "records after the data cut",
    "e08": "unusual age",
    "e12": "recovery of blood counts at an unusual time",
    "e21": "large change of weight in a short time",
    "e26": "normal ranges that change",
    "e29": "values below a limit of detection",
    "e31": "events dated outside of treatment",
    "e34": "reported fever grades that differ from the temperature",
    "e35": "reported weight loss that differs from the weights",
    "e36": "reported grades that differ from laboratory values",
    "e46": "deaths without a date",
    "e48": "deaths of treatment after relapse",
    "e49": "deaths of relapse soon after the last dose",
    "e50": "last contact before other signs of life",
    "e51": "lost to follow-up",
    "e53": "dates of which a part is not known",
    "e59": "text that may name a person",
}


def _row(label: str, number: str, *, indent: int = 1, term: bool = False) -> dict[str, Any]:
    return {"label": label, "indent": indent, "cells": [f"{{{number}}}"], "term": term}


def _group(label: str) -> dict[str, Any]:
    return {"label": label, "indent": 0, "cells": []}


def _imputed(numbers: NumbersInText, survival: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for endpoint in survival.get("endpoints", []):
        number = f"{endpoint['key']}.n_imputed"
        if numbers.has(number) and numbers.value(number):
            label = endpoint["label"][:1].lower() + endpoint["label"][1:]
            rows.append(_row(f"{label}, from {survival['origins'][endpoint['origin']]}", number))
    return [_group("Events dated by imputation"), *rows] if rows else []


def _set_aside(numbers: NumbersInText, protocol: Mapping[str, Any]) -> list[dict[str, Any]]:
    rules = [rule for table in protocol["tables"].values() for rule in table.get("set_aside", [])]
    rows = []
    for kind, label in (("patients", "patients"), ("rows", "records")):
        stem = f"quality.set_aside.{kind}"
        rows.append(_row(f"{label} set aside as the protocol says", f"{stem}.n", indent=0))
        for reason in dict.fromkeys(rule["reason"] for rule in rules):
            if numbers.has(f"{stem}.{slug(reason)}.n"):
                rows.append(_row(reason, f"{stem}.{slug(reason)}.n", term=True))
    return rows


def _findings(numbers: NumbersInText, kinds: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        _row(label, f"quality.{check}.n")
        for check, label in kinds.items()
        if numbers.has(f"quality.{check}.n")
    ]


def lay_out_quality(
    numbers: NumbersInText, protocol: Mapping[str, Any], survival: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The layout of the table; None for a registry without numbers of quality.

    `survival` are the facts of the survival analysis, or nothing. Checks that gave no warning, and
    endpoints without an imputed event, have no row of their own.
    """
    if not numbers.has("quality.warnings.n"):
        return None
    imputed = _imputed(numbers, survival)
    rows = [
        _row("Errors found by the checks", "quality.errors.n", indent=0),
        _row("Values corrected", "quality.corrections.n", indent=0),
        *_set_aside(numbers, protocol),
        *imputed,
        _row("Warnings given by the checks", "quality.warnings.n", indent=0),
    ]
    deviations, others = _findings(numbers, DEVIATIONS), _findings(numbers, OTHERS)
    if deviations:
        rows += [_group("Of these, deviations from the protocol"), *deviations]
    if others:
        rows += [_group("Other findings" if deviations else "Of these"), *others]
    for row in rows:
        row["label"] = (
            row["label"][:1].upper() + row["label"][1:] if not row["indent"] else row["label"]
        )
    notes = ["Numbers are those of findings; a patient may have several."]
    if survival.get("dated") and not imputed:
        notes.append("No event is dated by imputation.")
    if not deviations and protocol["regimens"]:
        notes.append("No check of doses, routes, days or assessments gave a warning.")
    return {
        "caption": "Quality of the data: imputations, corrections and deviations from the protocol.",
        "columns": ["", "Number"],
        "rows": rows,
        "footnotes": notes,
    }
