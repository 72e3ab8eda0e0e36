"""Adding a row to corrections.csv, after checking that it corrects what is there."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pandas as pd

from graftline.errors import GraftlineError
from graftline.raw.corrections import COLUMNS, apply_corrections, is_statement
from graftline.raw.read_csv import BOM, read_csv
from graftline.raw.sources import at_cell
from graftline.validation.findings import ERROR

Texts = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Delivered:
    """A cut as it was delivered: its date, and its canonical tables of text."""

    cut: str
    texts: Texts


def append_row(content: bytes, row: dict[str, str]) -> bytes:
    """`content` of corrections.csv with `row` as its last line, in the file's own form: its byte order
    mark, its line ends, and its columns in their order, of which the row may lack some. An empty
    content gets the usual header."""
    content = with_header(content)
    end = b"\r\n" if b"\r\n" in content else b"\n"
    if not content.endswith(b"\n"):
        content += end
    header = content.removeprefix(BOM).lstrip(b"\r\n").splitlines()[0].decode("utf-8")
    names = next(csv.reader([header]))
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([row.get(name, "") for name in names])
    return content + line.getvalue().encode("utf-8") + end


def with_header(content: bytes) -> bytes:
    """`content` of corrections.csv, or the usual header where there is none yet."""
    if content.removeprefix(BOM).strip():
        return content
    return content + (",".join(COLUMNS) + "\n").encode("utf-8")


def check_addition(
    content: bytes,
    row: dict[str, str],
    file: str,
    keys: dict[str, list[str]],
    here: Delivered,
    previous: Delivered | None,
) -> str:
    """Where the corrected cell stands, in words, if `row` may be added to corrections.csv.

    The row is true if the cell of the cut `here` holds `old` after the corrections that `content`
    has; or if the delivery holds `new` already and the `previous` cut held `old`, which the row then
    explains; or if it says what became of a patient whom only the previous cut has. Raises
    GraftlineError, naming file, line and column of the cell, where it is not.
    """
    known = read_csv(with_header(content), file)
    if known.findings or any(name not in known.frame for name in COLUMNS):
        what = known.findings[0]["message"] if known.findings else "It lacks columns."
        raise GraftlineError(f"{file} has to be put right before a row is added: {what}")
    raw = read_csv(append_row(content, row), file)
    added = raw.frame.iloc[-1]
    same = raw.frame.iloc[:-1]
    what = ["table", "key", "column", "old", "new"]
    same = same[same[what].eq(added[what]).all(axis=1)]
    if len(same):
        raise GraftlineError(
            f"{file}, line {same['src_line'].iloc[0]}: the correction is there already"
        )
    _, _, findings = apply_corrections(raw, here.texts, keys, here.cut)
    found = findings[findings["line"].eq(added["src_line"]).fillna(False)]
    if len(found) and found["severity"].eq(ERROR).any():
        first = found[found["severity"].eq(ERROR)].iloc[0]
        place = _find_cell(here, row, keys)
        raise GraftlineError(
            f"not added: {first['column']} of the correction: {first['message']}"
            + (f" The cell is in {place}." if place else "")
        )
    if is_statement(raw.frame.iloc[-1:]).iloc[0]:
        return _check_statement(row, here, previous)
    place = _find_cell(here, row, keys)
    if len(found):  # the delivery holds the new value
        if previous is None or _cell(previous, row, keys) != row["old"]:
            raise GraftlineError(
                f"not added: the cell holds the new value already, and the cut before did not hold the old "
                f"one. The cell is in {place}."
            )
        return f"{place}, which holds the new value already: the row explains the change since {previous.cut}"
    return str(place)


def _check_statement(row: dict[str, str], here: Delivered, previous: Delivered | None) -> str:
    """A row about a patient who is gone: he was in the previous cut, and the other one is in this."""
    patients = set(here.texts["subjects"]["subject_id"].dropna())
    earlier = set(previous.texts["subjects"]["subject_id"].dropna()) if previous else set()
    who = row["key"].rstrip("|")
    if who in patients:
        raise GraftlineError(
            f"not added: the patient is in the cut {here.cut}; correct other columns"
        )
    if who not in earlier:
        raise GraftlineError(
            f"not added: the cut before {here.cut} does not have the patient either"
        )
    if row["old"] != who:
        raise GraftlineError("not added: old has to be the patient's id, as in key")
    if row["new"] and row["new"] not in patients:
        raise GraftlineError(
            f"not added: the cut {here.cut} does not have the patient named in new"
        )
    return f"the patient is in the cut {previous.cut} and not in {here.cut}"


def _row_of(cut: Delivered, row: dict[str, str], keys: dict[str, list[str]]) -> pd.DataFrame | None:
    """The row of the cut that has the key, if it is one."""
    frame = cut.texts.get(row["table"])
    if frame is None or row["column"] not in frame:
        return None
    chosen = pd.Series(True, index=frame.index)
    parts = row["key"].split("|")
    key = keys[row["table"]]
    for name, part in zip(key, parts + [""] * (len(key) - len(parts)), strict=False):
        chosen &= frame[name].fillna("").eq(part).astype(bool)
    return frame[chosen.to_numpy(dtype=bool)] if chosen.sum() == 1 else None


def _cell(cut: Delivered, row: dict[str, str], keys: dict[str, list[str]]) -> str | None:
    found = _row_of(cut, row, keys)
    return None if found is None else str(found[row["column"]].fillna("").iloc[0])


def _find_cell(cut: Delivered, row: dict[str, str], keys: dict[str, list[str]]) -> str | None:
    """File, line and column of the cell, without its value."""
    found = _row_of(cut, row, keys)
    if found is None:
        return None
    at = at_cell(found, row["column"]).iloc[0]
    return f"{at['src_file']}, line {at['src_line']}, column {row['column']}"
