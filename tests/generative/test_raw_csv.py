"""What a CSV writer wrote is read back cell by cell, with the line that each row begins on."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from graftline.raw.read_csv import read_csv

# Few letters, so that quotation marks, commas and line ends meet; surrogates are not text.
CELLS = st.one_of(
    st.text(alphabet='a ,"\n\r\té=', max_size=6),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6)
)


def write(rows, **options):
    text = io.StringIO()
    csv.writer(text, **options).writerows(rows)
    return text.getvalue()


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    rows=TABLES,
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_cells_and_lines_come_back(rows, end, quoting):
    width = len(rows[0]) if rows else 2
    header = [f"c{number}" for number in range(width)]
    # csv.writer does not always quote a carriage return; a file with a lone one outside quotation
    # marks is reported, and not what is tested here.
    if any("\r" in cell for row in rows for cell in row):
        quoting = csv.QUOTE_ALL
    options = {"lineterminator": end, "quoting": quoting}
    text = write([header], **options)
    expected = []
    for row in rows:
        line = text.count("\n") + 1
        text += write([row], **options)
        # Quoted empty cells are content for a reader; without quotation marks the row is empty.
        if any(row) or quoting == csv.QUOTE_ALL:
            expected.append((line, row))
    raw = read_csv(text.encode(), "f.csv")
    frame = raw.frame.drop(columns="src_line")
    found = list(zip(raw.frame["src_line"], map(list, frame.itertuples(index=False)), strict=True))
    assert found == expected
    assert [one["rule"] for one in raw.findings] == ["R09"] * (len(rows) - len(expected))


@settings(derandomize=True, max_examples=150, deadline=None)
@given(data=st.binary(max_size=60))
def test_any_bytes_are_read_or_reported(data):
    raw = read_csv(b"a,b\n" + data, "f.csv")
    assert raw.unreadable or list(raw.frame.columns) == ["a", "b", "src_line"]
    lines = data.count(b"\n") + 2
    assert all(1 <= found["line"] <= lines for found in raw.findings)
    # Each line with content is a row, a part of one, or is reported.
    if data.strip(b" \t\r\n") and b'"' not in data:
        content = [
            number for number, line in enumerate(data.split(b"\n"), start=2) if line.strip(b" \t\r")
        ]
        accounted = {*raw.frame["src_line"], *(found["line"] for found in raw.findings)}
        assert raw.unreadable or set(content) <= accounted
