"""Compute every survival estimate a second time, by other means; a difference stops the run."""

from graftline import tables
from graftline.analyse.survival import SurvivalAnalysis
from graftline.analyse.survival_checks import check_estimates


def main(inputs, outputs, *, params):
    """Inputs: endpoints, fragment. Outputs: checked (JSON with the numbers of values and sums).

    Params: endpoints, origins, survival, labels, arms, data_label.
    """
    sections = (params[name] for name in ("endpoints", "origins", "survival", "labels", "arms"))
    analysis = SurvivalAnalysis(tables.read_parquet(inputs["endpoints"]), *sections)
    checked = check_estimates(analysis, tables.read_json(inputs["fragment"])["numbers"])
    tables.write_json(outputs["checked"], checked | {"data_label": params["data_label"]})


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
