"""Tables are read from the HTML as they stand there: captions, headers over columns, numbers, notes."""

import pytest

from graftline.report.tables_in_html import parse_html, tables_in_html, text_of

N = {"id": "cohort.n", "value": 12345, "display": "12\u202f345"}
N |= {"format": {"display": "integer", "decimals": 0}}
MARK = '<a class="number" href="#x" data-number-id="cohort.n">12\u202f345</a>'
GRADES = f"""
<div class="whole" id="table-toxicity-items"><table class="dense">
<caption><b>Table <span>3</span>.</b> Grades,\n by item.</caption>
<thead>
<tr><th></th><th colspan="2">High dose</th></tr>
<tr><th>Item</th><th>I</th><th>II</th></tr>
</thead>
<tbody>
<tr><th colspan="3" scope="rowgroup">Blood</th></tr>
<tr><th class="indent">Platelets</th><td>{MARK}</td><td>{MARK} (3%)</td></tr>
</tbody></table>
<div class="footnotes"><p>First.</p><p>Second.</p></div></div>
"""


def read(*parts, records=(N,)):
    return tables_in_html(f"<html lang='en'><body>{''.join(parts)}</body></html>", records)


def text(html):
    return text_of(parse_html(f"<p>{html}</p>").find(".//p"))


def test_a_table_has_its_key_caption_rows_and_footnotes():
    (table,) = read(GRADES)
    assert (table.key, table.caption) == ("toxicity_items", "Table 3. Grades, by item.")
    assert table.texts(table.body) == [["Blood", "", ""], ["Platelets", "12 345", "12 345 (3%)"]]
    assert table.footnotes == ["First.", "Second."]
    assert table.whole


def test_a_column_is_named_by_its_group_and_itself():
    (table,) = read(GRADES)
    assert table.column_names() == ["Item", "High dose: I", "High dose: II"]


def test_a_cell_is_a_number_only_where_it_is_the_number_alone():
    (table,) = read(GRADES)
    label, alone, with_share = table.body[1]
    assert label.record is None
    assert alone.record == N
    assert with_share.record is None


def test_a_column_of_numbers_says_how_its_cells_are_aligned():
    cell = '<td class="number-column" data-aligned="9 2" style="text-indent:2ch">'
    (table,) = read(f"<table><tr><th>a</th>{cell}4 (44%)</td><td>words</td></tr></table>")
    label, number, words = table.body[0]
    assert (number.in_numbers, number.aligned) == (True, (9, 2))
    assert (label.in_numbers, label.aligned) == (words.in_numbers, words.aligned) == (False, None)


def test_a_number_said_in_words_or_cut_short_is_text():
    (table,) = read(GRADES.replace(f"<td>{MARK}</td>", f"<td>{MARK.replace('345', '34')}</td>"))
    assert table.body[1][1].record is None


def test_a_number_that_the_registry_does_not_have_is_text():
    (table,) = read(GRADES, records=())
    assert table.body[1][1].record is None


def test_a_cell_over_rows_pushes_the_next_row_aside():
    (table,) = read(
        "<table><tr><th rowspan='2'>A</th><td>1</td></tr><tr><td>2</td></tr></table>",
    )
    assert table.texts(table.body) == [["A", "1"], ["", "2"]]


def test_tables_of_one_name_get_keys_of_their_own():
    plain = "<table><tr><td>x</td></tr></table>"
    keys = [table.key for table in read(f"<section id='claims'>{plain}{plain}</section>", plain)]
    assert keys == ["claims", "claims_2", "table"]


def test_a_key_fits_the_name_of_a_sheet():
    (table,) = read(GRADES.replace("table-toxicity-items", "table-" + "très/long " * 9))
    assert len(table.key) <= 31
    assert set(table.key) <= set("abcdefghijklmnopqrstuvwxyz_0123456789")


def test_footnotes_of_a_section_are_not_those_of_each_of_its_tables():
    plain = "<table><tr><td>x</td></tr></table>"
    tables = read(f"<div>{plain}{plain}<div class='footnotes'><p>n</p></div></div>")
    assert [table.footnotes for table in tables] == [[], []]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("12<sup>2</sup>", "12²"),  # a mark is not a digit of the number
        ("12<sup>a,b</sup>", "12ᵃ,ᵇ"),
        ("12<sup>†</sup>", "12[†]"),
        ("a<br>b", "a b"),
        ("very\u00adlong\u200bword", "verylongword"),
        ("10\u00a0000  <b>m</b>", "10 000 m"),
        ("&lt;script&gt;", "<script>"),
    ],
)
def test_text_on_one_line_says_what_the_page_shows(html, expected):
    assert text(html) == expected
