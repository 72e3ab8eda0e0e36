"""A whole cut: every raw file read, corrected, typed and checked, all findings in one pass."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import pandas as pd

import graftline.validation.checks  # noqa: F401  (registers the checks)
from graftline.raw.cells import TypedTable, findings_of, parse_cells
from graftline.raw.corrections import apply_corrections
from graftline.raw.read_csv import read_csv
from graftline.validation.cohort import Cohort
from graftline.validation.cutoff import check_cutoff
from graftline.validation.findings import concat_findings, make_findings
from graftline.validation.read_tables import empty_texts, read_tables
from graftline.validation.register import run_checks
from graftline.validation.schema import check_duplicates, check_schema
from schemas.raw import RAW_SCHEMAS

NO_CORRECTIONS = b"table,key,column,old,new,reason,author,date,from_cut\n"


@dataclass(frozen=True)
class ValidatedCut:
    """Validated tables by name (those of the study), corrections applied, records set aside,
    findings."""

    tables: dict[str, pd.DataFrame]
    corrections: pd.DataFrame
    set_aside: pd.DataFrame
    findings: pd.DataFrame


def validate_cut(
    files: dict[str, bytes],
    *,
    folder: str,
    study: dict[str, Any],
    cut: str,
    manifest: dict[str, Any],
    corrections: tuple[str, bytes] = ("corrections.csv", NO_CORRECTIONS),
) -> ValidatedCut:
    """Validate the `files` (name in the cut -> content) of a cut, shown as `folder`/name.

    `study`: the keys tables, arms, drugs, regimens, signs, checks, data_label of study.yaml, and
    what `Cohort` takes as options. `manifest`: its `files` give the sha256 of each file (E60).
    `corrections`: path and content of the corrections.
    """
    read = read_tables(files, folder, study)
    keys = {table: RAW_SCHEMAS[table].metadata["key"] for table in read.texts}
    texts, corrected, of_corrections = apply_corrections(
        read_csv(corrections[1], corrections[0]), read.texts, keys, cut
    )
    tables = {
        table: _type_table(
            table,
            texts[table],
            read.schemas[table],
            read.lacking[table],
            lost_rows=read.lost_rows[table],
            cut=cut,
        )
        for table in texts
    }
    usable = {
        table: typed for table, typed in tables.items() if "subject_id" not in read.lacking[table]
    }
    options = {
        name: study.get(name) for name in ("lost_to_follow_up_days", "assessment_interval_days")
    } | (study.get("checks") or {})
    cohort = Cohort(
        usable,
        cut=cut,
        arms=study.get("arms"),
        drugs=study.get("drugs"),
        regimens=study.get("regimens"),
        signs=study.get("signs"),
        options=options,
    )
    findings = _check_manifest(files, manifest, folder) + read.findings
    return ValidatedCut(
        tables={table: typed.frame for table, typed in tables.items()},
        corrections=corrected,
        set_aside=read.set_aside,
        findings=concat_findings(
            [
                make_findings(findings),
                of_corrections,
                findings_of(list(tables.values())),
                run_checks(cohort),
            ]
        ),
    )


def _check_manifest(
    files: dict[str, bytes], manifest: dict[str, Any], folder: str
) -> list[dict[str, Any]]:
    """E60: what was read is what the manifest states."""
    message = "The file is not the one that the cut's manifest states; restore it as received."
    return [
        {"rule": "E60", "file": f"{folder}/{name}", "message": message}
        for name, content in files.items()
        if manifest["files"].get(name) != hashlib.sha256(content).hexdigest()
    ]


def _type_table(
    table: str, texts: pd.DataFrame, schema, lacking: set[str], *, lost_rows: bool, cut: str
) -> TypedTable:
    """A canonical table with types, checked by itself."""
    typed = parse_cells(table, texts, schema, lost_rows=lost_rows)
    for column in lacking:
        if schema.columns[column].metadata["in_file"]:
            typed.failed[column] = pd.Series(True, index=typed.frame.index).to_numpy()
    check_cutoff(typed, schema, cut)
    check_schema(typed, schema)
    check_duplicates(typed, schema)
    return typed


def empty_table(table: str) -> pd.DataFrame:
    """A validated table without rows, for a study that does not have it."""
    return parse_cells(table, empty_texts(table), RAW_SCHEMAS[table], lost_rows=False).frame
