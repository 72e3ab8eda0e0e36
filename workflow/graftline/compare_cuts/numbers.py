"""Which numbers moved between two cuts, and from what to what."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from graftline.compare_cuts.changes import TEXT
from graftline.report.entries import BASES

Record = Mapping[str, Any]
RELATIVE_TOLERANCE = 1e-11  # records are written with 12 significant digits
COLUMNS = {
    "row_key": TEXT,
    "kind": TEXT,
    "base": TEXT,
    "before": TEXT,
    "after": TEXT,
    "before_value": "float64",
    "after_value": "float64",
    "n_patients": "Int64",
    "patients": TEXT,
}


def same_value(one: Any, other: Any) -> bool:
    """Whether two values of a number are the same: text exactly, numbers to 11 digits."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-300)
    return one == other


def base_of(number: str, ids: Iterable[str]) -> str:
    """The number behind which a limit, a percentage or the end of a range stands; else itself."""
    stem, _, last = number.rpartition(".")
    for ending in BASES.get(last, ()):
        if stem + ending in ids:
            return stem + ending
    return number


def compare_records(before: list[Record], after: list[Record]) -> pd.DataFrame:
    """A row a number that moved, is new or is gone, by id; its kind is moved, new or gone.

    Numbers that stand together with one that moved (limits with their estimate) are there too, with
    the kind `unmoved`.
    """
    old, new = ({record["id"]: record for record in records} for records in (before, after))
    kinds = {}
    for number in sorted(set(old) | set(new)):
        if number not in old or number not in new:
            kinds[number] = "new" if number in new else "gone"
        elif not same_value(old[number]["value"], new[number]["value"]):
            kinds[number] = "moved"
    bases = {number: base_of(number, new) for number in new}
    together = {bases[number] for number, kind in kinds.items() if kind == "moved"}
    for number, base in bases.items():
        if base in together:
            kinds.setdefault(number, "unmoved")
    rows = [
        {
            "row_key": number,
            "kind": kinds[number],
            "base": bases.get(number, number),
            "before": old[number]["display"] if number in old else None,
            "after": new[number]["display"] if number in new else None,
            "before_value": _number(old.get(number)),
            "after_value": _number(new.get(number)),
        }
        for number in sorted(kinds)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _number(record: Record | None) -> float | None:
    value = record["value"] if record else None
    return float(value) if isinstance(value, (int, float)) else None


def add_patients(moved: pd.DataFrame, patients: pd.DataFrame) -> pd.DataFrame:
    """`moved` with the patients because of whom each number moved, and how many they are (see
    `graftline.compare_cuts.responsible`)."""
    known = patients.set_index("number")
    numbers = moved["row_key"]
    return moved.assign(
        patients=numbers.map(known["patients"]), n_patients=numbers.map(known["n_patients"])
    ).astype(COLUMNS)
