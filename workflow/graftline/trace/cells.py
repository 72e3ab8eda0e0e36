"""The raw cells that derived rows stand on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from graftline.results_folder import ResultsFolder
from graftline.trace.names import RawNames
from graftline.trace.store import WHOLE, quoted


def of_patients(subjects: Sequence[str]) -> str:
    """The condition that a derived row is of one of `subjects`: its key is the patient, or begins with
    him and a slash.

    As a range of keys, which Parquet's statistics answer for most rows: "/" is followed by "0".
    """
    ranges = [
        f"row_key = {quoted(who)} OR (row_key >= {quoted(who + '/')} AND row_key < {quoted(who + '0')})"
        for who in subjects
    ]
    return f"({' OR '.join(ranges) or 'false'})"


def _whose(file: str, subject: str | None) -> str:
    """The patient whose source row it is, "" in a CSV file: a line of it is nobody else's, but each
    patient has a record 1 in an SDTM domain."""
    return "" if file.endswith(".csv") else subject or ""


def _corrections(connection: duckdb.DuckDBPyConnection) -> dict[tuple, list[int]]:
    """(file, line, canonical column, patient) -> the lines of corrections.csv about that cell."""
    found: dict[tuple, list[int]] = {}
    rows = connection.execute(
        'SELECT src_file, src_line, "column", subject_id, correction_line '
        f"FROM {WHOLE}.corrections ORDER BY correction_line"
    ).fetchall()
    for file, line, column, subject, at in rows:
        found.setdefault((file, line, column, _whose(file, subject)), []).append(int(at))
    return found


def fetch_cells(
    connection: duckdb.DuckDBPyConnection,
    results: ResultsFolder,
    table: str,
    row_keys: Sequence[str],
) -> dict[str, list[dict[str, Any]]]:
    """Row key -> the raw cells of that row of `table`, decided before contributed, with the lines of
    corrections.csv that changed each. A row without cells is not in it."""
    names = RawNames(results.configuration["protocol"]["tables"])
    corrections = _corrections(connection)
    rows = connection.execute(
        f"SELECT row_key, role, src_file, src_line, src_column FROM {WHOLE}.lineage "
        "WHERE derived_table = ? AND row_key IN (SELECT unnest(?::VARCHAR[]))",
        [table, list(row_keys)],
    ).fetchall()
    found: dict[str, list[dict[str, Any]]] = {}
    for key, role, file, line, column in rows:
        patient = _whose(file, key.partition("/")[0])
        found.setdefault(key, []).append(
            {
                "role": role,
                "file": file,
                "line": int(line),
                "column": names.in_file(file, column),
                "corrected_at_lines": corrections.get((file, line, column, patient), []),
            }
        )
    for cells in found.values():
        cells.sort(key=lambda c: (c["role"] != "decided", c["file"], c["line"], c["column"]))
    return found
