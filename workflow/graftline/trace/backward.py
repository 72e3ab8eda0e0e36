"""Back: from what is printed to rules and code, derived rows and raw cells."""

from __future__ import annotations

import hashlib
from typing import Any

from graftline.errors import GraftlineError
from graftline.layout_numbers import numbers_in
from graftline.report.entries import group_entries
from graftline.results_folder import ResultsFolder, suggest
from graftline.row_keys import fetch_row_keys
from graftline.tables import read_json
from graftline.trace.cells import fetch_cells
from graftline.trace.origin import describe_function, describe_rule, describe_table
from graftline.trace.pages import pages_of
from graftline.trace.printed import printed_in_sections
from graftline.trace.store import WHOLE, identifier, open_store, use_whole_tables


def _raw_files(results: ResultsFolder, rows: list[dict[str, Any]]) -> dict[str, str | None]:
    """The raw files of the cells of `rows`, with the sha256 that the manifest states."""
    files = {cell["file"] for row in rows for cell in row["cells"]}
    return {file: results.sha256_of(file) for file in sorted(files)}


def trace_number(
    results: ResultsFolder, number: str, *, most_rows: int | None = None
) -> dict[str, Any]:
    """What `number` is made of: its record, what made it, the rows selected and considered, and their
    raw cells; those of the first `most_rows` rows if given.

    A row's cells are those of its lineage: `decided` gave the value, `contributed` were looked at.
    Raises GraftlineError, with near matches, for an unknown number.
    """
    record = results.record(number)
    with open_store(results) as store:
        use_whole_tables(store, results)
        selected = fetch_row_keys(store, record["selected_sql"])
        considered = fetch_row_keys(store, record["considered_sql"])
        chosen = set(selected)
        keys = [*selected, *(key for key in considered if key not in chosen)][:most_rows]
        cells = fetch_cells(store, results, record["table"], keys)
    rows = [
        {"row_key": key, "selected": key in chosen, "cells": cells.get(key, [])} for key in keys
    ]
    return {
        "number": record,
        "function": describe_function(results, record["statistic"]["name"]),
        "made_by": describe_rule(results, record["rule"]),
        "derived_by": describe_table(results, record["table"]),
        "build_digest": results.build["build_digest"],
        "pages": pages_of(results, [number]),
        "n_selected": len(selected),
        "n_not_selected": len(set(considered) - chosen),
        "selected_sha256": hashlib.sha256("\n".join(sorted(selected)).encode()).hexdigest(),
        "rows": rows,
        "raw_files": _raw_files(results, rows),
    }


def trace_row(results: ResultsFolder, table: str, row_key: str) -> dict[str, Any]:
    """The raw cells that one row of a derived table stands on, and what made it."""
    if table not in results.derived_tables:
        hint = suggest(table, results.derived_tables)
        raise GraftlineError(f"there is no derived table {table!r} in {results.derived}{hint}")
    with open_store(results) as store:
        named = f"{WHOLE}.{identifier(table)}"
        if not store.execute(f"SELECT 1 FROM {named} WHERE row_key = ?", [row_key]).fetchall():
            keys = store.execute(f"SELECT row_key FROM {named} ORDER BY row_key LIMIT 10000")
            hint = suggest(row_key, [key for (key,) in keys.fetchall()])
            raise GraftlineError(f"the derived table {table} has no row {row_key!r}{hint}")
        cells = fetch_cells(store, results, table, [row_key])
    rows = [{"row_key": row_key, "cells": cells.get(row_key, [])}]
    return {
        "row": {"table": table, "row_key": row_key},
        "derived_by": describe_table(results, table),
        "build_digest": results.build["build_digest"],
        "rows": rows,
        "raw_files": _raw_files(results, rows),
    }


def _pick(what: str, name: str, known: list[str], where: str) -> int:
    """The position of a row or column named by its number, counted from 1, or by its words."""
    if name.isdigit() and 1 <= int(name) <= len(known):
        return int(name) - 1
    plain = [words.casefold() for words in known]
    if name.casefold() in plain:
        return plain.index(name.casefold())
    hint = suggest(name, [words for words in known if words])
    raise GraftlineError(
        f"{where} has no {what} {name!r}; name one by its words or by its number, 1 to "
        f"{len(known)}{hint}"
    )


def find_layout(results: ResultsFolder, kind: str, name: str) -> tuple[str, dict[str, Any]]:
    """The rule that laid out a table or drew a figure (`kind`: tables, figures), and what it handed
    over."""
    found = {
        shown: (rule, entry)
        for rule, fragment in results.fragments.items()
        for shown, entry in fragment[kind].items()
    }
    if name not in found:
        raise GraftlineError(
            f"there is no {kind[:-1]} {name!r} in {results.path}"
            f"{suggest(name, found) or '; known: ' + ', '.join(sorted(found))}"
        )
    return found[name]


def _cell_texts(layout: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """The texts of a row under the columns; the first column is the row's label."""
    return [row["label"], *row["cells"]]


def trace_table(
    results: ResultsFolder, name: str, row: str | None = None, column: str | None = None
) -> dict[str, Any]:
    """The numbers in a printed table, in one of its rows or in one cell, each with its record.

    A row and a column are named by their words or by their number, counted from 1; column 1 is that
    of the labels.
    """
    rule, layout = find_layout(results, "tables", name)
    rows = layout["rows"]
    if row is not None:
        rows = [rows[_pick("row", row, [one["label"] for one in rows], f"table {name}")]]
    places = range(len(layout["columns"]))
    if column is not None:
        places = [_pick("column", column, layout["columns"], f"table {name}")]
    cells = [
        {"row": one["label"], "column": layout["columns"][place], "numbers": numbers}
        for one in rows
        for place, text in enumerate(_cell_texts(layout, one))
        if place in places and (numbers := numbers_in(text))
    ]
    if row is None and column is None:
        around = " ".join([layout["caption"], *layout["columns"], *layout["footnotes"]])
        if numbers := numbers_in(around):
            cells.insert(0, {"row": "", "column": "caption, headers, notes", "numbers": numbers})
    asked = list(dict.fromkeys(number for cell in cells for number in cell["numbers"]))
    return {
        "table": {"name": name, "caption": layout["caption"], "row": row, "column": column},
        "made_by": describe_rule(results, rule),
        "build_digest": results.build["build_digest"],
        "pages": pages_of(results, place=f"table-{name}"),
        "cells": cells,
        "numbers": [results.record(number) for number in asked],
    }


def trace_figure(results: ResultsFolder, name: str) -> dict[str, Any]:
    """What drew a figure, the derived tables that it was drawn from, and the numbers of its caption."""
    rule, figure = find_layout(results, "figures", name)
    tables = sorted({record["table"] for record in results.fragments[rule]["numbers"]})
    return {
        "figure": {"name": name} | figure,
        "made_by": describe_rule(results, rule),
        "derived_tables": {
            table: made["rule"] for table in tables if (made := describe_table(results, table))
        },
        "build_digest": results.build["build_digest"],
        "pages": pages_of(results, place=f"figure-{name}"),
        "numbers": [results.record(number) for number in numbers_in(figure["caption"])],
    }


def trace_entry(results: ResultsFolder, digest: str) -> dict[str, Any]:
    """The numbers of the entry of the manuscript's appendix that prints `digest`, as released.

    The entries are made again from `aggregate/` alone. Raises GraftlineError if none has that digest.
    """
    released = {one["id"]: one for one in read_json(results.file("aggregate", "numbers.json"))}
    printed = sorted(set().union(*printed_in_sections(results).values()))
    entries = group_entries(released[number] for number in printed if number in released)
    found = [entry for entry in entries if entry.digest == digest]
    if not found:
        raise GraftlineError(
            f"no entry of the appendix has the digest {digest!r}: the paper was made from other numbers "
            f"than {results.path} holds, or the digest is mistyped"
        )
    return {
        "entry": {"digest": digest, "method": found[0].method, "rows": found[0].rows},
        "build_digest": results.build["build_digest"],
        "numbers": found[0].records,
    }


def trace_file(results: ResultsFolder, file: str) -> dict[str, Any]:
    """The rule that made a file of the results, and the rules and raw files behind that one.

    `file` is told from the results folder. Raises GraftlineError for a file that no rule makes.
    """
    rule = results.rule_making(file)
    if rule is None:
        made = [
            path.split("/", 3)[-1]
            for told in results.rules.values()
            for paths in told["outputs"].values()
            for path in paths
        ]
        raise GraftlineError(f"no rule of {results.path} makes {file!r}{suggest(file, made)}")
    makers = {
        path: name
        for name, told in results.rules.items()
        for paths in told["outputs"].values()
        for path in paths
    }
    behind: dict[str, None] = {}
    sources: set[str] = set()
    waiting = [rule]
    while waiting:
        name = waiting.pop()
        if name in behind:
            continue
        behind[name] = None
        for paths in results.rules[name]["inputs"].values():
            for path in paths:
                if path in makers:
                    waiting.append(makers[path])
                else:
                    sources.add(path)
    return {
        "file": file,
        "made_by": describe_rule(results, rule),
        "rules_behind": sorted(set(behind) - {rule}),
        "sources": {path: results.sha256_of(path) for path in sorted(sources)},
        "build_digest": results.build["build_digest"],
    }
