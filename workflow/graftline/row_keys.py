"""Row keys from queries that others wrote: one SELECT of one column, each key once."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from graftline.errors import GraftlineError

# Queries in one statement; with more, a statement grows slower to plan.
AT_ONCE = 50
# DuckDB's words on these are about the query; on others they may quote a cell.
_ABOUT_THE_QUERY = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ParserException,
    duckdb.PermissionException,
)


def _check_single_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    kinds = [statement.type for statement in connection.extract_statements(sql)]
    if kinds != [duckdb.StatementType.SELECT]:
        raise GraftlineError(f"the query {sql!r} must be a single SELECT")


def fetch_row_keys(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """The row keys that `sql` returns, in its order.

    Raises GraftlineError if DuckDB refuses it, if it is anything else than one SELECT of one column,
    and if it returns a key twice, which would count a row twice.
    """
    try:
        _check_single_select(connection, sql)
        rows = connection.execute(sql).fetchall()
    except duckdb.Error as error:
        why = str(error) if isinstance(error, _ABOUT_THE_QUERY) else type(error).__name__
        # Not "from error": its text may hold a patient's value.
        raise GraftlineError(f"the query {sql!r} cannot be run: {why}") from None
    if rows and len(rows[0]) != 1:
        raise GraftlineError(f"the query {sql!r} must return row_key and nothing else")
    keys = [row[0] for row in rows]
    if len(set(keys)) < len(keys):
        raise GraftlineError(f"the query {sql!r} returns a row key twice; each row counts once")
    return keys


def fetch_row_keys_of_many(
    connection: duckdb.DuckDBPyConnection, queries: Iterable[str]
) -> dict[str, list[str]]:
    """Query -> its row keys, as `fetch_row_keys` returns them, and with its errors.

    To plan a query takes longer than to run it on a small table; many are asked in one statement. All their keys
    are in memory at once: for tables of some thousand rows.
    """
    queries = list(dict.fromkeys(queries))
    found: dict[str, list[str]] = {}
    for start in range(0, len(queries), AT_ONCE):
        found |= _fetch_together(connection, queries[start : start + AT_ONCE])
    return found


def _fetch_together(
    connection: duckdb.DuckDBPyConnection, queries: list[str]
) -> dict[str, list[str]]:
    try:
        for sql in queries:
            _check_single_select(connection, sql)
        # A query may end with a comment, hence the line of its own. They are told apart by number, and
        # returned in their order: one thread reads one after the other.
        parts = (f"SELECT {n} AS query, * FROM (\n{sql}\n)" for n, sql in enumerate(queries))
        rows = connection.execute(" UNION ALL ".join(parts)).fetchall()
    except (duckdb.Error, GraftlineError):
        rows = [()]
    keys: list[list[str]] = [[] for _ in queries]
    if not rows or len(rows[0]) == 2:
        for query, key in rows:
            keys[query].append(key)
        if all(len(set(some)) == len(some) for some in keys):
            return dict(zip(queries, keys, strict=True))
    # One of them is wrong: asked by itself, it says so.
    return {sql: fetch_row_keys(connection, sql) for sql in queries}
