"""Forth: from a raw line, cell or patient to all that depends on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from graftline.errors import GraftlineError
from graftline.results_folder import ResultsFolder
from graftline.trace.cells import of_patients
from graftline.trace.printed import find_printed
from graftline.trace.reach import (
    WRITTEN_TABLES,
    keeps_arm,
    may_move,
    reachable_tables,
    rules_told,
)
from graftline.trace.source import Source, find_source, find_subject
from graftline.trace.store import WHOLE, identifier, open_store

# Queries run together; more in one statement takes DuckDB longer.
BATCH = 10
Rows = dict[str, list[str]]


def _rows_on(connection: duckdb.DuckDBPyConnection, source: Source) -> Rows:
    """Derived table -> keys of the rows that stand on the source."""
    if source.line is None:
        condition = of_patients(source.subjects)
        values: dict[str, Any] = {}
    else:
        condition = "src_file = $file AND src_line = $line"
        values = {"file": source.file, "line": source.line}
        if source.columns is not None:
            # Lineage of a whole line has no column.
            condition += " AND src_column IN (SELECT unnest($columns))"
            values["columns"] = [*source.columns, "", *(["value"] if not source.tables else [])]
        if source.subjects and not source.file.endswith(".csv"):
            condition += f" AND {of_patients(source.subjects)}"
    rows = connection.execute(
        f"SELECT DISTINCT derived_table, row_key FROM {WHOLE}.lineage WHERE {condition} ORDER BY ALL",
        values,
    ).fetchall()
    found: Rows = {}
    for table, key in rows:
        found.setdefault(table, []).append(key)
    return found


def _narrow(
    connection: duckdb.DuckDBPyConnection, results: ResultsFolder, source: Source, rows: Rows
) -> Rows:
    """Let queries see the rows of the source's patients, and `rows`, alone; returns the keys of the
    patients' own rows by table.

    A query tells of each row by that row and by others of its patient, so it answers for these rows as
    it does among all.
    """
    own: Rows = {}
    for table in results.derived_tables:
        named = identifier(table)
        whole = f"{WHOLE}.{named}"
        columns = {row[0] for row in connection.execute(f"DESCRIBE {whole}").fetchall()}
        wanted = "row_key IN (SELECT unnest($keys::VARCHAR[]))"
        values: dict[str, Any] = {"keys": rows.get(table, [])}
        by_patient = "subject_id" in columns and bool(source.subjects)
        if by_patient:
            wanted += " OR subject_id IN (SELECT unnest($subjects))"
            values["subjects"] = source.subjects
        connection.execute(f"CREATE TABLE {named} AS SELECT * FROM {whole} WHERE {wanted}", values)
        if by_patient:
            keys = connection.execute(f"SELECT row_key FROM {named} ORDER BY row_key").fetchall()
            own[table] = [key for (key,) in keys]
    return own


def _answers(
    connection: duckdb.DuckDBPyConnection, records: Iterable[Mapping[str, Any]]
) -> dict[str, set[str]]:
    """Query -> the row keys that it returns of the rows in sight."""
    queries = sorted(
        {record[sql] for record in records for sql in ("selected_sql", "considered_sql")}
    )
    found: dict[str, set[str]] = {query: set() for query in queries}
    for start in range(0, len(queries), BATCH):
        batch = queries[start : start + BATCH]
        together = " UNION ALL ".join(
            f"(SELECT {place} AS query, row_key FROM ({sql}))" for place, sql in enumerate(batch)
        )
        try:
            rows = connection.execute(together).fetchall()
        except duckdb.Error as error:
            raise GraftlineError(
                f"the queries of the numbers cannot be run: {type(error).__name__}; "
                "graftline verify names the number"
            ) from None
        for place, key in rows:
            found[batch[place]].add(key)
    return found


def _briefly(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in ("id", "display", "rule", "table")}


def _arms(connection: duckdb.DuckDBPyConnection, source: Source) -> set[str]:
    rows = connection.execute(
        f"SELECT DISTINCT arm FROM {WHOLE}.subjects WHERE subject_id IN (SELECT unnest(?))",
        [source.subjects],
    ).fetchall()
    return {arm for (arm,) in rows if arm is not None}


def _follow(
    connection: duckdb.DuckDBPyConnection, results: ResultsFolder, source: Source
) -> dict[str, Any]:
    """The rows, numbers, tables, figures and sections that depend on the source."""
    rows = _rows_on(connection, source)
    own = _narrow(connection, results, source, rows)
    if source.line is None:
        rows = own | {table: keys for table, keys in rows.items() if table not in own}
        rows = {table: keys for table, keys in rows.items() if keys}
    reached = reachable_tables(results, source) if source.tables else set()
    keys = {table: set(found) for table, found in rows.items()}
    touched = [r for r in results.records.values() if r["table"] in keys]
    answers = _answers(connection, touched)
    told = _told(results, source, rows)
    arms = _arms(connection, source) if keeps_arm(source) else None
    numbers: dict[str, list[dict[str, Any]]] = {"selected": [], "considered": [], "may_move": []}
    for record in results.records.values():
        here = keys.get(record["table"], set())
        if here & answers.get(record["selected_sql"], set()):
            numbers["selected"].append(_briefly(record))
        elif here & answers.get(record["considered_sql"], set()):
            numbers["considered"].append(_briefly(record))
        elif may_move(record, source, reached, told, arms):
            numbers["may_move"].append(_briefly(record))
    return {
        "rows": [{"table": table, "row_keys": found} for table, found in sorted(rows.items())],
        "numbers": numbers,
        "reached_tables": sorted(reached),
        "printed": find_printed(results, numbers, set(rows), reached, told),
        "build_digest": results.build["build_digest"],
    }


def _told(results: ResultsFolder, source: Source, rows: Rows) -> set[str]:
    """The rules that a line of the protocol, or of a cut that this one is compared with, steers; all,
    where it is not known which."""
    if source.tables:
        return set()
    if not rows:
        return set(results.rules)
    keys = rows.get("configuration", [])
    sections = {key.split(".")[1] for key in keys if key.startswith("config.")}
    steered = set().union(*(rules_told(results, section) for section in sections))
    compared = set(rows) - set(WRITTEN_TABLES)
    return steered | {r["rule"] for r in results.records.values() if r["table"] in compared}


def trace_cell(
    results: ResultsFolder,
    file: str,
    line: int,
    column: str | None = None,
    *,
    subject: str | None = None,
) -> dict[str, Any]:
    """All that depends on a line of a raw file, or on one cell of it.

    `rows` stand on it, by lineage. Of the numbers, `selected` are made of such a row, `considered` have
    one in their population, and `may_move` have neither, but come from a table into which a changed
    cell could bring a row. Raises GraftlineError, with near matches, for what is not there.
    """
    with open_store(results) as connection:
        source = find_source(connection, results, file, line, column, subject)
        asked = {
            "file": source.file,
            "line": line,
            "column": column,
            "sha256": results.sha256_of(source.file),
            "subjects": source.subjects,
            "raw_tables": source.tables,
        }
        return {"cell": asked} | _follow(connection, results, source)


def trace_subject(results: ResultsFolder, subject: str) -> dict[str, Any]:
    """All that depends on a patient: raw lines, derived rows, numbers, tables and figures."""
    with open_store(results) as connection:
        source = find_subject(connection, results, subject)
        asked = {"id": subject, "lines": source.lines}
        return {"subject": asked} | _follow(connection, results, source)
