"""Validated tables against their schemas: codes, ranges, needed cells, primary keys."""

from __future__ import annotations

import difflib

import numpy as np
import pandas as pd
import pandera.pandas as pa

from graftline.raw.cells import TypedTable
from graftline.validation.findings import WARNING, flag_rows

# Suggestions are looked for among so many distinct texts; more are listed without one.
MAX_SUGGESTIONS = 1000
_SET_MISSING = ("E04", "E05")  # a cell that is not of its type or list is not used any further


def check_schema(typed: TypedTable, schema: pa.DataFrameSchema) -> None:
    """Hold a table against its schema and add what is wrong to its findings.

    pandera finds the cells; the sentences are made here, because its own name whole rows and tell
    nobody what to do. Cells that are not allowed (E04, E05) become missing; values out of a
    plausible range (E20) stay.
    """
    try:
        schema.validate(typed.frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        unforeseen = cases[cases["schema_context"].ne("Column") | cases["index"].isna()]
        if len(unforeseen):
            raise RuntimeError(
                f"validated table {typed.name} does not have its schema's columns and types: "
                f"{', '.join(sorted(unforeseen['check'].astype(str).unique()))}"
            ) from None
        for (column, check), found in cases.groupby(["column", "check"], sort=False):
            rows = np.zeros(len(typed.frame), dtype=bool)
            rows[found["index"].to_numpy(dtype="int64")] = True
            _report(typed, schema, column, check, rows)
    _check_key(typed, schema)


def _report(
    typed: TypedTable, schema: pa.DataFrameSchema, column: str, check: str, rows: np.ndarray
) -> None:
    key = schema.metadata["key"]
    if check == "not_nullable":
        rows &= ~typed.has_failed(column)
        rule = "E01" if column in key else "E04"
        message = f"{column} is empty and is needed; fill it in."
    else:
        rule, _, sentence = check.partition(": ")
        message = f"{column} {sentence}."
    if not rows.any():
        return
    cells = typed.frame[column][rows]
    messages: str | np.ndarray = message
    if rule == "E05":
        messages = _suggest(cells, message, schema.columns[column].metadata["allowed"])
    typed.findings.append(
        flag_rows(typed.frame, rows, rule=rule, table=typed.name, column=column, message=messages)
    )
    if rule in _SET_MISSING:
        typed.fail(column, rows)


def _suggest(cells: pd.Series, message: str, allowed: list[str]) -> np.ndarray:
    """The message with the code that each cell was probably meant to be."""
    folded = {code.casefold(): code for code in allowed}
    hints: dict[str, str] = {}
    for text in cells.drop_duplicates()[:MAX_SUGGESTIONS]:
        near = difflib.get_close_matches(text.strip().casefold(), folded, n=1, cutoff=0.6)
        if near:
            hints[text] = f"{message} Did you mean {folded[near[0]]}?"
    return np.array([hints.get(text, message) for text in cells], dtype=object)


def _check_key(typed: TypedTable, schema: pa.DataFrameSchema) -> None:
    """E01: no two rows have one primary key; the second and later are reported."""
    if not schema.metadata["key_is_unique"]:
        return
    key = schema.metadata["key"]
    judged = typed.frame[key[0]].notna().to_numpy()
    for column in key:
        judged &= ~typed.has_failed(column)
    repeated = np.zeros(len(typed.frame), dtype=bool)
    repeated[judged] = typed.frame.loc[judged, key].duplicated().to_numpy()
    if repeated.any():
        message = f"Another row has the same {', '.join(key)}; delete the row that is wrong, or correct it."
        typed.findings.append(
            flag_rows(
                typed.frame, repeated, rule="E01", table=typed.name, column=key[-1], message=message
            )
        )


def check_duplicates(typed: TypedTable, schema: pa.DataFrameSchema) -> None:
    """E27: of laboratory rows with one key, identical ones are kept once, others are errors."""
    if schema.metadata["key_is_unique"] or typed.name != "labs":
        return
    frame = typed.frame
    judged = np.ones(len(frame), dtype=bool)
    for cells in typed.failed.values():
        judged &= ~cells
    content = [column for column in frame.columns if column not in ("src_line", "src_file")]
    repeated = np.zeros(len(frame), dtype=bool)
    repeated[judged] = frame.loc[judged, schema.metadata["key"]].duplicated().to_numpy()
    if not repeated.any():
        return
    identical = np.zeros(len(frame), dtype=bool)
    identical[judged] = frame.loc[judged, content].duplicated().to_numpy()
    typed.findings += [
        flag_rows(
            frame,
            identical,
            rule="E27",
            severity=WARNING,
            table=typed.name,
            message="The row repeats an earlier one and was left out; delete it.",
        ),
        flag_rows(
            frame,
            repeated & ~identical,
            rule="E27",
            table=typed.name,
            column="value",
            message="The test has another result at the same time; keep the one that is right.",
        ),
    ]
    typed.drop(identical)
