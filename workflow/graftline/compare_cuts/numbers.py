"""Which numbers moved between two cuts, from what to what, and because of which patients."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from graftline.compare_cuts.changes import TEXT
from graftline.numbers.database import fetch_row_keys, open_database
from graftline.numbers.statistics import COUNTING, STATISTICS
from graftline.report.entries import BASES

Record = Mapping[str, Any]
# What estimators and comparisons of groups read of a row.
ESTIMATOR_COLUMNS = ("time", "entry", "status", "cnsr")
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


def no_rows() -> pd.DataFrame:
    """What `find_responsible` returns where no number moved."""
    return pd.DataFrame([], columns=["number", "derived_table", "derived_key"], dtype=TEXT)


def find_responsible(
    moved: pd.DataFrame,
    records: tuple[list[Record], list[Record]],
    frames: tuple[Mapping[str, pd.DataFrame], Mapping[str, pd.DataFrame]],
) -> pd.DataFrame:
    """The derived rows because of which each number moved: number, derived_table, derived_key.

    Those that one cut selected or considered and the other did not, and those of both in which a cell
    differs that the statistic reads. The pairs are (previous cut, this cut). Numbers of tables that
    are not about patients have none.
    """
    by_id = [{record["id"]: record for record in one} for one in records]
    databases = [open_database(one) for one in frames]
    keys: dict[tuple[int, str], set[str]] = {}

    def rows_of(side: int, sql: str) -> set[str]:
        if (side, sql) not in keys:
            keys[side, sql] = set(fetch_row_keys(databases[side], sql))
        return keys[side, sql]

    differing: dict[tuple[Any, ...], set[str]] = {}
    parts = []
    for number in moved.loc[moved["kind"].eq("moved"), "row_key"]:
        one, other = by_id[0][number], by_id[1][number]
        table = other["table"]
        if any("subject_id" not in one.get(table, ()) for one in frames):
            continue
        columns = _columns_read(other, frames[1][table])
        until = other["statistic"]["arguments"].get("time") if "time" in columns else None
        read = (table, columns, until)
        if read not in differing:
            differing[read] = _differing(*(one[table] for one in frames), columns, until)
        was, now = rows_of(0, one["selected_sql"]), rows_of(1, other["selected_sql"])
        found = (was ^ now) | (was & now & differing[read])
        found |= rows_of(0, one["considered_sql"]) ^ rows_of(1, other["considered_sql"])
        parts += [(number, table, key) for key in sorted(found)]
    return pd.DataFrame(parts, columns=list(no_rows().columns), dtype=TEXT)


def _columns_read(record: Record, frame: pd.DataFrame) -> tuple[str, ...]:
    """The columns of its rows that a number's statistic reads: none for a count."""
    name, arguments = record["statistic"]["name"], record["statistic"]["arguments"]
    if name in COUNTING:
        return ()
    named = [arguments[key] for key in ("column", "group") if arguments.get(key)]
    if name not in STATISTICS:
        named += ESTIMATOR_COLUMNS
    return tuple(column for column in dict.fromkeys(named) if column in frame)


def _differing(
    before: pd.DataFrame, after: pd.DataFrame, columns: tuple[str, ...], until: float | None
) -> set[str]:
    """The keys of both tables at which one of `columns` differs.

    An estimate at the time `until` reads of a later time only that it is later.
    """
    if not columns:
        return set()
    old, new = (
        _cut_off(frame.set_index("row_key")[list(columns)], until) for frame in (before, after)
    )
    both = new.index.intersection(old.index)
    old, new = old.loc[both], new.loc[both]
    differs = (old.ne(new).fillna(False) & old.notna() & new.notna()) | (old.isna() != new.isna())
    return set(both[differs.any(axis=1).to_numpy(dtype=bool)])


def _cut_off(rows: pd.DataFrame, until: float | None) -> pd.DataFrame:
    """`rows` as they are seen at the time `until`: what comes later has not happened."""
    if until is None:
        return rows
    later = rows["time"].gt(until).fillna(False)
    seen = {"time": rows["time"].astype("Float64").mask(later, math.inf)}
    for name in ("status", "cnsr"):
        if name in rows:
            seen[name] = rows[name].mask(later, -1)
    return rows.assign(**seen)


def add_patients(moved: pd.DataFrame, responsible: pd.DataFrame) -> pd.DataFrame:
    """`moved` with the patients because of whom each number moved, and how many they are."""
    subject = responsible["derived_key"].str.split("/", n=1).str[0]
    pairs = responsible.assign(subject=subject)[["number", "subject"]].drop_duplicates()
    pairs = pairs.sort_values(["number", "subject"]).groupby("number")["subject"]
    numbers = moved["row_key"]
    listed = numbers.map(pairs.agg(", ".join))
    counted = numbers.map(pairs.size())
    return moved.assign(patients=listed, n_patients=counted).astype(COLUMNS)
