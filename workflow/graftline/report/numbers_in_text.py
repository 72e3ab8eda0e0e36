"""The only way that a number enters the paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from markupsafe import Markup, escape

from graftline.disclosure.policy import HIDDEN, is_masked
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
_TEENS = [f"{stem}teen" for stem in ["thir", "four", "fif", "six", "seven", "eigh", "nine"]]
_TENS = [f"{stem}ty" for stem in ["twen", "thir", "for", "fif", "six", "seven", "eigh", "nine"]]
_PLACE = re.compile(r"\{([a-z0-9_]+(?:\.[a-z0-9_]+)*)\}")
_BRACKET = re.compile(r" ?\([^()]*\)")
UNDISCLOSED = "an undisclosed number"


def spell_out(value: int) -> str | None:
    """A count from 0 to 99 in words, for the start of a sentence; None for any other."""
    if not 0 <= value < 100:
        return None
    if value < 20:
        return [*WORDS, *_TEENS][value]
    tens, ones = divmod(value, 10)
    return _TENS[tens - 2] + (f"-{WORDS[ones]}" if ones else "")


def _words_for_masked(display: str) -> str:
    """ "<5" in words; of a count of which not even that may be said, that it is not disclosed."""
    limit = display.removeprefix("<")
    if limit == display:
        return UNDISCLOSED
    return f"fewer than {WORDS[int(limit)] if int(limit) < len(WORDS) else limit}"


_MARK = r'<(a|span) class="number{}"[^>]*>[^<]*</\1>'
_MASKED_MARK = re.compile(_MARK.format(" masked"))
_PLAIN_MARK = re.compile(_MARK.format(""))
_PROSE_BRACKET = re.compile(r"\s?\((?:[^()<]|</?(?:a|span)\b[^>]*>)*\)")


def leave_out_masked_brackets(html: str) -> str:
    """`html` without the brackets that hold masked numbers and no other: "masked (95% CI
    masked–masked)" says it once."""

    def keep(bracket: re.Match) -> str:
        held = bracket[0]
        only_masked = _MASKED_MARK.search(held) and not _PLAIN_MARK.search(held)
        return (
            ""
            if only_masked
            and held.count("<a ") + held.count("<span ") == len(_MASKED_MARK.findall(held))
            else held
        )

    return _PROSE_BRACKET.sub(keep, html)


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
        """The value of `number`, for templates to choose their words by; it prints nothing.

        Of a masked number it is `HIDDEN`, which is neither none nor one.
        """
        return HIDDEN if self.masked(number) else self.record(number)["value"]

    def masked(self, number: str) -> bool:
        """Whether the study's policy masks `number`."""
        return is_masked(self.record(number))

    def n(self, number: str, text: str | None = None) -> Markup:
        """`number` as it is printed, marked with its id; `text` says the same in words."""
        record = self.record(number)
        self.printed.add(number)
        shown = escape(record["display"] if text is None else text)
        kind = "number masked" if is_masked(record) else "number"
        if self._links:
            return Markup('<a class="{2}" href="#number-{0}" data-number-id="{0}">{1}</a>').format(
                number, shown, kind
            )
        return Markup('<span class="{2}" data-number-id="{0}">{1}</span>').format(
            number, shown, kind
        )

    def words(self, number: str, *, start: bool = False, alone: bool = False) -> Markup:
        """A count in words up to twelve, in figures from there on.

        `start`: at the start of a sentence, where words go up to ninety-nine; `alone`: without a noun behind it ("none" for "no").
        """
        value = self.value(number)
        if value is HIDDEN:
            word = _words_for_masked(self.record(number)["display"])
            return self.n(number, word[:1].upper() + word[1:] if start else word)
        word = spell_out(value) if isinstance(value, int) else None
        if word is None or value >= len(WORDS) and not start:
            return self.n(number)
        if alone and value == 0:
            word = "none"
        return self.n(number, word.capitalize() if start else word)

    def fill(self, text: str) -> Markup:
        """`text`, escaped, with each `{id}` replaced by its number.

        A bracket that would hold masked numbers alone, as behind a masked count, is left out.
        """
        parts = _PLACE.split(_BRACKET.sub(self._keep_bracket, text))
        return Markup("").join(
            self.n(part) if position % 2 else escape(part) for position, part in enumerate(parts)
        )

    def _keep_bracket(self, bracket: re.Match) -> str:
        inside = _PLACE.findall(bracket[0])
        return "" if inside and all(map(self.masked, inside)) else bracket[0]

    def of(self, number: str) -> str:
        """ "of " between a count in words and its noun, where the count is not disclosed."""
        return "of " if self.undisclosed(number) else ""

    def undisclosed(self, number: str) -> bool:
        """Whether `number` is masked and not even told to be under a limit: prose does without it."""
        return self.masked(number) and not self.record(number)["display"].startswith("<")

    def printed_records(self) -> list[Mapping[str, Any]]:
        """The records of the numbers that were printed, by id."""
        return [self._records[number] for number in sorted(self.printed)]
