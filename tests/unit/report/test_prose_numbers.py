"""Numbers in the study's own Markdown, by their ids."""

import pytest

from graftline.errors import GraftlineError
from graftline.report.numbers_in_text import NumbersInText
from graftline.report.prose import own_texts, render_prose, render_sentence

RECORDS = [{"id": "toxicity.grade4.n", "value": 2, "display": "2"}]


@pytest.fixture
def numbers():
    return NumbersInText(RECORDS, links=False)


def mark(text):
    return f'<span class="number" data-number-id="toxicity.grade4.n">{text}</span>'


@pytest.mark.parametrize(
    ("place", "shown"),
    [("{toxicity.grade4.n}", "2"), ("{n:toxicity.grade4.n}", "2"), ("{words:toxicity.grade4.n}", "two"), ("{Words:toxicity.grade4.n}", "Two")],
)  # fmt: skip
def test_a_number_stands_in_markdown_by_its_id(numbers, place, shown):
    assert render_prose(f"*In* {place}.", numbers, "x.md") == f"<p><em>In</em> {mark(shown)}.</p>\n"
    assert numbers.printed == {"toxicity.grade4.n"}


def test_a_sentence_stands_without_a_paragraph(numbers):
    assert render_sentence("In\n {toxicity.grade4.n}.", numbers, "x") == f"In {mark('2')}."


def test_an_unknown_number_is_named_with_file_and_line(numbers):
    with pytest.raises(GraftlineError) as error:
        render_prose("One.\n\nTwo {toxicity.grade5.n}.", numbers, "config/x/discussion.md")
    assert str(error.value).startswith("config/x/discussion.md, line 3: ")
    assert "did you mean toxicity.grade4.n?" in str(error.value)


@pytest.mark.parametrize("wrong", ["{n:Toxicity.grade4.n}", "{words:}", "{n:toxicity", "{n:one}"])
def test_a_place_that_is_none_is_refused_with_its_line(numbers, wrong):
    with pytest.raises(GraftlineError, match=r"x\.md, line 2: .* is not a number's place"):
        render_prose(f"One\n{wrong} two", numbers, "x.md")


def test_other_braces_are_text(numbers):
    assert render_prose("a {b} {1} {}", numbers, "x.md") == "<p>a {b} {1} {}</p>\n"


def test_markup_in_prose_is_shown_as_text(numbers):
    shown = render_prose("<b>x</b> {toxicity.grade4.n} \ue0000\ue000", numbers, "x.md")
    assert "<b>" not in shown and shown.count("data-number-id") == 1


def test_the_protocol_s_own_sentences_are_named_by_their_keys():
    texts = own_texts(
        {
            "design": {"setting": "A."},
            "report": {"background": "B.", "authors": ["x"], "statements": {"ethics": "C."}},
            "endpoints": {"os": {"sentence": "D."}},
        }
    )
    assert texts == {
        "study.yaml, design.setting": "A.",
        "study.yaml, report.background": "B.",
        "study.yaml, report.statements.ethics": "C.",
        "study.yaml, endpoints.os.sentence": "D.",
    }
