"""The index of pages holds what is printed on them, links or none."""

import io

import pypdf
import pytest

from graftline.report.fonts import font_faces_css
from graftline.report.pdf import render_indexed_pdf

BREAK = '<p style="break-before: page">'
BODY = (
    '<p>Of <span data-number-id="cohort.n">9</span> patients</p>'
    f'{BREAK}<a href="#entry-1" data-number-id="os.n">4</a> died</p>'
    '<div id="table-ends"><p>Head</p>'
    f'{BREAK}again <b data-number-id="cohort.n">9</b></p></div>'
    f'{BREAK}<i id="entry-1">os.n 4</i></p>'
    f'{BREAK}Digest <span class="digest">0123456789abcdef</span></p>'
)


@pytest.fixture(scope="module")
def rendered():
    style = f'{font_faces_css()} html {{ font-family: "Source Serif Pro" }}'
    html = f'<html lang="en"><head><title>T</title><style>{style}</style></head><body>{BODY}</body></html>'
    return render_indexed_pdf(html, cut="1997-12-31", identifier="ab" * 16)


def test_each_number_and_place_is_on_the_pages_that_show_it(rendered):
    _, index = rendered
    assert index == {
        "pages": 5,
        "numbers": {"cohort.n": [1, 3], "os.n": [2]},
        "places": {"table-ends": [2, 3], "entry-1": [4]},
        "digests": [5],
    }


def test_the_pages_are_those_of_the_file(rendered):
    pdf, _ = rendered
    texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert ["9" in text.split() for text in texts] == [True, False, True, False, False]
