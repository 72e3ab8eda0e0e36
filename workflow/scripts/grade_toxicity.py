"""Grade what was observed on the study's toxicity scale, and find each patient's worst grade."""

import yaml

from graftline import tables
from graftline.derive.toxicity import READ, derive_toxicity
from graftline.grading.scale import parse_scale


def main(inputs, outputs, *, params):
    """Inputs: validated tables by name and scale (YAML). Outputs: toxicity, toxicity_worst, signs,
    lineage."""
    with open(inputs["scale"], encoding="utf-8") as file:
        scale = parse_scale(yaml.load(file, Loader=yaml.CSafeLoader), str(inputs["scale"]))
    validated = {name: tables.read_parquet(inputs[name]) for name in READ if name in inputs}
    derived = derive_toxicity(validated, scale, params["toxicity"], params["cut"])
    for name, frame in derived.items():
        tables.write_parquet(outputs[name], frame, data_label=params["data_label"])


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
