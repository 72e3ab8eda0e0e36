"""Which bytes of a CSV file are a row, on which line it begins, and which rows cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

COMMA, QUOTE, LF, CR, NUL, BLANK = 44, 34, 10, 13, 0, 32
# After so many lines with broken quotation marks the file is not worth guessing at.
MAX_QUOTE_FAULTS = 100


@dataclass
class RawFile:
    """A file as text.

    `frame`: one text column a header cell plus `src_line`; empty cells are "". `unreadable`: the file
    gave no table. `lost_rows`: how many rows were left out with a finding. `repeated`: header names
    that stand more than once (no column of the frame has them). `gathered`: columns of the frame
    that name the source row of one column's cells (`graftline.raw.sources`). `findings`: dictionaries
    with rule, file, line, column, message.
    """

    file: str
    header_line: int | None = 1  # None for a file without lines
    frame: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"src_line": []}))
    unreadable: bool = False
    lost_rows: int = 0
    repeated: list[str] = field(default_factory=list)
    gathered: list[str] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)

    def report(self, rule: str, line: int | None, message: str, **more: Any) -> None:
        """Add a finding."""
        self.findings.append(
            {"rule": rule, "file": self.file, "line": line, "message": message, **more}
        )

    def give_up(self, rule: str, line: int | None, message: str) -> RawFile:
        """Add a finding about the whole file, of which nothing is read."""
        self.report(rule, line, message)
        self.unreadable = True
        return self


@dataclass(frozen=True)
class Records:
    """The rows of a file, header included: byte positions, first line, number of cells."""

    start: np.ndarray
    end: np.ndarray  # of the content, without the line end
    line: np.ndarray
    cells: np.ndarray


def find_records(octets: np.ndarray, raw: RawFile) -> tuple[Records | None, set[int]]:
    """The rows of a file, and the lines that broken quotation marks make unreadable.

    Such a line is blanked in `octets` and the rest split anew, so that one stray mark does not
    swallow what follows.
    """
    newlines = np.flatnonzero(octets == LF)
    faulty: set[int] = set()
    while True:
        quotes = np.flatnonzero(octets == QUOTE)
        fault = _first_quote_fault(octets, quotes)
        if fault is None:
            break
        line = int(np.searchsorted(newlines, fault)) + 1
        faulty.add(line)
        raw.report(
            "R07",
            line,
            "A quotation mark is not closed or stands inside a cell; put the whole cell in "
            "quotation marks and double those inside it.",
        )
        if len(faulty) == MAX_QUOTE_FAULTS:
            raw.unreadable = True
            raw.report("R07", line, "Too many such lines; nothing of the file was read.")
            return None, faulty
        begin = newlines[line - 2] + 1 if line > 1 else 0
        stop = newlines[line - 1] if line <= len(newlines) else len(octets)
        octets[begin:stop] = BLANK

    def outside(positions: np.ndarray) -> np.ndarray:
        return positions[(np.searchsorted(quotes, positions) & 1) == 0]

    ends = outside(newlines)
    if not len(ends) or ends[-1] != len(octets) - 1:
        ends = np.append(ends, len(octets))
    starts = np.concatenate(([0], ends[:-1] + 1))
    commas = outside(np.flatnonzero(octets == COMMA))
    cells = np.searchsorted(commas, ends) - np.searchsorted(commas, starts) + 1
    before_end = octets[np.maximum(ends - 1, 0)]
    content_end = np.where((ends > starts) & (before_end == CR), ends - 1, ends)
    lines = np.searchsorted(newlines, starts) + 1
    return Records(starts, content_end, lines, cells), faulty


def _first_quote_fault(octets: np.ndarray, quotes: np.ndarray) -> int | None:
    """The place of the opening mark of the first quoted part that is not a whole cell.

    An opening mark must follow a comma, a line end or another mark (a doubled one); a closing mark
    must stand before a comma, a line end or another mark.
    """
    opening, closing = quotes[0::2], quotes[1::2]
    before = octets[np.maximum(opening - 1, 0)]
    after = octets[np.minimum(closing + 1, len(octets) - 1)]
    fits = (opening == 0) | np.isin(before, (COMMA, LF, QUOTE))
    closed = (closing == len(octets) - 1) | np.isin(after, (COMMA, LF, CR, QUOTE))
    fits[: len(closing)] &= closed
    if len(opening) > len(closing):
        fits[-1] = False
    faults = np.flatnonzero(~fits)
    return int(opening[faults[0]]) if len(faults) else None


def find_bad_rows(
    data: bytes,
    octets: np.ndarray,
    records: Records,
    raw: RawFile,
    head: int,
    faulty_lines: set[int],
) -> np.ndarray:
    """Which rows cannot be read, each reported once for its first reason."""
    bad = np.zeros(len(records.start), dtype=bool)

    def row_of(positions: np.ndarray) -> np.ndarray:
        return np.unique(np.searchsorted(records.start, positions, side="right") - 1)

    def mark(rows: np.ndarray, rule: str, sentence: str) -> None:
        for row in rows[~bad[rows]]:
            raw.report(rule, int(records.line[row]), sentence)
        bad[rows] = True

    if faulty_lines:  # reported already
        bad[np.isin(records.line, list(faulty_lines))] = True
    if bad[head]:
        return bad
    mark(row_of(np.flatnonzero(octets == NUL)), "R06", "The row holds a NUL byte; type it again.")

    suspects = row_of(np.flatnonzero(octets >= 128))
    if len(suspects):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            wrong = [
                row for row in suspects if not _is_utf8(data[records.start[row] : records.end[row]])
            ]
            sentence = "The row holds letters that are not UTF-8; save the file as CSV in UTF-8."
            mark(np.array(wrong, dtype="int64"), "R02", sentence)

    returns = np.flatnonzero(octets == CR)
    lone = returns[octets[np.minimum(returns + 1, len(octets) - 1)] != LF]
    quotes = np.flatnonzero(octets == QUOTE)
    lone = lone[(np.searchsorted(quotes, lone) & 1) == 0]
    sentence = "The row holds a carriage return without line feed; save with usual line ends."
    mark(row_of(lone), "R08", sentence)
    if bad[head]:  # then nothing can be said of the other rows
        return bad

    expected = records.cells[head]
    full = records.end > records.start
    for row in np.flatnonzero(full & ~bad & (records.cells != expected)):
        if row < head or not data[records.start[row] : records.end[row]].strip(b" \t"):
            continue
        raw.report(
            "R05",
            int(records.line[row]),
            f"The row has {records.cells[row]} cell(s) and the header {expected}; put cells that hold "
            f"a comma in quotation marks, or add the missing cells.",
        )
        bad[row] = True
    only_commas = full & (records.cells == expected) & (records.end - records.start == expected - 1)
    for row in np.flatnonzero(only_commas & ~bad):
        raw.report("R09", int(records.line[row]), "The row is empty; delete it.", severity="W")
    # Rows without any content are left out of the table, and none is lost by it.
    blanks = [
        row for row in np.flatnonzero(full & ~bad & (records.cells != expected)) if row != head
    ]
    records.end[only_commas & ~bad] = records.start[only_commas & ~bad]
    records.end[blanks] = records.start[blanks]
    return bad


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
