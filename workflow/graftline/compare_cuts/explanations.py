"""The rows of corrections.csv that explain why this cut says otherwise than the one before it.

A row explains a difference only where it begins to hold with this cut: one that held before holds in
both. `subjects`, column `subject_id`, is a statement about a patient who is no longer delivered: an
empty `new` says that he was removed, another patient's id that both are one.
"""

from __future__ import annotations

import pandas as pd

from graftline.raw.corrections import COLUMNS, is_statement
from graftline.raw.dates import parse_dates
from graftline.raw.records import RawFile


def no_explanations() -> pd.DataFrame:
    """What `select_explanations` returns of a study without corrections."""
    names = [*COLUMNS, "src_line", "subject_id"]
    text = pd.DataFrame({name: pd.Series(dtype=str) for name in names})
    return text.assign(correction_line=pd.Series(dtype="Int64"))


def select_explanations(corrections: RawFile, previous_cut: str, cut: str) -> pd.DataFrame:
    """The corrections that hold from a cut after `previous_cut` and not after `cut`.

    Columns of corrections.csv, `subject_id` (the first part of the key) and `correction_line`; `key`
    is without empty parts at its end.
    """
    if corrections.unreadable or any(name not in corrections.frame for name in COLUMNS):
        return no_explanations()  # which is an error of the raw stage
    rows = corrections.frame[[*COLUMNS, "src_line"]]
    begins = parse_dates(rows["from_cut"])["earliest"]
    rows = rows[((begins > pd.Timestamp(previous_cut)) & (begins <= pd.Timestamp(cut))).to_numpy()]
    return rows.assign(
        key=rows["key"].str.replace(r"\|+$", "", regex=True),
        subject_id=rows["key"].str.split("|").str[0],
        correction_line=rows["src_line"].astype("Int64"),
    ).reset_index(drop=True)


def same_text(one: pd.Series, other: pd.Series) -> pd.Series:
    """Whether two columns of text say the same: 39.20 is 39.2, and nothing is an empty cell."""
    one, other = one.fillna(""), other.fillna("")
    numbers = pd.to_numeric(one, errors="coerce") == pd.to_numeric(other, errors="coerce")
    return one.eq(other) | numbers.fillna(False)


def match_past(changes: pd.DataFrame, explanations: pd.DataFrame) -> pd.DataFrame:
    """`changes` of past records with the line of the correction that explains each, if one does.

    A changed value is explained by a correction of that cell to what it is now; a record that is gone
    by one of any part of its key, since it stands under another key now.
    """
    if not len(changes) or not len(explanations):
        return changes
    numbered = changes.reset_index(drop=True)
    numbered["place"] = numbered.index
    joined = numbered.merge(
        explanations[["table", "key", "column", "new", "correction_line"]].rename(
            columns={"correction_line": "line", "column": "corrected"}
        ),
        left_on=["table_name", "record_key"],
        right_on=["table", "key"],
    )
    cell = joined["column"].eq(joined["corrected"]).fillna(False) & same_text(
        joined["after"], joined["new"]
    )
    fits = cell | joined["kind"].eq("record_removed")
    lines = joined[fits.to_numpy(dtype=bool)].groupby("place")["line"].max()
    numbered["correction_line"] = lines.reindex(numbered["place"]).astype("Int64").to_numpy()
    return numbered.drop(columns="place")


def statements_about_patients(explanations: pd.DataFrame) -> pd.DataFrame:
    """The rows that say what became of a patient: removed (`new` empty) or merged into `new`."""
    return explanations[is_statement(explanations).to_numpy(dtype=bool)].drop_duplicates(
        "subject_id", keep="last"
    )
