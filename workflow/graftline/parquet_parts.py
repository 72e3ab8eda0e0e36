"""Parquet tables that are written a part at a time, because they do not fit into memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from graftline.replace_file import replace_file


def write_parquet_parts(
    paths: Mapping[str, str | Path],
    parts: Iterable[Mapping[str, pd.DataFrame]],
    *,
    data_label: str | None = None,
) -> None:
    """Write the tables of all `parts`, one after the other, to the `paths` of their names.

    As `tables.write_parquet` writes one: compressed, with the data label, under the name only when
    the whole is on the disk; nothing appears if a part fails. There is one part
    or more, and all have the same types.
    """
    metadata = {"data_label": data_label} if data_label else None
    writers: dict[str, pq.ParquetWriter] = {}
    with ExitStack() as names, ExitStack() as files:
        temporary = {}
        for name, path in paths.items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            temporary[name] = names.enter_context(replace_file(path))
        for part in parts:
            for name in paths:
                table = pa.Table.from_pandas(part[name], preserve_index=False)
                # pandas' own metadata names its version; `tables.read_parquet` restores the types.
                table = table.replace_schema_metadata(metadata)
                if name not in writers:
                    file = pq.ParquetWriter(temporary[name], table.schema, compression="zstd")
                    writers[name] = files.enter_context(file)
                writers[name].write_table(table)
