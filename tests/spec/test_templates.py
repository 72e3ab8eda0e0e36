"""The templates: no number but through the registry, no id that does not exist, and no markup from texts."""

import html
import re
from copy import deepcopy

import jinja2
import pytest
from jinja2 import nodes

from graftline.config.yaml_lines import read_yaml
from graftline.report.bibliography import CITATION
from graftline.report.digits import find_typed_digits
from graftline.report.document import FIGURES, TABLES
from tests.scripts.small_study import LABEL, PROTOCOL, ROOT
from tests.spec.small_paper import REPORT, TOKENS, fragments, paper, records, render

TEMPLATES = sorted(str(path.relative_to(REPORT)) for path in REPORT.rglob("*.j2"))
# Calls of templates whose first argument is a number's id.
ASK = {"n", "record", "words", "value", "has", "people", "was", "estimate"}
# A citation in a template becomes a number of the list of references.
NAMES = [*TOKENS, CITATION.pattern]
# A part of an id; a template's name, which ends in j2, is the other text with a digit.
ID_PART = re.compile(r"[a-z0-9_.]+|macros\.html\.j2")


# ---- the templates themselves


def parse(template):
    return jinja2.Environment().parse((REPORT / template).read_text("utf-8"))


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_digit_is_typed_in_a_template_s_text(template):
    data = [node.data for node in parse(template).find_all(nodes.TemplateData)]
    page = re.sub(r"<style>.*?</style>", "", "".join(data), flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]*>", " ", page))
    assert re.findall(r"\S*\d\S*", re.sub("|".join(NAMES), "", text)) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_digit_hides_in_a_text_that_an_expression_prints(template):
    tree = parse(template)
    texts = {node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str)}
    typed = {text for text in texts if re.search(r"\d", re.sub("|".join(TOKENS), "", text))}
    assert {text for text in typed - set(TEMPLATES) if not ID_PART.fullmatch(text)} == set()
    for output in tree.find_all(nodes.Output):
        assert not any(isinstance(one, nodes.Const) for one in output.nodes)


def named_numbers(template):
    """The ids that a template names in full."""
    return {
        call.args[0].value
        for call in parse(template).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ASK and call.args
        if isinstance(call.args[0], nodes.Const)
    }


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_number_that_a_template_names_exists(template):
    assert named_numbers(template) <= {record["id"] for record in records()}


def test_the_search_for_named_numbers_finds_them():
    found = named_numbers("sections/results.html.j2")
    assert {"cohort.n", "exposure.withdrawn_any.n", "followup.median"} <= found


def test_every_table_and_figure_that_a_template_shows_has_its_place_in_the_paper():
    text = "".join((REPORT / template).read_text("utf-8") for template in TEMPLATES)
    assert set(re.findall(r'\btable\("(\w+)"\)', text)) <= set(TABLES)
    assert set(re.findall(r'\bfigure\("(\w+)"\)', text)) <= set(FIGURES)
    assert set(re.findall(r'(?:ref|counter)\("table", "(\w+)"\)', text)) <= set(TABLES)
    assert set(re.findall(r'(?:ref|counter)\("figure", "(\w+)"\)', text)) <= set(FIGURES)


@pytest.mark.parametrize("token", read_yaml(REPORT / "tokens.yaml")[0], ids=lambda t: t["pattern"])
def test_a_token_is_a_name_with_its_reason_and_not_a_bare_number(token):
    assert set(token) == {"pattern", "why"} and token["why"]
    for number in ("5", "2", "95", "95%", "1981", "1 of 2", "12.5"):
        assert not re.search(token["pattern"], number)


def test_the_templates_use_no_filter_that_trusts_text():
    for template in TEMPLATES:
        text = (REPORT / template).read_text("utf-8")
        assert "| safe" not in text and "|safe" not in text and "autoescape" not in text


# ---- the whole paper of a small study


def test_the_paper_holds_no_digit_that_the_registry_did_not_put_there():
    assert find_typed_digits(paper(), TOKENS) == []


def test_every_number_of_the_paper_has_its_entry_and_every_link_its_end():
    page = paper()
    asked = set(re.findall(r'href="#([^"]+)"', page))
    assert "entry-1" in asked and asked <= set(re.findall(r' id="([^"]+)"', page))


def test_no_identifier_of_a_patient_stands_in_the_paper():
    assert not re.search(r"\bP0[12]\b", re.sub(r'src="data:[^"]*"', "", paper()))


def test_the_paper_says_that_its_data_are_not_real():
    assert paper().count(LABEL) >= 2


EVIL = "\"><script>x</script> & 'quoted'"
SHOWN = "&#34;&gt;&lt;script&gt;x&lt;/script&gt; &amp; &#39;quoted&#39;"
# What may hold numbers and emphasis is read as Markdown, which shows markup as text.
SENTENCES = ("background", "conclusion", "sentence", "setting", "ethics")
SHOWN_IN_PROSE = "&quot;&gt;&lt;script&gt;x&lt;/script&gt; &amp; 'quoted'"


@pytest.mark.parametrize(
    "where",
    [
        ("design", "setting"),
        ("report", "statements", "ethics"),
        ("title",),
        ("short_title",),
        ("data_label",),
        ("report", "background"),
        ("report", "conclusion"),
        ("drugs", "IL-2", "label"),
        ("origins", "IT", "label"),
        ("endpoints", "os", "sentence"),
    ],
)
def test_a_text_of_the_study_cannot_bring_markup(where):
    protocol = deepcopy(PROTOCOL)
    inner = protocol
    for key in where[:-1]:
        inner = inner[key]
    assert inner[where[-1]] and EVIL not in render(protocol=protocol)
    inner[where[-1]] = EVIL
    page = render(protocol=protocol)
    assert "<script>" not in page
    # The short title stands in the style sheet, where a code point is what cannot end a string.
    shown = {"short_title": "\\3c script\\3e ", **dict.fromkeys(SENTENCES, SHOWN_IN_PROSE)}
    assert shown.get(where[-1], SHOWN) in page


def test_authors_cannot_bring_markup():
    page = render(protocol=PROTOCOL | {"report": PROTOCOL["report"] | {"authors": [EVIL]}})
    assert "<script>" not in page and SHOWN in page


def test_a_published_statement_cannot_bring_markup():
    (claim,) = [
        one for one in read_yaml(ROOT / "config/il2-ifn/claims.yaml")[0] if one["id"] == "C02"
    ]
    checked = {"published": claim["expect"], "derived": {"cohort.high_dose.n": 1}, "agrees": False}
    page = render("sections/claims.html.j2", claims=[claim | checked | {"claim": EVIL}])
    assert "<script>" not in page and f"{SHOWN}</th>" in page
    assert "Not every statement" in page and "<td>no</td>" in page


def test_labels_of_an_analysis_cannot_bring_markup():
    parts = deepcopy(fragments())
    parts["summarise_cohort"]["facts"]["cohort.diagnosis"][0]["label"] = EVIL
    layout = parts["summarise_cohort"]["tables"]["baseline"]
    layout["rows"][0]["label"] = layout["columns"][0] = layout["footnotes"][0] = EVIL
    parts["summarise_cohort"]["figures"]["swimmer"]["alt"] = EVIL
    page = render("sections/results.html.j2", parts=parts)
    assert "<script>" not in page and page.count(SHOWN) == 5
