"""What the figure of toxicity draws, and what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graftline.analyse.toxicity.groups import ROMAN, Group, item_groups
from graftline.analyse.toxicity.plan import Plan
from graftline.grading.scale import Item
from graftline.slugs import slug


def collect_bars(values: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """What the figure draws, from the values of the numbers by id.

    Returns items (labels of those with any grade above none, in the order of the scale), grades
    (number and roman numeral), and panels: one an arm, or one of all patients, with label, n, and
    counts[item][grade].
    """
    groups = item_groups(plan.arms)
    grades = [grade for grade in plan.scale.grades if grade > 0]

    def counts(item: Item, group: Group) -> list[int]:
        stem = f"toxicity.item.{slug(item.code)}.grade"
        return [values[f"{stem}{grade}{group.suffix}.n"] for grade in grades]

    items = [item for item in plan.items if any(any(counts(item, group)) for group in groups)]
    if not any(counts(item, group)[-1] for item in items for group in groups):
        grades = [grade for grade in grades if grade < 5]  # death, which no value has
    return {
        "items": [item.label for item in items],
        "grades": [(grade, ROMAN[grade]) for grade in grades],
        "panels": [
            {
                "label": group.label[0].upper() + group.label[1:],
                "n": values[f"toxicity{group.suffix}.n"],
                "counts": [counts(item, group) for item in items],
            }
            for group in groups
        ],
    }


def describe_figure(bars: Mapping[str, Any], plan: Plan, file: str) -> dict[str, str]:
    """The figure's file, caption and text for a reader who cannot see it."""
    by = " and group" if len(bars["panels"]) > 1 else ""
    items = ", ".join(label.lower() for label in bars["items"]) or "none"
    return {
        "file": file,
        "caption": (
            f"Toxicity on treatment by item{by} ({plan.scale.label}): number of patients by worst "
            "grade of the item. Items without any grade above none are left out."
        ),
        "alt": (
            f"Stacked bars of the number of patients by worst {plan.scale.label} grade for each "
            f"item{by}. Items with a grade above none: {items}."
        ),
    }
