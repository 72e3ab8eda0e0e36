"""From the files of a cut to canonical tables of text, with a finding for whatever does not fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import pandas as pd

from graftline.raw.canonical import to_canonical
from graftline.raw.read_csv import read_csv
from graftline.raw.records import RawFile
from graftline.raw.sdtm import SUFFIXES, find_patients_set_aside, map_domain, read_domain
from graftline.raw.sdtm.mapping import no_set_aside
from graftline.validation.findings import WARNING
from schemas.raw import RAW_SCHEMAS, canonical_columns, schema_of_study

# Tables of which no check misses the rows; those of transplant, exposure and followup are missed.
MAY_BE_FORGOTTEN = ("disease", "ae", "labs", "vitals", "assessments", "outcomes")
# Keys of a table of sdtm.yaml that mean what they mean for a CSV file.
SHARED_KEYS = ("constants", "absent", "missing")


@dataclass
class TextTables:
    """Canonical tables of text by name, with the schema of each, the columns that it should have had,
    and whether it lacks rows that it should have; records set aside; findings."""

    texts: dict[str, pd.DataFrame] = field(default_factory=dict)
    schemas: dict[str, Any] = field(default_factory=dict)
    lacking: dict[str, set[str]] = field(default_factory=dict)
    lost_rows: dict[str, bool] = field(default_factory=dict)
    set_aside: pd.DataFrame = field(default_factory=no_set_aside)
    findings: list[dict[str, Any]] = field(default_factory=list)


def read_tables(files: dict[str, bytes], folder: str, study: dict[str, Any]) -> TextTables:
    """The canonical tables of `study` from the `files` (name in the cut -> content) of a cut."""
    result = TextTables()
    raws = read_files(files, folder, study["tables"])
    result.findings += _describe_files(raws, files, folder, study["tables"])
    patients = find_patients_set_aside(raws, study["tables"])
    codes = {key: list(study.get(key) or {}) for key in ("arms", "drugs")}
    aside = [result.set_aside]
    for table, entry in study["tables"].items():
        schema = schema_of_study(table, codes=codes, absent=entry.get("absent", []))
        result.schemas[table] = schema
        raw = raws[entry["file"]]
        if raw.unreadable:
            result.texts[table] = empty_texts(table)
            result.lacking[table] = set(canonical_columns(schema))
        else:
            had_rows = len(raw.frame) > 0
            if "domain" in entry:
                mapped = map_domain(raw, table, entry, patients)
                raw, entry = mapped.raw, {key: entry[key] for key in SHARED_KEYS if key in entry}
                result.findings += mapped.findings
                aside.append(mapped.set_aside)
            result.texts[table], result.lacking[table], found = to_canonical(
                raw, table, entry, schema, data_label=study.get("data_label")
            )
            result.findings += found
            if not had_rows and not raw.lost_rows:
                result.findings += _check_rows(raw, table)
        result.lost_rows[table] = _has_lost_rows(raw, table, result.texts[table])
    parts = [part for part in aside if len(part)] or aside[:1]
    result.set_aside = pd.concat(parts, ignore_index=True)
    return result


def read_files(files: dict[str, bytes], folder: str, tables: dict[str, Any]) -> dict[str, RawFile]:
    """Each file that one of the `tables` comes from, read once, by its name in the cut."""
    raws: dict[str, RawFile] = {}
    for name in sorted({entry["file"] for entry in tables.values()}):
        shown = f"{folder}/{name}" if folder else name
        domain = next(
            (e["domain"] for e in tables.values() if e["file"] == name and "domain" in e), ""
        )
        if name not in files:
            raws[name] = RawFile(shown).give_up("R01", None, "The file is not in the cut; send it.")
        elif domain:
            raws[name] = read_domain(files[name], shown, domain)
        else:
            raws[name] = read_csv(files[name], shown)
    return raws


def _describe_files(
    raws: dict[str, RawFile], files: dict[str, bytes], folder: str, tables: dict[str, Any]
) -> list[dict[str, Any]]:
    """What reading the files found, and those that no table comes from."""
    findings: list[dict[str, Any]] = []
    for name, raw in raws.items():
        names = ", ".join(table for table, entry in tables.items() if entry["file"] == name)
        findings += [{"table": names, **found} for found in raw.findings]
    data = (".csv", *SUFFIXES)
    unused = [n for n in sorted(files) if n not in raws and PurePath(n).suffix.lower() in data]
    message = (
        "No table of the study comes from this file, and it was not read; see tables in study.yaml."
    )
    for name in unused:
        found = {"rule": "R01", "severity": WARNING, "file": f"{folder}/{name}", "message": message}
        findings.append(found)
    return findings


def _check_rows(raw: RawFile, table: str) -> list[dict[str, Any]]:
    """R01 for a table of which the file has no row."""
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


def empty_texts(table: str) -> pd.DataFrame:
    """A canonical table of text without rows."""
    columns = [*canonical_columns(RAW_SCHEMAS[table]), "src_file"]
    frame = pd.DataFrame({name: pd.array([], dtype="string[pyarrow]") for name in columns})
    return frame.assign(src_line=pd.array([], dtype="Int64"))
