"""Parquet tables that are written a part at a time, because they do not fit into memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


class _Part:
    """One table; it appears under its name when it is whole."""

    def __init__(self, path: str | Path, data_label: str | None):
        self.path = Path(path)
        self.temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        self.metadata = {"data_label": data_label} if data_label else None
        self.writer: pq.ParquetWriter | None = None

    def write(self, frame: pd.DataFrame) -> None:
        table = pa.Table.from_pandas(frame, preserve_index=False)
        # pandas' own metadata names its version; `tables.read_parquet` restores the types.
        table = table.replace_schema_metadata(self.metadata)
        if self.writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.writer = pq.ParquetWriter(self.temporary, table.schema, compression="zstd")
        self.writer.write_table(table)

    def __enter__(self) -> _Part:
        return self

    def __exit__(self, failed, *_) -> None:
        try:
            if self.writer is not None:
                self.writer.close()
                if failed is None:
                    with open(self.temporary, "rb") as file:
                        os.fsync(file.fileno())
                    self.temporary.replace(self.path)
        finally:
            self.temporary.unlink(missing_ok=True)


def write_parquet_parts(
    paths: Mapping[str, str | Path],
    parts: Iterable[Mapping[str, pd.DataFrame]],
    *,
    data_label: str | None = None,
) -> None:
    """Write the tables of all `parts`, one after the other, to the `paths` of their names.

    As `tables.write_parquet` writes one: compressed, with the data label, under the name only when
    the whole is on the disk; nothing appears if a part fails. All parts have the same types.
    """
    with ExitStack() as stack:
        files = {name: stack.enter_context(_Part(path, data_label)) for name, path in paths.items()}
        for part in parts:
            for name, file in files.items():
                file.write(part[name])
