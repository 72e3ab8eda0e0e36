"""Records of the ledger, and what their chain shows.

A record holds its own hash and that of the record before it. So a record that was edited, moved, put
between others or taken out from between them is found. What a chain alone cannot show: that its last
records were cut off, and that all of it was written anew from some record on. The folders of the
releases and signed heads (`graftline.ledger.heads`) are for that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from graftline.cuts.manifest import digest_of

# What the first record of a ledger follows.
NOTHING_BEFORE = "0" * 64
FIELDS = (
    *("study", "cut", "sequence", "data_label", "sealed_at", "build_digest"),
    *("cut_manifest", "configuration", "code_tree", "lock", "numbers", "outputs", "contents"),
    *("differences", "previous", "hash"),
)


def make_record(content: Mapping[str, Any], previous: str) -> dict[str, Any]:
    """The record of `content` that follows the record with the hash `previous`."""
    record = dict(content) | {"previous": previous}
    return record | {"hash": digest_of(record)}


def format_record(record: Mapping[str, Any]) -> str:
    """A record as its line in the ledger: canonical JSON."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def find_head(records: Iterable[Mapping[str, Any]]) -> str:
    """The hash that the next record has to name."""
    head = NOTHING_BEFORE
    for record in records:
        head = record["hash"]
    return head


def name_release(record: Mapping[str, Any]) -> str:
    """A release as it is named to people: cut/sequence."""
    return f"{record['cut']}/{record['sequence']}"


def _parse_line(line: str) -> tuple[dict[str, Any] | None, str | None]:
    """The record of a line, and what is wrong with its form."""
    try:
        record = json.loads(line)
    except ValueError:
        return None, "is not a record; it was edited or cut off"
    if not isinstance(record, dict) or set(record) != set(FIELDS):
        return None, "has not the fields of a record; it was edited"
    if format_record(record) != line:
        return record, f"({name_release(record)}) is not written as records are; it was edited"
    return record, None


def parse_ledger(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The records of a ledger's text that can be read, and a sentence for each thing that its chain
    shows to be wrong; empty where all is well."""
    records: list[dict[str, Any]] = []
    problems: list[str] = []
    before: str | None = NOTHING_BEFORE
    last_sequence: dict[tuple[str, str], int] = {}
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        record, wrong_form = _parse_line(line)
        if wrong_form:
            problems.append(f"line {number} {wrong_form}")
        if record is None:
            before = None  # not known: the next record is not blamed for it
            continue
        name = f"line {number} ({name_release(record)})"
        content = {key: value for key, value in record.items() if key != "hash"}
        if digest_of(content) != record["hash"]:
            problems.append(f"{name} was edited: its hash is not that of its content")
        if before is not None and record["previous"] != before:
            problems.append(
                f"{name} does not follow the line before it: a record was removed, added, edited or moved"
            )
        of_cut = (record["study"], record["cut"])
        if record["sequence"] != last_sequence.get(of_cut, 0) + 1 and before is not None:
            problems.append(
                f"{name} is out of order: the release before it of this cut is number "
                f"{last_sequence.get(of_cut, 0)}"
            )
        last_sequence[of_cut] = record["sequence"]
        before = record["hash"]
        records.append(record)
    return records, problems
