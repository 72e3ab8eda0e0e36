"""The PDF and the page say of which build they are, and carry what lies beside them."""

import base64
import shutil

import pytest

from graftline import tables
from graftline.report.fonts import font_faces_css
from graftline.report.pdf import render_pdf
from graftline.verify.paper import compare_paper

DIGEST, OTHER = "ab" * 32, "cd" * 32
SVG = "<svg/>"


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """A paper as rendering makes it, with two attachments and a figure."""
    aggregate = tmp_path_factory.mktemp("paper") / "aggregate"
    files = {"numbers.json": "[]\n", "tables/ends.csv": "a\n1\n", "figures/flow.svg": SVG}
    for name, text in files.items():
        tables.write_text(aggregate / name, text)
    digest = f'<p>Build digest <span data-exempt="build digest">{DIGEST}</span>; the ledger</p>'
    figure = f'<p id="figure-flow">{base64.b64encode(SVG.encode()).decode()}</p>'
    style = f'{font_faces_css()} html {{ font: 9pt "Source Serif Pro"; width: 60mm }}'
    style += "p { overflow-wrap: anywhere }"
    html = f'<html lang="en"><head><title>T</title><style>{style}</style></head><body>{digest}</body></html>'
    attached = {"numbers.json": b"[]\n", "table_ends.csv": b"a\n1\n"}
    pdf = render_pdf(html, cut="1999-12-31", identifier=DIGEST, attached=attached)
    tables.write_bytes(aggregate / "manuscript.pdf", pdf)
    tables.write_text(aggregate / "manuscript.html", digest + figure)
    return aggregate


@pytest.fixture
def paper(printed, tmp_path):
    return shutil.copytree(printed, tmp_path / "aggregate")


@pytest.mark.parametrize("build", [DIGEST, None])
def test_a_paper_of_its_build_is_well_though_its_digest_is_broken_over_lines(paper, build):
    assert compare_paper(paper, build) == []


def test_a_paper_of_another_build_is_named(paper):
    pdf, page = sorted(compare_paper(paper, OTHER), reverse=True)
    assert pdf.startswith(
        "manuscript.pdf: prints the build digest abababababab, and the build's is cd"
    )
    assert page.startswith("manuscript.html: ")


def test_one_digest_of_the_page_edited_is_named(paper):
    page = paper / "manuscript.html"
    tables.write_text(page, page.read_text() + f'<i data-exempt="build digest">{OTHER}</i>')
    (problem,) = compare_paper(paper, DIGEST)
    assert problem.startswith("manuscript.html: prints the build digest cdcdcdcdcdcd")


def test_what_is_no_pdf_is_named(paper):
    (paper / "manuscript.pdf").write_text("words\n")
    assert compare_paper(paper, DIGEST) == ["manuscript.pdf: is not a PDF that can be read"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("numbers.json", "is not the file that manuscript.pdf carries as numbers.json"),
        ("tables/ends.csv", "is not the file that manuscript.pdf carries as table_ends.csv"),
        ("figures/flow.svg", "is not the figure that manuscript.html shows"),
    ],
)
def test_what_the_paper_carries_has_to_be_what_lies_beside_it(paper, name, said):
    (paper / name).write_text("other\n")
    assert compare_paper(paper, DIGEST) == [f"{name}: {said}"]
