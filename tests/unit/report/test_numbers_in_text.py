"""A number enters the paper through the registry, escaped and marked, or the build stops."""

import re

import pytest

from graftline.errors import GraftlineError
from graftline.report.numbers_in_text import NumbersInText


def record(number, value, display=None):
    return {"id": number, "value": value, "display": str(value) if display is None else display}


RECORDS = [
    record("cohort.n", 4),
    record("toxicity.grade4.high_dose.n", 0),
    record("registry.n", 12000, "12\u202f000"),
    record("os.median", None, "NE"),
    record("age.median", 39.5),
    record("label", "<script>alert(1)</script>"),
]


@pytest.fixture
def numbers():
    return NumbersInText(RECORDS, links=False)


def test_a_number_is_printed_in_a_span_with_its_id(numbers):
    assert numbers.n("cohort.n") == '<span class="number" data-number-id="cohort.n">4</span>'


def test_with_links_a_number_leads_to_its_entry():
    shown = NumbersInText(RECORDS, links=True).n("cohort.n")
    assert shown == '<a class="number" href="#number-cohort.n" data-number-id="cohort.n">4</a>'


@pytest.mark.parametrize("links", [True, False])
def test_a_value_with_markup_is_shown_and_not_run(links):
    shown = NumbersInText(RECORDS, links=links).n("label")
    assert "<script>" not in shown and "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


@pytest.mark.parametrize(
    "ask",
    [
        lambda numbers: numbers.n("toxicity.grade4.high_doze.n"),
        lambda numbers: numbers.words("toxicity.grade4.high_doze.n"),
        lambda numbers: numbers.value("toxicity.grade4.high_doze.n"),
        lambda numbers: numbers.fill("{toxicity.grade4.high_doze.n} patients"),
    ],
)
def test_an_unknown_number_stops_the_build_with_a_near_one(numbers, ask):
    with pytest.raises(GraftlineError) as caught:
        ask(numbers)
    assert "unknown number toxicity.grade4.high_doze.n;" in str(caught.value)
    assert "did you mean toxicity.grade4.high_dose.n?" in str(caught.value)


def test_an_unknown_number_like_no_other_is_named_alone(numbers):
    with pytest.raises(GraftlineError, match=r"unknown number zzz$"):
        numbers.n("zzz")


@pytest.mark.parametrize(
    ("value", "start", "alone", "said"),
    [
        (0, False, False, "no"),
        (0, True, False, "No"),
        (0, False, True, "none"),
        (0, True, True, "None"),
        (1, True, False, "One"),
        (2, False, True, "two"),
        (12, False, False, "twelve"),
        (13, True, False, "Thirteen"),
        (13, False, False, "13"),
        (18, True, False, "Eighteen"),
        (21, True, False, "Twenty-one"),
        (40, True, True, "Forty"),
        (100, True, False, "100"),
    ],
)
def test_counts_up_to_twelve_are_words(value, start, alone, said):
    numbers = NumbersInText([record("a.n", value)], links=False)
    shown = numbers.words("a.n", start=start, alone=alone)
    assert shown == f'<span class="number" data-number-id="a.n">{said}</span>'


@pytest.mark.parametrize("number", ["os.median", "age.median", "registry.n"])
def test_what_is_no_small_count_is_printed_as_it_is_displayed(numbers, number):
    assert numbers.words(number) == numbers.n(number)


def test_a_value_that_could_not_be_estimated_is_printed_as_such(numbers):
    assert ">NE</span>" in numbers.n("os.median")


def test_text_is_escaped_and_its_places_filled(numbers):
    filled = numbers.fill('A & "b" <i>: {cohort.n} ({age.median})')
    assert filled == (
        "A &amp; &#34;b&#34; &lt;i&gt;: "
        '<span class="number" data-number-id="cohort.n">4</span> '
        '(<span class="number" data-number-id="age.median">39.5</span>)'
    )


@pytest.mark.parametrize("text", ["{}", "{A.n}", "{cohort. n}", "{cohort.n", "{{}}"])
def test_braces_that_name_no_number_are_text(numbers, text):
    assert numbers.fill(text) == text


def test_what_was_printed_is_remembered_and_what_was_asked_is_not(numbers):
    numbers.value("registry.n")
    numbers.has("os.median")
    numbers.fill("{cohort.n}, {cohort.n}")
    numbers.words("age.median")
    assert [one["id"] for one in numbers.printed_records()] == ["age.median", "cohort.n"]


def masked(number, display):
    return record(number, None, display) | {"format": {"display": "masked", "decimals": 0}}


MASKED = NumbersInText(
    [
        record("cohort.n", 35),
        masked("dead.n", "<5"),
        masked("alive.n", "masked"),
        masked("alive.percent", "masked"),
    ],
    links=False,
)


def text_of(markup):
    return re.sub(r"<[^>]*>", "", markup)


def test_a_masked_count_is_some_and_more_than_one_to_whoever_chooses_words():
    assert MASKED.value("dead.n") > 1 and MASKED.value("dead.n") != 0
    assert MASKED.masked("dead.n") and not MASKED.masked("cohort.n")


def test_a_masked_count_in_words_says_no_more_than_its_display():
    assert text_of(MASKED.words("dead.n", start=True)) == "Fewer than five"
    assert text_of(MASKED.words("alive.n", alone=True)) == "an undisclosed number"


def test_a_bracket_of_masked_numbers_alone_is_left_out():
    assert text_of(MASKED.fill("{alive.n} ({alive.percent})")) == "masked"
    assert text_of(MASKED.fill("{alive.n} (of {cohort.n})")) == "masked (of 35)"
    assert text_of(MASKED.fill("{cohort.n} (all)")) == "35 (all)"
