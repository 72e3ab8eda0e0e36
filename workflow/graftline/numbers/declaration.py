"""What a number is, before it is computed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

ID_PATTERN = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")
OPERATORS = (">=", "<=", ">", "<", "!=")


def literal(value: Any) -> str:
    """`value` as an SQL literal: text quoted, truth values and numbers as they are.

    Raises TypeError for any other type, so that nothing reaches SQL unquoted, and ValueError for NaN
    and infinities.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} cannot stand in a query; select missing values with None")
        return repr(float(value))  # numpy's own repr is not SQL
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    raise TypeError(f"a value of type {type(value).__name__} cannot stand in a query")


def _condition(column: str, wanted: Any) -> str:
    """One comparison of `column`, in the forms that `select_rows` documents."""
    if not IDENTIFIER.fullmatch(column):
        raise ValueError(f"{column!r} is not a column name")
    if wanted is None:
        return f"{column} IS NULL"
    if isinstance(wanted, list):
        if wanted and isinstance(wanted[0], tuple):
            return " AND ".join(_condition(column, item) for item in wanted)
        if not wanted:
            return "FALSE"
        return f"{column} IN ({', '.join(literal(item) for item in wanted)})"
    if isinstance(wanted, tuple):
        operator, value = wanted
        if operator not in OPERATORS:
            raise ValueError(f"{operator!r} is not one of {', '.join(OPERATORS)}")
        if value is None and operator == "!=":
            return f"{column} IS NOT NULL"
        return f"{column} {operator} {literal(value)}"
    return f"{column} = {literal(wanted)}"


def select_rows(table: str, **conditions: Any) -> str:
    """SQL that returns the sorted row keys of `table` which meet all `conditions`.

    A value means equal; None, missing; a list, one of; a tuple (operator, value), that comparison
    (with `("!=", None)` for not missing); a list of tuples, all of them. A missing value meets no
    condition but None, `("!=", value)` neither.
    """
    if not IDENTIFIER.fullmatch(table):
        raise ValueError(f"{table!r} is not a table name")
    where = " AND ".join(_condition(column, wanted) for column, wanted in conditions.items())
    return f"SELECT row_key FROM {table}{' WHERE ' + where if where else ''} ORDER BY row_key"


@dataclass(frozen=True)
class Declaration:
    """A number to be computed: what it is, of whom, by which queries, and how it is printed.

    `display` and `decimals` are those of `graftline.numbers.display`. `population` and `method`
    are phrases for the appendix of numbers. `considered` defaults to `selected`.
    """

    id: str
    population: str
    method: str
    table: str
    selected: str
    statistic: str
    considered: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    unit: str | None = None
    display: str = "integer"
    decimals: int = 0

    def __post_init__(self):
        if not ID_PATTERN.fullmatch(self.id):
            raise ValueError(f"{self.id!r}: a number's id has lower case letters, digits, _ and .")
        if not self.considered:
            object.__setattr__(self, "considered", self.selected)
