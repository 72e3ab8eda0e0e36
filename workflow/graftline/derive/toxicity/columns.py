"""The columns that are read of the validated tables, and those of the derived ones."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

TEXT = "string[pyarrow]"
DATE = "datetime64[ns]"
SOURCE = {"src_file": TEXT, "src_line": "Int64"}

# A study without one of these tables has it empty, and one without one of these columns too.
OPTIONAL = {"severity", "temp_cel_line", "sbp_mmhg_line", "weight_kg_line"}
READ = {
    "exposure": {"subject_id": TEXT, "start_date": DATE, "end_date": DATE, "n_given": "Int64"},
    "ae": dict.fromkeys(["subject_id", "term", "pt", "finding", "therapy_given"], TEXT)
    | dict.fromkeys(["start_date", "end_date"], TEXT)
    | dict.fromkeys(["related", "serious", "outcome", "infection", "severity"], TEXT)
    | dict.fromkeys(["start_date_earliest", "start_date_latest"], DATE)
    | dict.fromkeys(["end_date_earliest", "end_date_latest"], DATE),
    "labs": {"subject_id": TEXT, "date": DATE, "time": TEXT, "test": TEXT, "value": "float64"}
    | {"unit": TEXT, "lln": "float64", "uln": "float64", "below_limit": TEXT},
    "vitals": {"subject_id": TEXT, "date": DATE, "time": TEXT, "temp_cel": "float64"}
    | {"sbp_mmhg": "float64", "weight_kg": "float64"}
    | dict.fromkeys(["temp_cel_line", "sbp_mmhg_line", "weight_kg_line"], "Int64"),
    "subjects": {"subject_id": TEXT, "arm": TEXT},
}

COLUMNS = {
    "row_key": TEXT,
    "subject_id": TEXT,
    "arm": TEXT,
    "scale": TEXT,
    "item": TEXT,
    "item_label": TEXT,
    "domain": TEXT,
    "pt": TEXT,
    "observed": TEXT,
    "value": "float64",
    "unit": TEXT,
    "lln": "float64",
    "uln": "float64",
    "baseline": "float64",
    "grade": "Int64",
    "grade_rule_b": "Int64",
    "reason": TEXT,
    "limit": "float64",
    "criterion": TEXT,
    "conversion": TEXT,
    "date_earliest": DATE,
    "period": TEXT,
    "on_treatment": "boolean",
    "related": TEXT,
    "infection": TEXT,
    "serious": TEXT,
    "severity": TEXT,
}

WORST_COLUMNS = {
    "row_key": TEXT,
    "subject_id": TEXT,
    "arm": TEXT,
    "scale": TEXT,
    "item": TEXT,
    "grade": "Int64",
    "baseline_grade": "Int64",
    "grade_before": "Int64",
    "grade_during": "Int64",
    "grade_after": "Int64",
    "treatment_emergent": "boolean",
    "n_episodes": "Int64",
    "treated": "boolean",
}

SIGN_COLUMNS = {
    "row_key": TEXT,
    "subject_id": TEXT,
    "arm": TEXT,
    "pt": TEXT,
    "sign": TEXT,
    "present": "boolean",
    "n_episodes": "Int64",
    "who_item": TEXT,
    "worst_grade": "Int64",
    "ctc_item": TEXT,
    "ctc_grade": "Int64",
    "treated": "boolean",
}


def read_columns(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """The columns that are read of the table `name`, in one type each and numbered from 0; no rows
    if it is not there."""
    types = READ[name] | SOURCE
    if name not in tables:
        return pd.DataFrame({column: [] for column in types}).astype(types)
    columns = [column for column in types if column in tables[name] or column not in OPTIONAL]
    frame = tables[name][columns].reindex(columns=list(types))
    return frame.astype(types).reset_index(drop=True)


def finish(frame: pd.DataFrame, types: Mapping[str, str]) -> pd.DataFrame:
    """`frame` with the columns and types of a derived table, missing ones empty, sorted by key."""
    frame = frame.reindex(columns=list(types)).astype(dict(types))
    return frame.sort_values("row_key", kind="stable").reset_index(drop=True)
