"""graftline grade: laboratory values of a CSV file, graded row by row, outside of any study."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from difflib import get_close_matches
from pathlib import Path

import graftline
from graftline.cli.paths import check_paths
from graftline.errors import GraftlineError
from graftline.replace_file import replace_file

PROGRESS_ROWS = 1_000_000


def add_command(commands) -> None:
    """Add the command to the subparsers `commands`."""
    command = commands.add_parser(
        "grade",
        help="grade laboratory values of a CSV file",
        description="Adds grade, reason, limit and criterion to each row of a CSV file with the columns "
        "term, value, unit, lln, uln, baseline, baseline_lln, baseline_uln, sex and age_years (term and "
        "value are needed, the others where a term needs them).",
    )
    command.add_argument("input", metavar="IN.csv", help="comma-separated, UTF-8, with a header")
    command.add_argument(
        "--scale", required=True, help="a scale of config/scales, such as ctcae-5.0, or a file"
    )
    command.add_argument("--out", required=True, metavar="OUT.csv", help="replaced if it exists")
    command.add_argument(
        "--strict", action="store_true", help="exit status 1 if a unit could not be converted"
    )
    command.set_defaults(run=run)


def _project() -> Path:
    """The folder that holds config/ and schemas/: the package is installed from where it lies."""
    return Path(graftline.__file__).resolve().parents[2]


def _scales() -> Path:
    return _project() / "config" / "scales"


def _find_scale(name: str) -> Path:
    """The file of the scale `name`, which may be a path."""
    known = sorted(path.stem for path in _scales().glob("*.yaml"))
    if name in known:
        return _scales() / f"{name}.yaml"
    if os.sep in name or name.endswith((".yaml", ".yml")):
        return Path(name)
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "give one of these, or a path"
    raise GraftlineError(f"there is no scale {name!r}; {hint} (known: {', '.join(known)})")


def _read_scale_and_units(name: str):
    """The scale and the units; a scale of one's own is checked against the schema, line by line."""
    from graftline.grading.files import read_scale, read_units

    path = _find_scale(name)
    units = read_units(_project() / "config" / "units.yaml")
    if path.parent != _scales():
        from graftline.config.schema import check_schema
        from graftline.config.study import read_schema
        from graftline.config.yaml_lines import read_yaml

        schema = read_schema(_project() / "schemas" / "scale.schema.yaml")
        check_schema(*read_yaml(path), schema, str(path))
    return read_scale(path, units), units


def _say(text: str) -> None:
    print(f"graftline: {text}", file=sys.stderr, flush=True)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _tell_counts(target: Path, counts: Counter) -> None:
    """The counts of rows by outcome, and of cells that could not be read."""
    rows, graded = counts["rows"], counts["graded"]
    _say(f"{target}: {_count(rows, 'row')}; {graded} graded, {rows - graded} not")
    for kind, noun, words in (
        ("no grade", "row", "without a grade"),
        ("at least", "row", "with a grade that may be higher"),
        ("no number", "cell", "not a number and taken as empty, in the column"),
    ):
        for name in sorted(key[1] for key in counts if key[0] == kind):
            _say(f"{_count(counts[kind, name], noun)} {words}: {name}")


def _count_grades(graded, counts: Counter) -> None:
    counts["rows"] += len(graded)
    has_grade = graded["grade"].notna()
    counts["graded"] += int(has_grade.sum())
    for kind, rows in (("no grade", ~has_grade), ("at least", has_grade)):
        for reason, number in graded.loc[rows, "reason"].value_counts().items():
            counts[kind, reason] += int(number)


def grade_file(source: Path, target: Path, scale, units) -> Counter:
    """Write `target`: the rows of `source` as they are, and grade, reason, limit and criterion.

    Returns counts: rows, graded, ("no grade", reason), ("at least", reason) of rows whose grade
    stands beside a reason, and ("no number", column) of cells that were taken as empty.
    """
    from graftline.cli.csv_chunks import append_columns, append_header, read_chunks
    from graftline.grading.table import GRADED, check_columns, format_grades, grade_table

    counts: Counter = Counter()
    file = str(source)
    with (
        open(source, "rb") as stream,
        replace_file(target) as temporary,
        open(temporary, "wb") as out,
    ):
        chunks = read_chunks(stream, file, lambda names, line: check_columns(names, file, line))
        for number, chunk in enumerate(chunks):
            if number == 0:
                out.write(append_header(chunk, GRADED))
            graded, no_numbers = grade_table(chunk.frame, scale, units, file)
            out.write(append_columns(chunk, format_grades(graded)))
            million = counts["rows"] // PROGRESS_ROWS
            _count_grades(graded, counts)
            counts.update({("no number", name): n for name, n in no_numbers.items() if n})
            if counts["rows"] // PROGRESS_ROWS > million:
                _say(f"{counts['rows']} rows graded so far")
    return counts


def run(arguments: argparse.Namespace) -> int:
    """The command: 0, or 1 with --strict where a unit could not be converted."""
    from graftline.grading.reasons import UNIT_NOT_CONVERTIBLE

    source, target = Path(arguments.input), Path(arguments.out)
    check_paths([source], target)
    try:
        counts = grade_file(source, target, *_read_scale_and_units(arguments.scale))
    except OSError as error:
        raise GraftlineError(f"{error.filename or target}: {error.strerror}") from error
    _tell_counts(target, counts)
    of_units = sum(n for key, n in counts.items() if key[1:] == (UNIT_NOT_CONVERTIBLE,))
    return 1 if arguments.strict and of_units else 0
