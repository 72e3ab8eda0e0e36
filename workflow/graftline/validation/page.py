"""The page of queries that a site reads: one HTML file without anything from elsewhere."""

from __future__ import annotations

from html import escape

import pandas as pd

from graftline.patient_page import CLOSE, MAX_ROWS, open_page
from graftline.validation.findings import ERROR

_STYLE = """td.n{text-align:right}td.E{color:#9a3412;font-weight:bold}
td.v{white-space:pre-wrap;overflow-wrap:anywhere}
input,select{font:inherit;padding:.3rem}
"""
# Rows hold their text in lower case; a table without a visible row is hidden with its caption.
_SCRIPT = """
const text=document.getElementById('text'),kind=document.getElementById('kind');
function show(){const t=text.value.toLowerCase(),k=kind.value;let n=0;
for(const table of document.querySelectorAll('table')){let some=false;
for(const row of table.tBodies[0].rows){
const fits=(!k||row.dataset.kind===k)&&row.textContent.toLowerCase().includes(t);
row.hidden=!fits;some=some||fits;n+=fits}table.hidden=!some}
document.getElementById('count').textContent=n}
text.oninput=show;kind.onchange=show;show();
"""
_HEADS = ("Line", "Kind", "Rule", "Table", "Column", "Subject", "Value", "What to do")


def render_page(findings: pd.DataFrame, *, title: str, data_label: str | None) -> str:
    """The page: findings by file and line, with a filter; every text escaped."""
    shown = findings.head(MAX_ROWS)
    errors = int(findings["severity"].eq(ERROR).sum())
    parts = open_page(title, data_label, style=_STYLE)
    parts.append(
        f"<p>{errors} errors must be put right before results are made; {len(findings) - errors} "
        f"warnings should be looked at.</p>"
    )
    if len(findings) > len(shown):
        parts.append(
            f"<p>The page shows the first {len(shown)} of {len(findings)}; all are in the CSV file.</p>"
        )
    if len(shown):
        parts.append(
            '<p><label>Show rows with <input id="text" type="search"></label> '
            '<label>of kind <select id="kind"><option value="">any</option>'
            '<option value="E">error</option><option value="W">warning</option></select></label> '
            '(<span id="count"></span> shown)</p>'
        )
        for file, rows in shown.groupby("file", dropna=False, sort=True):
            parts += _render_file("" if pd.isna(file) else file, rows)
        parts.append(f"<script>{_SCRIPT}</script>")
    else:
        parts.append("<p>Nothing was found.</p>")
    parts.append(CLOSE)
    return "\n".join(parts) + "\n"


def _render_file(file: str, rows: pd.DataFrame) -> list[str]:
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    parts = [f"<table><caption>{escape(file)}</caption><thead><tr>{heads}</tr></thead><tbody>"]
    cells = rows.astype(object).where(rows.notna(), "")
    for row in cells.itertuples(index=False):
        kind = "error" if row.severity == ERROR else "warning"
        parts.append(
            f'<tr data-kind="{escape(row.severity)}"><td class="n">{row.line}</td>'
            f'<td class="{escape(row.severity)}">{kind}</td><td>{escape(row.rule)}</td>'
            f"<td>{escape(row.table)}</td><td>{escape(row.column)}</td>"
            f'<td>{escape(row.subject_id)}</td><td class="v">{escape(row.value)}</td>'
            f"<td>{escape(row.message)}</td></tr>"
        )
    return [*parts, "</tbody></table>"]
