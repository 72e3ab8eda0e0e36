"""Stops the run when a patient is gone or a death undone without a correction; else writes a flag."""

from graftline.validation.gate import check_gate


def main(inputs, outputs, *, params):
    """inputs: findings; outputs: gate; params: queries, the path to name in the message."""
    check_gate(inputs["findings"], params["queries"], outputs["gate"])


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
