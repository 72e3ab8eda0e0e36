"""Grade what was observed on the study's toxicity scales, and find each patient's worst grades."""

from graftline import tables
from graftline.derive.toxicity import READ, derive_in_blocks
from graftline.grading.files import read_scale, read_units
from graftline.parquet_parts import write_parquet_parts


def main(inputs, outputs, *, params):
    """Inputs: validated tables by name, scales (YAML, the main one first) and units (YAML).
    Outputs: toxicity, toxicity_worst, signs, lineage."""
    units, paths = read_units(inputs["units"]), inputs["scales"]
    paths = [paths] if isinstance(paths, str) else paths
    scales = [read_scale(path, units) for path in paths]
    validated = {name: tables.read_parquet(inputs[name]) for name in READ if name in inputs}
    blocks = derive_in_blocks(validated, scales, units, params["toxicity"], params["cut"])
    write_parquet_parts(outputs, blocks, data_label=params["data_label"])


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
