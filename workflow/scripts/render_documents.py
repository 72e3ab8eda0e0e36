"""Write the other forms of the manuscript: Word, and its tables as a workbook and as CSV."""

import shutil
from pathlib import Path

from graftline.report.manuscript import manuscript_html
from graftline.report.pictures import draw_pictures
from graftline.report.table_files import csv_files, workbook
from graftline.report.tables_in_html import parse_html, tables_in_html
from graftline.report.word.document import word_document
from graftline.tables import read_json, write_bytes


def main(inputs, outputs, *, params):
    protocol = params["protocol"]
    html = manuscript_html(inputs, protocol)
    records = read_json(inputs["numbers"])
    tables = tables_in_html(html, records)
    content = workbook(
        tables,
        title=protocol["title"],
        authors=", ".join(protocol["report"]["authors"]),
        data_label=protocol["data_label"],
        cut=params["cut"],
    )
    write_bytes(outputs["xlsx"], content)
    images = parse_html(html).iter("img")
    pictures = draw_pictures([image.get("src") for image in images], cut=params["cut"])
    write_bytes(
        outputs["docx"],
        word_document(
            html, records, pictures, data_label=protocol["data_label"], cut=params["cut"]
        ),
    )
    folder = Path(outputs["tables"])
    # Snakemake empties it; a table that is no more would otherwise stay where nobody does.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, table in csv_files(tables, protocol["data_label"]).items():
        write_bytes(folder / name, table)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
