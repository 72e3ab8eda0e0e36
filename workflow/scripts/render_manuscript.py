"""Render the manuscript: HTML from the templates and the registry, PDF from the HTML, and the index of its
pages that traces need."""

from pathlib import Path

from graftline.report.entries import merge_links
from graftline.report.explorer_links import link_to_explorer
from graftline.report.fonts import embed_fonts
from graftline.report.manuscript import manuscript_html
from graftline.report.pdf import render_indexed_pdf
from graftline.report.table_files import csv_files
from graftline.report.tables_in_html import tables_in_html
from graftline.tables import read_json, write_bytes, write_json, write_text


def main(inputs, outputs, *, params):
    protocol = params["protocol"]
    html = manuscript_html(inputs, protocol)
    page = link_to_explorer(html) if protocol["report"]["number_links"] else html
    write_text(outputs["html"], embed_fonts(page))
    tables = csv_files(tables_in_html(html, []), protocol["data_label"])
    attached = {f"table_{name}": table for name, table in tables.items()}
    for name in ("numbers", "claims"):
        attached[f"{name}.json"] = Path(inputs[name]).read_bytes()
    digest = read_json(inputs["build"])["build_digest"]
    merged = merge_links(html)
    pdf, pages = render_indexed_pdf(merged, cut=params["cut"], identifier=digest, attached=attached)
    write_bytes(outputs["pdf"], pdf)
    write_json(outputs["pages"], {"data_label": protocol["data_label"]} | pages)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
