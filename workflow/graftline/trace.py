"""From a number back to the derived rows and raw cells that it stands on."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import pandas as pd

from graftline.errors import GraftlineError
from graftline.numbers.database import fetch_row_keys, open_database
from graftline.results_folder import ResultsFolder


def _whose_row(file: pd.Series, subject: pd.Series) -> pd.Series:
    """The patient whose source row it is, "" in a CSV file: a line of it is nobody else's, but each patient
    has a record 1 in an SDTM domain. The key of every derived row begins with the patient."""
    return subject.astype("string[pyarrow]").mask(file.str.endswith(".csv"), "").fillna("")


def _cells_of(lineage: pd.DataFrame, corrections: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Row key -> its raw cells, decided before contributed, with the corrections of each if any."""
    place = ["src_file", "src_line", "column", "patient"]
    subject = lineage["row_key"].str.split("/", n=1).str[0]
    lineage = lineage.assign(patient=_whose_row(lineage["src_file"], subject))
    corrections = corrections.assign(
        patient=_whose_row(corrections["src_file"], corrections["subject_id"])
    )
    # A later correction may correct an earlier one: a cell has as many lines as it has corrections.
    lines = corrections.groupby(place)["correction_line"].agg(
        lambda lines: sorted(int(line) for line in lines)
    )
    cells = lineage.merge(
        lines.reset_index(),
        how="left",
        left_on=["src_file", "src_line", "src_column", "patient"],
        right_on=place,
    ).sort_values(
        ["role", "src_file", "src_line", "src_column"], ascending=[False, True, True, True]
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for key, group in cells.groupby("row_key", sort=False):
        found[key] = [
            {
                "role": role,
                "file": file,
                "line": int(line),
                "column": column,
                "corrected_at_lines": corrected if isinstance(corrected, list) else [],
            }
            for role, file, line, column, corrected in zip(
                group["role"],
                group["src_file"],
                group["src_line"],
                group["src_column"],
                group["correction_line"],
                strict=True,
            )
        ]
    return found


def trace_number(results: ResultsFolder, number: str) -> dict[str, Any]:
    """What `number` is made of: its record, the rows selected and considered, and their raw cells.

    A row's cells are those of its lineage: `decided` gave the value, `contributed` were looked at.
    Raises GraftlineError, with a near match, for an unknown number.
    """
    if number not in results.records:
        near = get_close_matches(number, results.records, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise GraftlineError(f"there is no number {number!r} in {results.numbers_file}{hint}")
    record = results.records[number]
    table = record["table"]
    connection = open_database(results.frames)  # a query may look patients up in another table
    selected = fetch_row_keys(connection, record["selected_sql"])
    considered = fetch_row_keys(connection, record["considered_sql"])
    keys = set(selected) | set(considered)
    lineage = results.lineage
    lineage = lineage[(lineage["derived_table"] == table) & lineage["row_key"].isin(keys)]
    cells = _cells_of(lineage, results.corrections)
    chosen = set(selected)
    return {
        "number": record,
        "rows": [
            {"row_key": key, "selected": key in chosen, "cells": cells.get(key, [])}
            for key in [*selected, *(key for key in considered if key not in chosen)]
        ],
    }


def _format_cell(cell: dict[str, Any]) -> str:
    text = f"      {cell['role']:<11} {cell['file']}:{cell['line']} {cell['column']}"
    if cell["corrected_at_lines"]:
        lines = " and ".join(str(line) for line in cell["corrected_at_lines"])
        text += f" (corrected by line {lines} of corrections.csv)"
    return text


def format_trace(trace: dict[str, Any], most_rows: int | None = 50) -> str:
    """The trace for a person to read; at the most `most_rows` rows are listed, None for all."""
    record, rows = trace["number"], trace["rows"]
    statistic = record["statistic"]
    arguments = ", ".join(f"{name} = {value}" for name, value in statistic["arguments"].items())
    lines = [
        f"{record['id']} = {record['display']}"
        + (f" ({record['unit']})" if record["unit"] else ""),
        f"  value       {record['value']}" + (f" ({record['reason']})" if record["reason"] else ""),
        f"  method      {record['method']}",
        f"  population  {record['population']}",
        f"  made by     rule {record['rule']}, workflow/scripts/{record['rule']}.py",
        f"  statistic   {statistic['name']}" + (f" ({arguments})" if arguments else ""),
        f"  selected    {record['selected_sql']}",
        f"  considered  {record['considered_sql']}",
    ]
    if record.get("data_label"):
        lines.append(f"  data        {record['data_label']}")
    shown = rows if most_rows is None else rows[:most_rows]
    for heading, wanted in (("rows selected", True), ("rows considered and not selected", False)):
        group = [row for row in shown if row["selected"] is wanted]
        total = sum(row["selected"] is wanted for row in rows)
        if not total:
            continue
        lines.append(
            f"  {heading}: {total}" + (f", the first {len(group)}" if len(group) < total else "")
        )
        for row in group:
            lines.append(f"    {record['table']} {row['row_key']}")
            lines.extend(_format_cell(cell) for cell in row["cells"])
    return "\n".join(lines)
