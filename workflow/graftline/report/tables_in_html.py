"""The manuscript's tables as they stand in its HTML, for the forms that carry them as tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

# What a superscript looks like where there is only text: a mark at a number must not become its digit.
_SUPERSCRIPTS = str.maketrans(
    "0123456789+-abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")

# What `report/macros.html.j2` writes of `graftline.report.layouts.Cell`: its width and its lead.
_ALIGNED = re.compile(r"(\d+) (\d+)")


@dataclass(frozen=True)
class Cell:
    """A cell: its text on one line, and the record of the number where it is one number alone.

    In a column of numbers, `aligned` is how many figures wide the column's widest cell is, and how
    many of them stand free before this cell's text, so that units stand below one another.
    """

    text: str
    record: Mapping[str, Any] | None
    is_header: bool
    in_numbers: bool
    aligned: tuple[int, int] | None
    columns: int
    rows: int
    indent: int
    element: etree._Element


@dataclass(frozen=True)
class Table:
    """A table of the manuscript; `key` is its name among the tables (`baseline`).

    `whole`: it fits a page and is not to be split.
    """

    key: str
    caption: str
    header: list[list[Cell]]
    body: list[list[Cell]]
    footnotes: list[str]
    whole: bool
    element: etree._Element
    footnote_elements: list[etree._Element]

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(
            (sum(cell.columns for cell in row) for row in self.header + self.body), default=0
        )

    def texts(self, rows: list[list[Cell]]) -> list[list[str]]:
        """The text of `rows` column by column; a cell over several stands in the first of them."""
        return [
            [cell.text if cell and start else "" for cell, start in line]
            for line in place_cells(rows, self.width)
        ]

    def column_names(self) -> list[str]:
        """One name a column: that of its group, if it has one, and its own."""
        rows = place_cells(self.header, self.width)
        names = []
        for column in range(self.width):
            cells = {id(row[column][0]): row[column][0] for row in rows if row[column][0]}
            names.append(": ".join(cell.text for cell in cells.values() if cell.text))
        return names


def place_cells(rows: list[list[Cell]], width: int) -> list[list[tuple[Cell | None, bool]]]:
    """For each row and column, the cell that covers it and whether it begins there."""
    placed: list[list[tuple[Cell | None, bool]]] = [[(None, False)] * width for _ in rows]
    for down, row in enumerate(rows):
        across = 0
        for cell in row:
            while across < width and placed[down][across][0]:
                across += 1
            for y in range(down, min(down + cell.rows, len(rows))):
                for x in range(across, min(across + cell.columns, width)):
                    placed[y][x] = (cell, (y, x) == (down, across))
            across += cell.columns
    return placed


def parse_html(html: str) -> etree._Element:
    """The `html` element of a document."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True)
    return etree.fromstring(html.encode("utf-8"), parser)


def has_class(element: etree._Element, name: str) -> bool:
    """Whether `element` has the class `name`."""
    return name in element.get("class", "").split()


def _raw_text(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        inner = " " if child.tag == "br" else _raw_text(child)
        if child.tag == "sup":
            raised = inner.strip().translate(_SUPERSCRIPTS)
            inner = raised if raised != inner.strip() else f"[{inner.strip()}]"
        parts += [inner, child.tail or ""]
    return "".join(parts)


def text_of(element: etree._Element | None) -> str:
    """The text of `element` on one line, with spaces of any width as one plain space."""
    return "" if element is None else " ".join(_INVISIBLE.sub("", _raw_text(element)).split())


def _single_number(element: etree._Element, records: Mapping[str, Any]) -> Any:
    """The record of the number that is all that `element` says, as the record prints it."""
    marks = element.xpath(".//*[@data-number-id]")
    if len(marks) != 1:
        return None
    record = records.get(marks[0].get("data-number-id"))
    same = record and text_of(element) == " ".join(record["display"].split())
    return record if same else None


def _alignment(cell: etree._Element) -> tuple[int, int] | None:
    found = _ALIGNED.fullmatch(cell.get("data-aligned", ""))
    return (int(found[1]), int(found[2])) if found else None


def _cells(row: etree._Element, records: Mapping[str, Any]) -> list[Cell]:
    return [
        Cell(
            text=text_of(cell),
            record=_single_number(cell, records),
            is_header=cell.tag == "th",
            in_numbers=has_class(cell, "number-column"),
            aligned=_alignment(cell),
            columns=int(cell.get("colspan", 1)),
            rows=int(cell.get("rowspan", 1)),
            indent=sum(has_class(cell, level) for level in ("indent", "deeper", "deepest")),
            element=cell,
        )
        for cell in row
        if cell.tag in ("th", "td")
    ]


def _key(table: etree._Element, taken: set[str]) -> str:
    """A name for `table` that a file and a sheet may have: its id's or that of what is around it."""
    ids = (e.get("id") for e in (table, *table.iterancestors()))
    name = next((name for name in ids if name), "table").removeprefix("table-")
    name = re.sub(r"[^a-z0-9_]+", "_", name.lower())[:28]
    key, count = name, 1
    while key in taken:
        count += 1
        key = f"{name}_{count}"
    return key


def table_in_html(
    table: etree._Element, records: Mapping[str, Any], taken: Iterable[str] = ()
) -> Table:
    """The Table that the `table` element of a manuscript lays out; `taken` are keys of others."""
    rows = [(row, row.getparent().tag == "thead") for row in table.iter("tr")]
    around = table.getparent()
    own = around is not None and around.tag == "div" and len(list(around.iter("table"))) == 1
    notes = around.xpath(".//*[contains(@class, 'footnotes')]//p") if own else []
    return Table(
        key=_key(table, set(taken)),
        caption=text_of(table.find("caption")),
        header=[_cells(row, records) for row, is_head in rows if is_head],
        body=[_cells(row, records) for row, is_head in rows if not is_head],
        footnotes=[text_of(note) for note in notes],
        whole=own and has_class(around, "whole"),
        element=table,
        footnote_elements=notes,
    )


def tables_in_html(html: str, records: Iterable[Mapping[str, Any]]) -> list[Table]:
    """All tables of the manuscript's `html`, in its order; `records` is the registry that it prints."""
    by_id = {record["id"]: record for record in records}
    found: dict[str, Table] = {}
    for element in parse_html(html).iter("table"):
        table = table_in_html(element, by_id, found)
        found[table.key] = table
    return list(found.values())
