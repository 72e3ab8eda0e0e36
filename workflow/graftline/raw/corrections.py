"""Corrections: cells that are known to be wrong in a cut and are changed as corrections.csv says.

A row names `table`, `key`, `column`, `old` and `new` in canonical terms (after rename and recode).
`key` is the table's primary key as its schema orders it, parts joined by `|`: `P01` for a subject,
`P01|IL-2|1` for a cycle; a missing part is empty, and those at the end may be left out. `old` must be what the cell holds (empty for a
missing one). A row holds for the cuts from `from_cut` on. Keys are those of the raw data: a row that
changes a part of a key does not change the key by which other rows find it. Rows are applied in the
file's order, so that a later one may correct an earlier one. Rules: C01 for what is wrong with the
file or a row of it, C02 where `old` does not match: an error, or a warning where the delivery holds
the corrected value already.

A row about `subjects`, column `subject_id`, of a patient whom the cut does not have says what became
of him (see `graftline.compare_cuts.explanations`); it changes no cell.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from graftline.raw.dates import parse_dates
from graftline.raw.records import RawFile
from graftline.raw.sources import LINE, at_cell
from graftline.validation.findings import ERROR, TEXT, WARNING, make_findings

COLUMNS = ["table", "key", "column", "old", "new", "reason", "author", "date", "from_cut"]
RESULT_COLUMNS = [
    "table",
    "subject_id",
    "src_file",
    "src_line",
    "column",
    "old",
    "new",
    "reason",
    "correction_line",
]
_TYPES = {name: "Int64" if name.endswith("line") else TEXT for name in RESULT_COLUMNS}


def apply_corrections(
    raw: RawFile, tables: dict[str, pd.DataFrame], keys: dict[str, list[str]], cut: str
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    """The canonical text `tables` corrected, the corrections applied, and findings.

    `keys` maps a table to the columns of its primary key. Findings name the line of the corrections
    file; a row with a finding is not applied.
    """
    findings = [dict(found) for found in raw.findings]
    lacking = [name for name in COLUMNS if name not in raw.frame]
    if raw.unreadable or lacking:
        if not raw.unreadable:
            message = (
                f"The corrections lack the column(s) {', '.join(lacking)}; add them to the header."
            )
            findings.append(
                {"rule": "C01", "file": raw.file, "line": raw.header_line, "message": message}
            )
        return tables, _result([]), make_findings(findings)
    rows = raw.frame[COLUMNS + ["src_line"]]
    report = _Report(raw.file, rows, findings)
    usable = _check_rows(rows, tables, report)
    active = usable & (parse_dates(rows["from_cut"])["earliest"] <= pd.Timestamp(cut)).to_numpy()
    rows = rows[active]

    corrected = dict(tables)
    applied: list[pd.DataFrame] = []
    for table, of_table in rows.groupby("table", sort=False):
        frame, done = _correct_table(table, tables[table], of_table, keys[table], report)
        corrected[table] = frame
        applied.append(done)
    return corrected, _result(applied), make_findings(findings)


def is_statement(rows: pd.DataFrame) -> pd.Series:
    """Which rows say what became of a patient: `subjects`, column `subject_id`."""
    return rows["table"].eq("subjects") & rows["column"].eq("subject_id")


class _Report:
    """Collects findings about rows of the corrections."""

    def __init__(self, file: str, rows: pd.DataFrame, findings: list[dict[str, Any]]):
        self._file, self._findings = file, findings
        self._rows = rows

    def __call__(
        self, index: Any, rule: str, column: str, message: str, severity: str = ERROR
    ) -> None:
        row = self._rows.loc[index]
        self._findings.append(
            {
                "rule": rule,
                "severity": severity,
                "file": self._file,
                "table": row["table"],
                "line": int(row["src_line"]),
                "column": column,
                "subject_id": row["key"].split("|")[0],
                "value": row[column],
                "message": message,
            }
        )


def _check_rows(rows: pd.DataFrame, tables: dict, report: _Report) -> Any:
    """Which rows can be looked up at all."""
    good = pd.Series(True, index=rows.index)
    for name in ("reason", "author"):
        for index in rows.index[rows[name].str.strip().eq("")]:
            report(index, "C01", name, f"The correction has no {name}; write one.")
            good[index] = False
    for name in ("date", "from_cut"):
        complete = parse_dates(rows[name])["precision"].eq("day").to_numpy(dtype=bool)
        for index in rows.index[~complete]:
            report(index, "C01", name, f"{name} is not a date; write it as 1999-12-31.")
            good[index] = False
    for index in rows.index[~rows["table"].isin(list(tables)).to_numpy(dtype=bool)]:
        report(
            index, "C01", "table", f"The study has no such table; write one of {', '.join(tables)}."
        )
        good[index] = False
    for table, of_table in rows[rows["table"].isin(list(tables))].groupby("table"):
        known = [name for name in tables[table] if name != "src_file" and not name.endswith(LINE)]
        for index in of_table.index[~of_table["column"].isin(known).to_numpy(dtype=bool)]:
            report(
                index, "C01", "column", f"{table} has no such column; it has {', '.join(known)}."
            )
            good[index] = False
    return good.to_numpy()


def _correct_table(
    table: str, frame: pd.DataFrame, rows: pd.DataFrame, key: list[str], report: _Report
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One table corrected; the loop is over corrections of the same cell, first to last."""
    keys = frame[key[0]].fillna("")
    for name in key[1:]:
        keys = keys + "|" + frame[name].fillna("")
    # Missing parts at the end may be left out, here and there.
    keys = keys.str.replace(r"\|+$", "", regex=True)
    rows = rows.assign(key=rows["key"].str.replace(r"\|+$", "", regex=True))
    wanted = keys.isin(rows["key"]).to_numpy(dtype=bool)
    positions = pd.Series(wanted.nonzero()[0], index=keys[wanted].to_numpy())
    counts = positions.groupby(level=0).size().reindex(rows["key"], fill_value=0).to_numpy()
    for index in rows.index[(counts == 0) & ~is_statement(rows).to_numpy(dtype=bool)]:
        message = f"No row of {table} has this key; write {'|'.join(key)} as in the data."
        report(index, "C01", "key", message)
    for index in rows.index[counts > 1]:
        message = f"Several rows of {table} have this key; have the duplicate put right first."
        report(index, "C01", "key", message)
    rows = rows[counts == 1]
    frame = frame.copy()
    done = []
    turn = rows.groupby(["key", "column"]).cumcount()
    for number in range(int(turn.max()) + 1 if len(turn) else 0):
        for column, cells in rows[turn == number].groupby("column", sort=False):
            at = positions.loc[cells["key"]].to_numpy()
            found = frame[column].iloc[at].fillna("").to_numpy()
            match = found == cells["old"].to_numpy()
            for index, fulfilled in zip(
                cells.index[~match], (found == _last_new(rows, cells))[~match], strict=True
            ):
                if fulfilled:
                    message = (
                        "The cell holds what it was corrected to; the correction changes nothing."
                    )
                    report(index, "C02", "old", message, severity=WARNING)
                    continue
                message = "old is not what the cell holds; compare it with the data of this cut."
                report(index, "C02", "old", message)
            cells, at = cells[match], at[match]
            new = cells["new"].mask(cells["new"].eq(""))
            frame.iloc[at, frame.columns.get_loc(column)] = new.array
            done.append(
                pd.DataFrame(
                    {
                        "table": table,
                        "subject_id": frame["subject_id"].iloc[at].to_numpy(),
                        "src_file": frame["src_file"].iloc[at].to_numpy(),
                        "src_line": at_cell(frame.iloc[at], column)["src_line"].to_numpy(),
                        "column": column,
                        "old": cells["old"].to_numpy(),
                        "new": cells["new"].to_numpy(),
                        "reason": cells["reason"].to_numpy(),
                        "correction_line": cells["src_line"].to_numpy(),
                    }
                )
            )
    return frame, _result(done)


def _last_new(rows: pd.DataFrame, cells: pd.DataFrame) -> np.ndarray:
    """What each of the `cells` is corrected to in the end: a later row may correct it again."""
    last = rows.drop_duplicates(["key", "column"], keep="last").set_index(["key", "column"])["new"]
    return last.loc[pd.MultiIndex.from_frame(cells[["key", "column"]])].to_numpy()


def _result(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The table of corrections in the corrections file's order."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame({name: pd.array([], dtype=_TYPES[name]) for name in RESULT_COLUMNS})
    frame = pd.concat(parts, ignore_index=True)[RESULT_COLUMNS].astype(_TYPES)
    return frame.sort_values("correction_line", kind="stable").reset_index(drop=True)
