"""graftline estimate: survival and competing risks of the patients of a CSV file, outside of any study."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from graftline.cli.paths import check_paths
from graftline.errors import GraftlineError

# Larger cohorts are not estimated a second time: plain sums take as long as patients times events.
MOST_CHECKED = 500


def add_command(commands) -> None:
    """Add the command to the subparsers `commands`."""
    command = commands.add_parser(
        "estimate",
        help="survival and competing risks of the patients of a CSV file",
        description="Estimates survival, cumulative incidences, medians, restricted means and tests of groups "
        "of the patients of a CSV file with the columns subject_id, time and status (0 censored, 1 and 2 "
        "causes), and optionally entry, group and cohort, at the times asked for.",
    )
    command.add_argument("input", metavar="IN.csv", help="comma-separated, UTF-8, with a header")
    command.add_argument("--out", required=True, metavar="OUT.json", help="replaced if it exists")
    times = command.add_mutually_exclusive_group(required=True)
    times.add_argument("--times", metavar="T,T,...", help="in the unit of the column time")
    times.add_argument(
        "--times-file", metavar="T.csv", help="columns cohort and time: each cohort has its own"
    )
    command.add_argument(
        "--causes", default="1,2", metavar="C,C,...", help="the statuses that are events (1,2)"
    )
    command.add_argument(
        "--no-check", action="store_true", help="estimate each value once only, which is faster"
    )
    command.set_defaults(run=run)


def _parse_causes(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and 0 < int(part) < 100 for part in parts):
        raise GraftlineError(f"--causes {text}: give whole numbers from 1 on, separated by commas")
    return tuple(sorted({int(part) for part in parts}))


def _read_table(path: Path, required, optional, convert: Callable[[Any], Any]) -> list:
    """What `convert` makes of each chunk of the rows of a CSV file."""
    from graftline.cli.csv_chunks import read_chunks
    from graftline.estimate.listing.columns import check_columns

    file = str(path)
    with open(path, "rb") as stream:
        chunks = read_chunks(
            stream, file, lambda names, line: check_columns(names, file, line, required, optional)
        )
        return [convert(chunk.frame) for chunk in chunks]


def read_patients(path: Path, causes: Sequence[int]):
    """The patients of a file. Raises GraftlineError naming the lines of everything that is wrong."""
    from graftline.estimate.listing.columns import (
        OPTIONAL,
        REQUIRED,
        Faults,
        join_rows,
        read_rows,
    )

    faults = Faults(str(path))
    rows = _read_table(path, REQUIRED, OPTIONAL, lambda frame: read_rows(frame, causes, faults))
    return join_rows(rows, faults)


def read_times(arguments: argparse.Namespace, patients) -> Callable[[str | None], Sequence[float]]:
    """The times that are asked for of a cohort, by its name."""
    from graftline.estimate.listing import times

    if arguments.times is not None:
        same = times.parse_times(arguments.times)
        return lambda _: same
    path = arguments.times_file
    own = times.read_times(_read_table(Path(path), times.COLUMNS, (), lambda f: f), path)
    times.match_times(own, patients.cohorts, arguments.input, path)
    return lambda name: own[name]


def _write_records(path: Path, records: Iterable[dict[str, Any]]) -> int:
    """Write a JSON list, one record a line, values with all their digits; returns how many."""
    import json

    from graftline.tables import write_text

    lines = [json.dumps(record, ensure_ascii=False, allow_nan=False) for record in records]
    write_text(path, "[\n" + ",\n".join(lines) + "\n]\n")
    return len(lines)


def estimate_records(patients, times_of, causes, check: bool) -> Iterator[dict[str, Any]]:
    """The records of all cohorts; with `check` those of small cohorts are confirmed first."""
    from graftline.estimate.listing.confirmation import confirm_records
    from graftline.estimate.listing.estimates import estimate_cohorts

    for _, members, records in estimate_cohorts(patients, times_of, causes):
        if check and members.time.size <= MOST_CHECKED:
            confirm_records(records, members)
        yield from records


def run(arguments: argparse.Namespace) -> int:
    """The command; always 0, since whatever is wrong is a GraftlineError."""
    source, target = Path(arguments.input), Path(arguments.out)
    files = [source, *([Path(arguments.times_file)] if arguments.times_file else [])]
    check_paths(files, target)
    causes = _parse_causes(arguments.causes)
    try:
        patients = read_patients(source, causes)
        times_of = read_times(arguments, patients)
        records = estimate_records(patients, times_of, causes, not arguments.no_check)
        count = _write_records(target, records)
    except OSError as error:
        raise GraftlineError(f"{error.filename or target}: {error.strerror}") from error
    print(
        f"graftline: {target}: {count} estimates of {len(patients.cohorts)} "
        f"cohort{'s' if len(patients.cohorts) > 1 else ''}, {patients.time.size} patients",
        file=sys.stderr,
    )
    return 0
