"""The rules of endpoints as they are written in tests/spec/endpoints: patients in words and dates.

The page docs/reference/endpoints.md is made from the same files.
"""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from graftline.derive.endpoints import derive_in_blocks
from graftline.validation.derived import DERIVED_CHECKS, derived_cohort
from graftline.validation.findings import concat_findings
from graftline.validation.register import CHECKS, run_checks
from schemas.derived.endpoints import SCHEMA
from tests.unit.validation.small_cohort import cohort_of, type_rows

FOLDER = Path(__file__).parent / "endpoints"
CUT = "2001-01-01"


def load(path):
    # Dates stay as they are written, and so do Y and N.
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


DECLARED = yaml.safe_load((FOLDER / "declarations.yaml").read_text("utf-8"))
FILES = [load(path) for path in sorted(FOLDER.glob("[0-9]*.yaml"))]
CASES = [(file["title"], case) for file in FILES for case in file["cases"]]
STATUS = {"event": 1, "competing": 2, "censored": 0}
# Words -> the table that they are of, and the row.
ASSESSED = {
    "in remission": ("CR", "Y"),
    "in remission, not adequate": ("CR", "N"),
    "partial remission": ("PR", "Y"),
    "chronic phase": ("CP", "Y"),
    "not evaluable": ("NE", "Y"),
    "relapse": ("REL", "Y"),
    "progression": ("PD", "Y"),
}
CAUSES = {"": "OTHER", "relapse": "RELAPSE", "progression": "PROGRESSION", "toxicity": "NRM_TOXIC"}
THERAPIES = {"new therapy": "CHEMO", "donor lymphocytes": "DLI"}


def row_of(date, words):
    """Table and row of what happened on a day."""
    if words.startswith("transplanted"):
        number = "2" if words.endswith("again") else "1"
        failed = {"engraft_fail": "Y"} if words.endswith("did not engraft") else {}
        return "transplant", {"tx_no": number, "tx_date": date} | failed
    if words in ("dose", "dose not given"):
        given = "1" if words == "dose" else "0"
        return "exposure", {"drug": "IL-2", "start_date": date, "end_date": date, "n_given": given}
    if words in ASSESSED:
        response, adequate = ASSESSED[words]
        return "assessments", {"date": date, "response": response, "adequate": adequate}
    if words == "alive":
        return "followup", {"date": date, "vital_status": "ALIVE"}
    if words.startswith(("died", "reported dead")):
        cause = CAUSES[words.partition(" of ")[2]]
        known = {"death_date": date} if words.startswith("died") else {}
        return "followup", {"date": date, "vital_status": "DEAD", "death_cause": cause} | known
    if words in THERAPIES:
        return "new_therapy", {"date": date, "type": THERAPIES[words]}
    if words.startswith("adverse event: "):
        return "ae", {"start_date": date, "pt": words.partition(": ")[2]}
    if words == "sample":
        return "labs", {"date": date, "test": "HGB", "value": "12", "unit": "g/dL"}
    assert words == "visit", words
    return "vitals", {"date": date, "temp_cel": "36.5"}


def rows_of(patient):
    """Raw rows by table of a patient in words. A diagnosis has no date; - is a date that is missing."""
    rows = {"subjects": [{"arm": "HD"}], "disease": []}
    for table in ("transplant", "exposure", "assessments", "followup", "new_therapy", "ae"):
        rows[table] = []
    for line in patient:
        date, _, words = line.partition(" ")
        if date == "diagnosis":
            diagnosis, _, status = words.partition(" in ")
            rows["disease"].append({"diagnosis": diagnosis, "status_at_tx": status})
            continue
        table, row = row_of("" if date == "-" else date, words)
        rows.setdefault(table, []).append(row)
    return rows


def declarations_of(case):
    """Sections of a study file with the one endpoint of the case."""
    endpoint = DECLARED["endpoints"][case["endpoint"]] | case.get("declare", {})
    origins = {key: dict(origin) for key, origin in DECLARED["origins"].items()}
    if case.get("salvage") == "true":
        origins["IT"]["salvage"] = True
    sections = {"endpoints": {case["endpoint"]: endpoint}, "origins": origins}
    return sections | {name: DECLARED[name] for name in ("survival", "events")}


def derive(case):
    """The row of the case's endpoint as imputed, and at the bounds: None where there is none."""
    frames = {name: type_rows(name, rows).frame for name, rows in rows_of(case["patient"]).items()}
    sections = declarations_of(case) | {"cut": case.get("cut", CUT)}
    [made] = derive_in_blocks(frames, **sections)
    frame, bounds = made["endpoints"], made["endpoints_bounds"]
    SCHEMA.validate(frame)
    found = {"row": None if frame.empty else frame.iloc[0]}
    for dates in ("earliest", "latest"):
        mine = bounds[bounds["dates"] == dates]
        found[dates] = None if mine.empty else mine.iloc[0]
    return frames, frame, found


def read_row(row):
    """A derived row in the words of the rules."""
    status = {code: word for word, code in STATUS.items()}.get(row["status"])
    return {
        "status": status if row["in_risk_set"] else "not at risk",
        "day": row["time"],
        "aval": row["aval"],
        "entry": row["entry"],
        "date": None if pd.isna(row["adt"]) else str(row["adt"].date()),
        "cnsr": row["cnsr"],
        "what": row["evntdesc"] if pd.notna(row["evntdesc"]) else row["cnsdtdsc"],
        "from": f"{row['srcdom']}.{row['srcvar']}",
        "flag": None if pd.isna(row["flag"]) else row["flag"],
        "imputed": None if pd.isna(row["adtf"]) else row["adtf"],
    }


def assert_row(row, expected, which):
    if expected == "null":
        assert row is None, which
        return
    assert row is not None, which
    found = read_row(row)
    for name, text in expected.items():
        value = None if text == "null" else text
        if name in ("day", "aval", "entry", "cnsr"):
            value = float(text)
        assert found[name] == value, (which, name)


def findings_of(case, frames, frame):
    """What both stages of checks find in the patient."""
    cut, sections = case.get("cut", CUT), declarations_of(case)
    raw = cohort_of(rows_of(case["patient"]), cut=cut)
    parts = [run_checks(raw, CHECKS)]
    parts += [
        found
        for name, rows in rows_of(case["patient"]).items()
        for found in type_rows(name, rows).findings
    ]
    if frame is not None:
        named = {name: sections[name] for name in ("endpoints", "origins")}
        cohort = derived_cohort(frames, {"endpoints": frame}, folder="derived", cut=cut, **named)
        parts.append(run_checks(cohort, DERIVED_CHECKS))
    return concat_findings(parts)


@pytest.mark.parametrize(
    ("title", "case"), CASES, ids=[f"{title}: {case['name']}" for title, case in CASES]
)
def test_a_patient_gets_the_row_that_the_rule_says(title, case):
    assert {"row", "finding"} & set(case)
    frames = frame = None
    if "row" in case:
        frames, frame, found = derive(case)
        for which in {"row", "earliest", "latest"} & set(case):
            assert_row(found[which], case[which], which)
    if "finding" in case:
        wanted = {"severity": "E"} | case["finding"]
        findings = findings_of(case, frames, frame)
        mine = findings[["rule", "table", "severity"]].to_dict("records")
        assert wanted in mine, mine
    else:
        errors = findings_of(case, frames, frame).query("severity == 'E'")
        # A patient of a rule need not be complete, but must be possible.
        assert not set(errors["rule"]) & {"E06", "E10", "E42", "E45", "E46", "E52", "E53", "E55"}


def test_every_declaration_is_used_by_a_rule():
    assert {case["endpoint"] for _, case in CASES} == set(DECLARED["endpoints"])


def test_a_rule_that_expects_something_else_fails():
    case = dict(CASES[0][1], row={"status": "event", "day": "167"})
    with pytest.raises(AssertionError):
        test_a_patient_gets_the_row_that_the_rule_says("", case)
