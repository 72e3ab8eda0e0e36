"""From the variables of an SDTM domain to the columns of a canonical table, as sdtm.yaml says.

Nothing is left out in silence: records that sdtm.yaml sets aside come back with the reason, all others
are mapped or found wanting. Rules: E03 for variables and tests that are not as sdtm.yaml says, E24 for
a unit that a gathered measurement may not have, E27 for two results where one belongs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from graftline.raw.records import RawFile
from graftline.raw.sdtm.gather import gather
from graftline.raw.sdtm.read_domain import SUBJECT
from graftline.raw.sources import LINE

TEXT = pd.StringDtype("pyarrow")
SET_ASIDE = {
    "table_name": TEXT,
    "subject_id": TEXT,
    "src_file": TEXT,
    "src_line": "Int64",
    "what": TEXT,  # patient: the record by which a patient is set aside; row: any other record
    "reason": TEXT,
}


@dataclass(frozen=True)
class Mapped:
    """A domain with canonical columns, the records set aside, and findings."""

    raw: RawFile
    set_aside: pd.DataFrame
    findings: list[dict[str, Any]]


def _matches(frame: pd.DataFrame, where: dict[str, list[str]]) -> np.ndarray:
    """Records of which every variable named in `where` has one of its values ("" for a missing one)."""
    rows = np.ones(len(frame), dtype=bool)
    for variable, values in where.items():
        if variable not in frame:  # reported by map_domain
            return np.zeros(len(frame), dtype=bool)
        rows &= frame[variable].isin([str(value) for value in values]).to_numpy(dtype=bool)
    return rows


def find_patients_set_aside(
    raws: dict[str, RawFile], tables: dict[str, Any]
) -> dict[str, tuple[str, str]]:
    """Patient -> the table and reason by which sdtm.yaml sets the whole patient aside."""
    found: dict[str, tuple[str, str]] = {}
    for table, entry in tables.items():
        frame = raws[entry["file"]].frame
        for rule in entry.get("set_aside", []):
            if rule.get("patients") and SUBJECT in frame:
                for subject in frame.loc[_matches(frame, rule["where"]), SUBJECT].unique():
                    found.setdefault(subject, (table, rule["reason"]))
    return found


def map_domain(
    raw: RawFile, table: str, entry: dict[str, Any], patients: dict[str, tuple[str, str]]
) -> Mapped:
    """The domain `raw` with the canonical columns that `entry`, a table of sdtm.yaml, maps.

    `patients` are those of `find_patients_set_aside`. Columns of the result are canonical ones, as text;
    `src_line` and `<column>_line` name their records.
    """
    report = _Report(raw, table, entry["domain"])
    missing = _find_missing(raw, entry, report)
    reason, what = _set_aside(raw.frame, table, entry, patients)
    chosen = reason.isna().to_numpy()
    aside = _describe(raw, table, ~chosen, reason, what)
    frame = raw.frame[chosen].reset_index(drop=True)

    columns = {
        name: _map_cells(frame, _as_rule(rule))
        for name, rule in entry["columns"].items()
        if name not in missing
    }
    mapped = pd.DataFrame(columns, index=frame.index).assign(src_line=frame["src_line"])
    if "gather" in entry and not missing & set(entry["gather"]["to"]):
        mapped = gather(mapped, frame, entry["gather"], report)
    result = RawFile(
        raw.file,
        header_line=None,
        frame=mapped,
        lost_rows=raw.lost_rows,
        repeated=sorted(missing),
        gathered=[name for name in mapped if name != "src_line" and name.endswith(LINE)],
    )
    return Mapped(result, aside, report.findings)


class _Report:
    """Collects findings about records of a domain."""

    def __init__(self, raw: RawFile, table: str, domain: str):
        self._raw, self._table, self.domain = raw, table, domain
        self.findings: list[dict[str, Any]] = []

    def __call__(self, rule: str, message: str, **more: Any) -> None:
        self.findings.append(
            {"rule": rule, "table": self._table, "file": self._raw.file, "message": message, **more}
        )


def _as_rule(rule: str | dict[str, Any]) -> dict[str, Any]:
    """A variable's name alone stands for the variable as it is."""
    return {"from": rule} if isinstance(rule, str) else rule


def _find_missing(raw: RawFile, entry: dict[str, Any], report: _Report) -> set[str]:
    """Canonical columns of which a variable is not in the file; each variable is reported."""
    needed: dict[str, list[str]] = {}
    for name, rule in entry["columns"].items():
        rule = _as_rule(rule)
        for variable in (rule["from"], *rule.get("only", {})):
            needed.setdefault(variable, []).append(name)
    if "gather" in entry:
        for key in ("test", "value", "unit"):
            needed.setdefault(entry["gather"][key], []).extend(entry["gather"]["to"])
    for rule in entry.get("set_aside", []):
        for variable in rule["where"]:
            needed.setdefault(variable, [])
    lacking = [name for name in needed if name not in raw.frame and name not in raw.repeated]
    for variable in lacking:
        message = f"The variable {variable} is not in the file; send it, or correct sdtm.yaml."
        report("E03", message, column=variable)
    gone = [*lacking, *raw.repeated]
    return {name for variable in gone for name in needed.get(variable, [])}


def _set_aside(
    frame: pd.DataFrame, table: str, entry: dict[str, Any], patients: dict[str, tuple[str, str]]
) -> tuple[pd.Series, np.ndarray]:
    """Why each record is set aside (missing if it is not), and whether it is so for a patient."""
    reason = pd.Series(pd.NA, index=frame.index, dtype=TEXT)
    what = np.full(len(frame), "row", dtype=object)
    if SUBJECT in frame and patients:
        of_patient = frame[SUBJECT].map({who: why for who, (_, why) in patients.items()})
        reason = of_patient.astype(TEXT)
    for rule in entry.get("set_aside", []):
        rows = _matches(frame, rule["where"])
        if rule.get("patients"):
            what[rows] = "patient"
        reason = reason.mask(rows & reason.isna().to_numpy(), rule["reason"])
    return reason, what


def _describe(
    raw: RawFile, table: str, rows: np.ndarray, reason: pd.Series, what: np.ndarray
) -> pd.DataFrame:
    frame = raw.frame
    subject = frame[SUBJECT] if SUBJECT in frame else pd.Series(pd.NA, index=frame.index)
    described = pd.DataFrame(
        {
            "table_name": table,
            "subject_id": subject[rows],
            "src_file": raw.file,
            "src_line": frame["src_line"][rows],
            "what": what[rows],
            "reason": reason[rows],
        }
    )
    return described.astype(SET_ASIDE).reset_index(drop=True)


def no_set_aside() -> pd.DataFrame:
    """The table of records set aside, without rows."""
    return pd.DataFrame({name: pd.array([], dtype=kind) for name, kind in SET_ASIDE.items()})


def _map_cells(frame: pd.DataFrame, rule: dict[str, Any]) -> pd.Series:
    """The cells of one canonical column; each distinct text is worked on once."""
    codes, distinct = pd.factorize(frame[rule["from"]])
    texts = pd.Series(distinct, dtype=TEXT)
    part = rule.get("part")
    if part == "date":
        texts = texts.str.replace(r"T.*$", "", regex=True)
    elif part == "time":
        texts = texts.str.extract(r"T(.*)$", expand=False).fillna("")
    elif part == "year":
        texts = texts.str.replace(r"^([0-9]{4})(-[0-9-]*)?(T.*)?$", r"\1", regex=True)
    recode = {str(code): str(value) for code, value in rule.get("recode", {}).items()}
    listed = texts.isin(list(recode))
    replaced = texts.map(recode).astype(TEXT)
    if rule.get("case") == "sentence":
        texts = texts.str.capitalize()
    texts = texts.mask(listed, replaced)
    if "otherwise" in rule:
        texts = texts.mask(~listed & texts.ne(""), rule["otherwise"])
    cells = pd.Series(texts.array[codes], index=frame.index)
    if "only" in rule:
        cells = cells.mask(~_matches(frame, rule["only"]), "")
    return cells


__all__ = ["LINE", "SET_ASIDE", "Mapped", "find_patients_set_aside", "map_domain", "no_set_aside"]
