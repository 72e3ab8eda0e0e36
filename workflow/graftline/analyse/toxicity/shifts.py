"""Shift table: grade of a laboratory item before treatment against the worst on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from graftline.analyse.toxicity.groups import (
    ROMAN,
    Group,
    declare_count,
    group_columns,
    item_groups,
    make_row,
)
from graftline.analyse.toxicity.plan import Plan, Shift
from graftline.numbers import Declaration
from graftline.slugs import slug


def _name(shift: Shift) -> str:
    item, before, grade = shift
    return f"toxicity.shift.{slug(item)}.{'none' if before is None else before}_to_{grade}"


def declare_shifts(group: Group, plan: Plan) -> Iterator[Declaration]:
    """Patients by item, grade before treatment and worst grade on it, of those shifts that occur."""
    for shift in plan.shifts:
        item, before, grade = shift
        was = "no grade" if before is None else f"grade {before}"
        yield declare_count(
            _name(shift),
            group,
            f"Number of patients with {was} before treatment and grade {grade} at worst on "
            "treatment, in the laboratory item that the id names.",
            group.treated(plan.main, item, baseline_grade=before, grade=grade),
            group.treated(plan.main, item),
        )


def _moves(plan: Plan) -> list[str]:
    """The items in which some patient had a grade above none, before or on treatment."""
    found = [item for item, before, grade in plan.shifts if before or grade]
    return list(dict.fromkeys(found))


def lay_out_shifts(values: Mapping[str, Any], plan: Plan) -> dict[str, Any] | None:
    """The table: a row an item and grade before treatment, a column a group and worst grade; nought
    is left empty. None where nothing moved. `values` has the numbers' values by id."""
    shown = _moves(plan)
    if not shown:
        return None
    groups = item_groups(plan.arms)
    grades = range(max(grade for item, _, grade in plan.shifts if item in shown) + 1)

    def cell(item: str, before: int | None, grade: int, group: Group) -> str:
        number = f"{_name((item, before, grade))}{group.suffix}.n"
        return f"{{{number}}}" if values.get(number) else ""

    rows = []
    for item, of_item in groupby(
        (shift for shift in plan.shifts if shift[0] in shown), key=lambda shift: shift[0]
    ):
        for place, before in enumerate(dict.fromkeys(shift[1] for shift in of_item)):
            start = "not graded" if before is None else ROMAN[before]
            label = start if place else f"{plan.scale.items[item].label}: {start}"
            cells = [cell(item, before, grade, group) for group in groups for grade in grades]
            moved = any(cells[place] for place in range(len(cells)) if place % len(grades))
            if moved or (before is not None and any(cells)):
                rows.append(make_row(label, cells, indent=min(place, 1)))
    return {
        "caption": (
            f"Laboratory items on {plan.scale.label}: grade before treatment (rows) and worst grade "
            "on treatment (columns), number of patients."
        ),
        **group_columns("Item: grade before", groups, [ROMAN[grade] for grade in grades]),
        "rows": rows,
        "footnotes": _notes(plan, shown),
    }


def _notes(plan: Plan, shown: list[str]) -> list[str]:
    notes = [
        "The grade before treatment is that of the last value before the first dose, on the normal "
        "range alone. Patients with a graded value on treatment; empty cells are nought. Not graded "
        "before: shown where there is a grade above none on treatment."
    ]
    still = [item for item in dict.fromkeys(shift[0] for shift in plan.shifts) if item not in shown]
    if still:
        labels = ", ".join(plan.scale.items[item].label for item in still)
        notes.append(f"No grade above none before or on treatment: {labels}.")
    return notes
