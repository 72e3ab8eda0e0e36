"""The pages of the manuscript's PDF that print something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graftline.report.entries import group_entries
from graftline.results_folder import ResultsFolder
from graftline.tables import read_json

DEPENDS, MAY = "depends", "may_move"


def _index(results: ResultsFolder) -> dict[str, Any]:
    """The index that rendering wrote; empty for results that were built before there was one."""
    file = results.path / "patient_level" / "pages.json"
    if not file.is_file():
        return {"pages": 0, "numbers": {}, "places": {}, "digests": []}
    return read_json(file)


def _entries(results: ResultsFolder, printed: Iterable[str]) -> dict[str, str]:
    """Number -> the appendix entry that repeats it."""
    released = {one["id"]: one for one in read_json(results.file("aggregate", "numbers.json"))}
    entries = group_entries(released[number] for number in sorted(printed) if number in released)
    return {record["id"]: entry.anchor for entry in entries for record in entry.records}


def find_pages(
    results: ResultsFolder,
    numbers: Mapping[str, str],
    places: Mapping[str, str] | None = None,
    *,
    digests: bool = False,
) -> dict[int, str]:
    """Page, counted from 1 -> "depends" or "may_move".

    `numbers` and `places` (figure-forest, table-endpoints) say the same of what is printed; a number is
    printed in the text, in tables and captions, and in its entry of the appendix. With `digests`, pages that print the build digest
    depend too: it is made of every raw file.
    """
    index = _index(results)
    entries = _entries(results, index["numbers"]) if numbers else {}
    found: dict[int, str] = {}

    def add(pages: Iterable[int], how: str) -> None:
        for page in pages:
            found[page] = DEPENDS if DEPENDS in (how, found.get(page)) else MAY

    for number, how in numbers.items():
        add(index["numbers"].get(number, ()), how)
        add(index["places"].get(entries.get(number, ""), ()), how)
    for place, how in (places or {}).items():
        add(index["places"].get(place, ()), how)
    if digests:
        add(index["digests"], DEPENDS)
    return dict(sorted(found.items()))


def pages_of(results: ResultsFolder, numbers: Iterable[str] = (), place: str = "") -> list[int]:
    """The pages that print any of `numbers`, and those of a table or figure (`table-endpoints`)."""
    places = {place: DEPENDS} if place else {}
    return list(find_pages(results, dict.fromkeys(numbers, DEPENDS), places))
