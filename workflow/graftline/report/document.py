"""The manuscript's HTML, from templates, the registry and what the analyses laid out."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import PurePath
from typing import Any

import jinja2
from markupsafe import Markup

from graftline.disclosure.policy import HIDDEN, Hidden, read_policy
from graftline.report.bibliography import (
    Entry,
    check_citations,
    format_references,
    number_citations,
)
from graftline.report.checklists import asks_for, ids_in, place_items
from graftline.report.entries import group_entries, link_to_entries
from graftline.report.layouts import print_table
from graftline.report.numbers_in_text import NumbersInText, leave_out_masked_brackets
from graftline.report.prose import own_texts, render_prose, render_sentence
from graftline.report.quality_table import lay_out_quality
from graftline.report.sources import describe_sources
from graftline.rounding import round_half_up
from graftline.slugs import slug

# The order of tables and figures in the paper; those without data are left out and not counted.
TABLES = (
    "regimens",
    "baseline",
    "cases",
    "exposure",
    "toxicity_worst",
    "toxicity_items",
    "signs",
    "toxicity_scales",
    "toxicity_shifts",
    "adverse_events",
    "endpoints",
    "comparisons",
    "sensitivity",
    "claims",
    "data_quality",
    "changes",
    "checklist_strobe",
    "checklist_harms",
)
# Where the list of references is set once it is known what is cited.
REFERENCES = "<!-- references -->"
# Where the reporting checklists are set once it is known what the manuscript has.
CHECKLISTS = "<!-- checklists -->"
FIGURES = (
    "flow",
    "swimmer",
    "dose_intensity",
    "toxicity",
    "laboratory",
    "kaplan_meier",
    "cumulative_incidence",
    "forest",
)


def as_precise_as(value: float | Hidden | None, published: float) -> str | None:
    """`value` with as many decimals as `published` is written with, to be held against it."""
    decimals = max(0, -Decimal(repr(published)).as_tuple().exponent)
    return None if value is None or value is HIDDEN else round_half_up(value, decimals)


def css_string(text: str) -> Markup:
    """`text` as a string in a style sheet; whatever could end it is written as its code point."""
    plain = re.sub(r"[^\w .,;:()/%-]", lambda found: f"\\{ord(found[0]):x} ", text)
    return Markup(f'"{plain}"')


def embed_svg(svg: str) -> str:
    """A data URI that carries an SVG."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")


# UCUM unit -> the unit in print.
UNIT_LABELS = {"10*6.[iU]/m2": "million IU/m²", "10*6.[iU]": "million IU"}


def _laid_out_here(protocol: Mapping[str, Any], claims: list) -> set[str]:
    """The tables that templates lay out themselves."""
    return ({"regimens"} if protocol["regimens"] else set()) | ({"claims"} if claims else set())


def section_of(prose: Mapping[str, str], numbers: NumbersInText) -> Callable[[str], Markup]:
    """The function by which templates set one of the study's Markdown files, by its stem; nothing
    for one that there is not."""
    files = {PurePath(file).stem: file for file in prose}

    def write(stem: str) -> Markup:
        file = files.get(stem)
        return Markup("") if file is None else render_prose(prose[file], numbers, file)

    return write


def _check_citations(
    templates: jinja2.BaseLoader,
    prose: Mapping[str, str],
    protocol: Mapping[str, Any],
    references: Mapping[str, Entry],
) -> None:
    """Raise GraftlineError for an unknown key in prose, protocol or templates, with file and line."""
    environment = jinja2.Environment(loader=templates, autoescape=True)
    names = [name for name in environment.list_templates() if name.endswith(".j2")]
    sources = {
        f"report/{name}": templates.get_source(environment, name)[0] for name in sorted(names)
    }
    check_citations({**prose, **own_texts(protocol), **sources}, references)


def _numbered(names: tuple[str, ...], present: Mapping[str, Any], also: set[str]) -> dict[str, int]:
    shown = [name for name in names if name in present or name in also]
    return {name: position for position, name in enumerate(shown, start=1)}


def render_html(
    *,
    templates: jinja2.BaseLoader,
    numbers: NumbersInText,
    fragments: Mapping[str, Mapping[str, Any]],
    figures: Mapping[str, str],
    protocol: Mapping[str, Any],
    claims: list[Mapping[str, Any]],
    build: Mapping[str, Any],
    prose: Mapping[str, str],
    styles: Mapping[str, str],
    references: Mapping[str, Entry] | None = None,
    checklists: Mapping[str, Any] | None = None,
) -> str:
    """The HTML of the manuscript.

    `fragments` maps a rule to what it hands over (`graftline.numbers.fragment`), `figures` a
    figure's name to its SVG, `prose` the files introduction.md and discussion.md to their Markdown,
    `styles` fonts_css and style_css to CSS, `references` a key to its entry in CSL JSON, and
    `checklists` is what report/checklists.yaml holds. Raises GraftlineError for an unknown number, and
    for a citation of an unknown reference.
    """
    references = references or {}
    _check_citations(templates, prose, protocol, references)
    tables = {
        name: layout for part in fragments.values() for name, layout in part["tables"].items()
    }
    facts = {rule: part["facts"] for rule, part in fragments.items()}
    survival = facts.get("estimate_survival", {}).get("survival", {})
    quality = lay_out_quality(numbers, protocol, survival)
    if quality:
        tables["data_quality"] = quality
    described = {
        name: entry | {"data": embed_svg(figures[name])}
        for part in fragments.values()
        for name, entry in part["figures"].items()
    }
    wanted = [one for one in (checklists or {}).get("checklists", []) if asks_for(one, protocol)]
    here = _laid_out_here(protocol, claims) | {one["name"] for one in wanted}
    order = {
        "table": _numbered(TABLES, tables, here),
        "figure": _numbered(FIGURES, described, set()),
    }

    # The table that is laid out here is of numbers that no analysis made.
    own = {
        "collect_numbers": {"tables": {"data_quality": quality} if quality else {}, "figures": {}}
    }
    sources = describe_sources(fragments | own, numbers)

    def counter(kind: str, name: str) -> Markup:
        return Markup('<span data-exempt="number of a {}">{}</span>').format(
            kind, order[kind][name]
        )

    def ref(kind: str, name: str) -> Markup:
        return Markup(
            '<a class="ref" href="#{0}-{1}" data-exempt="number of a {0}">{2} {3}</a>'
        ).format(kind, name, kind.capitalize(), order[kind][name])

    environment = jinja2.Environment(
        loader=templates,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["as_precise_as"] = as_precise_as
    environment.filters["last_part"] = lambda number: number.rpartition(".")[2]
    environment.filters["upper_first"] = lambda text: text[:1].upper() + text[1:]
    environment.filters["lower_first"] = lambda text: text[:1].lower() + text[1:]
    environment.filters["css_string"] = css_string
    environment.filters["unit_label"] = lambda unit: UNIT_LABELS.get(unit, unit)
    environment.globals.update(
        slug=slug,
        n=numbers.n,
        record=numbers.record,
        words=numbers.words,
        value=numbers.value,
        masked=numbers.masked,
        undisclosed=numbers.undisclosed,
        of=numbers.of,
        has=numbers.has,
        fill=numbers.fill,
        counter=counter,
        ref=ref,
        entries=lambda: group_entries(numbers.printed_records()),
        tables=tables,
        facts=facts,
        figures=described,
        protocol=protocol,
        data_label=protocol["data_label"],
        disclosure=read_policy(protocol.get("disclosure")),
        claims=claims,
        build=build,
        prose=section_of(prose, numbers),
        sentence=lambda text: render_sentence(text, numbers, "study.yaml"),
        print_table=lambda layout: print_table(layout, numbers.fill),
        source=lambda kind, name: sources[kind, name],
        fonts_css=Markup(styles["fonts_css"]),
        style_css=Markup(styles["style_css"]),
    )
    html = leave_out_masked_brackets(environment.get_template("manuscript.html.j2").render())
    if wanted:
        ids = ids_in(html)
        placed = [place_items(one, checklists["places"], ids) for one in wanted]
        section = environment.get_template("sections/checklists.html.j2")
        html = html.replace(CHECKLISTS, section.render(checklists=placed))
    html, cited = number_citations(html, references)
    if cited:
        entries = format_references(references[key] for key in cited)
        section = environment.get_template("sections/references.html.j2").render(entries=entries)
        html = html.replace(REFERENCES, section)
    return link_to_entries(html, group_entries(numbers.printed_records()))
