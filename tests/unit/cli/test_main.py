"""What holds for every command."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
# A command that prints more than a pipe holds.
LONG = """
import sys, graftline.cli as cli
class Arguments:
    run = staticmethod(lambda arguments: print(*range(100_000), sep="\\n") or 0)
class Parser:
    parse_args = staticmethod(lambda argv: Arguments)
cli.build_parser = Parser
sys.exit(cli.main([]))
"""


def test_who_has_seen_enough_of_the_output_gets_no_complaint():
    paths = f"{ROOT / 'workflow'}{os.pathsep}{ROOT}"
    with subprocess.Popen(
        [sys.executable, "-c", LONG],
        env=os.environ | {"PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "0\n"
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0
