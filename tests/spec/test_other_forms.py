"""Word, workbook and CSV say what the page says, with links on numbers and without."""

import html
import re
from copy import deepcopy
from functools import cache

import pytest

from tests.spec import small_paper
from tests.spec.other_forms import (
    LABEL,
    Forms,
    convert_with_libreoffice,
    join,
    read_page,
    rows_of_sheet,
)

SVG = (
    "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI3MnB0"
    "IiBoZWlnaHQ9IjM2cHQiIHZpZXdCb3g9IjAgMCA3MiAzNiI+PHJlY3Qgd2lkdGg9IjkiIGhlaWdodD0iOSIvPjwvc3ZnPg=="
)
STYLES = {"Title": 1, "Heading 1": 2, "Heading 2": 3, "Heading 3": 4}


@cache
def page(links=True):
    protocol = deepcopy(small_paper.PROTOCOL)
    protocol["report"]["number_links"] = links
    paper = small_paper.render(links=links, protocol=protocol)
    return re.sub(r'<img src="[^"]*"', f'<img src="{SVG}"', paper)


@cache
def forms(links=True):
    return Forms(page(links), small_paper.records())


def sheets_and_tables():
    files = [name for name in forms().tables if name != "index.csv"]
    return zip(files, forms().book.worksheets, read_page(page()).tables, strict=True)


def unspanned(row):
    """A row in which a cell over several columns is told for the first of them alone."""
    return [
        text if not place or text != row[place - 1] or len(set(row)) > 1 else ""
        for place, text in enumerate(row)
    ]


def test_word_has_every_table_with_its_cells():
    assert len(forms().word_tables()) > 5
    assert forms().word_tables() == read_page(page()).tables


def test_word_has_the_headings_in_their_order():
    told = [
        (STYLES[p.style.name], join(p.text))
        for p in forms().word.paragraphs
        if p.style.name in STYLES
    ]
    assert told == read_page(page()).headings


def test_word_has_every_figure_with_its_alternative_text():
    told = [shape._inline.docPr.get("descr") for shape in forms().word.inline_shapes]
    assert told == read_page(page()).images
    assert told and all(told)


def test_word_has_every_number_of_the_page_outside_of_the_appendix():
    text = page().split('<section class="appendix"')[0].split("<body")[1]
    text = re.sub(r"<!--.*?-->|<img[^>]*>", " ", text, flags=re.DOTALL)
    text = re.sub(r"</?(a|b|i|em|strong|span|sup|code)\b[^>]*>", "", text)
    text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    numbers = re.findall(r"\d+(?:\.\d+)?", text)
    written = re.findall(r"\d+(?:\.\d+)?", " ".join(forms().word_paragraphs()))
    assert sorted(written) == sorted(numbers)


def test_workbook_and_csv_have_the_body_of_every_table():
    for name, sheet, rows in sheets_and_tables():
        lines = [line[:-1] for line in forms().tables[name][1:]]
        body = [unspanned(row) for row in rows[len(rows) - len(lines) :]]
        assert [[text.removeprefix("'") for text in line] for line in lines] == body, name
        shown = [row[: len(lines[0])] for row in rows_of_sheet(sheet)]
        first = 2 + len(rows) - len(lines)
        assert shown[first : first + len(lines)] == body, name


def test_many_cells_of_the_workbook_are_numbers():
    cells = [cell for sheet in forms().book for row in sheet.iter_rows() for cell in row]
    assert sum(cell.data_type == "n" and cell.value is not None for cell in cells) > 20
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_captions_and_footnotes_are_the_same_in_all_forms():
    paragraphs = forms().word_paragraphs()
    for name, caption, footnotes, label in forms().tables["index.csv"][1:]:
        sheet = forms().book[name.removesuffix(".csv")]
        assert sheet.cell(1, 1).value == caption
        assert caption in paragraphs
        notes = [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
        assert footnotes == "" or all(
            note in paragraphs for note in notes if note and note in footnotes
        )
        assert label == LABEL


def test_a_journal_s_setting_changes_no_value_in_any_form():
    with_links, without = forms(), forms(links=False)
    assert 'class="number" href' in page() and 'class="number" href' not in page(links=False)
    assert without.csv == with_links.csv
    assert without.xlsx == with_links.xlsx
    assert without.word_paragraphs() == with_links.word_paragraphs()
    texts = [
        re.sub(r"<[^>]*>", "", page(links=links).split("</style>")[-1]) for links in (True, False)
    ]
    assert texts[0].replace(", each a link to its entry here", "") == texts[1]


# ---- LibreOffice


def squeeze(text):
    return re.sub(r"\s", "", text)


@pytest.mark.machine
def test_libreoffice_prints_the_whole_document(tmp_path):
    pages = [p.extract_text() for p in convert_with_libreoffice(forms().docx, tmp_path).pages]
    total = len(pages)
    assert total > 3
    text = ""
    for number, told in enumerate(pages, start=1):
        assert LABEL in told
        text += squeeze(told).replace(squeeze(f"{number} of {total}"), "")
    text = text.replace(squeeze(LABEL), "")
    missing = [p for p in forms().word_paragraphs() if squeeze(p) not in text and p != LABEL]
    assert missing == []


@pytest.mark.machine
def test_a_long_table_repeats_its_header_and_loses_no_row(tmp_path):
    term = "Überempfindlichkeitsreaktion-Łódź-" + "pneumonoultramicroscopic" * 3
    rows = "".join(
        f"<tr><th>{term} {n:03}</th><td class='number-column'>{n} (≥5%)</td></tr>"
        for n in range(200)
    )
    paper = f"""<html lang="en"><body><div id="table-t"><table><caption>T.</caption>
    <thead><tr><th>Term in the data</th><th>Patients</th></tr></thead><tbody>{rows}</tbody>
    </table></div></body></html>"""
    pages = [
        squeeze(page.extract_text())
        for page in convert_with_libreoffice(Forms(paper, []).docx, tmp_path).pages
    ]
    assert len(pages) > 4
    assert [page.count("Terminthedata") for page in pages] == [1] * len(pages)
    together = "".join(pages)
    assert all(squeeze(f"{term} {n:03}{n} (≥5%)") in together for n in range(200))
