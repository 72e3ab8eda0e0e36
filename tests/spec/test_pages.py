"""The paper's pages, whatever the data: nothing beyond the margins, no heading last, no table cut without need."""

import io
import re

import pypdf
import pypdfium2
import pytest

from graftline.report.fonts import FACES
from tests.spec.full_paper import LONG_WORD, paper_html, paper_pdf

MM = 72 / 25.4
# Of the page, in points: the left and right margin, and where text begins and ends.
SIDE, WIDTH = 22 * MM, 210 * MM
TOP, BOTTOM = (297 - 22) * MM, 22 * MM
# The papers are made once, by one worker.
pytestmark = pytest.mark.xdist_group("pages")
PAPERS = {"few": (3, 2, "Nausea"), "many": (200, 4, "Nausea"), "long words": (45, 4, LONG_WORD)}


@pytest.fixture(scope="module", params=PAPERS)
def paper(request):
    return pypdfium2.PdfDocument(paper_pdf(*PAPERS[request.param]))


def characters(page):
    """Each visible character of a page with its left, bottom, right and top."""
    text = page.get_textpage()
    for position in range(text.count_chars()):
        character = text.get_text_range(position, 1)
        if character.strip():
            yield character, text.get_charbox(position)


def test_no_character_lies_beyond_the_margins(paper):
    for number, page in enumerate(paper, start=1):
        for character, (left, _bottom, right, top) in characters(page):
            assert left > SIDE - 1 and right < WIDTH - SIDE + 1, (number, character, left, right)
            assert 0 < top < 297 * MM


def test_no_heading_is_the_last_of_a_page(paper):
    headings = set(re.findall(r"<h[123][^>]*>([^<]+)</h", paper_html()))
    assert "Results" in headings
    for page in paper:
        text = page.get_textpage().get_text_bounded(0, BOTTOM, WIDTH, TOP).split("\n")
        lines = [line.strip() for line in text if line.strip()]
        assert lines and lines[-1] not in headings


def test_a_table_of_many_pages_repeats_its_head():
    pages = [
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(paper_pdf(200, 4))
    ]
    with_rows = [page for page in pages if page.count("Nausea\xa02 (2)") or "Nausea 2 (2)" in page]
    assert len(with_rows) > 4
    assert all("Grade III, patients" in page for page in with_rows)


def test_a_short_table_is_on_one_page():
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper_pdf())).pages]
    captions = [page.count("Adverse events: Nausea.") for page in pages]
    notes = [page.count("A patient is counted once for each item.") for page in pages]
    assert sum(captions) == 2
    assert notes == [2 * tables for tables in captions]


def test_each_page_says_where_it_stands_and_that_data_are_made_up(paper):
    for number, page in enumerate(paper, start=1):
        text = page.get_textpage().get_text_bounded()
        assert f"{number} of {len(paper)}" in text
        assert "MADE UP FOR A TEST" in text


def test_only_fonts_of_the_packages_are_on_the_pages():
    families = {family.replace(" ", "-") for family, *_ in FACES}
    reader = pypdf.PdfReader(io.BytesIO(paper_pdf()))
    names = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert names and all(any(name.startswith(family) for family in families) for name in names)


def test_every_printed_number_is_in_the_pdf_as_the_registry_displays_it():
    printed = re.findall(r'data-number-id="[^"]+">([^<]+)<', paper_html())
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper_pdf())).pages)
    bare = re.sub(r"\s", "", text)
    assert len(printed) > 100
    assert [shown for shown in printed if re.sub(r"\s", "", shown) not in bare] == []


def test_headings_are_in_order():
    levels = [int(level) for level in re.findall(r"<h([1-6])", paper_html())]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_the_page_can_be_found_through_without_seeing_it():
    html = paper_html()
    assert '<html lang="en-GB">' in html and "<main id=" in html and 'href="#paper"' in html
    assert all("scope=" in head for head in re.findall(r"<th\b[^>]*>", html))
    pictures = re.findall(r"<img\b[^>]*>", html)
    assert pictures and all(re.search(r'alt="[^"]+"', picture) for picture in pictures)


@pytest.mark.machine
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("kind", PAPERS)
def test_a_window_never_scrolls_sideways(kind, width, tmp_path):
    from playwright.sync_api import sync_playwright

    file = tmp_path / "paper.html"
    file.write_text(paper_html(*PAPERS[kind]), "utf-8")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": width, "height": 740})
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
            "rgb(255, 255, 255)"
        )
        browser.close()
