"""Render the manuscript: HTML from the templates and the registry, PDF from the HTML."""

from pathlib import Path

import jinja2

from graftline.config.yaml_lines import read_yaml
from graftline.report.digits import assert_no_typed_digits
from graftline.report.document import render_html
from graftline.report.fonts import embed_fonts, font_faces_css
from graftline.report.numbers_in_text import NumbersInText
from graftline.report.pdf import render_pdf
from graftline.tables import read_json, write_bytes, write_text


def main(inputs, outputs, *, params):
    report = next(Path(p).parent for p in inputs["templates"] if p.endswith("/manuscript.html.j2"))
    build = read_json(inputs["build"])
    protocol = params["protocol"]
    html = render_html(
        templates=jinja2.FileSystemLoader(report),
        numbers=NumbersInText(
            read_json(inputs["numbers"]), links=protocol["report"]["number_links"]
        ),
        fragments={Path(path).stem: read_json(path) for path in inputs["fragments"]},
        figures={Path(path).stem: Path(path).read_text("utf-8") for path in inputs["figures"]},
        protocol=protocol,
        claims=read_json(inputs["claims"]),
        build=build,
        prose={Path(path).stem: Path(path).read_text("utf-8") for path in inputs["prose"]},
        styles={
            "fonts_css": font_faces_css(),
            "style_css": (report / "style.css").read_text("utf-8"),
        },
    )
    tokens, _ = read_yaml(report / "tokens.yaml")
    assert_no_typed_digits(html, [token["pattern"] for token in tokens])
    write_text(outputs["html"], embed_fonts(html))
    write_bytes(
        outputs["pdf"], render_pdf(html, cut=params["cut"], identifier=build["build_digest"])
    )


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
