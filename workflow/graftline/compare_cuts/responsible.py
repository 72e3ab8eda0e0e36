"""Because of which patients a number moved between two cuts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from graftline.compare_cuts.changes import TEXT
from graftline.numbers.database import fetch_row_keys, open_database
from graftline.numbers.statistics import COUNTING, STATISTICS

Record = Mapping[str, Any]
Frames = Mapping[str, pd.DataFrame]
# What estimators and comparisons of groups read of a row.
ESTIMATOR_COLUMNS = ("time", "entry", "status", "cnsr")
# Numbers of a curve that count patients.
COUNTED = ("at_risk", "events", "censored")
# More rows and patients are counted and not listed: nobody reads them, and they would fill the disk.
MOST_LISTED = 1000
ROW_COLUMNS = ["number", "derived_table", "derived_key"]
PATIENT_COLUMNS = {"number": TEXT, "n_patients": "Int64", "patients": TEXT}


def no_rows() -> pd.DataFrame:
    """The rows that `find_responsible` returns where no number moved."""
    return pd.DataFrame([], columns=ROW_COLUMNS, dtype=TEXT)


class _Table:
    """A derived table of both cuts: its keys in one order, and whose each row is."""

    def __init__(self, before: pd.DataFrame, after: pd.DataFrame):
        self.frames = before, after
        both = pd.concat([frame[["row_key", "subject_id"]] for frame in self.frames])
        both = both.drop_duplicates("row_key").sort_values("row_key")
        self.keys = pd.Index(both["row_key"], dtype=object)
        self.codes, self.subjects = pd.factorize(both["subject_id"], sort=True)
        self._differing: dict[tuple[Any, ...], np.ndarray] = {}
        self._counted: dict[tuple[Any, ...], np.ndarray] = {}

    def mark(self, keys: Any) -> np.ndarray:
        """Truth values: the rows that have one of `keys`."""
        marked = np.zeros(len(self.keys), dtype=bool)
        places = self.keys.get_indexer(keys)
        marked[places[places >= 0]] = True
        return marked

    def differing(self, columns: tuple[str, ...], until: float | None) -> np.ndarray:
        """The rows of both cuts in which one of `columns` differs.

        An estimate at the time `until` reads of a later time only that it is later.
        """
        read = (columns, until)
        if read not in self._differing:
            self._differing[read] = self.mark(_compare(*self.frames, list(columns), until))
        return self._differing[read]

    def counted(self, side: int, what: str, time: float, cause: int | None) -> np.ndarray:
        """The rows of one cut that are at risk at `time`, or have an event (of `cause`, if given) or are
        censored up to it."""
        asked = (side, what, time, cause)
        if asked not in self._counted:
            frame = self.frames[side]
            until = frame["time"].le(time)
            of_cause = frame["status"].gt(0) if cause is None else frame["status"].eq(cause)
            counted = {
                "at_risk": frame["time"].ge(time)
                & (frame["entry"].lt(time) | frame["entry"].eq(0)),
                "events": until & of_cause,
                "censored": until & frame["status"].eq(0),
            }[what]
            self._counted[asked] = self.mark(frame["row_key"][counted.fillna(False).to_numpy(bool)])
        return self._counted[asked]


def _compare(before: pd.DataFrame, after: pd.DataFrame, columns: list[str], until: float | None):
    if not columns:
        return []
    old, new = (_cut_off(frame.set_index("row_key")[columns], until) for frame in (before, after))
    both = new.index.intersection(old.index)
    old, new = old.loc[both], new.loc[both]
    differs = (old.ne(new).fillna(False) & old.notna() & new.notna()) | (old.isna() != new.isna())
    return both[differs.any(axis=1).to_numpy(dtype=bool)]


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


def _columns_read(record: Record, frame: pd.DataFrame) -> tuple[str, ...]:
    """The columns of its rows that a number's statistic reads: none for a count."""
    name, arguments = record["statistic"]["name"], record["statistic"]["arguments"]
    if name in COUNTING:
        return ()
    named = [arguments[key] for key in ("column", "group") if arguments.get(key)]
    if name not in STATISTICS:
        named += ESTIMATOR_COLUMNS
    return tuple(column for column in dict.fromkeys(named) if column in frame)


def find_responsible(
    moved: pd.DataFrame, records: tuple[list[Record], list[Record]], frames: tuple[Frames, Frames]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The derived rows because of which each number moved (number, derived_table, derived_key), and
    its patients (number, n_patients, patients), of both at the most `MOST_LISTED` by name.

    The rows are those that one cut selected or considered and the other did not, and those of both in
    which a cell differs that the statistic reads; of a count, those that are counted in one cut and not
    in the other. The pairs are (previous cut, this cut). Numbers of
    tables that are not about patients have none.
    """
    by_id = [{record["id"]: record for record in one} for one in records]
    databases = [open_database(one) for one in frames]
    tables: dict[str, _Table] = {}
    marks: dict[tuple[int, str, str], np.ndarray] = {}

    def chosen(side: int, table: str, sql: str) -> np.ndarray:
        """The rows that a query returns, packed eight to a byte: there are many queries."""
        key = (side, table, sql)
        if key not in marks:
            marks[key] = np.packbits(tables[table].mark(fetch_row_keys(databases[side], sql)))
        return np.unpackbits(marks[key], count=len(tables[table].keys)).astype(bool)

    rows, patients = [], []
    for number in moved.loc[moved["kind"].eq("moved"), "row_key"]:
        one, other = by_id[0][number], by_id[1][number]
        name = other["table"]
        if any("subject_id" not in frame.get(name, ()) for frame in frames):
            continue
        if name not in tables:
            tables[name] = _Table(frames[0][name], frames[1][name])
        table = tables[name]
        columns = _columns_read(other, frames[1][name])
        statistic, arguments = other["statistic"]["name"], other["statistic"]["arguments"]
        until = arguments.get("time") if "time" in columns else None
        was, now = chosen(0, name, one["selected_sql"]), chosen(1, name, other["selected_sql"])
        counts = statistic in ("km", "aalen_johansen") and arguments.get("what") in COUNTED
        if until is not None and counts:
            asked = (arguments["what"], until, arguments.get("cause"))
            found = (was & table.counted(0, *asked)) ^ (now & table.counted(1, *asked))
        else:
            found = (was ^ now) | (was & now & table.differing(columns, until))
            if statistic != "count":
                considered = (one["considered_sql"], other["considered_sql"])
                found |= chosen(0, name, considered[0]) ^ chosen(1, name, considered[1])
        places = np.flatnonzero(found)
        rows += [(number, name, key) for key in table.keys[places[:MOST_LISTED]]]
        who = table.subjects[np.unique(table.codes[places])]
        listed = ", ".join(who[:MOST_LISTED]) + (", ..." if len(who) > MOST_LISTED else "")
        patients.append((number, len(who), listed))
    return (
        pd.DataFrame(rows, columns=ROW_COLUMNS, dtype=TEXT),
        pd.DataFrame(patients, columns=list(PATIENT_COLUMNS)).astype(PATIENT_COLUMNS),
    )
