"""Cells from text to the type that their column declares; what cannot be read becomes missing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from graftline.raw.dates import NOT_REAL, parse_dates
from graftline.validation.findings import WARNING, concat_findings, flag_rows

TEXT = pd.StringDtype("pyarrow")
# Patterns run in RE2, where $ is the very end of the text.
_WHOLE = r"^-?[0-9]{1,15}$"
_NUMBER = r"^-?([0-9]+(\.[0-9]+)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
_DECIMAL_COMMA = r"^-?[0-9]+,[0-9]+$"

_NOT_ISO = "is not a date; write the year first, as in 1999-12-31"
_NO_SUCH_DAY = "is a day that does not exist; check it with the patient's record"


@dataclass
class TypedTable:
    """A canonical table with types.

    `frame`: the validated columns, `src_file` and `src_line`, rows numbered from 0. `failed`: column
    -> which rows had a cell that could not be read or was not allowed (and is missing now); checks
    that need such a cell keep silent about it. `lost_rows`: rows of the file that were not read.
    """

    name: str
    frame: pd.DataFrame
    failed: dict[str, np.ndarray] = field(default_factory=dict)
    lost_rows: bool = False
    findings: list[pd.DataFrame] = field(default_factory=list)

    def has_failed(self, column: str) -> np.ndarray:
        """Which rows have a cell of `column` that could not be read."""
        return self.failed.get(column, np.zeros(len(self.frame), dtype=bool))

    def fail(self, column: str, rows: np.ndarray) -> None:
        """Note cells that could not be read and make them missing."""
        self.failed[column] = self.has_failed(column) | rows
        self.frame.loc[rows, column] = pd.NaT if _is_date(self.frame[column]) else pd.NA
        for end in ("earliest", "latest"):
            if f"{column}_{end}" in self.frame:
                self.frame.loc[rows, f"{column}_{end}"] = pd.NaT

    def drop(self, rows: np.ndarray) -> None:
        """Leave out the rows where `rows` is true."""
        self.frame = self.frame[~rows].reset_index(drop=True)
        self.failed = {column: cells[~rows] for column, cells in self.failed.items()}


def _is_date(column: pd.Series) -> bool:
    return pd.api.types.is_datetime64_any_dtype(column)


def parse_cells(table: str, texts: pd.DataFrame, schema, *, lost_rows: bool) -> TypedTable:
    """The canonical table `texts` (text columns, src_file, src_line) with the types of `schema`.

    Findings: E04 for numbers, E06 for dates, E54 for partial dates where complete ones are needed,
    E29 (a warning) for laboratory values written with '<'.
    """
    typed = TypedTable(table, texts[["src_file", "src_line"]].copy(), lost_rows=lost_rows)
    columns: dict[str, pd.Series] = {}
    for name, column in schema.columns.items():
        kind = column.metadata["kind"]
        if kind in ("text", "code", "time"):
            columns[name] = texts[name]
        elif kind in ("whole", "number"):
            cells = texts[name]
            if table == "labs" and name == "value":
                cells, below = _strip_below_limit(typed, texts)
            columns[name] = _parse_numbers(typed, texts, name, cells, kind)
        elif kind in ("date", "partial_date"):
            columns |= _parse_dates(typed, texts, name, kind)
    if table == "labs":
        columns["below_limit"] = columns["below_limit"].mask(below, "Y")
    for name, column in schema.columns.items():
        if column.metadata["kind"] == "source":
            columns[name] = texts[name] if name in texts else _no_lines(len(texts))
    typed.frame = pd.DataFrame({name: columns[name] for name in schema.columns})
    return typed


def _no_lines(length: int) -> pd.Series:
    return pd.Series(pd.NA, index=range(length), dtype="Int64")


def _strip_below_limit(typed: TypedTable, texts: pd.DataFrame) -> tuple[pd.Series, np.ndarray]:
    """Values without their '<', and which rows had one; these are reported (E29)."""
    cells = texts["value"]
    below = cells.str.match(r"^< ?[0-9.]").to_numpy(dtype=bool, na_value=False)
    if not below.any():
        return cells, below
    typed.findings.append(
        flag_rows(
            texts,
            below,
            rule="E29",
            severity=WARNING,
            table=typed.name,
            column="value",
            message="The value is written with '<'; it was read as the limit of detection, with "
            "below_limit Y; write it so in the file.",
        )
    )
    return cells.mask(below, cells.str.replace(r"^< ?", "", regex=True)), below


def _parse_numbers(
    typed: TypedTable, texts: pd.DataFrame, name: str, cells: pd.Series, kind: str
) -> pd.Series:
    """The numbers of one column, each distinct text parsed once."""
    import pyarrow as pa

    codes, distinct = pd.factorize(cells)
    distinct = pd.Series(distinct, dtype=TEXT)
    good = distinct.str.match(_WHOLE if kind == "whole" else _NUMBER).to_numpy(
        dtype=bool, na_value=False
    )
    values = np.full(len(distinct) + 1, np.nan)  # the last stands for a missing text
    if good.any():
        values[:-1][good] = pa.array(distinct[good], pa.string()).cast(pa.float64())
    good &= np.isfinite(values[:-1])
    values[:-1][~good] = np.nan
    comma = distinct.str.match(_DECIMAL_COMMA).to_numpy(dtype=bool, na_value=False)
    wrong = np.append(~good, False)[codes]
    if wrong.any():
        sentence = (
            f"{name} is not a whole number; write digits only."
            if kind == "whole"
            else f"{name} is not a number; write digits only, with a decimal point where one is needed."
        )
        decimal_comma = f"{name} is written with a decimal comma; write a decimal point."
        judged = np.append(comma & (kind != "whole"), False)[codes[wrong]]
        messages = np.where(judged, decimal_comma, sentence)
        _report(typed, texts, name, wrong, "E04", messages)
    numbers = pd.Series(values[codes])
    return numbers.astype("Int64") if kind == "whole" else numbers


def _parse_dates(
    typed: TypedTable, texts: pd.DataFrame, name: str, kind: str
) -> dict[str, pd.Series]:
    """The dates of one column and, for a partial date, its companions."""
    parsed = parse_dates(texts[name])
    wrong = parsed["problem"].notna().to_numpy()
    if wrong.any():
        unreal = parsed["problem"].eq(NOT_REAL).to_numpy()[wrong]
        messages = np.where(unreal, f"{name} {_NO_SUCH_DAY}.", f"{name} {_NOT_ISO}.")
        _report(typed, texts, name, wrong, "E06", messages)
    if kind == "partial_date":
        return {
            name: texts[name].mask(wrong),
            f"{name}_earliest": parsed["earliest"],
            f"{name}_latest": parsed["latest"],
        }
    partial = parsed["precision"].isin(["month", "year"]).to_numpy()
    if partial.any():
        sentence = f"{name} is a partial date and a complete one is needed; find the day."
        _report(typed, texts, name, partial, "E54", sentence)
    return {name: parsed["earliest"].mask(partial)}


def _report(
    typed: TypedTable, texts: pd.DataFrame, column: str, rows: np.ndarray, rule: str, message
) -> None:
    typed.failed[column] = typed.has_failed(column) | rows
    typed.findings.append(
        flag_rows(texts, rows, rule=rule, table=typed.name, column=column, message=message)
    )


def findings_of(tables: list[TypedTable]) -> pd.DataFrame:
    """What reading the tables' cells found."""
    return concat_findings([part for table in tables for part in table.findings])
