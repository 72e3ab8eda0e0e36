"""The conditions of a registry's query, and which of them hold for one another."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Any

_QUERY = re.compile(r"SELECT row_key FROM (\w+)(?: WHERE (.*?))?(?: ORDER BY row_key)?", re.S)
_LITERAL = r"(?:'(?:[^']|'')*'|-?[\d.]+(?:e[-+]?\d+)?|TRUE|FALSE)"
_COMPARISON = re.compile(rf"(\w+) (=|!=|>=|<=|>|<) ({_LITERAL})", re.S)
_ONE_OF = re.compile(rf"(\w+) IN \(({_LITERAL}(?:, {_LITERAL})*)\)", re.S)
_MISSING = re.compile(r"(\w+) IS (NOT )?NULL")
OTHER = ("text", "\0 any other")  # a value that no condition names

Value = Any
Conditions = frozenset[str]


def _split(text: str) -> list[str]:
    """`text` split at each AND that stands in no bracket and no quotation mark."""
    parts, depth, quoted, start, place = [], 0, False, 0, 0
    while place < len(text):
        mark = text[place]
        if mark == "'":
            quoted = not quoted
        elif not quoted:
            depth += (mark == "(") - (mark == ")")
            if depth == 0 and text.startswith(" AND ", place):
                parts.append(text[start:place])
                place = start = place + 5
                continue
        place += 1
    return [*parts, text[start:]]


@cache
def read_query(sql: str) -> tuple[str, dict[str, Conditions]]:
    """The table of a query, and its conditions by the column that each is of.

    A condition that is of no single column (a list of patients, an OR) stands under its own text.
    """
    found = _QUERY.fullmatch(sql.strip())
    if not found:
        return sql, {}
    by_column: dict[str, set[str]] = {}
    for condition in _split(found[2]) if found[2] else []:
        by_column.setdefault(_column(condition) or condition, set()).add(condition)
    return found[1], {name: frozenset(held) for name, held in by_column.items()}


def _column(condition: str) -> str | None:
    for pattern in (_COMPARISON, _ONE_OF, _MISSING):
        found = pattern.fullmatch(condition)
        if found:
            return found[1]
    return None


def _value(literal: str) -> Value:
    if literal.startswith("'"):
        return ("text", literal[1:-1].replace("''", "'"))
    if literal in ("TRUE", "FALSE"):
        return ("truth", literal == "TRUE")
    return ("number", float(literal))


def _holds(condition: str, value: Value) -> bool:
    found = _MISSING.fullmatch(condition)
    if found:
        return (value is None) is (found[2] is None)
    if value is None:
        return False
    found = _ONE_OF.fullmatch(condition)
    if found:
        return value in [_value(one) for one in re.findall(_LITERAL, found[2])]
    _, operator, literal = _COMPARISON.fullmatch(condition).groups()
    wanted = _value(literal)
    if operator == "=":
        return value == wanted
    if operator == "!=":
        return value != wanted
    if value[0] != wanted[0]:
        return False
    return {
        ">=": value[1] >= wanted[1],
        "<=": value[1] <= wanted[1],
        ">": value[1] > wanted[1],
        "<": value[1] < wanted[1],
    }[operator]


def list_values(families: list[Conditions]) -> list[Value]:
    """Values that tell the conditions apart: each that one names, those between, missing, and one
    that none names."""
    named = {
        _value(literal)
        for held in families
        for condition in held
        if _column(condition)
        for literal in re.findall(_LITERAL, condition.partition(" ")[2])
    }
    numbers = sorted(value for kind, value in named if kind == "number")
    if numbers:
        ends = [numbers[0] - 2, *numbers, numbers[-1] + 2]
        between = [(a + b) / 2 for a, b in pairwise(ends)]
    else:
        between = []
    return [*sorted(named), *(("number", value) for value in between), OTHER, None]


def values_met(held: Conditions, values: list[Value]) -> frozenset[int] | None:
    """Which of `values`, by their place, meet every condition of one column; None where a condition
    is of no single column."""
    if any(_column(condition) is None for condition in held):
        return None
    return frozenset(
        place
        for place, value in enumerate(values)
        if all(_holds(condition, value) for condition in held)
    )
