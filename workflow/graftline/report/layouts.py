"""Tables as they are printed: from layouts with {id} to cells with what aligns them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from markupsafe import Markup

# What a cell of numbers may begin with: a figure, a sign before it, or a word for a missing one.
_NUMERIC = re.compile(r"[<>−-]?\d")
_NOTHING = re.compile(r"(–|NE|NR|masked)?(?= |$)")
# The part of a cell before the character that all cells of a column have below one another.
_UNITS = re.compile(r"[<>−-]?\d[\d\u202f]*")
_SHORT_WORD = re.compile(r"(–|NE|NR)(?= |$)")
# From how many characters in a row on a table is set smaller, and its cells may wrap.
DENSE = 84
WRAPPED = 118
# With more columns than this a wide table is set as small as can be read.
MANY_COLUMNS = 12
# A row's label of so many characters does not wrap.
SHORT = 14
# A word of more characters than this is broken where its column is narrower.
LONG_WORD = 22
# How much narrower than a figure the space between thousands is.
NARROW_SPACE = "\u202f"
SPACE_CH = 0.6


@dataclass(frozen=True)
class Cell:
    """`html` as printed. In a column of numbers `lead` is how many characters wide the units are at
    the widest, less this cell's own, `indent` the same in widths of a figure, and `width` the
    characters of the widest cell. `breaks`: it holds a word that no column is wide enough for."""

    html: Markup
    is_number: bool
    lead: int = 0
    width: int = 0
    indent: str = ""
    breaks: bool = False


@dataclass(frozen=True)
class Row:
    label: Markup
    indent: int
    is_term: bool
    cells: list[Cell]
    breaks: bool = False


@dataclass(frozen=True)
class Column:
    """A column's header, and whether numbers stand below it."""

    html: Markup
    is_number: bool


@dataclass(frozen=True)
class PrintedTable:
    """A table, its numbers set. `density` are classes of the style: none, dense, wrapped, narrow;
    `short_labels`: those of rows are so short that none need wrap."""

    caption: Markup
    groups: list[tuple[Markup, int]]
    columns: list[Column]
    rows: list[Row]
    footnotes: list[Markup]
    density: str
    short_labels: bool


def _text(html: Markup) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def _holds_numbers(texts: list[str]) -> bool:
    """Whether a column is one of numbers: every cell is one, or says that there is none."""
    return all(_NUMERIC.match(text) or _NOTHING.match(text) for text in texts)


def _has_long_word(text: str) -> bool:
    return any(len(word) > LONG_WORD for word in re.split(r"[\s-]", text))


def _units(text: str) -> str:
    """What of `text` stands before the decimal point; of a short word for a missing number, it."""
    found = _UNITS.match(text) or _SHORT_WORD.match(text)
    return found[0] if found else ""


def _width(units: str) -> float:
    """How wide `units` is, in figures."""
    return len(units) - SPACE_CH * units.count(NARROW_SPACE)


def _align(column: list[Markup]) -> list[Cell]:
    texts = [_text(html) for html in column]
    if not _holds_numbers(texts):
        return [
            Cell(html, False, breaks=_has_long_word(text))
            for html, text in zip(column, texts, strict=True)
        ]
    units = [_units(text) for text in texts]
    most, widest = (max(map(of, units), default=0) for of in (len, _width))
    # A word that is no number begins where the widest number does.
    leads = [most - len(unit) if unit else 0 for unit in units]
    room = [widest - _width(unit) if unit else 0 for unit in units]
    width = max((lead + len(text) for lead, text in zip(leads, texts, strict=True)), default=0)
    return [
        Cell(html, True, lead, width, f"{indent:.1f}".removesuffix(".0") if indent else "")
        for html, lead, indent in zip(column, leads, room, strict=True)
    ]


def _density(rows: list[Row]) -> str:
    """How tight the table is set, told by the characters of its widest row; words may wrap."""
    widest = max((len(_text(row.label)) for row in rows), default=0)
    cells = [row.cells for row in rows if row.cells]
    width = min(widest, 34)
    for column in zip(*cells, strict=True):
        longest = max(len(_text(cell.html)) for cell in column)
        width += min(max(longest, 4), 30 if column[0].is_number else 18) + 2
    if width > WRAPPED:
        return "wrapped narrow" if len(cells[0]) > MANY_COLUMNS else "wrapped"
    return "dense" if width > DENSE else ""


def print_table(layout: Mapping[str, Any], fill: Callable[[str], Markup]) -> PrintedTable:
    """The table of a layout (`columns`, `rows` of `label`, `indent` and `cells`, `caption`,
    `footnotes`, and `column_groups` where columns have a common header); `fill` sets numbers.

    Cells of numbers carry what puts their units below one another.
    """
    n_cells = len(layout["columns"]) - 1
    given = [row["cells"] if any(row["cells"]) else [] for row in layout["rows"]]
    filled = [[fill(cell) for cell in cells] for cells in given]
    with_cells = [cells for cells in filled if cells]
    columns = [_align([cells[place] for cells in with_cells]) for place in range(n_cells)]
    aligned = iter(zip(*columns, strict=True))
    rows = [
        Row(
            fill(row["label"]),
            row.get("indent", 0),
            bool(row.get("term")),
            list(next(aligned)) if cells else [],
            _has_long_word(row["label"]),
        )
        for row, cells in zip(layout["rows"], filled, strict=True)
    ]
    numeric = [False] + [any(cell.is_number for cell in column) for column in columns]
    return PrintedTable(
        caption=fill(layout["caption"]),
        groups=[(fill(g["label"]), g["columns"]) for g in layout.get("column_groups", [])],
        columns=[
            Column(fill(label), is_number)
            for label, is_number in zip(layout["columns"], numeric, strict=True)
        ],
        rows=rows,
        footnotes=[fill(note) for note in layout.get("footnotes", [])],
        density=_density(rows),
        short_labels=all(len(_text(row.label)) <= SHORT for row in rows),
    )
