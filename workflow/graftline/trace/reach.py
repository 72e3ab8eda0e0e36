"""Which derived tables, and which numbers beyond those of known rows, a changed cell may move.

The rows that stand on a cell are known from lineage. What a changed cell would bring in is not: another
date may put a value on treatment, another patient's name may move a row. So all numbers of the tables
that are derived from the raw table are named as well, but for those of an arm that the patient is not in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from graftline.results_folder import ResultsFolder
from graftline.trace.source import Source

# A changed cell may give or take a finding, a correction or a record that is set aside.
QUALITY_TABLES = ("corrections", "findings", "set_aside")
# Tables of files that people write; no patient stands in them.
WRITTEN_TABLES = ("configuration", "cut", "software")
_ARM = re.compile(r"\barm = '((?:[^']|'')*)'")


def _sets_patients_aside(protocol: Mapping[str, Any], tables: list[str]) -> bool:
    """Whether a record of the tables may set its patient aside, with all that stands on him."""
    return any(
        rule.get("patients")
        for name in tables
        for rule in protocol["tables"].get(name, {}).get("set_aside", [])
    )


def reachable_tables(results: ResultsFolder, source: Source) -> set[str]:
    """The derived tables that may change with a cell of the source."""
    tables = {name for name in results.derived_tables if name not in WRITTEN_TABLES}
    protocol = results.configuration["protocol"]
    if source.line is None or not source.tables or _sets_patients_aside(protocol, source.tables):
        return tables
    read = {f"patient_level/validated/{name}.parquet" for name in source.tables}
    reached = set(QUALITY_TABLES) & tables
    for table in tables - reached:
        rule = results.rule_making(f"patient_level/derived/{table}.parquet")
        inputs = results.rules[rule]["inputs"].values() if rule else []
        # Of a table that no rule tells of, nothing is known.
        if rule is None or any(
            path.endswith(f"/{name}") for paths in inputs for path in paths for name in read
        ):
            reached.add(table)
    return reached


def keeps_arm(source: Source) -> bool:
    """Whether the source's patients stay who they are and in their arm, whatever is changed: a
    patient's withdrawal changes neither for the others."""
    if source.line is None:
        return True
    return source.columns is not None and not {"subject_id", "arm"} & set(source.columns)


def is_of_other_arm(record: Mapping[str, Any], arms: set[str]) -> bool:
    """Whether a number considers one arm alone, and none of `arms`.

    Only plain conditions joined by AND are understood; any other query may look anywhere.
    """
    sql = record["considered_sql"]
    if sql.count("SELECT") > 1 or re.search(r"\bOR\b|\bNOT\b|\bUNION\b", sql):
        return False
    named = [arm.replace("''", "'") for arm in _ARM.findall(sql)]
    return bool(named) and not arms & set(named)


def may_move(
    record: Mapping[str, Any],
    source: Source,
    reached: set[str],
    told: set[str],
    arms: set[str] | None,
) -> bool:
    """Whether a number may move that considers no row of the source.

    `reached` and `told` are of `reachable_tables` and `rules_told`; `arms` those of the source's
    patients, None where the source may change them.
    """
    if record["rule"] in told and record["table"] not in WRITTEN_TABLES:
        return True
    if record["table"] not in reached or (arms is not None and is_of_other_arm(record, arms)):
        return False
    if source.line is None:
        # Without a patient, cases are numbered anew, and findings about him are gone.
        return record["table"] in QUALITY_TABLES or "case_label" in record["considered_sql"]
    return True


def rules_told(results: ResultsFolder, section: str) -> set[str]:
    """The rules that take a section of the protocol as a param, and those that follow from them."""
    protocol = results.configuration["protocol"]
    told = {
        name
        for name, rule in results.rules.items()
        if section in protocol
        and any(
            value == protocol[section] or value == protocol for value in rule["params"].values()
        )
    }
    makers = {
        path: name
        for name, rule in results.rules.items()
        for paths in rule["outputs"].values()
        for path in paths
    }
    while True:
        more = {
            name
            for name, rule in results.rules.items()
            if name not in told
            and any(makers.get(path) in told for paths in rule["inputs"].values() for path in paths)
        }
        if not more:
            return told
        told |= more
