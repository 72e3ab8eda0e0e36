"""What one analysis hands to the manuscript."""

from __future__ import annotations

from typing import Any


def add_part(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """What `fragment` takes (lists and dictionaries, by name), of two parts of one analysis; `second` may lack
    any."""
    joined = {}
    for name, content in first.items():
        more = second.get(name, type(content)())
        joined[name] = content + more if isinstance(content, list) else content | more
    return joined


def fragment(
    records: list[dict],
    *,
    tables: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    figures: dict[str, Any] | None = None,
    data_label: str | None = None,
    masked: list[str] | None = None,
    drawn: list[str] | None = None,
) -> dict[str, Any]:
    """One analysis' numbers, table layouts, facts that steer prose, and figures with captions.

    `masked`: ids of the numbers that it took for masked; `drawn`: of those that its figures show.
    """
    return {
        "data_label": data_label,
        "numbers": records,
        "tables": tables or {},
        "facts": facts or {},
        "figures": figures or {},
        "masked": masked or [],
        "drawn": drawn or [],
    }
