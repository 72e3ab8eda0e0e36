"""The HTML: text of data and study is text, prose cannot inject HTML, tables and figures are counted as shown."""

import base64
import re

import jinja2
import pytest

from graftline.errors import GraftlineError
from graftline.report.document import (
    as_precise_as,
    css_string,
    embed_svg,
    render_html,
)
from graftline.report.numbers_in_text import NumbersInText
from graftline.report.prose import render_prose

NUMBER = {
    "id": "cohort.n",
    "value": 2,
    "display": "2",
    "method": "Number of patients.",
    "population": "all patients",
    "table": "subjects",
    "statistic": {"name": "count", "arguments": {}},
    "reason": None,
}
EVIL = "\"><script>alert('x')</script> & {{ 7 * 7 }}"
SHOWN = "&#34;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; {{ 7 * 7 }}"
PROTOCOL = {"title": "T", "data_label": None, "regimens": {}, "report": {"number_links": False}}


def part(**given):
    return {"tables": {}, "facts": {}, "figures": {}} | given


def render(
    template,
    *,
    fragments=None,
    figures=None,
    prose=None,
    claims=(),
    protocol=PROTOCOL,
    references=None,
):
    return render_html(
        templates=jinja2.DictLoader(
            template if isinstance(template, dict) else {"manuscript.html.j2": template}
        ),
        numbers=NumbersInText([NUMBER], links=False),
        fragments=fragments or {},
        figures=figures or {},
        protocol=protocol,
        claims=list(claims),
        build={"build_digest": "ab"},
        prose=prose or {},
        styles={"fonts_css": "/* fonts */", "style_css": 'p::before { content: ">" }'},
        references=references or {},
    )


# ---- what comes from data and study files is text


def test_texts_of_the_study_are_escaped():
    html = render(
        '<h1>{{ protocol.title }}</h1><p title="{{ protocol.title }}">{{ data_label }}</p>',
        protocol=PROTOCOL | {"title": EVIL, "data_label": EVIL},
    )
    assert html == f'<h1>{SHOWN}</h1><p title="{SHOWN}">{SHOWN}</p>'


def test_labels_and_facts_of_an_analysis_are_escaped():
    layout = {"caption": EVIL + " {cohort.n}", "columns": [], "rows": []}
    html = render(
        "{{ facts.rule.label }}|{{ fill(tables.baseline.caption) }}",
        fragments={"rule": part(facts={"label": EVIL}, tables={"baseline": layout})},
    )
    # The place is filled with the number; the braces of the label are left alone.
    assert html == f'{SHOWN}|{SHOWN} <span class="number" data-number-id="cohort.n">2</span>'


def test_a_claim_with_quotes_is_escaped_in_text_and_attribute():
    claim = {"id": "C01", "claim": 'They "said" <b>so</b>'}
    html = render('<i title="{{ claims[0].claim }}">{{ claims[0].claim }}</i>', claims=[claim])
    escaped = "They &#34;said&#34; &lt;b&gt;so&lt;/b&gt;"
    assert html == f'<i title="{escaped}">{escaped}</i>'


def test_the_text_of_a_figure_cannot_leave_its_attribute():
    entry = {"file": "figures/toxicity.svg", "caption": "c", "alt": EVIL}
    html = render(
        '<img src="{{ figures.toxicity.data }}" alt="{{ figures.toxicity.alt }}">',
        fragments={"rule": part(figures={"toxicity": entry})},
        figures={"toxicity": "<svg><script>alert(1)</script></svg>"},
    )
    assert "<script>" not in html and f'alt="{SHOWN}"' in html
    data = html.partition("base64,")[2].partition('"')[0]
    assert base64.b64decode(data) == b"<svg><script>alert(1)</script></svg>"


def test_styles_are_given_as_they_are():
    assert render("{{ fonts_css }}{{ style_css }}") == '/* fonts */p::before { content: ">" }'


@pytest.mark.parametrize("text", ['a" } </style><script>', "a\\", "a\nb", "'; @import url(x)"])
def test_a_text_in_a_style_sheet_cannot_end_its_string(text):
    written = css_string(text)
    assert written.startswith('"') and written.endswith('"')
    assert not set(written[1:-1]) & set("\"'<>{}@\n")
    # Every backslash begins a code point, so that none stands before the closing quote.
    assert written[1:-1].count("\\") == sum(
        written[1:-1].count(f"\\{ord(c):x} ") for c in set(text)
    )


# ---- the study's own prose


def test_html_in_markdown_is_shown_as_text():
    html = render(
        '{{ prose("introduction") }}|{{ prose("discussion") }}',
        prose={"introduction": "<script>alert(1)</script>\n\na <b onclick='x()'>b</b>"},
    )
    assert html == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n<p>a &lt;b onclick='x()'&gt;b&lt;/b&gt;</p>\n|"
    )


@pytest.mark.parametrize(
    "text",
    [
        "[a](javascript:alert(1))",
        "[a](vbscript:x)",
        "[a](data:text/html,<script>)",
        "[a](file:///etc/passwd)",
        '[a](x"onclick="y)',
        '![a" onerror="x](y)',
        "<style>p{}</style>",
        "<!-- a -->",
        "&lt;script&gt;",
    ],
)
def test_markdown_cannot_bring_markup_or_a_script(text):
    html = render_prose(text, NumbersInText([NUMBER], links=False), "x.md")
    for bad in (
        "<script",
        "<style",
        "<!--",
        'href="javascript',
        'href="data',
        'href="file',
        '" on',
    ):
        assert bad not in html


def test_templates_in_markdown_are_text_and_places_are_numbers():
    template, prose = (
        '{{ prose("introduction") }}',
        {"a/introduction.md": "{{ n('x') }} {cohort.n}"},
    )
    assert render(template, prose=prose) == (
        '<p>{{ n(\'x\') }} <span class="number" data-number-id="cohort.n">2</span></p>\n'
    )


def test_citations_are_numbered_and_listed_in_the_order_of_first_mention():
    template = '<p>[@b] [@a]</p>{{ prose("discussion") }}<!-- references -->'
    listed = (
        '{% for entry in entries %}<li id="reference-{{ loop.index }}">{{ entry }}</li>{% endfor %}'
    )
    book = {"type": "book", "issued": {"date-parts": [[1990]]}}
    references = {key: book | {"id": key, "title": f"On {key}"} for key in "abc"}
    html = render(
        {"manuscript.html.j2": template, "sections/references.html.j2": listed},
        prose={"x/discussion.md": "[@a]"},
        references=references,
    )
    assert re.findall(r"#reference-(\d)", html) == ["1", "2", "2"]
    assert re.findall(r'<li id="reference-(\d)">(On .)', html) == [("1", "On b"), ("2", "On a")]


@pytest.mark.parametrize("where", ["template", "prose", "protocol"])
def test_a_citation_of_an_unknown_reference_stops_the_build_by_file_and_line(where):
    given = {"template": "x", "prose": "x", "protocol": "x"} | {where: "\n[@nobody]"}
    files = {
        "template": "report/manuscript.html.j2",
        "prose": "a/discussion.md",
        "protocol": "study.yaml, report.background",
    }
    with pytest.raises(
        GraftlineError, match=f"{files[where]}, line 2: no reference has the key nobody"
    ):
        render(
            given["template"],
            prose={"a/discussion.md": given["prose"]},
            protocol=PROTOCOL | {"report": {"background": given["protocol"]}},
        )


def test_markdown_is_rendered():
    assert render_prose("# A\n\n*b* [c](https://d.org)", NumbersInText([], links=False), "x") == (
        '<h1>A</h1>\n<p><em>b</em> <a href="https://d.org">c</a></p>\n'
    )


# ---- numbers


def test_an_unknown_number_in_a_layout_stops_the_build_with_a_near_one():
    with pytest.raises(GraftlineError, match="unknown number cohort.m; did you mean cohort.n?"):
        render("{{ fill('{cohort.m}') }}")


def test_an_unknown_name_in_a_template_stops_the_build():
    with pytest.raises(jinja2.UndefinedError):
        render("{{ facts.rule.nothing }}", fragments={"rule": part()})


def test_the_appendix_has_the_numbers_that_were_printed_and_no_other():
    listed = "{% for entry in entries() %}[{{ entry.estimates[0][0].id }}]{% endfor %}"
    assert render('{{ n("cohort.n") }}' + listed).endswith("[cohort.n]")
    assert render('{{ value("cohort.n") }}' + listed) == "2"


@pytest.mark.parametrize(
    ("value", "published", "printed"),
    [
        (43.75, 44, "44"),
        (43.75, 43.8, "43.8"),
        (0.25, 0.2, "0.3"),  # half up
        (0.00012, 0.0001, "0.0001"),
        (0.0000123, 1e-05, "0.00001"),
        (1234.5, 1000, "1235"),
        (None, 0.5, None),
    ],
)
def test_a_value_is_printed_as_precisely_as_what_was_published(value, published, printed):
    assert as_precise_as(value, published) == printed


# ---- tables and figures


COUNTED = (
    "{{ ref('table', 'signs') }} {{ counter('table', 'baseline') }} {{ ref('figure', 'toxicity') }}"
)


def test_tables_and_figures_are_counted_in_the_order_of_the_paper_and_without_gaps():
    layout = {"caption": "", "columns": [], "rows": []}
    entry = {"file": "f", "caption": "", "alt": ""}
    html = render(
        COUNTED,
        fragments={
            "b": part(tables={"signs": layout}, figures={"toxicity": entry}),
            "a": part(tables={"baseline": layout}),
        },
        figures={"toxicity": "<svg/>"},
    )
    assert html == (
        '<a class="ref" href="#table-signs" data-exempt="number of a table">Table 2</a> '
        '<span data-exempt="number of a table">1</span> '
        '<a class="ref" href="#figure-toxicity" data-exempt="number of a figure">Figure 1</a>'
    )


def test_tables_that_templates_lay_out_themselves_are_counted_too():
    layout = {"caption": "", "columns": [], "rows": []}
    claims = [{"id": "C01"}]
    html = render(
        "{{ counter('table', 'regimens') }}{{ counter('table', 'baseline') }}"
        "{{ counter('table', 'claims') }}",
        fragments={"a": part(tables={"baseline": layout})},
        protocol=PROTOCOL | {"regimens": {"HD": {}}},
        claims=claims,
    )
    assert [piece[0] for piece in html.split(">")[1::2]] == ["1", "2", "3"]


def test_an_svg_is_carried_by_its_address():
    address = embed_svg("<svg>µ</svg>")
    prefix = "data:image/svg+xml;base64,"
    assert address.startswith(prefix)
    assert base64.b64decode(address.removeprefix(prefix)).decode("utf-8") == "<svg>µ</svg>"
