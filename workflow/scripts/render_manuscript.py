"""Render the manuscript: HTML from the templates and the registry, PDF from the HTML."""

from graftline.report.fonts import embed_fonts
from graftline.report.manuscript import manuscript_html
from graftline.report.pdf import render_pdf
from graftline.tables import read_json, write_bytes, write_text


def main(inputs, outputs, *, params):
    html = manuscript_html(inputs, params["protocol"])
    write_text(outputs["html"], embed_fonts(html))
    digest = read_json(inputs["build"])["build_digest"]
    write_bytes(outputs["pdf"], render_pdf(html, cut=params["cut"], identifier=digest))


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
