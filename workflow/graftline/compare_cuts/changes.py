"""The table of changes: its columns, its kinds, and how rows of it are made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

TEXT = pd.StringDtype("pyarrow")
# Kind of change -> what it says of the patient.
KINDS = {
    "patient_added": "is new in the data",
    "patient_lost": "is no longer in the data",
    "patient_removed": "is no longer in the data, as a correction says",
    "patient_merged": "is delivered under another id, as a correction says",
    "death": "died",
    "death_undone": "had died and is alive now",
    "followup_grown": "was followed longer",
    "followup_shorter": "was followed less long than before",
    "status": "has another status",
    "event": "has an event that is new",
    "event_undone": "has an event no longer",
    "event_moved": "has an event on another day",
    "grade": "has another worst grade",
    "value_changed": "has another value in a past record",
    "value_filled": "has a value where a past record had none",
    "record_removed": "has a past record no longer",
    "finding_opened": "has a query that is new",
    "finding_closed": "has a query no longer",
}
# A past record that says now what it did not say: each needs a correction.
PAST = ("value_changed", "record_removed")
COLUMNS = {
    "row_key": TEXT,
    "kind": TEXT,
    "subject_id": TEXT,
    "table_name": TEXT,
    "record_key": TEXT,
    "column": TEXT,
    "before": TEXT,
    "after": TEXT,
    "correction_line": "Int64",
    "derived_key": TEXT,
    "src_file": TEXT,
    "src_line": "Int64",
}


def make_changes(kind: str, length: int, **columns: Any) -> pd.DataFrame:
    """`length` changes of one `kind`, with the given columns; the others are missing."""
    values = {name: columns.get(name) for name in COLUMNS} | {"kind": kind}
    return pd.DataFrame(values, index=range(length)).astype(COLUMNS)


def concat_changes(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All changes by patient, kind and place, each with a key that begins with its patient."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return make_changes("", 0)
    order = ["subject_id", "kind", "table_name", "record_key", "column", "before", "after"]
    frame = pd.concat(parts, ignore_index=True).astype(COLUMNS)
    frame = frame.sort_values(order, kind="stable", na_position="first").reset_index(drop=True)
    number = pd.Series(range(1, len(frame) + 1), dtype="int64").astype(str).str.zfill(7)
    frame["row_key"] = (frame["subject_id"].fillna("") + "/" + number).astype(TEXT)
    return frame
