"""graftline scheduled-run: one command for cron and systemd."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from graftline.errors import GraftlineError


def add_command(commands) -> None:
    """Add the command to the subparsers `commands`."""
    command = commands.add_parser(
        "scheduled-run",
        help="build what is new and release it, without a person",
        description="Takes the lease, completes what a crashed run left, builds, seals a release and tells the "
        "command that is configured (notify). Exit status: 0 released, 3 nothing new, 1 the data have "
        "errors (the file of queries is named), 2 failure.",
    )
    command.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="for Snakemake")
    command.add_argument(
        "--config", nargs="+", default=[], metavar="KEY=VALUE", help="keys of config/config.yaml"
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run, print one sentence, notify; the exit status of the outcome."""
    from graftline.cli.settings import read_config
    from graftline.scheduled_run.run import run_scheduled
    from graftline.scheduled_run.summary import FAILED, Summary, notify

    def tell(text: str) -> None:
        print(f"graftline: {text}", file=sys.stderr, flush=True)

    command: list[str] = []
    try:
        command = read_config().get("notify") or []
        config = read_config(arguments.config)
        summary = run_scheduled(
            Path(), config, settings=arguments.config, cores=arguments.cores, tell=tell
        )
    except GraftlineError as error:
        summary = Summary(FAILED, str(error))
    tell(summary.message)
    problem = notify(command, summary)
    if problem:
        tell(problem)
    return summary.status
