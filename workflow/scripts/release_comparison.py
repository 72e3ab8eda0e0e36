"""Write the comparison of cuts as it may leave."""

from graftline.compare_cuts.released import release_comparison
from graftline.tables import read_json, write_json


def main(inputs, outputs, *, params):
    """inputs: numbers (released), fragment (of compare_cuts); outputs: comparison."""
    comparison = release_comparison(
        read_json(inputs["numbers"]),
        cut=params["cut"],
        compared=read_json(inputs["fragment"])["facts"]["compared"],
        data_label=params["data_label"],
    )
    write_json(outputs["comparison"], comparison)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
