"""graftline trace: what something is made of, or what depends on it."""

from __future__ import annotations

import argparse
import re

from graftline.cli.results import choose_results

KINDS = """\
what can be traced, back:
  a number's id                  os.n_events
  a printed table, row or cell   table:endpoints, table:endpoints/ROW/COLUMN (words, or counted from 1)
  a figure                       figure:kaplan_meier
  an entry of the appendix       entry:DIGEST, as the paper prints it
  a row of a derived table       row:endpoints/P01/os
  a file of the results          aggregate/manuscript.pdf
and forth:
  a line or cell of a raw file   ae.csv:12, data/il2-ifn/1997-12-31/ae.csv:12:start_date
  a patient                      subject:P01"""
_STUDY_AND_CUT = re.compile(r"([a-z0-9][a-z0-9-]*)/(\d{4}-\d{2}-\d{2})/[^:]+")
MOST_ROWS = 50


def _study_and_cut(target: str) -> tuple[str, str] | None:
    """The study and cut that a path names, if it does."""
    found = _STUDY_AND_CUT.search(target)
    return (found[1], found[2]) if found else None


def trace(arguments: argparse.Namespace) -> int:
    """Print a trace."""
    from graftline.tables import format_json
    from graftline.trace import format_trace, trace_target

    results = choose_results(arguments.results, _study_and_cut(arguments.target))
    most_rows = None if arguments.all or arguments.json else MOST_ROWS
    found = trace_target(results, arguments.target, subject=arguments.subject, most_rows=most_rows)
    if arguments.json:
        print(format_json(found), end="")
    else:
        print(format_trace(found, most_rows))
    return 0


def add_command(commands) -> None:
    """Add `trace` to the subcommands."""
    command = commands.add_parser(
        "trace",
        help="what a number is made of, down to file and line; what depends on a raw line or a patient",
        description=KINDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("target", metavar="TARGET", help="one of the above")
    command.add_argument(
        "--subject", metavar="ID", help="the patient, where each has a record of that number (SDTM)"
    )
    command.add_argument(
        "--results",
        metavar="FOLDER",
        help="results/<study>/<cut>; by default that of the path, or the newest",
    )
    command.add_argument("--json", action="store_true", help="for programs, whole")
    command.add_argument("--all", action="store_true", help="long lists whole")
    command.set_defaults(run=trace)
