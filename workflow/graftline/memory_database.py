"""Where every database of DuckDB begins: in memory, quiet, and with its overflow out of sight."""

from __future__ import annotations

import tempfile
from functools import cache
from typing import Any

import duckdb


@cache
def _overflow_folder() -> tempfile.TemporaryDirectory:
    """A folder of this process, which nobody else may open and which goes when it ends."""
    return tempfile.TemporaryDirectory(prefix="graftline-")


def open_memory_database(**config: Any) -> duckdb.DuckDBPyConnection:
    """An empty database in memory; `config` are settings of DuckDB.

    What memory cannot hold is patients' data: it goes to a private folder of the machine's temporary
    files (TMPDIR), and not, as DuckDB has it, to .tmp in the folder that a command was called in.
    """
    folder = _overflow_folder().name
    connection = duckdb.connect(":memory:", config={**config, "temp_directory": folder})
    # The bar of a long query would be written between what a command prints.
    connection.execute("SET enable_progress_bar = false")
    return connection
