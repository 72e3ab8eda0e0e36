"""The page of changes: what a person who knows the patients reads. Not to leave the hospital."""

from __future__ import annotations

from html import escape

import pandas as pd

from graftline.compare_cuts.changes import KINDS
from graftline.patient_page import CLOSE, MAX_ROWS, open_page

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
    parts = open_page(title, data_label)
    words = changes.assign(kind=changes["kind"].map(KINDS))
    numbers = moved[moved["kind"].isin(["moved", "new", "gone"])]
    parts += _render_table("Patients", words, _CHANGES)
    parts += _render_table("Numbers", numbers, _MOVED)
    parts.append(CLOSE)
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
