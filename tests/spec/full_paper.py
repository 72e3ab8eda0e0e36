"""The whole paper of small_study's two patients, with the project's style and figures, and with tables as
long, as wide and with words as long as one likes."""

from copy import deepcopy
from functools import cache

from graftline.report.fonts import font_faces_css
from graftline.report.pdf import render_pdf
from tests.scripts.small_study import CUT
from tests.spec.small_paper import REPORT, fragments, render

FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200" width="400pt" height="200pt">'
    '<rect width="400" height="200" fill="#0072b2"/></svg>'
)
# No break can be made in it but by force; accents, ligatures and a letter with two.
LONG_WORD = "Pseudohypoparathyreoidismusähnliche" * 2 + "Ñuñoa-Ångström-Żółć"


def styled(html: str) -> str:
    """`html`, which came without a style, with that of the project."""
    style = (REPORT / "style.css").read_text("utf-8")
    return html.replace("<style>", f"<style>\n{font_faces_css()}\n{style}\n", 1)


def with_tables(rows: int, arms: int, word: str = "Nausea") -> dict:
    """The fragments, with a table of adverse events of `rows` items and as many arms; 0 rows: none."""
    parts = deepcopy(fragments())
    tables = parts["tabulate_toxicity"]["tables"]
    tables.pop("adverse_events", None)
    for name in ("toxicity_items", "adverse_events"):
        if rows:
            tables[name] = {
                "caption": f"Adverse events: {word}.",
                "columns": ["Item", *["Grade III, patients"] * arms],
                "rows": [
                    {"label": f"{word}", "term": True, "cells": ["{cohort.n} ({cohort.n})"] * arms}
                ]
                * rows,
                "footnotes": ["A patient is counted once for each item."] * 2,
            }
    return parts


@cache
def paper_html(rows: int = 3, arms: int = 2, word: str = "Nausea") -> str:
    """The paper's HTML with the project's style."""
    html = styled(render(parts=with_tables(rows, arms, word)))
    return html.replace("PHN2Zy8+", _encoded(FIGURE))


def _encoded(svg: str) -> str:
    from base64 import b64encode

    return b64encode(svg.encode()).decode()


@cache
def paper_pdf(rows: int = 3, arms: int = 2, word: str = "Nausea") -> bytes:
    """The paper's PDF."""
    return render_pdf(paper_html(rows, arms, word), cut=CUT, identifier="ab" * 16)
