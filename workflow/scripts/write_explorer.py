"""Write the explorer: numbers, rows, raw lines, rules and queries on one page."""

import csv
from pathlib import Path

from graftline.explorer.content import make_content
from graftline.explorer.page import render_explorer
from graftline.tables import read_json, write_text

LINEAGE = "lineage_"
DERIVED = ("derived", "lineage", "received", "collected", "compared")
SOURCES = ("raw", "raw_before", "study_files")


def as_list(paths):
    """What is one path or several, as a list."""
    return [paths] if isinstance(paths, str) else paths


def read_rows(path):
    """The rows of a CSV file, the header first."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def main(inputs, outputs, *, params):
    paths = [path for name in DERIVED for path in as_list(inputs[name])]
    tables = {Path(path).stem: Path(path) for path in paths}
    report = {Path(path).name: Path(path).read_text("utf-8") for path in inputs["page"]}
    content = make_content(
        records=read_json(inputs["numbers_full"]),
        derived={name: path for name, path in tables.items() if not name.startswith(LINEAGE)},
        lineage=[path for name, path in tables.items() if name.startswith(LINEAGE)],
        raw={path: Path(path) for name in SOURCES for path in as_list(inputs[name])},
        rules=read_json(inputs["rules"])["rules"],
        tables_in_csv={
            Path(path).name: read_rows(path)
            for path in (*inputs["queries"], *as_list(inputs["corrections"]))
        },
        about={
            "study": params["study"],
            "cut": params["cut"],
            "data_label": params["data_label"],
            "build_digest": read_json(inputs["build"])["build_digest"],
        },
    )
    page = render_explorer(
        content, report["explorer.html"], report["explorer.js"], report["explorer.css"]
    )
    write_text(outputs["explorer"], page)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
