"""What is asked forth from: a line or cell of a source file, or a patient."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from graftline.errors import GraftlineError
from graftline.results_folder import ResultsFolder, suggest
from graftline.trace.names import RawNames
from graftline.trace.store import WHOLE, identifier

VALIDATED = "validated_"


@dataclass(frozen=True)
class Source:
    """Lines of source files and the patients that they are about.

    `columns` are canonical names, None for all of a line. `tables` are the canonical tables read
    from the file; none for a file of the protocol.
    """

    file: str | None
    line: int | None
    column: str | None
    columns: list[str] | None
    subjects: list[str]
    tables: list[str]
    lines: dict[str, list[int]] = field(default_factory=dict)


def _columns_of(connection: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    rows = connection.execute(f"DESCRIBE {WHOLE}.{identifier(view)}").fetchall()
    return [row[0] for row in rows]


def _views(connection: duckdb.DuckDBPyConnection, names: list[str]) -> list[str]:
    """The views of those validated tables that there are."""
    found = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = ?", [WHOLE]
    ).fetchall()
    known = {name for (name,) in found}
    return [VALIDATED + name for name in names if VALIDATED + name in known]


def _find_file(results: ResultsFolder, named: str, known: list[str]) -> str:
    """The source file that a person named: as lineage names it, or by the end of its path."""
    wanted = named.removeprefix("./")
    fitting = [file for file in known if file == wanted or file.endswith(f"/{wanted}")]
    # Those of the cut that this one is compared with are named by their folder.
    fitting = [file for file in fitting if file in results.raw_files] or fitting
    if len(fitting) != 1:
        why = f"{named!r} fits {' and '.join(fitting)}" if fitting else f"{named!r} is no source"
        last = wanted.rpartition("/")[2]
        hint = suggest(wanted, known) or suggest(last, [file.rpartition("/")[2] for file in known])
        raise GraftlineError(f"{why} of the results {results.path}{hint}")
    return fitting[0]


def _check_column(
    connection: duckdb.DuckDBPyConnection,
    names: RawNames,
    file: str,
    column: str,
    views: list[str],
) -> list[str]:
    """The canonical names of a column of the file, or of a canonical column. Raises GraftlineError if
    no table that is read from the file has it."""
    known = {name for view in views for name in _columns_of(connection, view)}
    canonical = names.canonical(file, column)
    if views and not known & set(canonical):
        raw = {names.in_file(file, name) for name in known}
        raise GraftlineError(f"{file} has no column {column!r} that is read{suggest(column, raw)}")
    return canonical


def _about(
    connection: duckdb.DuckDBPyConnection, views: list[str], file: str, line: int
) -> tuple[list[str], tuple[int, int] | None]:
    """The patients whose rows stand on a line, and the first and last line that rows stand on."""
    subjects: set[str] = set()
    spans = []
    for view in views:
        columns = _columns_of(connection, view)
        # A row gathered from several records has a line for each cell.
        lines = [c for c in columns if c == "src_line" or c.endswith("_line")]
        whole = f"{WHOLE}.{identifier(view)}"
        at = " OR ".join(f"{identifier(name)} = $line" for name in lines)
        rows = connection.execute(
            f"SELECT DISTINCT subject_id FROM {whole} WHERE src_file = $file AND ({at})",
            {"file": file, "line": line},
        ).fetchall()
        subjects |= {subject for (subject,) in rows}
        spans += connection.execute(
            f"SELECT min(src_line), max(src_line) FROM {whole} WHERE src_file = ?", [file]
        ).fetchall()
    spans = [span for span in spans if span[0] is not None]
    span = (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None
    return sorted(subjects), span


def find_source(
    connection: duckdb.DuckDBPyConnection,
    results: ResultsFolder,
    file: str,
    line: int,
    column: str | None,
    subject: str | None,
) -> Source:
    """The line, or cell, that a person named; `subject` tells whose record it is where each patient
    has one of that number. Raises GraftlineError, with near matches, for what is not there."""
    names = RawNames(results.configuration["protocol"]["tables"])
    known = dict.fromkeys(results.raw_files)
    of_lineage = connection.execute(f"SELECT DISTINCT src_file FROM {WHOLE}.lineage").fetchall()
    known |= dict.fromkeys(sorted(found for (found,) in of_lineage))
    file = _find_file(results, file, list(known))
    # Of another cut, which this one is compared with, no validated table is here.
    of_other_cut = file not in results.raw_files
    tables = [] if of_other_cut else names.tables(file)
    views = _views(connection, tables)
    columns = None if column is None else _check_column(connection, names, file, column, views)
    subjects, span = _about(connection, views, file, line)
    aside = connection.execute(
        f"SELECT DISTINCT subject_id FROM {WHOLE}.set_aside WHERE src_file = ? AND src_line = ?",
        [file, line],
    ).fetchall()
    subjects = sorted({*subjects, *(who for (who,) in aside if who is not None)})
    if subject is not None:
        if subject not in subjects:
            hint = suggest(subject, subjects)
            raise GraftlineError(f"line {line} of {file} is not of {subject!r}{hint}")
        subjects = [subject]
    if views and not subjects:
        where = f"; its rows stand on lines {span[0]} to {span[1]}" if span else ""
        raise GraftlineError(f"no row that was read stands on line {line} of {file}{where}")
    return Source(file, line, column, columns, subjects, tables)


def find_subject(
    connection: duckdb.DuckDBPyConnection, results: ResultsFolder, subject: str
) -> Source:
    """All lines about a patient. Raises GraftlineError, with near matches, for an unknown one."""
    lines: dict[str, set[int]] = {}
    tables = list(results.configuration["protocol"]["tables"])
    for view in [*_views(connection, tables), "set_aside"]:
        columns = _columns_of(connection, view)
        for name in (c for c in columns if c == "src_line" or c.endswith("_line")):
            rows = connection.execute(
                f"SELECT DISTINCT src_file, {identifier(name)} FROM {WHOLE}.{identifier(view)} "
                f"WHERE subject_id = ? AND {identifier(name)} IS NOT NULL",
                [subject],
            ).fetchall()
            for file, line in rows:
                lines.setdefault(file, set()).add(int(line))
    if not lines:
        known = connection.execute(
            f"SELECT DISTINCT subject_id FROM {WHOLE}.subjects ORDER BY 1 LIMIT 100000"
        ).fetchall()
        hint = suggest(subject, [who for (who,) in known])
        raise GraftlineError(f"there is no patient {subject!r} in {results.path}{hint}")
    ordered = {file: sorted(found) for file, found in sorted(lines.items())}
    return Source(None, None, None, None, [subject], tables, ordered)
