"""From a file's own columns and codes to those of the canonical table, as study.yaml says."""

from __future__ import annotations

import difflib
from typing import Any

import pandas as pd

from graftline.raw.records import RawFile
from graftline.validation.findings import WARNING

TEXT = pd.StringDtype("pyarrow")
LABEL_COLUMN = "data_label"
SOURCE_KINDS = ("companion", "source")


def to_canonical(
    raw: RawFile, table: str, entry: dict[str, Any], schema, *, data_label: str | None
) -> tuple[pd.DataFrame, set[str], list[dict[str, Any]]]:
    """The canonical table `table` as text, the columns that it should have had, and findings.

    `entry` is the table's part of study.yaml or sdtm.yaml: `rename` (file's column -> canonical), `recode`
    (canonical column -> {code in the file: canonical code}; other codes stay and are checked against
    the schema), `constants`, `absent`, `ignore`, `missing` (texts that mean a missing cell: a list,
    or {canonical column: list}). Empty cells become missing. Rule E03.
    """
    findings: list[dict[str, Any]] = []
    columns = {
        name: column
        for name, column in schema.columns.items()
        if column.metadata["kind"] not in SOURCE_KINDS
    }
    sources = _match_columns(raw, table, entry, columns, data_label, findings)
    lacking: set[str] = set()
    if not sources and not raw.repeated and not entry.get("constants"):
        findings.append(
            _of_header(raw, table, "", "Line 1 has no known column; put the columns' names there.")
        )
        lacking = set(columns)
    else:
        lacking = _find_lacking(raw, table, entry, columns, sources, findings)
    length = len(raw.frame)
    constants = entry.get("constants", {})
    frame: dict[str, Any] = {}
    for name in columns:
        if name in constants:
            frame[name] = pd.Series(str(constants[name]), index=range(length), dtype=TEXT)
        elif name in sources:
            frame[name] = _recode(raw.frame[sources[name]], name, entry)
        else:
            frame[name] = pd.Series(pd.NA, index=range(length), dtype=TEXT)
    frame["src_file"] = pd.Series(raw.file, index=range(length), dtype=TEXT)
    frame["src_line"] = raw.frame["src_line"].astype("Int64")
    frame |= {name: raw.frame[name] for name in raw.gathered}
    return pd.DataFrame(frame), lacking, findings


def _of_header(raw: RawFile, table: str, column: str, message: str, **more: Any) -> dict[str, Any]:
    return {
        "rule": "E03",
        "table": table,
        "file": raw.file,
        "line": raw.header_line,
        "column": column or None,
        "message": message,
        **more,
    }


def _match_columns(
    raw: RawFile, table: str, entry: dict, columns: dict, data_label: str | None, findings: list
) -> dict[str, str]:
    """Canonical column -> column of the file, with findings about columns that do not fit."""
    rename, ignore = entry.get("rename", {}), entry.get("ignore", [])
    sources: dict[str, str] = {}
    for name in raw.frame.columns:
        if name == "src_line" or name in ignore or name in raw.gathered:
            continue
        target = rename.get(name, name)
        if name == LABEL_COLUMN and LABEL_COLUMN not in rename:
            findings += _check_label(raw, table, data_label)
        elif target in entry.get("constants", {}) or target in entry.get("absent", []):
            sentence = (
                f"The study says that the file has no column {target}, and it has; take it out of "
                f"constants or absent in study.yaml, or list it under ignore."
            )
            findings.append(_of_header(raw, table, name, sentence))
        elif target not in columns:
            near = difflib.get_close_matches(target.strip().lower(), columns, n=1, cutoff=0.6)
            hint = f" It looks like {near[0]}." if near else ""
            findings.append(
                _of_header(
                    raw,
                    table,
                    name,
                    f"The column is not known and was not read; rename it, or list it under ignore "
                    f"in study.yaml.{hint}",
                    severity=WARNING,
                )
            )
        elif target in sources:
            sentence = f"Two columns of the file give {target}; keep the one that is meant."
            findings.append(_of_header(raw, table, name, sentence))
        else:
            sources[target] = name
    return sources


def _check_label(raw: RawFile, table: str, data_label: str | None) -> list[dict[str, Any]]:
    """Rows whose data label is not the study's: data of another kind must not slip in."""
    cells = raw.frame[LABEL_COLUMN]
    other = cells.ne("") & cells.ne(data_label or "")
    message = (
        "The row's data label is not the study's; check that the row belongs to this study, and "
        "data_label in study.yaml."
    )
    return [
        _of_header(raw, table, LABEL_COLUMN, message, line=line, value=value)
        for line, value in zip(raw.frame["src_line"][other], cells[other], strict=True)
    ]


def _find_lacking(
    raw: RawFile, table: str, entry: dict, columns: dict, sources: dict, findings: list
) -> set[str]:
    """Columns that the file should have; each is reported alone and counts as unreadable."""
    rename = entry.get("rename", {})
    declared = set(entry.get("constants", {})) | set(entry.get("absent", []))
    repeated = {rename.get(name, name) for name in raw.repeated}
    lacking = repeated & set(columns)
    for name, column in columns.items():
        if name in sources or name in declared or name in repeated:
            continue
        lacking.add(name)
        needed = column.metadata["in_file"]
        findings.append(
            _of_header(
                raw,
                table,
                name,
                f"The column {name} is missing from {raw.file}; add it, or list it under absent in "
                f"study.yaml." + ("" if needed else " Until then it counts as empty."),
                **({} if needed else {"severity": WARNING}),
            )
        )
    return lacking


def _recode(cells: pd.Series, name: str, entry: dict[str, Any]) -> pd.Series:
    """Cells with the study's codes replaced; each distinct text is looked up once."""
    missing = entry.get("missing", [])
    if isinstance(missing, dict):
        missing = missing.get(name, [])
    mapping = {
        str(code): str(value) for code, value in entry.get("recode", {}).get(name, {}).items()
    }
    cells = cells.mask(cells.isin(["", *map(str, missing)]))
    if not mapping:
        return cells
    codes, distinct = pd.factorize(cells)
    replaced = [mapping.get(text, text) for text in distinct] + [pd.NA]
    return pd.Series(pd.array(replaced, dtype=TEXT)[codes], index=cells.index)
