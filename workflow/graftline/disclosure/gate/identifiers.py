"""What names a patient: the study's ids of patients, and the dates of their raw tables.

A patient's id is looked for as a word of its own. An id such as P-017, with a letter and a digit, or of
six digits, is found wherever it stands. A short one, such as 17 or AB, is a word of any text: it is found
where the word before it says that it is a patient's (patient 17, subject_id: 17), and in a column or a
field of that name. "Case 1" is what a patient may be called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graftline.errors import GraftlineError

SUBJECT, DATE = "subject", "date"
MOST_PARTS = 6  # of an id, as in 01-701-1015
_JOINED = re.compile(r"[^\W_]+(?:[-_./:|][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
# What stands before it is looked at afterwards: a pattern that looks back first is searched slowly.
_DATE = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})(?!\d)")
_DIGIT_BEFORE, _DECIMALS_AFTER = re.compile(r"\d\Z"), re.compile(r"\.\d")
_POINT_BEFORE = re.compile(r"\d\.\Z")
_FIELD = r"(?:subject|patient|participant|usubj|subj|pat)[ _-]?(?:id|no|number|nr|key)?"
_NAMED = re.compile(rf"\b{_FIELD}[\"']?[ :=#]{{1,3}}[\"']?([^\W_]+(?:[-./][^\W_]+)*)", re.I)
IS_FIELD = re.compile(
    r"(?:u?subj(?:ect)?|pat(?:ient)?|participant)(?:[ _-]?(?:id|no|number|nr|key))?", re.I
)
LEAST_DIGITS = 6
_SEPARATORS = "-_./:|"
# Up to so many ids are looked for one by one, which is faster than to take a text apart.
FEW = 1000


def _plain(text: str) -> str:
    """An id without case and separators, so that p 017 and P-017 are one."""
    return "".join(_PART.findall(text)).casefold()


def _find_days(text: str) -> set[str]:
    """The dates YYYY-MM-DD, and YYYYMMDD where it is no part of a decimal number, as YYYY-MM-DD."""
    days = set()
    for found in _DATE.finditer(text):
        before = text[max(found.start() - 2, 0) : found.start()]
        decimals = _POINT_BEFORE.search(before) or _DECIMALS_AFTER.match(text, found.end())
        if not (_DIGIT_BEFORE.search(before) or (decimals and not found[2])):
            days.add(f"{found[1]}-{found[3]}-{found[4]}")
    return days


def _is_distinctive(id: str) -> bool:
    has_digit = any(letter.isdigit() for letter in id)
    if has_digit and any(letter.isalpha() for letter in id):
        return len(id) > 2
    return len(id) >= LEAST_DIGITS if has_digit else False


@dataclass(frozen=True)
class Identifiers:
    """Ids without case and separators: those that are found anywhere, and all; dates, with the cut's
    own left out; and names of files that may stand although they read like an id."""

    anywhere: frozenset[str]
    ids: frozenset[str]
    dates: frozenset[str]
    files: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        subjects: Iterable[str],
        dates: Iterable[str],
        cuts: Iterable[str],
        files: Iterable[str] = (),
    ) -> Identifiers:
        """Those of patients `subjects` with `dates`, of which the names of `cuts` may stand, and of raw
        `files`: bmt35.csv is the table of a study whose patients are BMT-01 to BMT-35. A file that is
        named by an id as it is written, P-017.csv, is a patient's."""
        written = list(subjects)
        ids = frozenset(filter(None, map(_plain, written)))
        allowed = {file for file in files if file.partition(".")[0] not in set(written)}
        return cls(
            frozenset(filter(_is_distinctive, ids)),
            ids,
            frozenset(dates) - set(cuts),
            frozenset(allowed),
        )

    def count_in(self, text: str) -> int:
        """How many different identifiers stand in `text`."""
        found = set()
        for file in self.files:
            text = text.replace(file, " ")
        for token in set(_JOINED.findall(text)) if self._may_stand_in(text) else ():
            parts = [part.casefold() for part in _PART.findall(token)]
            for first in range(len(parts)):
                for last in range(first + 1, min(len(parts), first + MOST_PARTS) + 1):
                    joined = "".join(parts[first:last])
                    # Digits alone are an id only as a whole word: not the decimals of a number.
                    whole = last - first == len(parts)
                    if joined in self.anywhere and (whole or not joined.isdigit()):
                        found.add(joined)
        if len(self.ids) > len(self.anywhere):
            found |= {_plain(name) for name in _NAMED.findall(text)} & self.ids
        return len(found) + len(_find_days(text) & self.dates)

    def _may_stand_in(self, text: str) -> bool:
        """False if no id of `anywhere` can be among the words of `text`: what is quickly seen."""
        if len(self.anywhere) > FEW:
            return True
        plain = text.casefold()
        for separator in _SEPARATORS:
            plain = plain.replace(separator, "")
        return any(id in plain for id in self.anywhere)

    def count_in_field(self, name: str, value: object) -> int:
        """1 if the field or column `name` is one of patients and `value` an id, however short."""
        return int(bool(IS_FIELD.fullmatch(name.strip())) and _plain(str(value)) in self.ids)


def read_identifiers(
    path: str | Path, cuts: Iterable[str], files: Iterable[str] = ()
) -> Identifiers:
    """The identifiers of a cut, of which the dates `cuts` and the names of its raw `files` may stand
    (see `Identifiers.of`): lines `subject`, tab, id, and `date`, tab, YYYY-MM-DD.

    Raises GraftlineError for another line.
    """
    found: dict[str, list[str]] = {SUBJECT: [], DATE: []}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            kind, tab, value = line.rstrip("\n").partition("\t")
            if not tab or kind not in found:
                raise GraftlineError(f"{path}, line {number}: write subject or date, a tab, and it")
            found[kind].append(value)
    return Identifiers.of(found[SUBJECT], found[DATE], cuts, files)
