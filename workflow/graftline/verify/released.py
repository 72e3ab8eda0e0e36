"""Verifying `aggregate/` alone, by someone who may not see patients."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from graftline.cuts.checksums import hash_file
from graftline.disclosure.policy import is_masked
from graftline.ledger.file import check_ledger
from graftline.numbers.display import format_number
from graftline.sealed_folder import compare_with_sums, list_all_files
from graftline.tables import read_json
from graftline.verify.outcome import Outcome
from graftline.verify.paper import PAGE, PDF, compare_paper

NUMBERS = "numbers.json"


class _PrintedNumbers(HTMLParser):
    """(number id, text) of each number that a manuscript prints."""

    def __init__(self):
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._id: str | None = None
        self._tag, self._depth, self._text = "", 0, ""

    def handle_starttag(self, tag, attrs):
        if self._id is None:
            self._id = dict(attrs).get("data-number-id")
            self._tag, self._depth, self._text = tag, 1, ""
        elif tag == self._tag:
            self._depth += 1

    def handle_data(self, data):
        self._text += data

    def handle_endtag(self, tag):
        if self._id is not None and tag == self._tag:
            self._depth -= 1
            if not self._depth:
                self.found.append((self._id, self._text.strip()))
                self._id = None


def _read_digits(text: str) -> str:
    """What of a printed number says how much it is."""
    return "".join(character for character in text if character.isdigit() or character == ".")


def compare_printed(html: str, records: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A sentence for each number in figures that the HTML prints otherwise than its record. Numbers in
    words are not looked at."""
    parser = _PrintedNumbers()
    parser.feed(html)
    problems = {}
    for id, text in parser.found:
        if not any(character.isdigit() for character in text):
            continue
        display = records[id]["display"] if id in records else None
        if display is None:
            problems[id] = f"{id}: is printed in the manuscript and not in {NUMBERS}"
        elif _read_digits(text) != _read_digits(display):
            problems[id] = f"{id}: the manuscript prints {text}, {NUMBERS} says {display}"
    return list(problems.values())


def _compare_claims(claims: Any, records: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A sentence for each number that a claim was held against and that is another one now."""
    return [
        f"{id}: claims.json says {value}, {NUMBERS} {records[id]['value'] if id in records else None}"
        for claim in claims
        for id, value in (claim.get("derived") or {}).items()
        if id not in records or records[id]["value"] != value
    ]


def verify_released_numbers(aggregate: Path, outcome: Outcome) -> None:
    """Whether registry, manuscript and claims say the same; each number's value is what it prints."""
    file = aggregate / NUMBERS
    try:
        records = {record["id"]: record for record in read_json(file)}
    except (OSError, ValueError):
        outcome.problems.append(f"{file}: is missing or cannot be read")
        return
    for id, record in records.items():
        if is_masked(record) or record["value"] is None:
            continue
        printed = format_number(record["value"], **record["format"])
        if record["display"] != printed:
            outcome.problems.append(
                f"{id}: the registry prints {record['display']}, its value prints as {printed}"
            )
    outcome.add(compare_released(aggregate, records))
    outcome.count("released numbers", len(records))


def compare_released(aggregate: Path, records: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A sentence for each number that the page or the claims in `aggregate` state otherwise than its
    released record."""
    problems = []
    html = aggregate / PAGE
    if html.is_file():
        problems += compare_printed(html.read_text("utf-8", errors="replace"), records)
    claims = aggregate / "claims.json"
    if claims.is_file():
        problems += _compare_claims(read_json(claims), records)
    return problems


def verify_aggregate(aggregate: Path, ledger: Path | None) -> Outcome:
    """Verify a folder `aggregate` that stands alone, and hold it against a release of the `ledger`."""
    outcome = Outcome(
        notes=["reduced: nothing was computed again, patient-level files are not here"]
    )
    verify_released_numbers(aggregate, outcome)
    if ledger is None:
        papers = [name for name in (PAGE, PDF) if not (aggregate / name).is_file()]
        outcome.add([f"{name}: is missing" for name in papers] + compare_paper(aggregate))
        outcome.notes.append("no checksums here to compare with: give --ledger FILE")
        return outcome
    records, problems = check_ledger(ledger)
    outcome.add(problems, f"{ledger}: ")
    outcome.count("records of the ledger", len(records))
    file = aggregate / NUMBERS
    digest = hash_file(file) if file.is_file() else None
    with_these = [record for record in records if record["numbers"] == digest]
    if not with_these:
        outcome.add(compare_paper(aggregate))
        outcome.problems.append(f"{file}: is of no release of {ledger}")
        return outcome
    # Releases may have the same numbers: the one that differs least is meant.
    found, record = min(
        ((_compare_all(aggregate, _sums_of(record)), record) for record in with_these),
        key=lambda one: len(one[0]),
    )
    outcome.add(found)
    outcome.add_unnamed(compare_paper(aggregate, record["build_digest"]))
    outcome.count("outputs", len(_sums_of(record)))
    return outcome


def _sums_of(record: Mapping[str, Any]) -> dict[str, str]:
    prefix = "aggregate/"
    return {
        name.removeprefix(prefix): digest
        for name, digest in record["outputs"].items()
        if name.startswith(prefix)
    }


def _compare_all(aggregate: Path, sums: Mapping[str, str]) -> list[str]:
    added = set(list_all_files(aggregate)) - set(sums)
    return compare_with_sums(aggregate, sums) + [f"{name}: was added" for name in sorted(added)]
