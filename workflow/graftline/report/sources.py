"""The source line of a table or a figure: the derived tables it stands on, and the rule that made it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graftline.layout_numbers import numbers_in_layout
from graftline.report.numbers_in_text import NumbersInText

# Tables of files that people write: thresholds and versions, named where they are printed.
WRITTEN = ("configuration", "software")


def _say(tables: Iterable[str], rule: str) -> str:
    named = [table for table in sorted(set(tables)) if table not in WRITTEN]
    if not named:
        return f"Source: rule {rule}."
    kind = "derived table" if len(named) == 1 else "derived tables"
    return f"Source: {kind} {', '.join(named)}; rule {rule}."


def describe_sources(
    fragments: Mapping[str, Mapping[str, Any]], numbers: NumbersInText
) -> dict[tuple[str, str], str]:
    """("table" or "figure", name) -> its source line, for all that the analyses hand over.

    A table stands on the derived tables of the numbers in it; a figure, on those that it names as its
    `tables`, or else on those of all its rule's numbers.
    """
    sources = {}
    for rule, fragment in fragments.items():
        for name, layout in fragment["tables"].items():
            printed = numbers_in_layout(layout)
            tables = [numbers.record(number)["table"] for number in printed]
            sources["table", name] = _say(tables, rule)
        of_all = [record["table"] for record in fragment.get("numbers", ())]
        for name, figure in fragment["figures"].items():
            sources["figure", name] = _say(figure.get("tables", of_all), rule)
    return sources
