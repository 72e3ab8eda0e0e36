"""References: cited by key, numbered by first mention, set in Vancouver style."""

import json

import pytest

from graftline.errors import GraftlineError
from graftline.report.bibliography import (
    check_citations,
    format_references,
    number_citations,
    read_references,
)
from tests.scripts.small_study import ROOT

KAPLAN = {
    "id": "kaplan1958",
    "type": "article-journal",
    "title": "Nonparametric estimation from incomplete observations",
    "author": [{"family": "Kaplan", "given": "E L"}, {"family": "Meier", "given": "P"}],
    "container-title": "Journal of the American Statistical Association",
    "container-title-short": "J Am Stat Assoc",
    "volume": "53",
    "issue": "282",
    "page": "457-481",
    "issued": {"date-parts": [[1958]]},
}


def write(tmp_path, content):
    path = tmp_path / "references.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


# ---- files


def test_entries_are_read_by_key(tmp_path):
    assert read_references([write(tmp_path, [KAPLAN])]) == {"kaplan1958": KAPLAN}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON"),
        ({"a": 1}, "is a list of entries"),
        ([{"id": "a", "type": "book"}], "entry 1: title is missing"),
        ([{"id": "a b", "type": "book", "title": "A"}], "'a b' cannot be cited"),
        ([KAPLAN, KAPLAN], "entry 2: the key kaplan1958 stands twice"),
    ],
)
def test_a_bibliography_that_cannot_be_used_is_refused_by_file_and_entry(tmp_path, content, said):
    path = write(tmp_path, content)
    with pytest.raises(GraftlineError, match=said) as error:
        read_references([path])
    assert str(path) in str(error.value)


def test_a_field_that_csl_does_not_have_is_refused_by_name():
    with pytest.raises(GraftlineError, match="volumne"):
        format_references([KAPLAN | {"volumne": "53"}])


@pytest.mark.parametrize(
    "path", ["report/references.json", *(f"config/{s}/references.json" for s in ("il2-ifn", "hsct-35"))]
)  # fmt: skip
def test_every_reference_of_the_project_can_be_set(path):
    entries = read_references([ROOT / path])
    texts = format_references(entries.values())
    assert len(texts) == len(entries)
    for entry, text in zip(entries.values(), texts, strict=True):
        assert entry["title"][:20] in text


# ---- citations


def test_citations_are_numbered_in_the_order_of_first_mention():
    html, order = number_citations("<p>x [@b] y [@a; @b] z [@c].</p>", ["a", "b", "c", "unused"])
    assert order == ["b", "a", "c"]
    text = html.replace('<span data-exempt="citation">', "").replace("</span>", "")
    for number in (1, 2, 3):
        text = text.replace(
            f'<a class="citation" href="#reference-{number}">{number}</a>', str(number)
        )
    assert text == "<p>x [1] y [1,2] z [3].</p>"


def test_what_looks_like_a_citation_in_data_is_left_as_it_is():
    assert number_citations("<td>[@nobody]</td>", ["a"]) == ("<td>[@nobody]</td>", [])


def test_an_unknown_key_stops_the_build_by_file_and_line():
    texts = {"config/x/introduction.md": "One.\n\nTwo [@kaplan1858].\n"}
    with pytest.raises(GraftlineError) as error:
        check_citations(texts, ["kaplan1958"])
    assert "config/x/introduction.md, line 3" in str(error.value)
    assert "kaplan1858; did you mean kaplan1958?" in str(error.value)


# ---- the list


def test_an_article_stands_in_vancouver_style():
    assert format_references([KAPLAN]) == [
        "Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. "
        "J Am Stat Assoc. 1958;53(282):457–81."
    ]


def test_of_seven_authors_six_are_named():
    authors = [{"family": name, "given": "A"} for name in "BCDEFGH"]
    (text,) = format_references([KAPLAN | {"author": authors}])
    assert text.startswith("B A, C A, D A, E A, F A, G A, et al. Non")


def test_a_reference_cannot_bring_markup():
    (text,) = format_references([KAPLAN | {"title": "<script>x</script> & more"}])
    assert "<script>" not in text and "&lt;script&gt;" in text and "&amp;" in text
