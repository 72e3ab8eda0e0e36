"""The manuscript's other forms of an HTML, and what each of them says, read without the project's code."""

import csv
import io
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import docx
import openpyxl
import pypdf
from docx.oxml.ns import qn

from graftline.report.pictures import draw_pictures
from graftline.report.table_files import csv_files, workbook
from graftline.report.tables_in_html import tables_in_html
from graftline.report.word.document import word_document
from graftline.rounding import round_half_up

CUT, LABEL = "1997-12-31", "MADE UP FOR A TEST"


def join(text):
    """`text` with one space between words."""
    return " ".join(text.replace("\u00ad", "").split())


class PageReader(HTMLParser):
    """Headings, images and tables of a page; a cell over several is told for each of them."""

    def __init__(self):
        super().__init__()
        self.headings, self.images, self.tables = [], [], []
        self._text, self._down = None, {}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self._span = int(given.get("colspan", 1))
        elif tag == "img":
            self.images.append(given["alt"])
        if tag in ("th", "td", "h1", "h2", "h3", "h4"):
            self._text = []

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self.tables[-1][-1] += [join("".join(self._text))] * self._span
        elif tag in ("h1", "h2", "h3", "h4"):
            self.headings.append((int(tag[1]), join("".join(self._text))))
        if tag in ("th", "td", "h1", "h2", "h3", "h4"):
            self._text = None

    def handle_data(self, data):
        if self._text is not None:
            self._text.append(data)


def read_page(html):
    reader = PageReader()
    reader.feed(html)
    return reader


class Forms:
    """The forms of `html`, made once: `word`, `book` and `tables` (file name -> lines)."""

    def __init__(self, html, records, *, data_label=LABEL):
        tables = tables_in_html(html, records)
        self.pictures = draw_pictures(
            [src.split('"')[0] for src in html.split('<img src="')[1:]], cut=CUT
        )
        self.docx = word_document(html, records, self.pictures, data_label=data_label, cut=CUT)
        self.xlsx = workbook(tables, title="T", authors="A", data_label=data_label, cut=CUT)
        self.csv = csv_files(tables, data_label)
        self.word = docx.Document(io.BytesIO(self.docx))
        self.book = openpyxl.load_workbook(io.BytesIO(self.xlsx))
        self.tables = {
            name: list(csv.reader(io.StringIO(content.decode("utf-8"))))
            for name, content in self.csv.items()
        }

    def word_tables(self):
        return [
            [[join(cell.text) for cell in row.cells] for row in table.rows]
            for table in self.word.tables
        ]

    def word_paragraphs(self):
        """Text of all paragraphs, those in tables, links and fields too."""
        paragraphs = self.word.element.body.iter(qn("w:p"))
        texts = (join("".join(t.text for t in p.iter(qn("w:t")))) for p in paragraphs)
        return [text for text in texts if text]


def shown_in_sheet(cell):
    """What a spreadsheet shows for a cell, for the formats that numbers are printed with."""
    value, look = cell.value, cell.number_format
    if value is None or isinstance(value, str):
        return join(value or "")
    if "<0.001" in look:
        return "<0.001" if value < 0.001 else round_half_up(value, 3)
    places, scale = look.strip("#,%").partition(".")[2], 100 if look.endswith("%") else 1
    text = round_half_up(value * scale, len(places))
    if look.startswith("#,"):
        text = f"{int(text):,}".replace(",", " ")
    return text.replace("-", "−") + ("%" if scale == 100 else "")


def rows_of_sheet(sheet):
    return [[shown_in_sheet(cell) for cell in row] for row in sheet.iter_rows()]


def convert_with_libreoffice(content: bytes, folder: Path) -> pypdf.PdfReader:
    """The PDF that LibreOffice makes of a Word document."""
    source = folder / "document.docx"
    source.write_bytes(content)
    done = subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return pypdf.PdfReader(folder / "document.pdf")
