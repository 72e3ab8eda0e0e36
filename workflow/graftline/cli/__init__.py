"""The command line: graftline COMMAND. Each command imports what it needs when it is called."""

from __future__ import annotations

import argparse
import os
import sys

from graftline.cli import (
    correct,
    estimate,
    grade,
    plan,
    receive,
    release,
    scheduled_run,
    trace,
    verify,
)
from graftline.errors import GraftlineError


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="graftline",
        description="Ask of finished results what they were made from; grade laboratory values; "
        "estimate survival; receive and correct data; seal and verify releases.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    trace.add_command(commands)
    verify.add_command(commands)
    estimate.add_command(commands)
    grade.add_command(commands)
    plan.add_command(commands)
    receive.add_command(commands)
    correct.add_command(commands)
    release.add_command(commands)
    scheduled_run.add_command(commands)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run a command; a `GraftlineError` is one sentence on stderr and exit status 1."""
    arguments = build_parser().parse_args(argv)
    try:
        status = arguments.run(arguments)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read the output has seen enough (| head); Python would complain of it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except GraftlineError as error:
        print(f"graftline: {error}", file=sys.stderr)
        return 1
