"""The manuscript's tables as files: CSV as printed, and a workbook with a sheet a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from graftline.report.tables_in_html import Cell, Table, place_cells
from graftline.tables import escape_formula

# What xlsx allows in a cell; no table of a paper comes near it.
LONGEST_TEXT = 32_767


def csv_of_table(table: Table, data_label: str | None) -> bytes:
    """`table` as UTF-8 CSV: one line of column names, cells as printed, escaped for spreadsheets.

    `data_label`, when given, is the last column.
    """
    label = [data_label] if data_label else []
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [*map(escape_formula, table.column_names()), *(["data_label"] if label else [])]
    )
    for row in table.texts(table.body):
        writer.writerow([*map(escape_formula, row), *label])
    return text.getvalue().encode("utf-8")


def csv_files(tables: Iterable[Table], data_label: str | None) -> dict[str, bytes]:
    """File name (the table's key) -> CSV, for all `tables`; `index.csv` has captions and footnotes."""
    tables = list(tables)
    label = {"data_label": data_label} if data_label else {}
    index = [
        {"file": f"{table.key}.csv", "caption": table.caption}
        | {"footnotes": " ".join(table.footnotes)}
        | label
        for table in tables
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, ["file", "caption", "footnotes", *label], lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {name: escape_formula(value) for name, value in line.items()} for line in index
    )
    files = {f"{table.key}.csv": csv_of_table(table, data_label) for table in tables}
    return files | {"index.csv": text.getvalue().encode("utf-8")}


def _places(decimals: int) -> str:
    return "0." + "0" * decimals if decimals else "0"


def number_and_format(record: Mapping[str, Any]) -> tuple[float, str] | None:
    """The registry's value of a number and the spreadsheet format that prints it as the paper does.

    Percentages are the fractions that a spreadsheet's percent format expects; percentages printed
    without the sign are in percent. None where the record is a text or has no value.
    """
    value, display = record["value"], record["format"]["display"]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    exact, places = Decimal(repr(value)), _places(record["format"]["decimals"])
    shown = {
        "integer": (exact, "#,##0" if abs(value) >= 10_000 else "0"),
        "decimal": (exact, places),
        "percent": (exact / 100, places + "%"),
        "percent_bare": (exact, places),
        "percent_of_one": (exact, places + "%"),
        "percent_of_one_bare": (exact * 100, places),
        "p_value": (exact, '[<0.001]"<0.001";0.000'),
    }.get(display)
    return (float(shown[0]), shown[1]) if shown else None


def workbook(
    tables: Iterable[Table], *, title: str, authors: str, data_label: str | None, cut: str
) -> bytes:
    """`tables` as XLSX, a sheet each: caption, data label, column names (frozen), cells, footnotes.

    A cell that is one number is a number with the printed format; everything else is text and never
    a formula or a link. `cut`, the data cut's date, is the time of everything in the file.
    """
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties(
        {
            "title": title,
            "author": authors,
            "keywords": data_label or "",
            "created": datetime.fromisoformat(cut),
        }
    )
    formats: dict[tuple, Any] = {}

    def style(**given: Any) -> Any:
        key = tuple(sorted(given.items()))
        if key not in formats:
            formats[key] = book.add_format({"valign": "top", **given})
        return formats[key]

    for table in tables:
        _write_sheet(book.add_worksheet(table.key), table, data_label, style)
    book.close()
    return content.getvalue()


def _write_sheet(sheet: Any, table: Table, data_label: str | None, style: Any) -> None:
    sheet.write_string(0, 0, table.caption[:LONGEST_TEXT], style(bold=True))
    line = 1
    if data_label:
        sheet.write_string(line, 0, data_label, style(bold=True, font_color="#8A1C1C"))
        sheet.set_header(f"&L{data_label.replace('&', '&&')}"[:255])
        line += 1
    first = line
    for section in (table.header, table.body):
        for row in place_cells(section, table.width):
            for column, (cell, begins) in enumerate(row):
                if cell and begins:
                    _write_cell(sheet, line, column, cell, section is table.header, style)
            line += 1
    for note in table.footnotes:
        sheet.write_string(line, 0, note, style(italic=True))
        line += 1
    sheet.freeze_panes(first + len(table.header), 1)
    sheet.repeat_rows(first, first + max(len(table.header), 1) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for column, width in enumerate(_widths(table)):
        sheet.set_column(column, column, width)


def _write_cell(
    sheet: Any, line: int, column: int, cell: Cell, in_header: bool, style: Any
) -> None:
    look: dict[str, Any] = {"text_wrap": True}
    if in_header:
        look |= {"bold": True, "bottom": 1}
    elif column == 0:
        look |= {"indent": int(cell.indent), "bold": cell.is_header and cell.columns > 1}
    if cell.in_numbers:
        look["align"] = "right"
    number = None if in_header or not cell.record else number_and_format(cell.record)
    if number:
        sheet.write_number(line, column, number[0], style(**look, num_format=number[1]))
        return
    last = (line + cell.rows - 1, column + cell.columns - 1)
    if last != (line, column):
        look["text_wrap"] = cell.columns == 1
        sheet.merge_range(line, column, *last, "", style(**look))
    sheet.write_string(line, column, cell.text, style(**look))


def _widths(table: Table) -> list[float]:
    """Widths of the columns in characters, by the cells that stand in one column alone."""
    widths = [8.0] * table.width
    for row in place_cells(table.header + table.body, table.width):
        for column, (cell, begins) in enumerate(row):
            if cell and begins and cell.columns == 1:
                widths[column] = max(widths[column], min(len(cell.text) + 2, 45))
    return widths
