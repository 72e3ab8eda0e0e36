"""Native Word tables, their columns as wide as their text asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graftline.report.tables_in_html import Cell, Table, place_cells
from graftline.report.word import xml


@dataclass(frozen=True)
class Size:
    """A style of cells, with its size and the room beside a cell's text in points."""

    style: str
    points: float
    padding: float


# The largest that fits is taken; the smallest only on pages on their side.
LARGE, SMALL, TINY = (
    Size("TableText", 9, 9),
    Size("TableTextSmall", 7.5, 7),
    Size("TableTextTiny", 6.5, 5),
)
UPRIGHT, ACROSS = (LARGE, SMALL), (LARGE, SMALL, TINY)
# Widths of characters in ems, for the sans serif of the cells; bold is wider.
FIGURE, NARROW, WIDE, BOLD = 0.556, 0.33, 0.9, 1.1
# A longer word is broken rather than let the page grow; a longer value is broken between its words.
LONGEST_WORD, LONGEST_VALUE = 24, 24
# Before an indented label, and for what widths of characters leave out; in points.
INDENT, SLACK = 10.0, 2.0
_NARROW, _WIDE = set(" ,.;:()[]'|ijlft-"), set("%@mwMW≥≤")


@dataclass(frozen=True)
class Layout:
    """How a table is set: size of cells, widths of columns in points, the page's long side across;
    `split` where values do not stand on one line."""

    size: Size
    widths: list[float]
    landscape: bool
    split: bool


def text_width(text: str) -> float:
    """About how wide `text` is, in ems."""
    narrow, wide = sum(c in _NARROW for c in text), sum(c in _WIDE for c in text)
    capital = sum(c.isupper() and c not in _WIDE for c in text)
    rest = len(text) - narrow - wide - capital
    return narrow * NARROW + wide * WIDE + capital * 0.72 + rest * FIGURE


def _value_width(cell: Cell) -> float:
    """How wide a column must be, in ems, for a value to stand on one line where it is aligned."""
    width = text_width(cell.text)
    if not cell.aligned:
        return width
    widest, free = cell.aligned
    beyond = max(width - (widest - free) * FIGURE, 0)
    return widest * FIGURE + 2 * beyond


def _needs(table: Table, size: Size, *, split: bool) -> tuple[list[float], list[float]]:
    """For each column, the width that its cells must have and that of its longest text, in points.

    Values stay on one line unless `split`; labels and other text break between words.
    """
    least, most = [size.padding] * table.width, [size.padding] * table.width
    rows = place_cells(table.header, table.width) + place_cells(table.body, table.width)
    for number, row in enumerate(rows):
        in_head = number < len(table.header)
        for column, (cell, begins) in enumerate(row):
            if not (cell and begins and cell.columns == 1):
                continue
            em = size.points * (BOLD if in_head else 1)
            room = size.padding + SLACK + INDENT * cell.indent
            needs = max((text_width(word[:LONGEST_WORD]) for word in cell.text.split()), default=0)
            is_value = not in_head and cell.element.find(".//*[@data-number-id]") is not None
            if is_value and not split and len(cell.text) <= LONGEST_VALUE:
                needs = _value_width(cell)
            least[column] = max(least[column], needs * em + room)
            most[column] = max(most[column], max(text_width(cell.text), needs) * em + room)
    return least, most


def _share(least: list[float], most: list[float], room: float) -> list[float]:
    """Widths that fill `room`: each at least `least` where that fits, growing towards `most`."""
    spare = room - sum(least)
    if spare <= 0:
        return [width * room / sum(least) for width in least]
    wish = [high - low for low, high in zip(least, most, strict=True)]
    if sum(wish) <= spare:
        return [width * room / sum(most) for width in most]
    return [low + spare * more / sum(wish) for low, more in zip(least, wish, strict=True)]


def choose_layout(table: Table, upright: float, across: float) -> Layout:
    """The layout of `table` for pages that are `upright` points wide, or `across` on their side."""
    for split in (False, True):
        for landscape, room, sizes in ((False, upright, UPRIGHT), (True, across, ACROSS)):
            for size in sizes:
                least, most = _needs(table, size, split=split)
                if sum(least) <= room:
                    return Layout(size, _share(least, most, room), landscape, split)
    return Layout(size, _share(least, most, across), True, True)


def word_table(table: Table, layout: Layout, runs: Callable[[Any], list[Any]]) -> Any:
    """`table` as a `w:tbl`; `runs` makes the runs of a cell's element.

    Header rows repeat on each page and no row is split; a table that is to stay whole keeps its
    rows together, and with its footnotes.
    """
    head, body = (place_cells(rows, table.width) for rows in (table.header, table.body))
    grid = [xml.element("gridCol", w=round(width * xml.POINT)) for width in layout.widths]
    made = xml.element("tbl", _properties(table, layout), xml.element("tblGrid", *grid))
    for number, row in enumerate(head):
        line = "bottom" if number == len(head) - 1 else None
        made.append(_row(row, table, layout, runs, is_head=True, line=line, together=True))
    for number, row in enumerate(body):
        # The last rows go with the footnotes.
        near_end = number >= len(body) - 2
        is_last = number == len(body) - 1
        together = (table.whole and not is_last) or (near_end and bool(table.footnotes))
        made.append(_row(row, table, layout, runs, is_head=False, line=None, together=together))
    return made


def _properties(table: Table, layout: Layout) -> Any:
    rule = {"val": "single", "space": 0, "color": "222222"}
    margins = [
        xml.element(side, w=round(layout.size.padding / 2 * xml.POINT), type="dxa")
        for side in ("left", "right")
    ]
    return xml.element(
        "tblPr",
        xml.element("tblW", w=round(sum(layout.widths) * xml.POINT), type="dxa"),
        xml.element(
            "tblBorders",
            xml.element("top", sz=8, **rule),
            xml.element("bottom", sz=8, **rule),
        ),
        xml.element("tblLayout", type="fixed"),
        xml.element("tblCellMar", *margins),
        xml.element("tblLook", val="06A0", firstRow=1, firstColumn=1, noVBand=1, noHBand=1),
        xml.element("tblCaption", val=table.caption),
    )


def _row(
    row: list[tuple[Cell | None, bool]],
    table: Table,
    layout: Layout,
    runs: Callable[[Any], list[Any]],
    *,
    is_head: bool,
    line: str | None,
    together: bool,
) -> Any:
    properties = [xml.element("cantSplit")] + ([xml.element("tblHeader")] if is_head else [])
    made = xml.element("tr", xml.element("trPr", *properties))
    column = 0
    while column < len(row):
        cell, begins = row[column]
        spanned = cell.columns if cell else 1
        spanned = min(spanned, len(row) - column)
        width = sum(layout.widths[column : column + spanned])
        down = bool(cell) and (cell.rows > 1)
        shape = [
            xml.element("tcW", w=round(width * xml.POINT), type="dxa"),
            xml.element("gridSpan", val=spanned) if spanned > 1 else None,
            xml.element("vMerge", val="restart" if begins else "continue") if down else None,
            _rule_below() if line or (is_head and spanned > 1) else None,
            xml.element("vAlign", val="bottom" if is_head else "top"),
        ]
        inner = runs(cell.element) if cell and begins else []
        made.append(
            xml.element(
                "tc",
                xml.element("tcPr", *shape),
                xml.element(
                    "p",
                    _paragraph(cell, width, layout, is_head=is_head, together=together),
                    *inner,
                ),
            )
        )
        column += spanned
    return made


def _rule_below() -> Any:
    rule = xml.element("bottom", val="single", sz=4, space=0, color="222222")
    return xml.element("tcBorders", rule)


def _paragraph(
    cell: Cell | None, width: float, layout: Layout, *, is_head: bool, together: bool
) -> Any:
    is_group = bool(cell) and not is_head and cell.is_header and cell.columns > 1
    left, side = INDENT * bool(cell and cell.indent), None
    if cell and not is_head and cell.aligned and not layout.split:
        left = _space_before(cell.aligned, width - layout.size.padding, layout.size.points)
    elif cell and (cell.in_numbers or (is_head and cell.columns > 1)):
        side = xml.element("jc", val="center")
    return xml.element(
        "pPr",
        xml.element("pStyle", val=layout.size.style + ("Strong" if is_head or is_group else "")),
        xml.element("keepNext") if together or is_group else None,
        xml.element("ind", left=round(left * xml.POINT)) if left else None,
        side,
    )


def _space_before(aligned: tuple[int, int], room: float, size: float) -> float:
    """Points before a cell's text: the column's numbers stand in its middle, units below one another."""
    widest, free = (figures * FIGURE * size for figures in aligned)
    return max(room - widest, 0) / 2 + min(free, room / 2)
