"""The page of changes: what a person who knows the patients reads. Not to leave the hospital."""

from __future__ import annotations

from html import escape

import pandas as pd

from graftline.compare_cuts.changes import KINDS

# A browser is slow with more; the CSV file beside the page has them all.
MAX_ROWS = 5000
_STYLE = """
body{font:16px/1.45 sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#222}
.label{border:2px solid #9a3412;color:#9a3412;padding:.5rem .8rem;font-weight:bold}
table{border-collapse:collapse;width:100%;margin-bottom:2rem}
caption{text-align:left;font-weight:bold;padding:.4rem 0}
th,td{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}
th{background:#f2f2f2}
"""
_CHANGES = {
    "Patient": "subject_id",
    "Change": "kind",
    "Table": "table_name",
    "Record": "record_key",
    "Column": "column",
    "Before": "before",
    "Now": "after",
    "Line of corrections.csv": "correction_line",
    "File": "src_file",
    "Line": "src_line",
}
_MOVED = {"Number": "row_key", "Before": "before", "Now": "after", "Because of": "patients"}


def render_page(
    changes: pd.DataFrame, moved: pd.DataFrame, *, title: str, data_label: str | None
) -> str:
    """The page: changes by patient and the numbers that moved, every text escaped."""
    parts = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>',
        '<meta name="viewport" content="width=device-width">',
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>",
    ]
    if data_label:
        parts.append(f'<p class="label">{escape(data_label)}</p>')
    words = changes.assign(kind=changes["kind"].map(KINDS))
    numbers = moved[moved["kind"].isin(["moved", "new", "gone"])]
    parts += _render_table("Patients", words, _CHANGES)
    parts += _render_table("Numbers", numbers, _MOVED)
    parts.append("</body></html>")
    return "\n".join(parts) + "\n"


def _render_table(caption: str, rows: pd.DataFrame, columns: dict[str, str]) -> list[str]:
    if rows.empty:
        return [f"<p>{escape(caption)}: nothing changed.</p>"]
    shown = rows.head(MAX_ROWS)
    cells = shown[list(columns.values())].astype(object).where(shown.notna(), "")
    heads = "".join(f'<th scope="col">{head}</th>' for head in columns)
    count = (
        f"{len(rows)}"
        if len(shown) == len(rows)
        else f"the first {len(shown)} of {len(rows)}; all are in the CSV file"
    )
    parts = [
        f"<table><caption>{escape(caption)} ({count})</caption><thead><tr>{heads}</tr></thead>"
    ]
    parts.append("<tbody>")
    for row in cells.itertuples(index=False):
        parts.append("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>")
    return [*parts, "</tbody></table>"]
