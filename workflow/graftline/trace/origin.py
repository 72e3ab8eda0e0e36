"""Which rule, script and function made something, with their hashes and parameters."""

from __future__ import annotations

from typing import Any

from graftline.results_folder import ResultsFolder

# Statistic -> the function that computes it, where it is not of graftline.numbers.statistics.
FUNCTIONS = {
    "km": ("estimators", "fit_km"),
    "reverse_km": ("estimators", "fit_reverse_km"),
    "aalen_johansen": ("estimators", "fit_aj"),
    "log_rank": ("comparisons", "fit_comparison"),
    "exact_log_rank": ("comparisons", "fit_comparison"),
    "gray": ("comparisons", "fit_comparison"),
    "hazard_ratio": ("comparisons", "fit_comparison"),
    "largest_change": ("changes", "find_largest_change"),
}


def _code(results: ResultsFolder, file: str) -> dict[str, Any]:
    """A file of the code with its sha256 in this build."""
    return {"file": file, "sha256": results.sha256_of(file)}


def describe_function(results: ResultsFolder, statistic: str) -> dict[str, Any]:
    """The function that computes a statistic, and the file that holds it."""
    module, function = FUNCTIONS.get(statistic, ("statistics", f'STATISTICS["{statistic}"]'))
    return {"name": function} | _code(results, f"workflow/graftline/numbers/{module}.py")


def describe_rule(results: ResultsFolder, rule: str) -> dict[str, Any]:
    """A rule with its script, the code that the script imports, what it read and its parameters."""
    told = results.rules.get(rule, {})
    return {
        "rule": rule,
        "script": _code(results, f"workflow/scripts/{rule}.py"),
        "code": [_code(results, file) for file in told.get("code", [])],
        "inputs": told.get("inputs", {}),
        "params": told.get("params", {}),
    }


def describe_table(results: ResultsFolder, table: str) -> dict[str, Any] | None:
    """The rule that made a derived table (`describe_rule`)."""
    rule = results.rule_making(f"patient_level/derived/{table}.parquet")
    return describe_rule(results, rule) if rule else None
