"""Describe exposure: doses given against doses planned, by drug and arm, and who stopped."""

from graftline.analyse.exposure import declare_exposure, lay_out_exposure, state_facts
from graftline.numbers import evaluate, fragment
from graftline.tables import read_parquet, write_json


def main(inputs, outputs, *, params):
    """Inputs: exposure_total. Outputs: fragment. Params: arms, drugs, data_label."""
    totals = read_parquet(inputs["exposure_total"])
    study = {"arms": params["arms"] or {}, "drugs": params["drugs"] or {}}
    label = params["data_label"]
    numbers = declare_exposure(totals, **study)
    records = evaluate(numbers, {"exposure_total": totals}, data_label=label)
    tables = {"exposure": lay_out_exposure(totals, **study)}
    write_json(
        outputs["fragment"],
        fragment(records, tables=tables, facts=state_facts(totals, **study), data_label=label),
    )


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
