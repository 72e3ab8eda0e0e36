"""Reading CSV files as text: lines as a person sees them, and nothing lost in silence."""

import pytest

from graftline.raw.read_csv import read_csv


def rows_of(raw):
    """Rows as (line, cells)."""
    frame = raw.frame.drop(columns="src_line")
    return [
        (line, list(cells))
        for line, cells in zip(raw.frame["src_line"], frame.itertuples(index=False), strict=True)
    ]


def reports(raw):
    return [(found["rule"], found["line"]) for found in raw.findings]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [b"", b"\n"])
def test_byte_order_mark_line_ends_and_last_line_make_no_difference(mark, end, last):
    data = mark + end.join([b"a,b", b"1,x", "2,é".encode()]) + last.replace(b"\n", end)
    raw = read_csv(data, "f.csv")
    assert rows_of(raw) == [(2, ["1", "x"]), (3, ["2", "é"])]
    assert raw.findings == []
    assert list(raw.frame.columns) == ["a", "b", "src_line"]


def test_cells_stay_as_they_are_written():
    raw = read_csv(b'a,b\n001,NA\nNone, x \n"",null\n1.50,#N/A\n', "f.csv")
    assert rows_of(raw) == [
        (2, ["001", "NA"]),
        (3, ["None", " x "]),
        (4, ["", "null"]),
        (5, ["1.50", "#N/A"]),
    ]


def test_lines_are_those_of_the_file_after_quoted_line_ends_blank_and_bad_lines():
    data = (
        b"\n"  # line 1
        b"a,b\n"  # 2
        b'1,"first\nsecond\r\nthird"\n'  # 3 to 5
        b"\n"  # 6
        b"2,x,y\n"  # 7: three cells
        b"   \n"  # 8: blanks only
        b'3,"a ""quoted"" word, and a comma"\n'  # 9
        b'"4\n",z'  # 10 and 11
    )
    raw = read_csv(data, "f.csv")
    assert rows_of(raw) == [
        (3, ["1", "first\nsecond\r\nthird"]),
        (9, ["3", 'a "quoted" word, and a comma']),
        (10, ["4\n", "z"]),
    ]
    assert reports(raw) == [("R05", 7)]
    assert raw.lost_rows == 1


@pytest.mark.parametrize(("row", "cells"), [(b"1", "1 cell"), (b"1,2,3", "3 cell")])
def test_a_ragged_row_is_reported_and_never_padded(row, cells):
    raw = read_csv(b"a,b\n" + row + b"\n3,4\n", "f.csv")
    assert rows_of(raw) == [(3, ["3", "4"])]
    assert reports(raw) == [("R05", 2)]
    assert cells in raw.findings[0]["message"]


def test_the_first_and_the_last_row_may_be_the_bad_one():
    raw = read_csv(b"a,b\n1\n2,x\n3,y\n4", "f.csv")
    assert rows_of(raw) == [(3, ["2", "x"]), (4, ["3", "y"])]
    assert reports(raw) == [("R05", 2), ("R05", 5)]


def test_bytes_that_are_not_utf8_are_reported_with_their_line():
    raw = read_csv(b"a,b\n1,x\n2,caf\xe9\n3,\xc3\xa9\n4,\xff\n", "f.csv")
    assert rows_of(raw) == [(2, ["1", "x"]), (4, ["3", "é"])]
    assert reports(raw) == [("R02", 3), ("R02", 5)]


def test_a_nul_byte_is_reported_with_its_line():
    raw = read_csv(b"a,b\n1,x\n2,\x00\n3,y\n", "f.csv")
    assert rows_of(raw) == [(2, ["1", "x"]), (4, ["3", "y"])]
    assert reports(raw) == [("R06", 3)]


def test_a_lone_carriage_return_is_reported_outside_quotation_marks_only():
    raw = read_csv(b'a,b\n1,x\ry\n2,"x\ry"\n', "f.csv")
    assert rows_of(raw) == [(3, ["2", "x\ry"])]
    assert reports(raw) == [("R08", 2)]


@pytest.mark.parametrize(
    "broken",
    [
        b'2,5" needle',  # a mark in the middle of a cell
        b'2,"5" needle',  # text after the closing mark
        b'2,"never closed',
        b'2"",x',
    ],
)
def test_a_broken_quotation_mark_does_not_swallow_what_follows(broken):
    raw = read_csv(b'a,b\n1,"x\ny"\n' + broken + b'\n3,"y"\n4,z\n', "f.csv")
    assert rows_of(raw) == [(2, ["1", "x\ny"]), (5, ["3", "y"]), (6, ["4", "z"])]
    assert reports(raw) == [("R07", 4)]
    assert raw.lost_rows == 1


def test_a_file_full_of_broken_quotation_marks_is_given_up():
    raw = read_csv(b"a,b\n" + b'1,5" x\n' * 100, "f.csv")
    assert raw.unreadable
    assert len(raw.frame) == 0
    raw = read_csv(b"a,b\n" + b'1,5" x\n' * 99 + b"2,y\n", "f.csv")
    assert rows_of(raw) == [(101, ["2", "y"])]


def test_a_row_without_content_is_a_warning_and_no_row():
    raw = read_csv(b"a,b,c\n1,2,3\n,,\n", "f.csv")
    assert rows_of(raw) == [(2, ["1", "2", "3"])]
    assert [(found["rule"], found["line"], found["severity"]) for found in raw.findings] == [
        ("R09", 3, "W")
    ]
    assert raw.lost_rows == 0


@pytest.mark.parametrize("data", [b"", b"\n\r\n", b"\xef\xbb\xbf", b"  \n"])
def test_an_empty_file_is_reported(data):
    raw = read_csv(data, "f.csv")
    assert raw.unreadable
    assert reports(raw) == [("R01", 1)]
    assert raw.findings[0]["file"] == "f.csv"


def test_a_file_in_utf16_or_with_old_line_ends_is_reported_once():
    assert reports(read_csv("a,b\n1,2\n".encode("utf-16"), "f.csv")) == [("R02", 1)]
    assert reports(read_csv(b"a,b\r1,2\r", "f.csv")) == [("R08", 1)]


@pytest.mark.parametrize(("mark", "name"), [(b";", "semicolons"), (b"\t", "tabs")])
def test_a_file_with_another_separator_is_reported_once_by_its_name(mark, name):
    raw = read_csv(mark.join([b"a", b"b\n1", b'"x, y"\n']), "f.csv")
    assert raw.unreadable
    assert reports(raw) == [("R03", 1)]
    assert name in raw.findings[0]["message"]


@pytest.mark.parametrize("header", [b"a", b"a;b,c", b"a\tb,c", b"a\t"])
def test_a_header_of_one_column_or_with_commas_is_read(header):
    assert not read_csv(header + b"\n1" + b",2" * header.count(b",") + b"\n", "f.csv").unreadable


def test_a_header_alone_is_a_table_without_rows():
    raw = read_csv(b"a,b\n", "f.csv")
    assert not raw.unreadable
    assert (list(raw.frame.columns), len(raw.frame)) == (["a", "b", "src_line"], 0)


@pytest.mark.parametrize(
    ("header", "rule"), [(b'a,"b', "R07"), (b"a,\x00", "R06"), (b"a,\xff", "R02")]
)
def test_a_header_that_cannot_be_read_is_reported_alone(header, rule):
    raw = read_csv(header + b"\n1,2\n3\n", "f.csv")
    assert raw.unreadable
    assert reports(raw) == [(rule, 1)]


def test_columns_without_a_name_and_names_that_repeat_are_reported_and_not_read():
    raw = read_csv(b"a,b,a,,c\n1,2,3,4,5\n", "f.csv")
    assert list(raw.frame.columns) == ["b", "c", "src_line"]
    assert [(found["rule"], found.get("column")) for found in raw.findings] == [
        ("R04", "a"),
        ("R03", None),
    ]


def test_a_long_cell_is_read_whole():
    cell = "word " * 500_000  # more than one block of the reader
    raw = read_csv(f'a,b\n1,"{cell}"\n2,y\n'.encode(), "f.csv")
    assert rows_of(raw) == [(2, ["1", cell]), (3, ["2", "y"])]
