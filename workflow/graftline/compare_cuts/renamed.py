"""Patients whom this cut delivers under a new id, as a correction says: each is one patient, and what
was known of him is compared with what is known now."""

from __future__ import annotations

import pandas as pd


def find_renamed(patients: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """The new id of each renamed patient, by the earlier one.

    `patients`: what `compare_patients` found; `before`: the previous cut's table of subjects. Who became
    one with a patient of that cut, or with another renamed one, is not renamed: there is no one record to
    compare his with.
    """
    merged = patients[patients["kind"].eq("patient_merged")]
    known = merged["after"].isin(before["subject_id"])
    shared = merged["after"].duplicated(keep=False)
    return merged[(~known & ~shared).to_numpy(dtype=bool)].set_index("subject_id")["after"]


def rename_patients(frame: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """`frame` with the new `ids` (`find_renamed`) in subject_id and at the beginning of row_key."""
    if not len(ids) or "subject_id" not in frame:
        return frame
    new = frame["subject_id"].map(ids)
    rows = new.notna().to_numpy(dtype=bool)
    frame = frame.copy()
    if "row_key" in frame:
        lengths = frame["subject_id"].str.len()
        for length in lengths[rows].unique():
            chosen = rows & lengths.eq(length).to_numpy(dtype=bool)
            kept = frame.loc[chosen, "row_key"].str.slice(int(length))
            frame.loc[chosen, "row_key"] = new[chosen].astype(kept.dtype) + kept
    frame.loc[rows, "subject_id"] = new[rows].astype(frame["subject_id"].dtype)
    return frame


def pair_keys(before: pd.DataFrame, renamed: pd.DataFrame) -> pd.Series:
    """The row_key that a row of a table had, by the one that `rename_patients` gave it."""
    changed = before["row_key"].ne(renamed["row_key"]).to_numpy(dtype=bool)
    return pd.Series(before["row_key"][changed].to_numpy(), index=renamed["row_key"][changed])
