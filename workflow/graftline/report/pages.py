"""On which pages of the PDF each number, table and figure stands, read from the layout itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def index_pages(pages: Iterable[Any]) -> dict[str, Any]:
    """Where things stand on WeasyPrint's `pages`, counted from 1 as they are printed.

    `numbers`: id of a number -> pages; `places`: id of an element (table-endpoints, entry-3) -> pages;
    `digests`: the pages that print the build digest or that of the cut, which any change changes;
    `pages`: how many there are.
    """
    numbers: dict[str, dict[int, None]] = {}
    places: dict[str, dict[int, None]] = {}
    digests: dict[int, None] = {}
    count = 0
    for count, page in enumerate(pages, start=1):
        # WeasyPrint tells of links and anchors alone; a number need not be a link.
        for box in page._page_box.descendants():
            if box.element is None:
                continue
            for number in box.element.get("data-number-id", "").split():
                numbers.setdefault(number, {})[count] = None
            if place := box.element.get("id"):
                places.setdefault(place, {})[count] = None
            if "digest" in box.element.get("class", "").split():
                digests[count] = None
    return {
        "pages": count,
        "numbers": {number: list(found) for number, found in numbers.items()},
        "places": {place: list(found) for place, found in places.items()},
        "digests": list(digests),
    }
