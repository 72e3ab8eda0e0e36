"""The Parquet tables of a results folder as DuckDB sees them: where they lie, nothing loaded whole."""

from __future__ import annotations

from pathlib import Path

import duckdb

from graftline.memory_database import open_memory_database
from graftline.results_folder import ResultsFolder

# The files as they are, whatever a caller narrows under the plain names that queries use.
WHOLE = "whole"


def quoted(text: str) -> str:
    """`text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _view(connection: duckdb.DuckDBPyConnection, name: str, files: list[Path]) -> None:
    listed = ", ".join(quoted(str(file)) for file in files)
    connection.execute(
        f"CREATE VIEW {WHOLE}.{identifier(name)} AS SELECT * FROM read_parquet([{listed}])"
    )


def open_store(results: ResultsFolder) -> duckdb.DuckDBPyConnection:
    """A database with a view in the schema `whole` for each derived table, for each validated table
    (`validated_<table>`) and for the lineage.

    It reads these two folders and nothing else of the machine or the network.
    """
    connection = open_memory_database()
    validated = results.path / "patient_level" / "validated"
    folders = ", ".join(quoted(str(folder)) for folder in (results.derived, validated))
    connection.execute(f"SET allowed_directories = [{folders}]")
    connection.execute(f"CREATE SCHEMA {WHOLE}")
    for name, file in results.derived_tables.items():
        _view(connection, name, [file])
    for file in sorted(validated.glob("*.parquet")):
        _view(connection, f"validated_{file.stem}", [file])
    _view(connection, "lineage", results.lineage_files)
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def use_whole_tables(connection: duckdb.DuckDBPyConnection, results: ResultsFolder) -> None:
    """Let the queries of numbers see each derived table whole."""
    for name in results.derived_tables:
        named = identifier(name)
        connection.execute(f"CREATE VIEW {named} AS SELECT * FROM {WHOLE}.{named}")
