"""Every page and figure looks as it did when somebody last looked at it."""

import pytest

from graftline.report.pdf import render_pdf
from tests.scripts.small_study import CUT
from tests.spec.full_paper import paper_html
from tests.spec.reference_pictures import MOST, count_apart, draw_figures, draw_pages, pages, stored

# With the tests of pages, which make the same paper.
pytestmark = pytest.mark.xdist_group("pages")
RENEW = "look at it, and if it is meant: ./run python -m tests.spec.reference_pictures"


def compare(made, kind):
    kept = {name: picture for name, picture in stored().items() if name.startswith(kind)}
    assert sorted(made) == sorted(kept), RENEW
    apart = {name: count_apart(made[name], kept[name]) for name in made}
    assert {name: n for name, n in apart.items() if n > MOST} == {}, RENEW


def test_every_page_looks_as_before():
    compare(pages(), "page")


def test_every_figure_looks_as_before(tmp_path):
    figures = draw_figures(tmp_path)
    assert len(figures) == 8
    compare(figures, "figure")


def first_page(style=""):
    """The first page of the paper, with one more rule in its style."""
    html = paper_html().replace("</style>", f"{style}</style>", 1)
    start, end = html.index('<section id="introduction">'), html.index("</main>")
    pdf = render_pdf(html[:start] + html[end:], cut=CUT, identifier="ab" * 16)
    return draw_pages(pdf)["page-01"]


@pytest.mark.parametrize(
    "planted",
    [
        "#abstract p:nth-of-type(2) { position: relative; left: 1mm }",
        "#abstract p:nth-of-type(2) { position: relative; top: 1mm }",
        "#abstract p b { visibility: hidden }",
        ".abstract { background: #c8c8c8 }",
    ],
)
def test_what_moves_by_a_millimetre_goes_missing_or_changes_its_colour_is_seen(planted):
    assert count_apart(first_page(), first_page()) == 0
    assert count_apart(first_page(planted), first_page()) > 2 * MOST
