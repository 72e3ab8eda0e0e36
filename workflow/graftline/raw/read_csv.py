"""Raw CSV files as text, each row with the line of the file that a person opens.

pyarrow splits the cells. Which bytes are a row is found here first, from the places of quotation
marks and line ends, because pyarrow's own row numbers do not count blank lines or line ends in
quoted cells. A row that cannot be read for certain is left out and reported with its line; other
rows are read. Rules: R01 empty file, R02 encoding, R03 header, R04 repeated column, R05 number of
cells, R06 NUL, R07 quotation marks, R08 line ends, R09 empty row (a warning).
"""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd

from graftline.raw.records import RawFile, Records, find_bad_rows, find_records

BOM = b"\xef\xbb\xbf"
OTHER_SEPARATORS = {b";": "semicolons", b"\t": "tabs"}


def read_csv(data: bytes, file: str) -> RawFile:
    """The content `data` of the file shown as `file`, comma-separated UTF-8 with or without BOM."""
    raw = RawFile(file)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.give_up("R02", 1, "The file is UTF-16; save it as CSV in UTF-8.")
    data = data.removeprefix(BOM)
    if not data.strip(b" \t\r\n"):
        return raw.give_up("R01", 1, "The file is empty; send the table again.")
    if b"\n" not in data and b"\r" in data:
        return raw.give_up(
            "R08", 1, "Lines end with a carriage return alone; save as CSV with usual line ends."
        )
    if separator := _other_separator(data):
        sentence = f"Cells are separated by {separator}; save the file with commas between cells."
        return raw.give_up("R03", 1, sentence)
    octets = np.frombuffer(data, np.uint8).copy()
    records, faulty_lines = find_records(octets, raw)
    if records is None:
        return raw
    full = np.flatnonzero(records.end > records.start)
    head = full[0]
    raw.header_line = int(records.line[head])
    bad = find_bad_rows(data, octets, records, raw, head, faulty_lines)
    if bad[head]:
        raw.unreadable = True
        return raw
    header = data[records.start[head] : records.end[head]].decode("utf-8")
    names = next(csv.reader(io.StringIO(header, newline="")))
    keep = (records.end > records.start) & ~bad
    keep[: head + 1] = False
    raw.lost_rows = int(bad.sum())
    frame = _split_cells(data, records, keep, bad.any(), len(names))
    return _name_columns(raw, frame, names, records.line[keep])


def _other_separator(data: bytes) -> str | None:
    """What separates the cells of the first line with content, where it is not commas."""
    first = data.lstrip(b" \t\r\n").split(b"\n", 1)[0]
    if b"," in first:
        return None
    return next((name for mark, name in OTHER_SEPARATORS.items() if mark in first.strip()), None)


def _split_cells(
    data: bytes, records: Records, keep: np.ndarray, has_bad: bool, width: int
) -> pd.DataFrame:
    """The cells of the rows `keep`, columns named 0, 1, ..."""
    import pyarrow as pa
    import pyarrow.csv

    columns = [str(position) for position in range(width)]
    if not keep.any():
        return pd.DataFrame({name: pd.array([], dtype="string[pyarrow]") for name in columns})
    rows = np.flatnonzero(keep)
    # Runs of neighbouring rows are copied together; there are as many as there are bad rows.
    breaks = np.flatnonzero(np.diff(rows) > 1)
    first = rows[np.concatenate(([0], breaks + 1))]
    last = rows[np.concatenate((breaks, [len(rows) - 1]))]
    body = b"\n".join(
        data[records.start[begin] : records.end[stop]]
        for begin, stop in zip(first, last, strict=True)
    )
    longest = int((records.end - records.start).max())
    surprises: list[int] = []

    def on_ragged_row(row) -> str:
        surprises.append(row.actual_columns)
        return "skip"

    table = pyarrow.csv.read_csv(
        pa.BufferReader(body),
        read_options=pyarrow.csv.ReadOptions(
            column_names=columns, block_size=max(1 << 20, 2 * longest)
        ),
        parse_options=pyarrow.csv.ParseOptions(
            newlines_in_values=True, invalid_row_handler=on_ragged_row, ignore_empty_lines=True
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={name: pa.string() for name in columns}, strings_can_be_null=False
        ),
    )
    if surprises or table.num_rows != len(rows):
        raise RuntimeError("the two readings of a CSV file do not have the same rows")
    return table.to_pandas(types_mapper={pa.string(): pd.StringDtype("pyarrow")}.get)


def _name_columns(
    raw: RawFile, frame: pd.DataFrame, names: list[str], lines: np.ndarray
) -> RawFile:
    """Give the columns their header names; nameless and repeated ones are reported and left out."""
    columns = {}
    for position, name in enumerate(names):
        if not name.strip():
            raw.report(
                "R03",
                raw.header_line,
                f"Column {position + 1} of the header has no name; write one or delete the column.",
            )
        elif names.count(name) > 1:
            if name not in raw.repeated:
                raw.repeated.append(name)
                raw.report(
                    "R04",
                    raw.header_line,
                    "The column stands twice in the header; keep the one that is meant.",
                    column=name,
                )
        else:
            columns[name] = frame[str(position)]
    raw.frame = pd.DataFrame(columns, index=frame.index)
    raw.frame["src_line"] = pd.array(lines, dtype="Int64")
    return raw
