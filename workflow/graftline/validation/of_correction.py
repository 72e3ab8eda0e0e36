"""What a correction would have the checks find that they do not find without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.errors import GraftlineError
from graftline.raw.add_correction import with_header
from graftline.validation.cut import validate_cut
from graftline.validation.findings import ERROR

Corrections = tuple[str, bytes]
# What makes two findings the same one; their sentences may name another value.
SAME = ["rule", "file", "line", "column"]
# A cell whose content is not of its type, its list or its kind of date, or that may not be empty.
UNREADABLE = ("E01", "E04", "E05", "E06", "E54")
MOST_NAMED = 10


def check_new_value(
    files: dict[str, bytes],
    *,
    folder: str,
    study: dict[str, Any],
    cut: str,
    before: Corrections,
    after: Corrections,
) -> list[str]:
    """A sentence for each finding of the cut `files` that the corrections `after` bring and `before` did
    not; none holds a patient's value. Raises GraftlineError where the new value cannot be read as its
    column wants it.

    `before`, `after`: path and content of corrections.csv, of which the second has one row more.
    """
    found = []
    for path, content in (before, after):
        manifest = {"files": {}}  # whether the files are as received is another command's question
        validated = validate_cut(
            files,
            folder=folder,
            study=study,
            cut=cut,
            manifest=manifest,
            corrections=(path, with_header(content)),
        )
        found.append(validated.findings)
    old, new = ({tuple(row) for row in _keys(findings)} for findings in found)
    added = found[1][[tuple(row) in new - old for row in _keys(found[1])]]
    broken = added[added["severity"].eq(ERROR) & added["rule"].isin(UNREADABLE)]
    if len(broken):
        first = broken.to_dict("records")[0]
        raise GraftlineError(
            f"not added: new of the correction: {first['message']} The cell is in {_place(first)}."
        )
    asked = [
        f"{row['rule']}, {_place(row)}: {row['message']}"
        for row in added[:MOST_NAMED].to_dict("records")
    ]
    more = len(added) - MOST_NAMED
    return asked + ([f"and {more} more"] if more > 0 else [])


def _keys(findings: pd.DataFrame) -> list[list[str]]:
    return findings[SAME].astype("string").fillna("").to_numpy().tolist()


def _place(finding: Mapping[str, Any]) -> str:
    line = "" if pd.isna(finding["line"]) else f", line {finding['line']}"
    column = "" if pd.isna(finding["column"]) else f", column {finding['column']}"
    return f"{finding['file']}{line}{column}"
