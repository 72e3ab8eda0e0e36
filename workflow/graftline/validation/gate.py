"""The gate: stops the run when findings hold an error. Imports nothing dear."""

from __future__ import annotations

import json
from pathlib import Path

from graftline.errors import GraftlineError
from graftline.tables import read_json, write_json


def has_passed(gate_path: str) -> bool:
    """Whether the flag says that there was no error; an empty file stands for a flag behind another
    that says that there was."""
    text = Path(gate_path).read_text(encoding="utf-8")
    return bool(text) and json.loads(text)["passed"]


def check_gate(
    findings_path: str, queries_path: str, gate_path: str, *, stops: bool = True
) -> None:
    """Write the flag `gate_path` if the counts in `findings_path` have no error.

    Raises GraftlineError, two lines, with the number of errors and files and where the queries are;
    unless `stops` is False, for a cut that is only compared with: the flag says then that it did not
    pass, and what follows makes empty files (`graftline.script`).
    """
    counts = read_json(findings_path)
    if counts["errors"] and stops:
        errors, files = counts["errors"], counts["files_with_errors"]
        raise GraftlineError(
            f"{errors} error{'s' * (errors != 1)} in {files} file{'s' * (files != 1)}: no result is "
            f"made until they are put right\nsee {queries_path}"
        )
    flag = {
        "errors": counts["errors"],
        "passed": not counts["errors"],
        "warnings": counts["warnings"],
    }
    write_json(gate_path, flag | {"data_label": counts["data_label"]})
