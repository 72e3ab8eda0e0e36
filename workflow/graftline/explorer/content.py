"""What the explorer's page holds, as plain lists, so that a browser can follow every link at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from graftline.numbers.database import fetch_row_keys_of_many, open_database
from graftline.tables import count_parquet_rows, read_parquet

# Rows of derived tables and cells of lineage that a browser still opens in a few seconds.
MOST_ROWS = 20_000
MOST_CELLS = 200_000
# What a record is shown with; its rows are positions in its table.
SHOWN = (
    *("id", "value", "display", "unit", "population", "method", "table", "rule", "reason"),
    *("selected_sql", "considered_sql", "n_selected", "n_considered"),
)


def _as_text(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _describe_table(frame: pd.DataFrame) -> dict[str, Any]:
    columns = ["row_key", *(name for name in frame.columns if name != "row_key")]
    rows = [[_as_text(value) for value in row] for row in frame[columns].itertuples(index=False)]
    return {"columns": columns, "rows": rows}


def _positions(
    frames: Mapping[str, pd.DataFrame], records: Iterable[Mapping[str, Any]]
) -> list[list[int]]:
    """Of each record, where the rows that it is made of stand in its table."""
    connection = open_database(frames)
    places = {name: pd.Index(frame["row_key"], dtype=object) for name, frame in frames.items()}
    keys = fetch_row_keys_of_many(connection, [record["selected_sql"] for record in records])
    known = {
        (table, sql): sorted(places[table].get_indexer(keys[sql]).tolist())
        for table, sql in {(record["table"], record["selected_sql"]) for record in records}
    }
    return [known[record["table"], record["selected_sql"]] for record in records]


def _describe_lineage(lineage: pd.DataFrame, frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Table -> of each of its rows the cells it stands on, as [file, line, column, decided], with files
    and columns as positions in `files` and `columns`."""
    files, file_codes = _encode(lineage["src_file"])
    columns, column_codes = _encode(lineage["src_column"])
    cells = pd.DataFrame(
        {
            "table": lineage["derived_table"].astype(object),
            "row_key": lineage["row_key"].astype(object),
            "file": file_codes,
            "line": lineage["src_line"].fillna(0).astype(int),
            "column": column_codes,
            "decided": lineage["role"].eq("decided").fillna(False).astype(int),
        }
    )
    names = ["file", "line", "column", "decided"]
    rows = {}
    for table, frame in frames.items():
        mine = cells[cells["table"] == table].dropna(subset="row_key")
        mine = mine.sort_values(["row_key", *names])
        keys, begins = np.unique(mine["row_key"].to_numpy(), return_index=True)
        parts = np.split(mine[names].to_numpy(), begins[1:])  # without a row, one empty part
        by_key = {key: part.tolist() for key, part in zip(keys, parts, strict=False)}
        rows[table] = [by_key.get(key, []) for key in frame["row_key"].astype(object)]
    return {"files": files, "columns": columns, "rows": rows}


def _encode(values: pd.Series) -> tuple[list[str], Any]:
    codes, names = pd.factorize(values.fillna("").astype(object), sort=True)
    return [str(name) for name in names], codes


def read_lines(path: Path) -> list[str] | None:
    """The lines of a text file; None for a file that is not text (Parquet, SAS)."""
    content = path.read_bytes()
    if b"\0" in content:
        return None
    return content.decode("utf-8", errors="replace").split("\n")


def make_content(
    *,
    records: list[dict[str, Any]],
    derived: Mapping[str, Path],
    lineage: list[Path],
    raw: Mapping[str, Path],
    rules: Mapping[str, Mapping[str, Any]],
    tables_in_csv: Mapping[str, list[list[str]]],
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """The content of the page.

    `records` are those of numbers_full.json, `derived` the derived tables by name, each with a row_key,
    and `lineage` theirs, as Parquet files, which are read only if there is room for their rows; `raw` maps a raw file, as lineage names it, to where it lies; `rules` are those of audit/rules.json;
    `tables_in_csv` are queries and corrections, a list of rows each, the header first; `about` has study,
    cut, data_label and build_digest. Where there are more than `MOST_ROWS` rows or `MOST_CELLS` cells,
    `rows_left_out` is true and numbers and rules alone are in it.
    """
    size = sum(map(count_parquet_rows, derived.values()))
    n_cells = sum(map(count_parquet_rows, lineage))
    left_out = size > MOST_ROWS or n_cells > MOST_CELLS
    numbers = [{name: record.get(name) for name in SHOWN} for record in records]
    content: dict[str, Any] = {
        "about": dict(about) | {"rows": size, "cells": n_cells, "most_rows": MOST_ROWS},
        "rows_left_out": left_out,
        "numbers": numbers,
        "rules": {name: _describe_rule(rule) for name, rule in rules.items()},
        "lists": {} if left_out else dict(tables_in_csv),
        "tables": {},
        "lineage": {"files": [], "columns": [], "rows": {}},
        "raw": {},
    }
    if left_out:
        return content
    frames = {name: read_parquet(path) for name, path in derived.items()}
    cells = pd.concat([read_parquet(path) for path in lineage], ignore_index=True)
    for number, rows in zip(numbers, _positions(frames, records), strict=True):
        number["rows"] = rows
    content["tables"] = {name: _describe_table(frame) for name, frame in frames.items()}
    content["lineage"] = _describe_lineage(cells, frames)
    content["raw"] = {name: read_lines(path) for name, path in raw.items()}
    return content


def _describe_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    def flat(files: Mapping[str, list[str]]) -> list[str]:
        return sorted({path for paths in files.values() for path in paths})

    return {
        "message": rule["message"],
        "script": rule["script"],
        "place": rule["place"],
        "inputs": flat(rule["inputs"]),
        "outputs": flat(rule["outputs"]),
    }
