"""The file of a ledger: releases/<study>/ledger.jsonl."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graftline.errors import GraftlineError
from graftline.ledger.records import find_head, format_record, parse_ledger
from graftline.sealed_folder import sync_folder
from graftline.tables import write_text

LEDGER = "ledger.jsonl"


def check_ledger(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The records of the ledger at `path`, oldest first, and what is wrong with its chain, a sentence
    each. A ledger that is not there has no records."""
    if not path.is_file():
        return [], []
    return parse_ledger(path.read_bytes().decode("utf-8", errors="replace"))


def read_ledger(path: Path) -> list[dict[str, Any]]:
    """The records of the ledger at `path`, oldest first; none where there is no ledger yet.

    Raises GraftlineError, naming each line, where the chain does not hold.
    """
    records, problems = check_ledger(path)
    if problems:
        raise GraftlineError(
            f"{path}: {'; '.join(problems)}. Nothing is added to it: restore the ledger from a copy"
        )
    return records


def append_record(path: Path, record: Mapping[str, Any]) -> None:
    """Add `record` to the ledger at `path`, all of it or nothing, also when the machine stops.

    The file is written anew beside itself and renamed: no line is ever half there. Raises
    GraftlineError if the chain does not hold, and if the record does not follow its last one.
    """
    records = read_ledger(path)
    if record["previous"] != find_head(records):
        raise GraftlineError(
            f"{path}: the record to add does not follow the last one; read the ledger again"
        )
    write_text(path, "".join(format_record(one) for one in (*records, record)))
    sync_folder(path.parent)
