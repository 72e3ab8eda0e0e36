"""The gate: stops the run when findings hold an error. Imports nothing dear."""

from __future__ import annotations

from graftline.errors import GraftlineError
from graftline.tables import read_json, write_json


def check_gate(findings_path: str, queries_path: str, gate_path: str) -> None:
    """Write the flag `gate_path` if the counts in `findings_path` have no error.

    Raises GraftlineError, two lines, with the number of errors and files and where the queries are.
    """
    counts = read_json(findings_path)
    if counts["errors"]:
        errors, files = counts["errors"], counts["files_with_errors"]
        raise GraftlineError(
            f"{errors} error{'s' * (errors != 1)} in {files} file{'s' * (files != 1)}: no result is "
            f"made until they are put right\nsee {queries_path}"
        )
    flag = {"errors": 0, "passed": True, "warnings": counts["warnings"]}
    write_json(gate_path, flag | {"data_label": counts["data_label"]})
