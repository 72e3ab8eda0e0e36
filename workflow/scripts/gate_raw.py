"""Stops the run when the raw tables have errors; otherwise writes a flag."""

from functools import partial

from graftline.validation.gate import check_gate


def main(inputs, outputs, *, params, stops=True):
    """inputs: findings; outputs: gate; params: queries, the path to name in the message. `stops`:
    False for a cut that is only compared with."""
    check_gate(inputs["findings"], params["queries"], outputs["gate"], stops=stops)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(partial(main, stops=bool(snakemake.resources.stops)), snakemake)  # noqa: F821
