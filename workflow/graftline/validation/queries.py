"""Findings as files: for the site (CSV and page) and for the gate (counts)."""

from __future__ import annotations

import pandas as pd

from graftline.tables import write_csv, write_json, write_text
from graftline.validation.findings import summarise_findings
from graftline.validation.page import render_page


def write_queries(
    outputs: dict[str, str], findings: pd.DataFrame, *, title: str, data_label: str | None
) -> None:
    """Write `queries` (CSV), `queries_page` (HTML) and `findings` (JSON) of a script's outputs."""
    write_csv(outputs["queries"], findings, data_label=data_label)
    write_text(outputs["queries_page"], render_page(findings, title=title, data_label=data_label))
    write_json(outputs["findings"], summarise_findings(findings, data_label=data_label))
