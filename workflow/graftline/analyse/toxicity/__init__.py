"""Toxicity by arm: worst grades, items, signs, and what the figure draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graftline.analyse.toxicity.declare import Group, declare_toxicity, item_groups
from graftline.analyse.toxicity.layout import ROMAN, lay_out_tables, state_facts
from graftline.grading.scale import Scale
from graftline.slugs import slug

__all__ = [
    "collect_bars",
    "declare_toxicity",
    "describe_figure",
    "lay_out_tables",
    "list_treated_arms",
    "state_facts",
]


def list_treated_arms(values: Mapping[str, Any], arms: Mapping | None) -> Mapping | None:
    """The arms that tables, figure and text show, from the values of the numbers by id: those with
    a treated patient. Of an arm without one nothing can be said, not even that a sign was not seen."""
    treated = {code: arm for code, arm in (arms or {}).items() if values[f"toxicity.{arm['id']}.n"]}
    return treated or arms


def _panel(
    group: Group, values: Mapping[str, Any], items: list, grades: list[int]
) -> dict[str, Any]:
    return {
        "label": group.label[0].upper() + group.label[1:],
        "n": values[f"toxicity{group.suffix}.n"],
        "counts": [
            [
                values[f"toxicity.item.{slug(item.code)}.grade{grade}{group.suffix}.n"]
                for grade in grades
            ]
            for item in items
        ],
    }


def collect_bars(values: Mapping[str, Any], arms: Mapping | None, scale: Scale) -> dict[str, Any]:
    """What the figure draws, from the values of the numbers by id.

    Returns items (labels of those with any grade above none, in the order of the scale), grades
    (number and roman numeral), and panels: one an arm, or one of all patients, with label, n, and
    counts[item][grade].
    """
    groups = item_groups(arms)
    grades = [grade for grade in scale.grades if grade > 0]
    items = [
        item
        for item in scale.items.values()
        if any(
            values[f"toxicity.item.{slug(item.code)}.grade{grade}{group.suffix}.n"]
            for grade in grades
            for group in groups
        )
    ]
    return {
        "items": [item.label for item in items],
        "grades": [(grade, ROMAN[grade]) for grade in grades],
        "panels": [_panel(group, values, items, grades) for group in groups],
    }


def describe_figure(bars: Mapping[str, Any], scale: Scale, file: str) -> dict[str, str]:
    """The figure's file, caption and text for a reader who cannot see it."""
    by = " and group" if len(bars["panels"]) > 1 else ""
    items = ", ".join(label.lower() for label in bars["items"]) or "none"
    return {
        "file": file,
        "caption": (
            f"Toxicity on treatment by item{by} ({scale.label}): number of patients by worst grade "
            "of the item. "
            "Items without any grade above none are left out."
        ),
        "alt": (
            f"Stacked bars of the number of patients by worst {scale.label} grade for each "
            f"item{by}. "
            f"Items with a grade above none: {items}."
        ),
    }
