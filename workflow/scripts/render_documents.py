"""Write the other forms of the manuscript: its tables as a workbook and as CSV."""

from pathlib import Path

from graftline.report.manuscript import manuscript_html
from graftline.report.table_files import csv_files, workbook
from graftline.report.tables_in_html import tables_in_html
from graftline.tables import read_json, write_bytes


def main(inputs, outputs, *, params):
    protocol = params["protocol"]
    html = manuscript_html(inputs, protocol)
    tables = tables_in_html(html, read_json(inputs["numbers"]))
    content = workbook(
        tables,
        title=protocol["title"],
        authors=", ".join(protocol["report"]["authors"]),
        data_label=protocol["data_label"],
        cut=params["cut"],
    )
    write_bytes(outputs["xlsx"], content)
    folder = Path(outputs["tables"])
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in csv_files(tables, protocol["data_label"]).items():
        write_bytes(folder / name, table)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
