"""CSV and XLSX say what the HTML says; text is text; the bytes are the same each time."""

import csv
import io

import openpyxl
import pytest

from graftline.numbers.display import format_number
from graftline.report.table_files import csv_files, csv_of_table, number_and_format, workbook
from graftline.report.tables_in_html import tables_in_html
from graftline.rounding import round_half_up

LABEL = "MADE UP, FOR A TEST"
EVIL = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=HYPERLINK('http://x')", "http://x.org", "a\u0301 é"]


def record(value, display, decimals=0):
    return {
        "id": "a.n",
        "value": value,
        "display": format_number(value, display, decimals),
        "format": {"display": display, "decimals": decimals},
    }


def one_cell(content, records=()):
    html = f"""<div id="table-t"><table><caption>Table 1. T.</caption>
    <thead><tr><th>Item</th><th>n</th></tr></thead>
    <tbody><tr><th>Platelets</th><td>{content}</td></tr></tbody></table>
    <div class="footnotes"><p>Note.</p></div></div>"""
    return tables_in_html(html, records)


def number_cell(given):
    return one_cell(f'<i data-number-id="a.n">{given["display"]}</i>', [given])


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8"))))


def make_workbook(tables, **given):
    named = {"title": "T", "authors": "A", "data_label": LABEL, "cut": "1997-12-31"}
    return workbook(tables, **named | given)


def read_sheet(content, name="t"):
    return openpyxl.load_workbook(io.BytesIO(content))[name]


def as_shown(cell):
    """What a spreadsheet shows for a cell with one of the formats in use."""
    shown = cell.number_format
    if isinstance(cell.value, str):
        return cell.value
    if "<0.001" in shown:
        return "<0.001" if cell.value < 0.001 else round_half_up(cell.value, 3)
    places = shown.strip("#,%").partition(".")[2]
    scale = 100 if shown.endswith("%") else 1
    text = round_half_up(cell.value * scale, len(places))
    if shown.startswith("#,"):
        text = f"{int(text):,}".replace(",", " ")
    return text.replace("-", "−") + ("%" if scale == 100 else "")


def test_csv_has_names_cells_and_the_data_label():
    (table,) = one_cell("4 (44%)")
    assert read_csv(csv_of_table(table, LABEL)) == [
        ["Item", "n", "data_label"],
        ["Platelets", "4 (44%)", LABEL],
    ]
    assert read_csv(csv_of_table(table, None)) == [["Item", "n"], ["Platelets", "4 (44%)"]]


def test_the_index_has_a_line_for_each_table():
    files = csv_files(one_cell("4"), LABEL)
    assert list(files) == ["t.csv", "index.csv"]
    assert read_csv(files["index.csv"]) == [
        ["file", "caption", "footnotes", "data_label"],
        ["t.csv", "Table 1. T.", "Note.", LABEL],
    ]


@pytest.mark.parametrize("text", EVIL)
def test_text_never_becomes_a_formula_or_a_link(text):
    tables = one_cell(text)
    cell = read_sheet(make_workbook(tables)).cell(4, 2)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    in_csv = read_csv(csv_of_table(tables[0], None))[1][1]
    assert in_csv == ("'" + text if text[0] in "=+-@" else text)


@pytest.mark.parametrize(
    ("given", "value", "shown"),
    [
        (record(9, "integer"), 9, "9"),
        (record(12345, "integer"), 12345, "12 345"),
        (record(-1.25, "decimal", 1), -1.25, "−1.3"),
        (record(2.675, "decimal", 2), 2.675, "2.68"),
        (record(44.4444444444, "percent"), 0.444444444444, "44%"),
        (record(0.125, "percent_of_one", 1), 0.125, "12.5%"),
        (record(13.6995662265, "percent_bare"), 13.6995662265, "14"),
        (record(0.0196043093656, "percent_of_one_bare"), 1.96043093656, "2"),
        (record(0.0077849, "p_value"), 0.0077849, "0.008"),
        (record(0.000001, "p_value"), 0.000001, "<0.001"),
    ],
)
def test_a_single_number_is_a_number_that_shows_as_printed(given, value, shown):
    cell = read_sheet(make_workbook(number_cell(given))).cell(4, 2)
    assert cell.value == pytest.approx(value, abs=0, rel=1e-12)
    assert cell.data_type == "n"
    assert as_shown(cell) == shown == " ".join(given["display"].split())


@pytest.mark.parametrize("given", [record(None, "decimal", 1), record("1997-12-31", "text")])
def test_what_has_no_value_is_text_as_printed(given):
    assert number_and_format(given) is None
    cell = read_sheet(make_workbook(number_cell(given))).cell(4, 2)
    assert (cell.value, cell.data_type) == (given["display"], "s")


def test_a_sheet_has_caption_label_frozen_names_and_footnotes():
    sheet = read_sheet(make_workbook(one_cell("4")))
    assert [sheet.cell(row, 1).value for row in range(1, 6)] == [
        "Table 1. T.",
        LABEL,
        "Item",
        "Platelets",
        "Note.",
    ]
    assert sheet.freeze_panes == "B4"
    assert sheet.oddHeader.left.text == LABEL


def test_without_a_data_label_there_is_no_line_for_it():
    sheet = read_sheet(make_workbook(one_cell("4"), data_label=None))
    assert sheet.cell(2, 1).value == "Item"
    assert sheet.freeze_panes == "B3"


def test_headers_over_columns_and_group_rows_are_merged():
    html = """<div id="table-t"><table><thead><tr><th rowspan="2">Item</th><th colspan="2">Arm</th>
    </tr><tr><th>I</th><th>II</th></tr></thead><tbody><tr><th colspan="3">Blood</th></tr></tbody>
    </table></div>"""
    sheet = read_sheet(make_workbook(tables_in_html(html, ())))
    assert {str(cells) for cells in sheet.merged_cells.ranges} == {"A3:A4", "B3:C3", "A5:C5"}


def test_the_workbook_has_the_same_bytes_each_time_and_no_time_but_the_cut():
    first = make_workbook(one_cell("4"))
    assert first == make_workbook(one_cell("4"))
    book = openpyxl.load_workbook(io.BytesIO(first))
    assert book.properties.created.isoformat() == "1997-12-31T00:00:00"
    assert book.properties.modified.isoformat() == "1997-12-31T00:00:00"
    assert book.properties.keywords == LABEL
