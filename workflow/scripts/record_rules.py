"""Record what each rule of the run reads, makes and is told, as Snakemake's graph has it."""

from graftline.tables import write_json


def main(inputs, outputs, *, params):
    write_json(outputs["rules"], params["rules"] | {"data_label": params["data_label"]})


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
