"""graftline receive: a delivery becomes a data cut, whole or not at all."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from graftline.errors import GraftlineError

# Bytes of a delivery from which on each step is told: some seconds of work.
LONG_WORK = 20_000_000
# Rules of rows whose bytes cannot be read for certain: another encoding, zero bytes, quotation marks.
UNREADABLE = ("R02", "R06", "R07")
ENDS_AMID = ("R05", "R07")
MOST_NAMED = 10


def add_command(commands) -> None:
    """Add the command to the subparsers `commands`."""
    command = commands.add_parser(
        "receive",
        help="make a data cut of a delivery",
        description="Checks that the delivery is complete and readable, copies the files that the study "
        "names, writes SHA256SUMS and a digest of each line, and puts the folder into place, read-only.",
    )
    command.add_argument(
        "folder", metavar="FOLDER", help="the delivery; package:NAME/FOLDER for data of a package"
    )
    command.add_argument("--study", required=True, help="a study of config/")
    command.add_argument("--cut", required=True, metavar="YYYY-MM-DD", help="the date of the data")
    command.add_argument(
        "--backfill", action="store_true", help="allow a cut that is older than the newest one"
    )
    command.set_defaults(run=run)


def _unreadable(tables: dict[str, Any], contents: dict[str, bytes]) -> list[str]:
    """A sentence for each file that gives no table at all, that ends amid a row, and for each row whose
    bytes cannot be read; other findings are for validation to list."""
    from graftline.validation.read_tables import read_files

    problems = []
    for raw in read_files(contents, "", tables).values():
        for found in raw.findings:
            content = contents.get(found["file"].lstrip("/"), b"")
            is_last = found["line"] == content.count(b"\n") + 1 and not content.endswith(b"\n")
            if raw.unreadable:
                problems.append(f"{found['file']}: {found['message']}")
            elif found["rule"] in ENDS_AMID and is_last:
                problems.append(
                    f"{found['file']}, line {found['line']}: the file ends amid this row; have it sent again"
                )
            elif found["rule"] in UNREADABLE:
                problems.append(f"{found['file']}, line {found['line']}: {found['message']}")
    more = len(problems) - MOST_NAMED
    return problems[:MOST_NAMED] + ([f"and {more} more"] if more > 0 else [])


def _teller(delivery: Path) -> Callable[[str], None]:
    """What says each step of long work on stderr; a small delivery is received without a word."""
    if sum(path.stat().st_size for path in delivery.rglob("*") if path.is_file()) < LONG_WORK:
        return lambda step: None
    return lambda step: print(step, file=sys.stderr, flush=True)


def run(arguments: argparse.Namespace) -> int:
    """Receive the delivery; raises GraftlineError with the reason where it is refused."""
    from graftline.config.study import read_study
    from graftline.config.yaml_lines import read_yaml
    from graftline.cuts.receive import find_source, receive_cut

    root = Path()
    config, _ = read_yaml(root / "config" / "config.yaml", "config/config.yaml")
    tables = read_study(root, config["studies"], arguments.study).content["tables"]
    try:
        delivery = find_source(root, arguments.folder)
        received = receive_cut(
            root,
            config["data"],
            arguments.study,
            arguments.cut,
            delivery,
            sorted({entry["file"] for entry in tables.values()}),
            today=date.today().isoformat(),
            backfill=arguments.backfill,
            check=lambda contents: _unreadable(tables, contents),
            tell=_teller(delivery),
        )
    except OSError as error:  # no right to read or write, a full disk
        raise GraftlineError(f"nothing was received: {error}") from error
    names = ", ".join(received.files)
    print(f"{received.shown}: received {names}")
    print(
        f"build it: ./run snakemake --cores 4 --config study={arguments.study} cut={arguments.cut}"
    )
    return 0
