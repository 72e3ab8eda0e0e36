"""Row keys from queries that others wrote: one SELECT of one column, each key once."""

from __future__ import annotations

import duckdb

from graftline.errors import GraftlineError

# DuckDB's words on these are about the query; on others they may quote a cell.
_ABOUT_THE_QUERY = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ParserException,
    duckdb.PermissionException,
)


def fetch_row_keys(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """The row keys that `sql` returns, in its order.

    Raises GraftlineError if DuckDB refuses it, if it is anything else than one SELECT of one column,
    and if it returns a key twice, which would count a row twice.
    """
    try:
        kinds = [statement.type for statement in connection.extract_statements(sql)]
        if kinds != [duckdb.StatementType.SELECT]:
            raise GraftlineError(f"the query {sql!r} must be a single SELECT")
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
