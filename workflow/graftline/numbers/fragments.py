"""What one analysis hands to the manuscript."""

from __future__ import annotations

from typing import Any


def fragment(
    records: list[dict],
    *,
    tables: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    figures: dict[str, Any] | None = None,
    data_label: str | None = None,
) -> dict[str, Any]:
    """One analysis' numbers, table layouts, facts that steer prose, and figures with captions."""
    return {
        "data_label": data_label,
        "numbers": records,
        "tables": tables or {},
        "facts": facts or {},
        "figures": figures or {},
    }
