"""What the figure of sensitivity draws: each headline estimate beside its like under other choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graftline.analyse.survival import SurvivalAnalysis
from graftline.analyse.survival_series import Series

# Rows that fit on a page; a study with more has those of its first time alone.
MOST_ROWS = 45


def _like(analysis: SurvivalAnalysis, main: Series) -> list[tuple[Series, str]]:
    """Estimates of the same events under another choice, each with words for the choice: from another
    origin, or by a definition that is not in the main text."""
    found = []
    for one in analysis.series:
        if one.suffix or one.key == main.key or one.report == "registry":
            continue
        same = all(
            one.endpoint.get(name) == main.endpoint.get(name)
            for name in ("estimator", "events", "competing")
        )
        if not same:
            continue
        if one.endpoint["origin"] != main.endpoint["origin"]:
            if one.endpoint.get("paramcd") == main.endpoint.get("paramcd"):
                origin = analysis.origins[one.endpoint["origin"]]["label"]
                found.append((one, f"from {origin}"))
        elif not analysis.is_drawn(one):
            found.append((one, one.label[:1].lower() + one.label[1:]))
    return found


def _row(label: str, id: str, values: Mapping, printed: Mapping, *, limits: bool) -> dict[str, Any]:
    """One row; a value that is not a number (not estimable, or masked) is not drawn, but printed."""

    def number(of: str) -> float | None:
        value = values.get(of)
        return 100 * value if isinstance(value, (int, float)) else None

    row = {"label": label, "value": number(id), "lower": None, "upper": None, "text": printed[id]}
    if limits:
        row |= {side: number(f"{id}.{side}") for side in ("lower", "upper")}
        row["text"] += f" ({printed[f'{id}.lower']}–{printed[f'{id}.upper']})"
    return row


def list_forest(
    analysis: SurvivalAnalysis, values: Mapping[str, Any], printed: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Blocks of rows, one an endpoint of the main text and time, where there is anything to compare and to draw.

    A block has `title` and `rows`: the headline first, then with partial dates at their earliest and
    latest, from other origins, and by other definitions. A row has `label`, `value`, `lower` and
    `upper` (percentages; None where not known) and `text`, as the registry prints them.
    """
    of_time: dict[float, list[dict[str, Any]]] = {}
    moved = {one.id: one for one in analysis.headlines}
    for item in analysis.survival["times"]:
        blocks = of_time.setdefault(item["time"], [])
        for main in analysis.series:
            if main.suffix or not analysis.is_drawn(main):
                continue
            id = main.id(main.estimate, item["time"])
            origin = analysis.origins[main.endpoint["origin"]]["label"]
            rows = [_row(f"as reported, from {origin}", id, values, printed, limits=True)]
            if id in moved:
                for which in ("earliest", "latest"):
                    words = f"unknown days at their {which}"
                    number = moved[id].number(which)
                    rows.append(_row(words, number, values, printed, limits=False))
            for one, words in _like(analysis, main):
                other = one.id(one.estimate, item["time"])
                rows.append(_row(words, other, values, printed, limits=True))
            if len(rows) > 1 and any(row["value"] is not None for row in rows):
                blocks.append({"title": f"{main.label}, {item['label']}", "rows": rows})
    every = [block for blocks in of_time.values() for block in blocks]
    if sum(len(block["rows"]) + 1 for block in every) <= MOST_ROWS:
        return every
    return next((blocks for blocks in of_time.values() if blocks), [])


def describe_forest(analysis: SurvivalAnalysis) -> dict[str, str]:
    """Caption and alternative text."""
    origin = analysis.origins[analysis.first_origin]["label"]
    return {
        "caption": (
            f"Estimates of the main text, from {origin} (squares), beside those under other choices of "
            "origin, definition and of days that are not known (circles), with ninety-five per cent "
            "confidence intervals where they have one. NE: not estimable."
        ),
        "alt": "Estimates with confidence intervals in rows, the reported one first in each block.",
    }
