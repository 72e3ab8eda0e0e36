"""graftline release: a finished run is sealed as a release, whole or not at all."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path


def add_command(commands) -> None:
    """Add the command to the subparsers `commands`."""
    command = commands.add_parser(
        "release",
        help="seal a finished run",
        description="Copies the finished run of a results folder, with the raw cut, the code, the lock and "
        "the configuration that it was made from, to releases/<study>/<cut>/<number>/, read-only, enters it "
        "in the ledger, and lets `latest` point to the newest cut's newest release.",
    )
    command.add_argument(
        "results", metavar="FOLDER", nargs="?", help="results/<study>/<cut>; the newest by default"
    )
    command.add_argument(
        "--sign",
        metavar="KEY",
        help="also sign the ledger's new head with this private SSH key",
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Seal the run; raises GraftlineError with the reason where there is nothing that can be sealed."""
    from graftline.config.yaml_lines import read_yaml
    from graftline.ledger.file import read_ledger
    from graftline.ledger.heads import FOLDER, describe_head, sign_head
    from graftline.release.differences import format_differences
    from graftline.release.finished import Project
    from graftline.release.layout import StudyReleases
    from graftline.release.seal import seal_release
    from graftline.results_folder import find_results

    config, _ = read_yaml("config/config.yaml")
    if arguments.results:
        results = Path(arguments.results)
    else:
        results = find_results(Path(config["results"]), config["study"])
    sealed = seal_release(
        results,
        Project(Path(), config["studies"], config["data"]),
        Path(config.get("releases", "releases")),
        sealed_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    for notice in sealed.notices:
        print(notice)
    if sealed.is_new:
        print(f"{sealed.folder}: sealed; {format_differences(sealed.record['differences'])}")
    else:
        print(f"{sealed.folder}: is this run already; nothing was made")
    if arguments.sign:
        releases = StudyReleases(Path(config.get("releases", "releases")) / sealed.record["study"])
        head = describe_head(sealed.record["study"], read_ledger(releases.ledger))
        print(f"{sign_head(head, releases.path / FOLDER, Path(arguments.sign))}: signed")
    return 0
