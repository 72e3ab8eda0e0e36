"""The paper of small_study's two patients, from the project's templates, with values changed at will."""

import html
import re
from copy import deepcopy
from functools import cache

import jinja2

from graftline.analyse.survival import SurvivalAnalysis
from graftline.analyse.survival_text import lay_out_endpoints
from graftline.compare_cuts import declare
from graftline.compare_cuts.changes import concat_changes
from graftline.compare_cuts.layout import state_facts
from graftline.compare_cuts.numbers import compare_records
from graftline.config.yaml_lines import read_yaml
from graftline.disclosure.policy import MASKED
from graftline.numbers import evaluate, fragment
from graftline.report.bibliography import read_references
from graftline.report.document import render_html
from graftline.report.numbers_in_text import NumbersInText
from tests.scripts.small_study import ANALYSES, CUT, LABEL, PROTOCOL, ROOT, made

REPORT = ROOT / "report"
TOKENS = [token["pattern"] for token in read_yaml(REPORT / "tokens.yaml")[0]]


@cache
def survival():
    """The survival fragment of the small study, without its figures."""
    names = ("endpoints", "origins", "survival")
    sections = {name: PROTOCOL[name] for name in names}
    names = ("endpoints", "endpoints_bounds", "lineage_endpoints")
    outputs = {name.split("_end")[0]: made().path(name) for name in names}
    made().run("derive_endpoints", made().raw, outputs, cut=CUT, **sections)
    endpoints = made().frame("endpoints")
    analysis = SurvivalAnalysis(endpoints, *sections.values(), PROTOCOL["labels"], PROTOCOL["arms"])
    records = evaluate(analysis.declare(), {"endpoints": endpoints}, data_label=LABEL)
    tables = {"endpoints": lay_out_endpoints(analysis)}
    figures = {
        name: {"file": f"figures/{name}.svg", "caption": "Curves.", "alt": "Curves."}
        for name in ("kaplan_meier", "cumulative_incidence")
    }
    return fragment(records, tables=tables, facts=analysis.facts(), figures=figures)


@cache
def comparison():
    """The comparison of the small study's cut with one that is the same."""
    frames = {
        declare.CUTS: declare.tabulate_cuts("1996-12-31"),
        declare.CHANGES: concat_changes([]),
        declare.MOVED: compare_records([], []),
    }
    numbers = [
        *declare.declare_cuts(),
        *declare.declare_changes(PROTOCOL["endpoints"]),
        *declare.declare_moved(frames[declare.MOVED], []),
    ]
    facts = state_facts(frames[declare.CHANGES], frames[declare.MOVED], {})
    return fragment(evaluate(numbers, frames, data_label=LABEL), facts=facts)


@cache
def fragments():
    return {name: made().json(name) for name in ANALYSES} | {"estimate_survival": survival()}


@cache
def records():
    return made().json("numbers") + survival()["numbers"] + comparison()["numbers"]


def render(
    template=None,
    *,
    values=(),
    masked=(),
    parts=None,
    protocol=PROTOCOL,
    claims=(),
    more_references=(),
    links=True,
):
    """The HTML of one template, or of the whole paper, with some values of the registry changed, and
    some `masked`, by what is printed in their stead."""
    changed = dict(values)
    unknown = set(changed) - {record["id"] for record in records()}
    assert not unknown, unknown
    given = [
        record | {"value": changed[record["id"]], "display": str(changed[record["id"]])}
        if record["id"] in changed
        else record
        for record in records()
    ]
    hidden = dict(masked)
    given = [
        record | {"value": None, "display": hidden[record["id"]], "format": {"display": MASKED}}
        if record["id"] in hidden
        else record
        for record in given
    ]
    loader = jinja2.FileSystemLoader(REPORT)
    if template:
        only = jinja2.DictLoader({"manuscript.html.j2": f'{{% include "{template}" %}}'})
        loader = jinja2.ChoiceLoader([only, loader])
    parts = fragments() if parts is None else parts
    return render_html(
        templates=loader,
        numbers=NumbersInText(given, links=links),
        fragments=parts,
        figures={name: "<svg/>" for part in parts.values() for name in part["figures"]},
        protocol=protocol,
        claims=list(claims),
        build={"build_digest": "ab" * 32, "parts": {"cut_manifest": "cd" * 32}},
        prose={"introduction": "In 1990.", "discussion": "In 1991."},
        styles={"fonts_css": "", "style_css": ""},
        references=read_references([REPORT / "references.json", *more_references]),
        checklists=read_yaml(REPORT / "checklists.yaml")[0],
    )


def read(template, **options):
    """What one reads: no tables, no tags, one space between words."""
    page = re.sub(r"<(table|figure|dl)\b.*?</\1>", "", render(template, **options), flags=re.DOTALL)
    page = re.sub(r' ?<span data-exempt="citation">.*?</span>', "", page)
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    return re.sub(r"\s+", " ", text)


def results(**options):
    return read("sections/results.html.j2", **options)


@cache
def paper():
    return render()


def alter(rule, **facts):
    parts = deepcopy(fragments())
    parts[rule]["facts"] |= facts
    return parts
