"""What a person may ask `graftline trace`, told apart by how it is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from graftline.errors import GraftlineError
from graftline.results_folder import ResultsFolder
from graftline.trace import backward, forward

_LINE = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::(?P<column>[^:]+))?")


def _below(results: ResultsFolder, target: str) -> str | None:
    """`target` as a file below the results folder, told from there; None if it is none."""
    for path in (results.path / target, Path(target)):
        if path.is_file() and path.resolve().is_relative_to(results.path.resolve()):
            return path.resolve().relative_to(results.path.resolve()).as_posix()
    return None


def trace_target(
    results: ResultsFolder,
    target: str,
    *,
    subject: str | None = None,
    most_rows: int | None = None,
) -> dict[str, Any]:
    """The trace of whatever `target` names, written as `graftline trace --help` lists.

    `subject` tells whose record a line of an SDTM domain is; `most_rows` limits the rows of a number.
    Raises GraftlineError, with near matches, for what is not there.
    """
    kind, _, rest = target.partition(":")
    if kind == "table":
        name, *place = rest.split("/", 2)
        return backward.trace_table(results, name, *(part or None for part in place))
    if kind == "figure":
        return backward.trace_figure(results, rest)
    if kind == "entry":
        return backward.trace_entry(results, rest)
    if kind == "row":
        table, _, key = rest.partition("/")
        return backward.trace_row(results, table, key)
    if kind == "subject":
        return forward.trace_subject(results, rest)
    line = _LINE.fullmatch(target)
    if line:
        asked = (line["file"], int(line["line"]), line["column"])
        return forward.trace_cell(results, *asked, subject=subject)
    file = _below(results, target)
    if file:
        return backward.trace_file(results, file)
    if "/" in target or ":" in target:
        raise GraftlineError(
            f"{target!r} is none of the things that can be traced in {results.path}; a raw file needs "
            "a line (FILE:LINE or FILE:LINE:COLUMN)"
        )
    return backward.trace_number(results, target, most_rows=most_rows)
