"""The only way that a number enters the paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from markupsafe import Markup, escape

from graftline.errors import GraftlineError

WORDS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_PLACE = re.compile(r"\{([a-z0-9_]+(?:\.[a-z0-9_]+)*)\}")


class NumbersInText:
    """The registry as templates see it; remembers which numbers the paper printed.

    `links` says whether a number links to its entry in the appendix.
    """

    def __init__(self, records: Iterable[Mapping[str, Any]], *, links: bool):
        self._records = {record["id"]: record for record in records}
        self._links = links
        self.printed: set[str] = set()

    def record(self, number: str) -> Mapping[str, Any]:
        """The record of `number`. Raises GraftlineError, with a near match, if there is none."""
        if number not in self._records:
            near = get_close_matches(number, self._records, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise GraftlineError(f"the paper asks for the unknown number {number}{hint}")
        return self._records[number]

    def has(self, number: str) -> bool:
        """Whether there is a number of that id."""
        return number in self._records

    def value(self, number: str) -> Any:
        """The value of `number`, for templates to choose their words by; it prints nothing."""
        return self.record(number)["value"]

    def n(self, number: str, text: str | None = None) -> Markup:
        """`number` as it is printed, marked with its id; `text` says the same in words."""
        record = self.record(number)
        self.printed.add(number)
        shown = escape(record["display"] if text is None else text)
        if self._links:
            return Markup(
                '<a class="number" href="#number-{0}" data-number-id="{0}">{1}</a>'
            ).format(number, shown)
        return Markup('<span class="number" data-number-id="{0}">{1}</span>').format(number, shown)

    def words(self, number: str, *, start: bool = False, alone: bool = False) -> Markup:
        """A count in words up to twelve, in figures from there on.

        `start`: at the start of a sentence; `alone`: without a noun behind it ("none" for "no").
        """
        value = self.value(number)
        if not (isinstance(value, int) and 0 <= value < len(WORDS)):
            return self.n(number)
        word = "none" if alone and value == 0 else WORDS[value]
        return self.n(number, word.capitalize() if start else word)

    def fill(self, text: str) -> Markup:
        """`text`, escaped, with each `{id}` replaced by its number."""
        parts = _PLACE.split(text)
        return Markup("").join(
            self.n(part) if position % 2 else escape(part) for position, part in enumerate(parts)
        )

    def printed_records(self) -> list[Mapping[str, Any]]:
        """The records of the numbers that were printed, by id."""
        return [self._records[number] for number in sorted(self.printed)]
