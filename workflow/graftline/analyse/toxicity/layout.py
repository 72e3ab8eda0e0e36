"""The tables of toxicity on the study's main scale. Numbers stand in them as {id}."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graftline.analyse.toxicity.declare import AT_LEAST
from graftline.analyse.toxicity.groups import (
    ROMAN,
    Group,
    group_columns,
    item_groups,
    make_row,
    shown_groups,
)
from graftline.analyse.toxicity.plan import MANY_ITEMS, Plan, grades_from_none
from graftline.analyse.toxicity.scales import lacks_signs, lay_out_scales, list_unverified
from graftline.analyse.toxicity.severity import lay_out_severity
from graftline.analyse.toxicity.shifts import lay_out_shifts
from graftline.grading.scale import Item
from graftline.slugs import slug

NOT_MEASURED = "–"
LIMITS_NOTE = (
    "CI: confidence interval, exact (Clopper and Pearson), with two and a half per cent in each "
    "tail. NE: not estimable."
)
PERIOD_NOTE = (
    "On treatment: from the first dose to {config.toxicity.days_after_last_dose} days after the "
    "last dose of any drug."
)


def _share(prefix: str, group: Group) -> str:
    name = f"{prefix}{group.suffix}"
    return f"{{{name}.n}} ({{{name}.percent}}; {{{name}.lower}}–{{{name}.upper}})"


def _note_with_ctc(values: Mapping[str, Any], plan: Plan, groups: list[Group]) -> str:
    """The worst grades when signs that the main scale lacks count with another scale's grade."""

    def counts(group: Group) -> str:
        ids = {grade: f"toxicity.with_ctc.grade{grade}{group.suffix}.n" for grade in ROMAN}
        return ", ".join(
            f"{ROMAN[grade]} in {{{ids[grade]}}}"
            for grade in grades_from_none(plan.scale)
            if values[ids[grade]]
        )

    return (
        f"Counting also the {plan.also[0].label} grades of signs that the {plan.scale.label} scale "
        "does not have: "
        + "; ".join(f"{group.label}, {counts(group) or 'none graded'}" for group in groups)
        + "."
    )


def lay_out_worst(values: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """Patients by worst grade on treatment, with exact limits."""
    groups = shown_groups(plan.arms)
    names = [
        (ROMAN[grade].capitalize() if not grade else ROMAN[grade], f"toxicity.grade{grade}")
        for grade in grades_from_none(plan.scale)
    ]
    names += [(f"{ROMAN[grade]} or more", f"toxicity.grade_at_least{grade}") for grade in AT_LEAST]
    names.append(("Treatment-emergent", "toxicity.emergent"))
    rows = [make_row(label, [_share(prefix, group) for group in groups]) for label, prefix in names]
    rows.append(
        make_row("Not graded", [f"{{toxicity.not_graded{group.suffix}.n}}" for group in groups])
    )
    footnotes = [
        f"The worst grade of a patient is the highest of all items of the {plan.scale.label} "
        "scale, which has no overall grade itself. Treatment-emergent: above the grade before "
        "treatment, in any item.",
        PERIOD_NOTE,
        LIMITS_NOTE,
    ]
    if lacks_signs(plan):
        footnotes.append(_note_with_ctc(values, plan, groups))
    if len(plan.arms) == 2:
        footnotes.append(
            "Fisher's exact test between the two groups, exploratory: "
            + "; ".join(
                f"grade {ROMAN[grade]} or more, P = {{toxicity.grade_at_least{grade}.fisher_p}}"
                for grade in AT_LEAST
            )
            + "."
        )
    return {
        "caption": (
            f"Worst grade of toxicity on treatment ({plan.scale.label}): "
            "number of patients (percentage; 95% CI)."
        ),
        "columns": ["Worst grade", *[group.headed for group in groups]],
        "rows": rows,
        "footnotes": footnotes,
    }


def lay_out_items(values: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """Patients by item, worst grade of the item and arm; every item that is counted has its row, of a
    long scale under its organ class. Percentages stand where there are two groups at the most.

    No record of a clinical item is no such toxicity, and prints as nought; no value of a
    laboratory item is nothing measured, and prints as a dash, as do records of which none could be
    graded; an item of which no record could be is named below the table. `values` has the numbers'
    values by id.
    """
    groups = item_groups(plan.arms)
    all_grades = grades_from_none(plan.scale)

    def name(item: Item, group: Group, what: str) -> str:
        return f"toxicity.item.{slug(item.code)}.{what}{group.suffix}.n"

    def is_graded(item: Item, group: Group) -> bool:
        return any(values[name(item, group, f"grade{grade}")] for grade in all_grades)

    def is_observed(item: Item, group: Group) -> bool:
        return bool(values[name(item, group, "observed")])

    def count(item: Item, group: Group, grade: int) -> str:
        unrecorded = item.kind == "clinical" and not is_observed(item, group)
        if not unrecorded and not is_graded(item, group):
            return NOT_MEASURED
        number = name(item, group, f"grade{grade}")
        if not values[number] or len(groups) > 2:
            return f"{{{number}}}"
        return f"{{{number}}} ({{{number.removesuffix('.n')}.percent}})"

    never = [
        item
        for item in plan.items
        if item.kind == "clinical"
        and any(is_observed(item, group) for group in groups)
        and not any(is_graded(item, group) for group in groups)
    ]
    items = [item for item in plan.items if item not in never]
    # Death is a grade that no value has: its column is shown where somebody has it.
    grades = [
        grade
        for grade in plan.scale.grades
        if 0 < grade < 5
        or grade
        and any(values[name(item, group, "grade5")] for item in items for group in groups)
    ]
    footnotes = [
        "A patient is counted once for each item, with the worst grade on treatment. "
        f"{NOT_MEASURED}: measured in no patient, or recorded without what the grade needs."
        + (
            " Percentages are of treated patients, of laboratory items of those with a value."
            if len(groups) <= 2
            else ""
        ),
        "Observations on treatment of an item that could not be graded: "
        "{toxicity.not_gradable.n}; records of signs that the scale does not have, which carry no "
        "grade: {toxicity.not_on_scale.n}.",
    ]
    if values["toxicity.at_least.n"]:
        footnotes.append(
            "Observations whose grade is the least that it can be, since a range or a baseline is "
            "missing: {toxicity.at_least.n}."
        )
    if never:
        footnotes.append(
            "Recorded without what a grade is told by, in any patient: "
            + ", ".join(item.label for item in never)
            + "."
        )
    if len(plan.items) < len(plan.scale.items):
        footnotes.append("Items of the scale that were observed in no patient are left out.")
    unverified = list_unverified(items)
    if unverified:
        footnotes.append(
            "Recalled and not checked against a printed source: " + ", ".join(unverified) + "."
        )
    return {
        "caption": (
            f"Toxicity on treatment by item and grade ({plan.scale.label}): number of patients"
            + (" (percentage)." if len(groups) <= 2 else ".")
        ),
        **group_columns("Item", groups, [ROMAN[grade] for grade in grades]),
        "rows": _under_classes(
            items,
            len(items) > MANY_ITEMS,
            lambda item: [count(item, group, grade) for group in groups for grade in grades],
        ),
        "footnotes": footnotes,
    }


def _under_classes(
    items: list[Item], classed: bool, cells: Callable[[Item], list[str]]
) -> list[dict[str, Any]]:
    """A row an item; if `classed`, below its organ class, the classes in the order of the scale."""
    rows, above = [], None
    if classed:
        classes = list(dict.fromkeys(item.soc for item in items))
        items = sorted(items, key=lambda item: classes.index(item.soc))
    for item in items:
        if classed and item.soc and item.soc != above:
            rows.append(make_row(item.soc, []))
            above = item.soc
        rows.append(make_row(item.label, cells(item), indent=int(classed and bool(item.soc))))
    return rows


def lay_out_signs(plan: Plan) -> dict[str, Any]:
    """Patients with each listed sign, and the item of the scale that it is graded on, if there is
    one."""
    groups = shown_groups(plan.arms)
    item_of_term = plan.scale.item_of_term
    return {
        "caption": (
            "Signs on treatment, whatever their grade: number of patients (percentage; 95% CI)."
        ),
        "columns": [
            "Sign",
            *[group.headed for group in groups],
            f"Item of the {plan.scale.label} scale",
        ],
        "rows": [
            make_row(
                name[0].upper() + name[1:],
                [_share(f"sign.{slug(name)}", group) for group in groups]
                + [item_of_term[term].label if term in item_of_term else "no item"],
            )
            for term, name in plan.signs.items()
        ],
        "footnotes": [PERIOD_NOTE, LIMITS_NOTE],
    }


def lay_out_tables(values: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """The tables by name, those that the study has something for."""
    tables = {
        "toxicity_worst": lay_out_worst(values, plan),
        "toxicity_items": lay_out_items(values, plan),
        "signs": lay_out_signs(plan) if plan.signs else None,
        "toxicity_scales": lay_out_scales(values, plan),
        "toxicity_shifts": lay_out_shifts(values, plan),
        "adverse_events": lay_out_severity(values, plan),
    }
    return {name: layout for name, layout in tables.items() if layout}
