"""A CSV file of any length as chunks of whole rows: their cells as text, and their bytes as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

from graftline.errors import GraftlineError
from graftline.raw.records import LF, QUOTE, RawFile, find_bad_rows, find_records

BOM = b"\xef\xbb\xbf"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
CHUNK_BYTES = 16 << 20


@dataclass(frozen=True)
class Chunk:
    """Rows of a file.

    `header`: the header as it stands, without its line end; the same in every chunk. `line_end`: that
    of the header. `rows`: each row as it stands, a line feed after it (large_string). `frame`: a text
    column (string[pyarrow]) a cell of the header, empty cells "", and src_line.
    """

    header: bytes
    line_end: bytes
    rows: pa.LargeStringArray
    frame: pd.DataFrame


def read_chunks(
    stream: BinaryIO,
    file: str,
    check_header: Callable[[list[str], int], None],
    *,
    size: int = CHUNK_BYTES,
) -> Iterator[Chunk]:
    """Chunks of about `size` bytes of the comma-separated UTF-8 file `stream`, shown as `file`.

    `check_header` is given the header's cells and line before any row is read. A file without rows
    gives one empty chunk; lines with nothing on them are left out. Raises GraftlineError, with file,
    line and what to do, for the first row that cannot be read for certain.
    """
    data = stream.read(size)
    if data.startswith(UTF16):
        raise GraftlineError(f"{file}, line 1: the file is UTF-16; save it as CSV in UTF-8")
    bom, data = (BOM, data[len(BOM) :]) if data.startswith(BOM) else (b"", data)
    header, names, lines_before, pending = b"", None, 0, data
    while True:
        at_end = not (data := stream.read(size))
        stop = len(pending) if at_end else _end_of_last_row(pending, file, lines_before, size)
        block, pending = pending[:stop], pending[stop:] + data
        if names is None and block.strip(b" \t\r\n"):
            head_line, header, block, skipped = _split_header(block, file)
            names = next(csv.reader(io.StringIO(header.decode("utf-8").rstrip("\r\n"), newline="")))
            check_header(names, head_line)
            lines_before = skipped
            line_end = b"\r\n" if header.endswith(b"\r\n") else b"\n"
            shown = bom + header.rstrip(b"\r\n")
            yield _read_rows(block, header, names, lines_before, file, shown, line_end)
        elif names is not None and block:
            yield _read_rows(block, header, names, lines_before, file, shown, line_end)
        lines_before += block.count(b"\n")
        if at_end:
            break
    if names is None:
        raise GraftlineError(f"{file}: the file is empty; it needs a header and rows")


def _end_of_last_row(data: bytes, file: str, lines_before: int, size: int) -> int:
    """Where the last row that surely ends in `data` ends; 0 if none does."""
    octets = np.frombuffer(data, np.uint8)
    newlines = np.flatnonzero(octets == LF)
    quotes = np.flatnonzero(octets == QUOTE)
    outside = newlines[(np.searchsorted(quotes, newlines) & 1) == 0]
    if len(outside):
        return int(outside[-1]) + 1
    if len(data) > 2 * size:  # no cell is as long as this
        line = lines_before + 1 + (data.count(b"\n", 0, int(quotes[0])) if len(quotes) else 0)
        raise GraftlineError(
            f"{file}, line {line}: a quotation mark is not closed, or the line has no end; put the "
            "whole cell in quotation marks and double those inside it"
        )
    return 0


def _split_header(block: bytes, file: str) -> tuple[int, bytes, bytes, int]:
    """The header's line, its bytes with the line end, what follows, and how many lines it took."""
    if b"\n" not in block and b"\r" in block:
        raise GraftlineError(
            f"{file}, line 1: lines end with a carriage return alone; save as CSV with usual line ends"
        )
    start = len(block) - len(block.lstrip(b" \t\r\n"))
    stop = block.find(b"\n", start) + 1 or len(block)
    line = block.count(b"\n", 0, start) + 1
    # Blanks before the first cell belong to it.
    header = block[block.rfind(b"\n", 0, start) + 1 : stop]
    try:
        header.decode("utf-8")
    except UnicodeDecodeError as error:
        raise GraftlineError(
            f"{file}, line {line}: the header holds letters that are not UTF-8; save the file as CSV "
            "in UTF-8"
        ) from error
    if header.count(b'"') % 2 or b"\0" in header:
        raise GraftlineError(
            f"{file}, line {line}: the header is not CSV; write the columns' names"
        )
    return line, header, block[stop:], line


def _read_rows(
    block: bytes,
    header: bytes,
    names: list[str],
    lines_before: int,
    file: str,
    shown: bytes,
    line_end: bytes,
) -> Chunk:
    """The rows of `block`, which begins after `lines_before` lines of the file."""
    # With the header before them, rows are held against its number of cells.
    head = header if header.endswith(b"\n") else header + b"\n"
    data = head + block
    raw = RawFile(file)
    octets = np.frombuffer(data, np.uint8).copy()
    records, faulty = find_records(octets, raw)
    if records is not None:
        ends = records.end.copy()
        find_bad_rows(data, octets, records, raw, 0, faulty)
    wrong = [finding for finding in raw.findings if finding.get("severity") != "W"]
    if wrong:
        first = min(wrong, key=lambda finding: finding["line"])
        message = first["message"].rstrip(".")
        raise GraftlineError(
            f"{file}, line {first['line'] - 1 + lines_before}: {message[0].lower()}{message[1:]}"
        )
    keep = (ends > records.start) & (records.cells == len(names))
    keep[0] = False
    rows = _join_rows(octets, records.start[keep], ends[keep])
    frame = _split_cells(rows, names)
    frame["src_line"] = records.line[keep] - 1 + lines_before
    return Chunk(shown, line_end, rows, frame)


def _join_rows(octets: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> pa.LargeStringArray:
    """The bytes from each start to its end, a line feed after each, as one array over one buffer."""
    if len(octets) and len(ends):
        octets = np.append(octets, np.uint8(LF))
        octets[ends] = LF
    edges = np.zeros(len(octets) + 1, np.int8)
    np.add.at(edges, starts, 1)
    np.add.at(edges, ends + 1, -1)
    content = octets[np.cumsum(edges[:-1], dtype=np.int8).astype(bool)]
    offsets = np.concatenate(([0], np.cumsum(ends - starts + 1))).astype(np.int64)
    return pa.LargeStringArray.from_buffers(
        len(starts), pa.py_buffer(offsets.tobytes()), pa.py_buffer(content.tobytes())
    )


def _split_cells(rows: pa.LargeStringArray, names: list[str]) -> pd.DataFrame:
    """The cells of `rows` as text, by column."""
    if not len(rows):
        return pd.DataFrame({name: pd.array([], dtype="string[pyarrow]") for name in names})
    body = rows.buffers()[2]
    table = pyarrow.csv.read_csv(
        pa.BufferReader(body),
        read_options=pyarrow.csv.ReadOptions(
            column_names=names, block_size=max(1 << 20, body.size)
        ),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    if table.num_rows != len(rows):
        raise RuntimeError("the two readings of a CSV file do not have the same rows")
    return table.to_pandas(types_mapper={pa.string(): pd.StringDtype("pyarrow")}.get)


def append_header(chunk: Chunk, names: Iterable[str]) -> bytes:
    """The header of `chunk` with more column `names` after its own, and its line end."""
    return b",".join([chunk.header, *(name.encode() for name in names)]) + chunk.line_end


def append_columns(chunk: Chunk, columns: pd.DataFrame) -> bytes:
    """The rows of `chunk` as they stand, each with the cells of `columns` after its own.

    `columns` is text in the order of the rows; missing cells are empty, and those that need it are
    quoted.
    """
    added = []
    for name in columns:
        cells = pa.array(columns[name].to_numpy(object, na_value=""), pa.large_string())
        special = pa.compute.match_substring_regex(cells, '[",\r\n]')
        doubled = pa.compute.replace_substring(cells, '"', '""')
        added.append(pa.compute.if_else(special, _join(['"', doubled, '"'], ""), cells))
    rows = pa.compute.ascii_rtrim(chunk.rows, "\n")
    return _bytes_of(_join([_join([rows, *added], ","), chunk.line_end.decode()], ""))


def _join(parts: list, separator: str) -> pa.LargeStringArray:
    """The texts of `parts`, arrays or one text for all rows, joined row by row."""
    as_text = [
        pa.scalar(part, pa.large_string()) if isinstance(part, str) else part for part in parts
    ]
    return pa.compute.binary_join_element_wise(*as_text, pa.scalar(separator, pa.large_string()))


def _bytes_of(rows: pa.LargeStringArray) -> bytes:
    """The texts of an array, one after the other."""
    offsets, content = rows.buffers()[1:]
    ends = np.frombuffer(offsets, np.int64)[rows.offset : rows.offset + len(rows) + 1]
    return content[ends[0] : ends[-1]].to_pybytes() if content is not None else b""
