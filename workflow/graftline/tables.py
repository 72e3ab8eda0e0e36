"""Reading and writing of tables and JSON with the same bytes for the same content, in any folder."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graftline.replace_file import replace_file

if TYPE_CHECKING:
    import pandas as pd

# A spreadsheet runs a cell that starts with one of these as a formula; a plain number it does not.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write the whole of a file, of which no reader sees half (see `replace_file`)."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with replace_file(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: str | Path, text: str) -> None:
    """Write UTF-8 text, as `write_bytes` does."""
    write_bytes(path, text.encode("utf-8"))


def canonical_number(value: float) -> float | int | None:
    """`value` with 12 significant digits and zero without a sign; None for NaN and infinities, which
    JSON does not have."""
    if not math.isfinite(value):
        return None
    return float(f"{value:.12g}") + 0.0  # -0.0 + 0.0 is 0.0


def _plain(value: Any) -> Any:
    """`value` as JSON types, with numpy's scalars unwrapped and floats in canonical form."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if getattr(value, "shape", None) == ():
        value = value.item()
    if isinstance(value, float):
        return canonical_number(value)
    return value


def format_json(value: Any) -> str:
    """JSON text with sorted keys, one space of indent, and floats of 12 significant digits."""
    return (
        json.dumps(_plain(value), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
        + "\n"
    )


def write_json(path: str | Path, value: Any) -> None:
    """Write `value` as `format_json` prints it."""
    write_text(path, format_json(value))


def read_json(path: str | Path) -> Any:
    """The content of a JSON file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def escape_formula(text: str) -> str:
    """`text` such that a spreadsheet shows it and does not run it (OWASP, CSV injection).

    A plain number such as -3.5 stays as it is.
    """
    if text.startswith(FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def _csv_cell(cell: Any) -> Any:
    """A cell of a column without a numeric type, as CSV has it."""
    if isinstance(cell, str):
        # pandas quotes a cell with \n in it, and not one with \r, which ends a line too.
        return escape_formula(cell).replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(cell, float) and math.isfinite(cell):
        return f"{canonical_number(cell):.12g}"
    return cell


def write_csv(path: str | Path, frame: pd.DataFrame, *, data_label: str | None = None) -> None:
    """Write `frame` as UTF-8 CSV with `\\n` line ends; missing values are empty cells.

    Text cells are escaped for spreadsheets; `data_label`, when given, is the last column.
    """
    import pandas as pd

    out = frame.copy()
    for column in out.columns:
        if pd.api.types.is_float_dtype(out[column]):
            out[column] = out[column] + 0.0  # -0.0 + 0.0 is 0.0
        elif not (
            pd.api.types.is_numeric_dtype(out[column])
            or pd.api.types.is_datetime64_any_dtype(out[column])
        ):
            out[column] = out[column].astype(object).map(_csv_cell)
    if data_label:
        out["data_label"] = data_label
    text = out.to_csv(
        index=False, lineterminator="\n", float_format="%.12g", date_format="%Y-%m-%d"
    )
    write_text(path, text)


def write_parquet(path: str | Path, frame: pd.DataFrame, *, data_label: str | None = None) -> None:
    """Write `frame` as Parquet with zstd; `data_label` goes into the schema's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    # pandas' own metadata names its version; the types are restored by `read_parquet` instead.
    table = table.replace_schema_metadata({"data_label": data_label} if data_label else None)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    write_bytes(path, sink.getvalue().to_pybytes())


def count_parquet_rows(path: str | Path) -> int:
    """How many rows a Parquet table has, by its footer: no row is read."""
    import pyarrow.parquet as pq

    with open(path, "rb") as file:
        return pq.ParquetFile(file).metadata.num_rows


def read_parquet(
    path: str | Path, columns: list[str] | None = None, filters: list | None = None
) -> pd.DataFrame:
    """A Parquet table as pandas sees it here: text as `string[pyarrow]`, whole numbers as `Int64`,
    truth values as `boolean`, floats as float64, dates as datetime64[ns]. `columns` and `filters`
    (as `pyarrow.parquet.read_table` takes them) keep what is not wanted out of memory."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = pd.StringDtype("pyarrow")
    types = {
        pa.string(): text,
        pa.large_string(): text,
        pa.bool_(): pd.BooleanDtype(),
    }
    for whole in (pa.int64, pa.int32, pa.int16, pa.int8, pa.uint32, pa.uint16, pa.uint8):
        types[whole()] = pd.Int64Dtype()
    # Opened by Python, which tells of it; a path would be opened by Arrow, unseen.
    with open(path, "rb") as file:
        table = pq.read_table(file, columns=columns, filters=filters)
    frame = table.to_pandas(types_mapper=types.get, date_as_object=False)
    for column in frame.columns:
        if pd.api.types.is_datetime64_any_dtype(frame[column]):
            frame[column] = frame[column].astype("datetime64[ns]")
    return frame
