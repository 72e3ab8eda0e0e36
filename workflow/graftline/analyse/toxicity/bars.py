"""What the figure of toxicity draws, and what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graftline.analyse.toxicity.groups import ROMAN, Group, item_groups
from graftline.analyse.toxicity.plan import Plan
from graftline.disclosure.policy import HIDDEN
from graftline.grading.scale import Item
from graftline.slugs import slug

MANY = "Of the items with a grade above none the thirty are shown that most patients had."
MASKED = (
    " Counts that the study's disclosure policy masks are not drawn; an asterisk stands where a bar lacks "
    "some."
)
MOST_ITEMS = 30  # more than a page holds, the most frequent are drawn


def shown_or_none(value: Any) -> Any:
    """A value that a figure may draw; None for a masked one."""
    return None if value is HIDDEN else value


def _most_frequent(items: list[Item], patients: Mapping[str, int]) -> list[Item]:
    """Of more than `MOST_ITEMS` items, those that the most patients had, in the order given; among
    items of as many patients the first."""
    order = sorted(items, key=lambda item: -patients[item.code])
    kept = {item.code for item in order[:MOST_ITEMS]}
    return [item for item in items if item.code in kept]


def collect_bars(values: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """What the figure draws, from the values of the numbers by id.

    Returns items (labels of those with any grade above none, in the order of the scale, and of many
    the most frequent), grades (number and roman numeral), panels: one an arm, or one of all
    patients, with label, n, and counts[item][grade], None for what is masked; and left_out, whether there are items too many to be drawn.
    """
    groups = item_groups(plan.arms)
    grades = [grade for grade in plan.scale.grades if grade > 0]

    def counts(item: Item, group: Group) -> list[int | None]:
        stem = f"toxicity.item.{slug(item.code)}.grade"
        found = [values[f"{stem}{grade}{group.suffix}.n"] for grade in grades]
        return [shown_or_none(value) for value in found]

    all_counts = {
        item.code: [count for group in groups for count in counts(item, group)]
        for item in plan.items
    }
    had = {code: sum(count or 0 for count in found) for code, found in all_counts.items()}
    raised = [item for item in plan.items if had[item.code] or None in all_counts[item.code]]
    items = _most_frequent(raised, had)
    if all(counts(item, group)[-1] == 0 for item in items for group in groups):
        grades = [grade for grade in grades if grade < 5]  # death, which no value has
    return {
        "left_out": len(items) < len(raised),
        "items": [item.label for item in items],
        "grades": [(grade, ROMAN[grade]) for grade in grades],
        "panels": [
            {
                "label": group.label[0].upper() + group.label[1:],
                "n": shown_or_none(values[f"toxicity{group.suffix}.n"]),
                "counts": [counts(item, group) for item in items],
            }
            for group in groups
        ],
    }


def _has_masked(bars: Mapping[str, Any]) -> bool:
    return any(None in row for panel in bars["panels"] for row in panel["counts"])


def describe_figure(bars: Mapping[str, Any], plan: Plan, file: str) -> dict[str, str]:
    """The figure's file, caption and text for a reader who cannot see it."""
    by = " and group" if len(bars["panels"]) > 1 else ""
    items = ", ".join(label.lower() for label in bars["items"]) or "none"
    return {
        "file": file,
        "caption": (
            f"Toxicity on treatment by item{by} ({plan.scale.label}): number of patients by worst "
            "grade of the item, and at the end of each bar the number with any grade. "
            + (MANY if bars["left_out"] else "Items without any grade above none are left out.")
            + (MASKED if _has_masked(bars) else "")
        ),
        "alt": (
            f"Stacked bars of the number of patients by worst {plan.scale.label} grade for each "
            f"item{by}. Items with a grade above none: {items}."
        ),
    }
