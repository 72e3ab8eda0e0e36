"""Stops the run when a patient is gone or a death undone without a correction; else writes a flag.

Called as a command: FINDINGS QUERIES GATE LOG.
"""

import sys

from graftline.validation.gate import check_gate


def main(inputs, outputs, *, params):
    """inputs: findings; outputs: gate; params: queries, the path to name in the message."""
    check_gate(inputs["findings"], params["queries"], outputs["gate"])


if __name__ == "__main__":
    from graftline.script import run_command

    findings, queries, gate, log = sys.argv[1:]
    run_command(main, {"findings": findings}, {"gate": gate}, log, params={"queries": queries})
