"""The derived tables in DuckDB, closed to everything else."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pandas as pd
import pyarrow as pa

from graftline.memory_database import open_memory_database
from graftline.row_keys import fetch_row_keys, fetch_row_keys_of_many

__all__ = ["fetch_row_keys", "fetch_row_keys_of_many", "open_database"]


def open_database(frames: Mapping[str, pd.DataFrame]) -> duckdb.DuckDBPyConnection:
    """An in-memory database that holds `frames` and can read no file and no network.

    One thread, so that nothing depends on scheduling.
    """
    connection = open_memory_database(threads=1)
    for name, frame in frames.items():
        connection.register("incoming", pa.Table.from_pandas(frame, preserve_index=False))
        connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')
        connection.unregister("incoming")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
