"""Where numbers are printed: tables, figures, published statements, sections and pages of the manuscript."""

from __future__ import annotations

import re
from typing import Any

from graftline.layout_numbers import numbers_in_layout
from graftline.results_folder import ResultsFolder
from graftline.tables import read_json
from graftline.trace.pages import DEPENDS, MAY, find_pages

_MARK = re.compile(r'<section[^>]*? id="([a-z-]+)"|data-number-id="([a-z0-9_.]+)"')


def _how(numbers: set[str], sure: set[str], maybe: set[str]) -> str | None:
    return DEPENDS if numbers & sure else MAY if numbers & maybe else None


def printed_in_sections(results: ResultsFolder) -> dict[str, set[str]]:
    """Section of the manuscript -> the numbers that it prints."""
    file = results.path / "aggregate" / "manuscript.html"
    found: dict[str, set[str]] = {}
    section = "title"
    if file.is_file():
        for mark in _MARK.finditer(file.read_text(encoding="utf-8")):
            section = mark[1] or section
            if mark[2]:
                found.setdefault(section, set()).add(mark[2])
    return found


def _claims(results: ResultsFolder) -> dict[str, set[str]]:
    """Published statement -> the numbers it is held against."""
    file = results.path / "aggregate" / "claims.json"
    claims = read_json(file) if file.is_file() else []
    return {claim["id"]: set(claim["published"]) for claim in claims}


def find_printed(
    results: ResultsFolder,
    numbers: dict[str, list[dict[str, Any]]],
    tables: set[str],
    reached: set[str],
    told: set[str],
) -> dict[str, dict[str, str]]:
    """Table, figure, claim, section or page of the PDF -> "depends" or "may_move"; those that do neither
    are left out.

    `numbers` are sorted as forward trace sorts them. A figure is drawn from the derived tables that its
    rule's numbers stand on: it depends on the source with one of `tables`, and may move with one that
    is `reached` or with its rule, if that is `told` of a protocol that changed.
    """
    sure = {record["id"] for kind in ("selected", "considered") for record in numbers[kind]}
    maybe = {record["id"] for record in numbers["may_move"]}
    in_tables = {
        name: set(numbers_in_layout(layout))
        for fragment in results.fragments.values()
        for name, layout in fragment["tables"].items()
    }
    figures = {}
    for rule, fragment in results.fragments.items():
        drawn_from = {record["table"] for record in fragment["numbers"]}
        for name in fragment["figures"]:
            if drawn_from & tables:
                figures[name] = DEPENDS
            elif drawn_from & reached or rule in told:
                figures[name] = MAY
    found = {
        kind: {name: how for name, ids in places.items() if (how := _how(ids, sure, maybe))}
        for kind, places in (
            ("tables", in_tables),
            ("claims", _claims(results)),
            ("sections", printed_in_sections(results)),
        )
    }
    moved = dict.fromkeys(maybe, MAY) | dict.fromkeys(sure, DEPENDS)
    drawn = {f"figure-{figure}": how for figure, how in figures.items()}
    pages = find_pages(results, moved, drawn, digests=True)
    return found | {"figures": figures, "pages": {str(page): how for page, how in pages.items()}}
