"""The tables of toxicity, and the facts that steer its prose. Numbers stand in them as {id}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graftline.analyse.toxicity.declare import AT_LEAST, Group, groups_of, item_groups
from graftline.grading.scale import Item, Scale
from graftline.slugs import slug

ROMAN = {0: "none", 1: "I", 2: "II", 3: "III", 4: "IV", 5: "V"}
NOT_MEASURED = "–"
LIMITS_NOTE = (
    "Limits in brackets are exact (Clopper and Pearson), with two and a half per cent in each "
    "tail. NE: not estimable."
)
PERIOD_NOTE = (
    "On treatment: from the first dose to {config.toxicity.days_after_last_dose} days after the "
    "last dose of any drug."
)


def shown_groups(arms: Mapping[str, Mapping[str, str]] | None) -> list[Group]:
    """The groups that tables and figures show: the arms, and all patients unless there is one
    arm."""
    groups = groups_of(arms)
    return groups[:1] if len(groups) == 2 else groups


def _headed(group: Group) -> str:
    label = group.label[0].upper() + group.label[1:]
    return f"{label} (n = {{toxicity{group.suffix}.n}})"


def _share(prefix: str, group: Group) -> str:
    name = f"{prefix}{group.suffix}"
    return f"{{{name}.n}} ({{{name}.percent}}; {{{name}.lower}} to {{{name}.upper}})"


def _row(label: str, cells: list[str], indent: int = 0) -> dict[str, Any]:
    return {"label": label, "indent": indent, "cells": cells}


def lay_out_worst(arms: Mapping | None, scale: Scale) -> dict[str, Any]:
    """Patients by worst grade on treatment, with exact limits."""
    groups = shown_groups(arms)
    names = [(ROMAN[grade], f"toxicity.grade{grade}") for grade in scale.grades]
    names += [(f"{ROMAN[grade]} or more", f"toxicity.grade_at_least{grade}") for grade in AT_LEAST]
    names.append(("Treatment-emergent", "toxicity.emergent"))
    rows = [_row(label.capitalize() if label == "none" else label, [_share(p, g) for g in groups])
            for label, p in names]  # fmt: skip
    rows.append(
        _row("Not graded", [f"{{toxicity.not_graded{group.suffix}.n}}" for group in groups])
    )
    footnotes = [
        f"The worst grade of a patient is the highest of all items of the {scale.label} scale, "
        "which has no overall grade itself. Treatment-emergent: above the grade before treatment, "
        "in any item.",
        PERIOD_NOTE,
        LIMITS_NOTE,
    ]
    if len(arms or {}) == 2:
        footnotes.append(
            "Fisher's exact test between the two groups, exploratory and not randomised: "
            + "; ".join(
                f"grade {ROMAN[grade]} or more, P = {{toxicity.grade_at_least{grade}.fisher_p}}"
                for grade in AT_LEAST
            )
            + "."
        )
    return {
        "caption": (
            f"Worst grade of toxicity on treatment ({scale.label}): "
            "number of patients (percentage; limits)."
        ),
        "columns": ["Worst grade", *[_headed(group) for group in groups]],
        "rows": rows,
        "footnotes": footnotes,
    }


def lay_out_items(values: Mapping[str, Any], arms: Mapping | None, scale: Scale) -> dict[str, Any]:
    """Patients by item, worst grade of the item and arm; every item of the scale has its row.

    No record of a clinical item is no such toxicity, and prints as nought; no value of a
    laboratory item is nothing measured, and prints as a dash. `values` has the numbers' values by
    id.
    """
    groups = item_groups(arms)

    def count(item: Item, group: Group, grade: int) -> str:
        name = f"toxicity.item.{slug(item.code)}"
        if item.kind != "clinical" and not values[f"{name}.observed{group.suffix}.n"]:
            return NOT_MEASURED
        return f"{{{name}.grade{grade}{group.suffix}.n}}"

    grades = [grade for grade in scale.grades if grade > 0]
    unverified = [item.label for item in scale.items.values() if not item.verified]
    footnotes = [
        "A patient is counted once for each item, with the worst grade on treatment. "
        f"{NOT_MEASURED}: measured in no patient.",
        "Observations on treatment of an item that could not be graded: "
        "{toxicity.not_gradable.n}; records of signs that the scale does not have, which carry no "
        "grade: {toxicity.not_on_scale.n}.",
    ]
    if unverified:
        footnotes.append(
            "The wording of these items was recalled and not checked against a printed source: "
            + ", ".join(unverified).lower()
            + "."
        )
    return {
        "caption": f"Toxicity on treatment by item and grade ({scale.label}): number of patients.",
        "column_groups": [
            {"label": "", "columns": 1},
            *[{"label": _headed(group), "columns": len(grades)} for group in groups],
        ],
        "columns": ["Item", *[ROMAN[grade] for _ in groups for grade in grades]],
        "rows": [
            _row(
                item.label,
                [count(item, group, grade) for group in groups for grade in grades],
            )
            for item in scale.items.values()
        ],
        "footnotes": footnotes,
    }


def lay_out_signs(arms: Mapping | None, scale: Scale, signs: Mapping[str, str]) -> dict[str, Any]:
    """Patients with each listed sign, and the item of the scale that it is graded on, if there is
    one."""
    groups = shown_groups(arms)
    item_of_term = scale.item_of_term
    return {
        "caption": (
            "Signs on treatment, whatever their grade: number of patients (percentage; limits)."
        ),
        "columns": [
            "Sign",
            *[_headed(group) for group in groups],
            f"Item of the {scale.label} scale",
        ],
        "rows": [
            _row(
                name[0].upper() + name[1:],
                [_share(f"sign.{slug(name)}", group) for group in groups]
                + [item_of_term[term].label if term in item_of_term else "no item"],
            )
            for term, name in signs.items()
        ],
        "footnotes": [PERIOD_NOTE, LIMITS_NOTE],
    }


def lay_out_tables(
    values: Mapping[str, Any], arms: Mapping | None, scale: Scale, signs: Mapping[str, str]
) -> dict[str, Any]:
    """The tables by name; none of the signs where the study lists none."""
    tables = {
        "toxicity_worst": lay_out_worst(arms, scale),
        "toxicity_items": lay_out_items(values, arms, scale),
    }
    return tables | ({"signs": lay_out_signs(arms, scale, signs)} if signs else {})


def state_facts(
    values: Mapping[str, Any], arms: Mapping | None, scale: Scale, signs: Mapping[str, str]
) -> dict[str, Any]:
    """What the prose may say, from the values of the numbers by id.

    assessed: some patient has a grade. groups: for the arms and for all patients (id "all"), the
    grades that occur and the signs that occur, as id, name, and roman numeral. compared: Fisher's
    test was made. same_signs: each arm has the same signs. signs_not_on_scale: names that carry no
    grade.
    """

    def describe(group: Group) -> dict[str, Any]:
        return {
            "id": group.suffix.removeprefix(".") or "all",
            "suffix": group.suffix,
            "label": group.label,
            "grades": [
                {"grade": g, "roman": ROMAN[g], "number": f"toxicity.grade{g}{group.suffix}.n"}
                for g in scale.grades
                if values[f"toxicity.grade{g}{group.suffix}.n"]
            ],
            "signs": [
                {"name": name, "number": f"sign.{slug(name)}{group.suffix}.n"}
                for name in signs.values()
                if values[f"sign.{slug(name)}{group.suffix}.n"]
            ],
            "not_graded": bool(values[f"toxicity.not_graded{group.suffix}.n"]),
        }

    groups = [describe(group) for group in groups_of(arms)]
    by_arm = [[sign["name"] for sign in group["signs"]] for group in groups[:-1]]
    return {
        "scale": scale.label,
        "assessed": bool(groups[-1]["grades"]),
        "groups": groups,
        "compared": values.get(f"toxicity.grade_at_least{AT_LEAST[0]}.fisher_p") is not None,
        "infection": bool(values["toxicity.infection.n"]),
        "infection_related": bool(values["toxicity.infection_related.n"]),
        "serious": bool(values["toxicity.serious.n"]),
        "same_signs": len(by_arm) > 1 and all(names == by_arm[0] for names in by_arm),
        "signs_not_on_scale": [
            name for term, name in signs.items() if term not in scale.item_of_term
        ],
        "items_not_verified": [item.label for item in scale.items.values() if not item.verified],
    }
