"""Files of SDTM domains as text cells: Parquet, SAS XPORT, Dataset-JSON 1.1 and its NDJSON form.

Each reader takes the file's content and gives a data frame of text columns, "" where a cell is empty.
Two columns of one name stay two. A file that is not what its name says raises `Unreadable` with a
sentence for the site.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

TEXT = pd.StringDtype("pyarrow")
VERSION = "1.1"
# XPORT states no number of rows; its records are of one length, so that most cuts show.
XPORT_RECORD = 80


class Unreadable(Exception):
    """The file cannot be read; the text says why and what to do."""


class Found:
    """What a reader met on the way: `report(rule, line, message)` of a RawFile, how many records were
    lost, and, where some were, the numbers of those that were read."""

    def __init__(self, report):
        self.report, self.lost_rows = report, 0
        self.records: pd.Series | None = None

    def lose(self, rule: str, line: int, message: str) -> None:
        """Report a record that cannot be read."""
        self.report(rule, line, message)
        self.lost_rows += 1


def format_numbers(values: np.ndarray) -> np.ndarray:
    """Numbers as text with up to 15 significant digits, "" for missing ones; each distinct one once.

    15 digits are what SAS keeps and prints; 38.0 is "38" and 0.1 + 0.2 is "0.3".
    """
    codes, distinct = pd.factorize(np.asarray(values, dtype="float64"))
    texts = np.array([f"{value:.15g}" for value in distinct] + [""], dtype=object)
    return texts[codes]


def _text_frame(columns: list[tuple[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame({at: pd.array(cells, TEXT) for at, (_, cells) in enumerate(columns)})
    return frame.set_axis([name for name, _ in columns], axis=1)


def read_parquet(content: bytes, found: Found) -> pd.DataFrame:
    """A Parquet file: text as it is, numbers as `format_numbers`, dates and times as ISO 8601."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError) as error:
        raise Unreadable("The file is not Parquet, or not whole; send it again.") from error
    columns: list[tuple[str, Any]] = []
    for name, cells in zip(table.column_names, table.columns, strict=True):
        kind = cells.type
        if pa.types.is_dictionary(kind):
            cells, kind = cells.cast(kind.value_type), kind.value_type
        if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            columns.append((name, format_numbers(cells.cast(pa.float64()).to_numpy())))
            continue
        if pa.types.is_timestamp(kind):
            cells = pc.strftime(cells.cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%S")
        elif pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            found.report("R10", None, "The column holds no text and no number.", column=name)
            continue
        columns.append((name, pc.fill_null(cells.cast(pa.string()), "").to_numpy()))
    return _text_frame(columns)


def read_xport(content: bytes, found: Found) -> pd.DataFrame:
    """A SAS transport file (XPORT, versions 5 and 8)."""
    import pyreadstat

    if len(content) % XPORT_RECORD:
        raise Unreadable("The file is not SAS XPORT, or is cut off; send it again.")
    try:
        frame, _ = pyreadstat.read_xport(io.BytesIO(content))
    except UnicodeDecodeError as error:
        sentence = "The file holds letters that are neither ASCII nor UTF-8; write it in UTF-8."
        raise Unreadable(sentence) from error
    except pyreadstat.ReadstatError as error:
        raise Unreadable("The file is not SAS XPORT, or not whole; send it again.") from error
    columns: list[tuple[str, Any]] = []
    for name, cells in frame.items():
        if pd.api.types.is_numeric_dtype(cells):
            columns.append((name, format_numbers(cells.to_numpy())))
        else:  # text, and dates and times, whose str() is ISO 8601 but for the T
            texts = cells.astype(object).where(cells.notna(), "").map(str)
            texts = texts.str.replace(r"^(\d{4}-\d\d-\d\d) (?=\d\d:)", r"\1T", regex=True)
            columns.append((name, texts.to_numpy()))
    return _text_frame(columns)


def _load(text: str) -> Any:
    """JSON with its numbers as text, as `format_numbers` writes them."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    return json.loads(
        text,
        parse_float=lambda digits: f"{float(digits):.15g}",
        parse_int=str,
        parse_constant=refuse,
    )


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("The file is not UTF-8, which Dataset-JSON is; write it again.") from error


def read_dataset_json(content: bytes, found: Found) -> pd.DataFrame:
    """A Dataset-JSON 1.1 file: one object with `columns` and `rows`."""
    try:
        whole = _load(_decode(content))
    except ValueError as error:
        raise Unreadable("The file is not JSON, or not whole; send it again.") from error
    rows = whole.get("rows") if isinstance(whole, dict) else None
    if not isinstance(rows, list):
        raise Unreadable("The file has no rows, as Dataset-JSON has; send it again.")
    return _tabulate(whole, rows, found)


def read_dataset_ndjson(content: bytes, found: Found) -> pd.DataFrame:
    """Dataset-JSON 1.1 as lines: the first has all but the rows, each other one is a row."""
    lines = _decode(content).splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    try:
        head = _load(lines[0]) if lines else None
    except ValueError as error:
        raise Unreadable("The file's first line is not JSON; send it again.") from error

    def rows() -> Iterable[Any]:
        for line in lines[1:]:
            try:
                yield _load(line)
            except ValueError:
                yield None

    return _tabulate(head, rows(), found)


def _tabulate(head: Any, rows: Iterable[Any], found: Found) -> pd.DataFrame:
    """The cells of `rows`, whose columns `head` names."""
    if not isinstance(head, dict) or "datasetJSONVersion" not in head:
        raise Unreadable("The file is not Dataset-JSON: it does not state datasetJSONVersion.")
    if not str(head["datasetJSONVersion"]).startswith(VERSION):
        raise Unreadable(f"The file is Dataset-JSON of another version than {VERSION}.")
    columns = head.get("columns")
    if not isinstance(columns, list) or not all(
        isinstance(column, dict) and column.get("name") for column in columns
    ):
        raise Unreadable("The file does not name its columns; send it again.")
    names = [column["name"] for column in columns]
    good, records = [], 0
    for records, row in enumerate(rows, start=1):
        if isinstance(row, list) and len(row) == len(names):
            good.append([records, *row])
        else:
            message = f"The record is not a list of {len(names)} cells, as the columns are; send it again."
            found.lose("R05", records, message)
    stated = head.get("records")
    if stated is not None and str(stated) != str(records):
        message = (
            "The file does not have as many records as it states; it may be cut off: send it again."
        )
        found.report("R11", None, message)
    cells = list(zip(*good, strict=True)) or [()] * (len(names) + 1)
    if found.lost_rows:
        found.records = pd.Series(cells[0], dtype="Int64")
    return _text_frame(
        [
            (name, list(map(_as_text, of_name)))
            for name, of_name in zip(names, cells[1:], strict=True)
        ]
    )


def _as_text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    return json.dumps(cell)


READERS = {
    ".parquet": read_parquet,
    ".xpt": read_xport,
    ".json": read_dataset_json,
    ".ndjson": read_dataset_ndjson,
}
