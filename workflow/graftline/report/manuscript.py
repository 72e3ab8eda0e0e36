"""The one HTML that every form of the manuscript is made from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from graftline.config.yaml_lines import read_yaml
from graftline.report.bibliography import read_references
from graftline.report.digits import assert_no_typed_digits
from graftline.report.document import render_html
from graftline.report.fonts import font_faces_css
from graftline.report.numbers_in_text import NumbersInText
from graftline.tables import read_json


def manuscript_html(inputs: Mapping[str, Any], protocol: Mapping[str, Any]) -> str:
    """The manuscript's HTML from the `inputs` of its rules; fonts are named and not embedded.

    What is made of this text (page, PDF, DOCX, spreadsheets) cannot differ in a value. Raises
    GraftlineError for an unknown number or reference, and for a digit that is not from the registry.
    """
    report = next(Path(p).parent for p in inputs["templates"] if p.endswith("/manuscript.html.j2"))
    shared = [path for path in inputs["templates"] if path.endswith("/references.json")]
    lists = [path for path in inputs["templates"] if path.endswith("/checklists.yaml")]
    html = render_html(
        templates=jinja2.FileSystemLoader(report),
        numbers=NumbersInText(
            read_json(inputs["numbers"]), links=protocol["report"]["number_links"]
        ),
        fragments={Path(path).stem: read_json(path) for path in inputs["fragments"]},
        figures={Path(path).stem: Path(path).read_text("utf-8") for path in inputs["figures"]},
        protocol=protocol,
        claims=read_json(inputs["claims"]),
        build=read_json(inputs["build"]),
        prose={path: Path(path).read_text("utf-8") for path in inputs["prose"]},
        references=read_references([*shared, *inputs["references"]]),
        checklists=read_yaml(lists[0])[0] if lists else None,
        styles={
            "fonts_css": font_faces_css(),
            "style_css": (report / "style.css").read_text("utf-8"),
        },
    )
    tokens, _ = read_yaml(report / "tokens.yaml")
    assert_no_typed_digits(html, [token["pattern"] for token in tokens])
    return html
