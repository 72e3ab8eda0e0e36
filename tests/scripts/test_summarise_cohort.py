"""The script summarise_cohort: what it says of its figure."""

import json
from pathlib import Path
from runpy import run_path

import pandas as pd
import pytest

from graftline import tables
from graftline.raw.sdtm.mapping import no_set_aside
from schemas.derived.subjects import SCHEMA

ROOT = Path(__file__).parents[2]
MAIN = run_path(str(ROOT / "workflow" / "scripts" / "summarise_cohort.py"))["main"]


@pytest.mark.parametrize("treated", [True, False])
def test_the_figure_speaks_of_treatment_only_where_some_was_given(tmp_path, treated):
    row = dict.fromkeys(SCHEMA.columns) | {
        "row_key": "A",
        "subject_id": "A",
        "case_label": "Case 1",
        "very_high_risk": False,
        "tx_date": pd.Timestamp("1994-01-01"),
        "last_alive_date": pd.Timestamp("1994-12-31"),
        "days_tx_to_end": 364,
        "vital_status": "ALIVE",
    }
    if treated:
        day = pd.Timestamp("1994-03-01")
        row |= {"it_start": day, "it_end": day, "days_to_treatment": 59, "days_tx_to_last_dose": 59}
    types = {name: str(column.dtype) for name, column in SCHEMA.columns.items()}
    subjects, fragment = tmp_path / "subjects.parquet", tmp_path / "fragment.json"
    tables.write_parquet(str(subjects), pd.DataFrame([row]).astype(types))
    received = {"subject_id": ["A"], "src_file": ["subjects.csv"], "src_line": [2]}
    validated, set_aside = tmp_path / "validated.parquet", tmp_path / "set_aside.parquet"
    tables.write_parquet(str(validated), pd.DataFrame(received))
    tables.write_parquet(str(set_aside), no_set_aside())
    params = {"arms": {}, "labels": {}, "baseline": {"variables": []}, "data_label": None}
    figures = ("swimmer.svg", "flow.svg", "dose_intensity.svg")
    outputs = (*figures, "received.parquet", "lineage.parquet")
    MAIN(
        {"subjects": str(subjects), "validated": str(validated), "set_aside": str(set_aside)},
        {"fragment": str(fragment)}
        | {name.split(".")[0]: str(tmp_path / name) for name in outputs},
        params=params | {"disclosure": {"case_listing": True}},
    )
    content = json.loads(fragment.read_text("utf-8"))
    assert ("hatched" in content["figures"]["swimmer"]["caption"]) == treated
    # Without doses nothing is said of exposure; its figure is there, and no part of the report.
    assert "exposure" not in content["tables"] and "dose_intensity" not in content["figures"]
    assert not any(number["id"].startswith("exposure.") for number in content["numbers"])
    assert "No dose was planned" in (tmp_path / "dose_intensity.svg").read_text("utf-8")
