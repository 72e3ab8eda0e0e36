"""The command line: graftline COMMAND. Each command imports what it needs when it is called."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from graftline.cli import estimate, grade, receive
from graftline.errors import GraftlineError


def _results_folder(given: str | None):
    """The results folder that was named, or the newest one of the configured study."""
    from graftline.config.yaml_lines import read_yaml
    from graftline.results_folder import ResultsFolder, find_results

    if given:
        return ResultsFolder(Path(given))
    config, _ = read_yaml("config/config.yaml")
    return ResultsFolder(find_results(Path(config["results"]), config["study"]))


def trace(arguments: argparse.Namespace) -> int:
    """Print what a number is made of."""
    from graftline.tables import format_json
    from graftline.trace import format_trace, trace_number

    found = trace_number(_results_folder(arguments.results), arguments.number)
    if arguments.json:
        print(format_json(found), end="")
    else:
        print(format_trace(found, None if arguments.all else 50))
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """Run every number again, and name those that differ."""
    from graftline.verify import verify_numbers

    results = _results_folder(arguments.results)
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
        "estimate survival; receive data.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("trace", help="what a number is made of, down to file and line")
    command.add_argument(
        "number", metavar="NUMBER_ID", help="an id of numbers.json, such as os.n_events"
    )
    command.add_argument(
        "--results", metavar="FOLDER", help="results/<study>/<cut>; the newest by default"
    )
    command.add_argument("--json", action="store_true", help="for programs")
    command.add_argument("--all", action="store_true", help="list all rows, not the first 50")
    command.set_defaults(run=trace)

    command = commands.add_parser("verify", help="run every number of a results folder again")
    command.add_argument(
        "results", metavar="FOLDER", nargs="?", help="results/<study>/<cut>; the newest by default"
    )
    command.set_defaults(run=verify)

    estimate.add_command(commands)
    grade.add_command(commands)
    receive.add_command(commands)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run a command; a `GraftlineError` is one sentence on stderr and exit status 1."""
    arguments = build_parser().parse_args(argv)
    try:
        return arguments.run(arguments)
    except GraftlineError as error:
        print(f"graftline: {error}", file=sys.stderr)
        return 1
