"""Stops the run when the raw tables have errors; otherwise writes a flag.

Called as a command: FINDINGS QUERIES STOPS GATE LOG.
"""

import sys

from graftline.validation.gate import check_gate


def main(inputs, outputs, *, params):
    """inputs: findings; outputs: gate; params: queries, the path to name in the message, and stops,
    False for a cut that is only compared with."""
    check_gate(inputs["findings"], params["queries"], outputs["gate"], stops=params["stops"])


if __name__ == "__main__":
    from graftline.script import run_command

    findings, queries, stops, gate, log = sys.argv[1:]
    run_command(
        main,
        {"findings": findings},
        {"gate": gate},
        log,
        params={"queries": queries, "stops": stops == "1"},
    )
