"""A digit that nobody computed is found wherever it stands in the prose, and nowhere else."""

import pytest

from graftline.errors import GraftlineError
from graftline.report.digits import assert_no_typed_digits, find_typed_digits

TOKENS = ["IL-2", "95% (CI|confidence)"]


def texts(html, tokens=()):
    return [text for _, text in find_typed_digits(html, list(tokens))]


@pytest.mark.parametrize(
    "html",
    [
        "<p>7 patients</p>",
        "7 patients",
        "<p>text</p>7 patients",
        "<p>text</p>patients of R&7",  # the parser waits for more of what may be an entity
        "<div><ul><li><b><i>7 patients</i></b></li></ul></div>",
        "<table><tr><th>a</th><td>7 patients</td></tr></table>",
        "<p>&#55; patients</p>",
        "<p>\u0667 patients</p>",  # Arabic-Indic seven
        '<p><span data-number-id="a.n">4</span> of 7 patients</p>',
        '<div data-exempt="prose"><p>1990</p></div><p>7 patients</p>',
        '<p>a <br data-exempt="x"> 7 patients</p>',
        '<p data-number="a">7 patients</p>',
        "<title>Two</title><p>7 patients</p>",
        "<style>p { margin: 0 }</style><p>7 patients</p>",
        "<!-- 4 --><p>7 patients</p>",
        '<p><span data-exempt="x"/></p><p>7 patients</p>',
    ],
)
def test_a_typed_digit_is_found(html):
    (found,) = texts(html)
    assert "patients" in found


@pytest.mark.parametrize(
    "html",
    [
        '<p><span data-number-id="a.n">4</span> patients</p>',
        '<p><a data-number-id="a.n"><b><i>4</i></b></a> patients</p>',
        '<div data-exempt="prose"><p>In 1990 <br /> 12 <img src="x"/> 13 <hr /> 14</p></div>',
        '<div data-exempt="prose"><p>In 1990</p></ul> and 1991</div>',
        "<style>p { margin: 2mm }</style>",
        "<head><title>IL-3 of 1990</title></head>",
        "<script>x = 1</script>",
        '<p title="4" class="h2">four</p>',
        "<h2>four</h2>",
        "<!-- 4 -->",
        "<p>m\u00b2</p>",  # a superscript is a unit's, not a number
    ],
)
def test_a_digit_that_is_marked_or_not_shown_is_not(html):
    assert texts(html) == []


def test_a_mark_ends_with_its_element():
    assert texts('<div><p data-exempt="x">1<br>2<p>3</p></p>4 left</div>') == ["4 left"]


def test_a_token_is_allowed_and_what_follows_it_is_not():
    assert texts("<p>IL-2 with 95% CI and 95% confidence</p>", TOKENS) == []
    assert texts("<p>IL-21</p>", TOKENS) == ["IL-21"]
    assert texts("<p>95% of patients</p>", TOKENS) == ["95% of patients"]
    assert texts("<p>IL-2 in 7</p>", TOKENS) == ["IL-2 in 7"]


def test_the_line_of_the_html_is_told():
    assert find_typed_digits("<p>a</p>\n\n<p>7\n b</p>", []) == [(3, "7 b")]


def test_the_build_stops_with_the_text_and_what_to_do():
    with pytest.raises(GraftlineError) as caught:
        assert_no_typed_digits("<p>a</p>\n<p>about 7 patients</p>", TOKENS)
    message = str(caught.value)
    assert "'about 7 patients'" in message and "line 2" in message
    assert '{{ n("id") }}' in message and "report/tokens.yaml" in message


def test_the_build_goes_on_without_typed_digits():
    assert_no_typed_digits("<p>IL-2</p>", TOKENS)
