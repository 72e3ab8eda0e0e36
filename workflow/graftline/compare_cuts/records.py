"""What validated records say now that they did not say in the cut before."""

from __future__ import annotations

import pandas as pd

from graftline.compare_cuts.changes import concat_changes, make_changes
from graftline.compare_cuts.explanations import statements_about_patients
from graftline.raw.sources import LINE
from graftline.validation.findings import as_text

Tables = dict[str, pd.DataFrame]
DEAD = "DEAD"
# What is known of a death; a later contact cannot change it.
OF_DEATH = ("death_date", "death_cause", "death_cause_text")


def compare_patients(before: Tables, after: Tables, explanations: pd.DataFrame) -> pd.DataFrame:
    """Patients who are new, gone, removed and merged (see `explanations`).

    Who stands under a new id, as a correction says, is merged into it, and not new.
    """
    old, new = before["subjects"], after["subjects"]
    gone = old[~old["subject_id"].isin(new["subject_id"])]
    stated = statements_about_patients(explanations).set_index("subject_id")
    into = gone["subject_id"].map(stated["new"]).fillna("")
    line = gone["subject_id"].map(stated["correction_line"])
    into = into.where(into.isin(new["subject_id"]) | into.eq("") | line.isna(), "?")
    known = new["subject_id"].isin(old["subject_id"]) | new["subject_id"].isin(into[line.notna()])
    parts = [_patients("patient_added", new[~known])]
    for kind, rows in (
        # A patient who is said to be one that there is not is not explained.
        ("patient_lost", line.isna() | into.eq("?")),
        ("patient_removed", line.notna() & into.eq("")),
        ("patient_merged", line.notna() & ~into.isin(["", "?"])),
    ):
        chosen = rows.to_numpy(dtype=bool)
        explained = {}
        if kind != "patient_lost":
            explained = {
                "after": into[chosen].to_numpy(),
                "correction_line": line[chosen].to_numpy(),
            }
        parts.append(_patients(kind, gone[chosen], **explained))
    return concat_changes(parts)


def _patients(kind: str, rows: pd.DataFrame, **more) -> pd.DataFrame:
    return make_changes(
        kind,
        len(rows),
        subject_id=rows["subject_id"].to_numpy(),
        table_name="subjects",
        record_key=rows["subject_id"].to_numpy(),
        column="subject_id",
        src_file=rows["src_file"].to_numpy(),
        src_line=rows["src_line"].to_numpy(),
        **more,
    )


def compare_records(
    before: Tables, after: Tables, keys: dict[str, list[str]], gone: pd.Series
) -> pd.DataFrame:
    """Past records that changed: a value, a value where there was none, a record that is gone.

    `keys` maps a table to the columns of its primary key; the records of the patients `gone` are left
    out. A follow-up table with one row a patient holds the latest contact: a later one takes the
    earlier one's place and is no change of the past, but for the death of who was dead before.
    """
    parts = []
    for table in sorted(set(before) & set(after) & set(keys)):
        old = before[table][~before[table]["subject_id"].isin(gone)]
        new, key = after[table], keys[table]
        if table == "followup" and not any(
            frame["subject_id"].duplicated().any() for frame in (old, new)
        ):
            key = ["subject_id"]
            known = new.set_index("subject_id")["date_earliest"]
            later = (old["subject_id"].map(known) > old["date_earliest"]).to_numpy(dtype=bool)
            parts += _compare_deaths(old[later], new, keys[table])
            old = old[~later]
        parts += _compare_table(table, old, new, key, keys[table])
    return concat_changes(parts)


def _compare_deaths(old: pd.DataFrame, new: pd.DataFrame, key: list[str]) -> list[pd.DataFrame]:
    """What a later contact of a patient says of his death that an earlier one said otherwise."""
    if "vital_status" not in old or not len(old):
        return []
    now = new.set_index("subject_id")
    dead = old["vital_status"].eq(DEAD) & old["subject_id"].map(now["vital_status"]).eq(DEAD)
    old = old[dead.fillna(False).to_numpy(dtype=bool)]
    columns = [*key, "src_file", "src_line", *(name for name in OF_DEATH if name in old)]
    # The record is named as it stands now, as a correction of it does.
    old = old[list(dict.fromkeys(columns))].assign(date=old["subject_id"].map(now["date"]))
    return _compare_table("followup", old, new, ["subject_id"], key)


def _key_text(frame: pd.DataFrame, key: list[str]) -> pd.Series:
    parts = [pd.Series(as_text(frame[name], len(frame)), dtype=object).fillna("") for name in key]
    text = parts[0]
    for part in parts[1:]:
        text = text + "|" + part
    return text.str.replace(r"\|+$", "", regex=True)


def _compare_table(
    table: str, old: pd.DataFrame, new: pd.DataFrame, key: list[str], full_key: list[str]
) -> list[pd.DataFrame]:
    old, new = old.reset_index(drop=True), new.reset_index(drop=True)
    old_key, new_key = _key_text(old, key), _key_text(new, key)
    # Where a key may stand twice, the first is compared with the first.
    numbered = [
        names + "\0" + names.groupby(names).cumcount().astype(str) for names in (old_key, new_key)
    ]
    position = pd.Index(numbered[1]).get_indexer(numbered[0])
    named = old_key if key == full_key else _key_text(old, full_key)
    lost = position < 0
    parts = [_record_changes("record_removed", table, old[lost], named[lost])]
    old, named, new = old[~lost], named[~lost], new.iloc[position[~lost]]
    for column in old.columns:
        if column in key or column == "src_file" or column.endswith(LINE) or column not in new:
            continue
        if column.endswith(("_earliest", "_latest")):  # companions of a partial date
            continue
        was, now = old[column].reset_index(drop=True), new[column].reset_index(drop=True)
        differs = (was.ne(now).fillna(False) & was.notna() & now.notna()) | (
            was.isna() != now.isna()
        )
        for kind, rows in (
            ("value_changed", differs & was.notna()),
            ("value_filled", differs & was.isna()),
        ):
            chosen = rows.to_numpy(dtype=bool)
            if chosen.any():
                values = {"before": was[chosen], "after": now[chosen]}
                parts.append(
                    _record_changes(kind, table, new[chosen], named[chosen], column, **values)
                )
    return parts


def _record_changes(
    kind: str, table: str, rows: pd.DataFrame, named: pd.Series, column: str | None = None, **values
) -> pd.DataFrame:
    return make_changes(
        kind,
        len(rows),
        subject_id=rows["subject_id"].to_numpy(),
        table_name=table,
        record_key=named.to_numpy(),
        column=column,
        src_file=rows["src_file"].to_numpy(),
        src_line=rows["src_line"].to_numpy(),
        **{name: as_text(cells, len(rows)) for name, cells in values.items()},
    )
