"""A whole cut: every raw file read, corrected, typed and checked, all findings in one pass."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import pandas as pd

import graftline.validation.checks  # noqa: F401  (registers the checks)
from graftline.raw.canonical import to_canonical
from graftline.raw.cells import TypedTable, findings_of, parse_cells
from graftline.raw.corrections import apply_corrections
from graftline.raw.read_csv import read_csv
from graftline.raw.records import RawFile
from graftline.validation.cohort import Cohort
from graftline.validation.cutoff import check_cutoff
from graftline.validation.findings import WARNING, concat_findings, make_findings
from graftline.validation.register import run_checks
from graftline.validation.schema import check_duplicates, check_schema
from schemas.raw import RAW_SCHEMAS, canonical_columns, schema_of_study

# Tables of which no check misses the rows; those of transplant, exposure and followup are missed.
MAY_BE_FORGOTTEN = ("disease", "ae", "labs", "vitals", "assessments", "outcomes")
NO_CORRECTIONS = b"table,key,column,old,new,reason,author,date,from_cut\n"


@dataclass(frozen=True)
class ValidatedCut:
    """Validated tables by name (those of the study), corrections applied, findings."""

    tables: dict[str, pd.DataFrame]
    corrections: pd.DataFrame
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

    `study`: the keys tables, arms, drugs, regimens, signs, data_label of study.yaml, and what
    `Cohort` takes as options. `manifest`: its `files` give the sha256 of each file (E60).
    `corrections`: path and content of the corrections.
    """
    findings: list[dict[str, Any]] = _check_manifest(files, manifest, folder)
    raws = _read_files(files, folder, study["tables"], findings)
    texts: dict[str, pd.DataFrame] = {}
    schemas, lacking = {}, {}
    codes = {key: list(study.get(key) or {}) for key in ("arms", "drugs")}
    for table, entry in study["tables"].items():
        schemas[table] = schema_of_study(table, codes=codes, absent=entry.get("absent", []))
        raw = raws[entry["file"]]
        if raw.unreadable:
            texts[table] = empty_texts(table)
            lacking[table] = set(canonical_columns(schemas[table]))
            continue
        texts[table], lacking[table], found = to_canonical(
            raw, table, entry, schemas[table], data_label=study.get("data_label")
        )
        findings += found
        if not len(raw.frame) and not raw.lost_rows:
            findings += _check_rows(raw, table)
    keys = {table: RAW_SCHEMAS[table].metadata["key"] for table in texts}
    texts, corrected, of_corrections = apply_corrections(
        read_csv(corrections[1], corrections[0]), texts, keys, cut
    )
    tables = {
        table: _type_table(
            table,
            texts[table],
            schemas[table],
            lacking[table],
            lost_rows=_has_lost_rows(raws[study["tables"][table]["file"]], table, texts[table]),
            cut=cut,
        )
        for table in texts
    }
    usable = {table: typed for table, typed in tables.items() if "subject_id" not in lacking[table]}
    options = {
        name: study.get(name) for name in ("lost_to_follow_up_days", "assessment_interval_days")
    }
    cohort = Cohort(
        usable,
        cut=cut,
        arms=study.get("arms"),
        drugs=study.get("drugs"),
        regimens=study.get("regimens"),
        signs=study.get("signs"),
        options=options,
    )
    return ValidatedCut(
        tables={table: typed.frame for table, typed in tables.items()},
        corrections=corrected,
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


def _read_files(
    files: dict[str, bytes], folder: str, tables: dict[str, Any], findings: list[dict[str, Any]]
) -> dict[str, RawFile]:
    """Each file that a table comes from, read once, and what reading found."""
    raws: dict[str, RawFile] = {}
    for name in sorted({entry["file"] for entry in tables.values()}):
        shown = f"{folder}/{name}"
        if name in files:
            raws[name] = read_csv(files[name], shown)
        else:
            raws[name] = RawFile(shown).give_up("R01", None, "The file is not in the cut; send it.")
        names = ", ".join(table for table, entry in tables.items() if entry["file"] == name)
        findings += [{"table": names, **found} for found in raws[name].findings]
    unused = [name for name in sorted(files) if name not in raws and name.endswith(".csv")]
    message = (
        "No table of the study comes from this file, and it was not read; see tables in study.yaml."
    )
    for name in unused:
        found = {"rule": "R01", "severity": WARNING, "file": f"{folder}/{name}", "message": message}
        findings.append(found)
    return raws


def _check_rows(raw: RawFile, table: str) -> list[dict[str, Any]]:
    """R01 for a table of which the file has a header alone."""
    found = {"rule": "R01", "table": table, "file": raw.file}
    if table == "subjects":
        return [found | {"message": "The table has no patient; send it again."}]
    if table in MAY_BE_FORGOTTEN:
        message = "The table has no row; send it again, or confirm that there is nothing to report."
        return [found | {"severity": WARNING, "message": message}]
    return []


def _has_lost_rows(raw: RawFile, table: str, texts: pd.DataFrame) -> bool:
    """Whether the table lacks rows that it should have; that is reported already, and no check may
    report again what only seems to be missing."""
    return raw.unreadable or raw.lost_rows > 0 or (table == "subjects" and not len(texts))


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


def empty_texts(table: str) -> pd.DataFrame:
    """A canonical table of text without rows."""
    columns = [*canonical_columns(RAW_SCHEMAS[table]), "src_file"]
    frame = pd.DataFrame({name: pd.array([], dtype="string[pyarrow]") for name in columns})
    return frame.assign(src_line=pd.array([], dtype="Int64"))


def empty_table(table: str) -> pd.DataFrame:
    """A validated table without rows, for a study that does not have it."""
    return parse_cells(table, empty_texts(table), RAW_SCHEMAS[table], lost_rows=False).frame
