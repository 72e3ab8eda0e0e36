"""The command line: graftline COMMAND. Each command imports what it needs when it is called."""

from __future__ import annotations

import argparse
import sys

from graftline.cli import correct, estimate, grade, receive, release, scheduled_run, trace
from graftline.cli.results import choose_results
from graftline.errors import GraftlineError


def verify(arguments: argparse.Namespace) -> int:
    """Run every number again, and name those that differ."""
    from graftline.verify import verify_numbers

    results = choose_results(arguments.results)
    problems = verify_numbers(results)
    for problem in problems:
        print(problem)
    checked = len(results.records)
    found = "1 difference" if len(problems) == 1 else f"{len(problems)} differences"
    print(f"{results.path}: {checked} numbers run again, {found}")
    return 1 if problems else 0


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="graftline",
        description="Ask of finished results what they were made from; grade laboratory values; "
        "estimate survival; receive and correct data; seal and verify releases.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    trace.add_command(commands)
    command = commands.add_parser("verify", help="run every number of a results folder again")
    command.add_argument(
        "results", metavar="FOLDER", nargs="?", help="results/<study>/<cut>; the newest by default"
    )
    command.set_defaults(run=verify)

    estimate.add_command(commands)
    grade.add_command(commands)
    receive.add_command(commands)
    correct.add_command(commands)
    release.add_command(commands)
    scheduled_run.add_command(commands)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run a command; a `GraftlineError` is one sentence on stderr and exit status 1."""
    arguments = build_parser().parse_args(argv)
    try:
        return arguments.run(arguments)
    except GraftlineError as error:
        print(f"graftline: {error}", file=sys.stderr)
        return 1
