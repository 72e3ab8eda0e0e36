"""The entries of the appendix of numbers: numbers of one kind stand together."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graftline.tables import format_json

# A number whose id ends so stands behind the number that the other ending names, if there is one:
# limits behind their estimate, a percentage behind its count, a range behind its median.
BASES = {
    "lower": ("", ".n"),
    "upper": ("", ".n"),
    "percent": (".n",),
    "minimum": (".median",),
    "maximum": (".median",),
}
_ORDER = ("percent", "minimum", "maximum", "lower", "upper")
_DIGITS = re.compile(r"(\d+)")
DIGITS_SHOWN = 12
_LINKED = re.compile(r'data-number-id="([^"]+)"')
_TAG = re.compile(r"<[^>]+>")
# Links to one entry with no more between them than " (95% CI ".
_RUN = re.compile(
    r'<a class="number" href="(#entry-\d+)" data-number-id="[^"]+">[^<]*</a>'
    r'(?:[^<]{1,10}<a class="number" href="\1" data-number-id="[^"]+">[^<]*</a>)+'
)
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """Estimates of one kind: `estimates` holds a value with its limits or shares each.

    `anchor` is where links to its numbers lead. `rows` says how many of the rows considered its numbers
    are made of, "" where that is not released. `digest` is of what is released of its records: one of
    the rows would tell whose they are to whoever tries all patients.
    """

    anchor: str
    estimates: list[list[Record]]
    method: str
    populations: list[str]
    table: str
    statistics: list[str]
    reasons: list[str]

    @property
    def records(self) -> list[Record]:
        """The records of all its estimates."""
        return [record for members in self.estimates for record in members]

    @property
    def rows(self) -> str:
        """`count_rows` of its records."""
        return count_rows(self.records)

    @property
    def digest(self) -> str:
        """`digest_entry` of its records."""
        return digest_entry(self.records)


def _base(number: str, ids: set[str]) -> str:
    """The number behind which `number` stands: itself, or the one that `BASES` names."""
    stem, _, last = number.rpartition(".")
    for ending in BASES.get(last, ()):
        if stem + ending in ids:
            return stem + ending
    return number


def _reading_order(record: Record) -> int:
    last = record["id"].rpartition(".")[2]
    return _ORDER.index(last) if last in _ORDER else -1


def _natural_order(number: str) -> list[tuple[bool, int, str]]:
    """A key by which 365 comes before 1095."""
    return [
        (part.isdigit(), int(part) if part.isdigit() else 0, part) for part in _DIGITS.split(number)
    ]


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))


def merge_sentences(sentences: list[str]) -> str:
    """Sentences that differ only in their numbers as one, with all numbers at each place.

    "Grade is 1." and "Grade is 2." give "Grade is 1, 2.".
    """
    columns = zip(*(_DIGITS.split(sentence) for sentence in sentences), strict=True)
    return "".join(", ".join(_unique(column)) for column in columns)


def _span(counts: list[int]) -> str:
    least, most = min(counts), max(counts)
    return f"{least}" if least == most else f"{least} to {most}"


def count_rows(records: list[Record]) -> str:
    """ "4 to 9 of 9 rows": from how many of the rows considered the records are made."""
    told = [record for record in records if record.get("n_selected") is not None]
    if not told or len(told) < len(records):
        return ""
    considered = [record["n_considered"] for record in told]
    rows = "row" if max(considered) == 1 else "rows"
    return f"{_span([record['n_selected'] for record in told])} of {_span(considered)} {rows}"


def digest_entry(records: list[Record]) -> str:
    """The first 12 digits of the sha256 of the records, sorted by id, as canonical JSON."""
    ordered = sorted((dict(record) for record in records), key=lambda record: record["id"])
    return hashlib.sha256(format_json(ordered).encode("utf-8")).hexdigest()[:DIGITS_SHOWN]


def group_entries(records: Iterable[Record]) -> list[Entry]:
    """The entries for `records`, in the order of their first id.

    A value and its limits, or a count and its percentage, make one estimate. Estimates from one
    table whose methods differ only in numbers (times, grades) share an entry.
    """
    estimates: dict[str, list[Record]] = {}
    by_id = {record["id"]: record for record in records}
    for number in sorted(by_id):
        estimates.setdefault(_base(number, set(by_id)), []).append(by_id[number])
    kinds: dict[tuple, list[list[Record]]] = {}
    for members in estimates.values():
        members.sort(key=_reading_order)
        first = members[0]
        kinds.setdefault((first["table"], _DIGITS.sub("#", first["method"])), []).append(members)
    entries = []
    for alike in kinds.values():
        alike.sort(key=lambda members: _natural_order(members[0]["id"]))
        everything = [record for members in alike for record in members]
        entries.append(
            Entry(
                anchor=f"entry-{len(entries) + 1}",
                estimates=alike,
                method=merge_sentences([members[0]["method"] for members in alike]),
                populations=_unique(members[0]["population"] for members in alike),
                table=alike[0][0]["table"],
                statistics=_unique(record["statistic"]["name"] for record in everything),
                reasons=_unique(record["reason"] for record in everything if record["reason"]),
            )
        )
    return entries


def link_to_entries(html: str, entries: Iterable[Entry]) -> str:
    """`html` with each link to a number led to the entry of the appendix that holds it."""
    anchors = {
        record["id"]: entry.anchor
        for entry in entries
        for estimate in entry.estimates
        for record in estimate
    }
    return re.sub(r'href="#number-([a-z0-9_.]+)"', lambda link: f'href="#{anchors[link[1]]}"', html)


def merge_links(html: str) -> str:
    """`html` with one link where several stand beside one another that lead to one entry, as those of an
    estimate and its limits do. `data-number-id` has all their ids. Each link is slow to lay out."""

    def merge(run: re.Match) -> str:
        ids = " ".join(_LINKED.findall(run[0]))
        text = _TAG.sub("", run[0])
        return f'<a class="numbers" href="{run[1]}" data-number-id="{ids}">{text}</a>'

    return _RUN.sub(merge, html)
