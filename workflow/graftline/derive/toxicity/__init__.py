"""Toxicity: what was observed, graded on the study's scale, with the cells that each grade stands
on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.derive.toxicity import cells
from graftline.derive.toxicity.observations import grade_events, grade_labs, grade_vitals
from graftline.derive.toxicity.period import treatment_periods
from graftline.derive.toxicity.worst import derive_signs, derive_worst
from graftline.grading.scale import Scale

__all__ = ["derive_toxicity"]

TEXT = "string[pyarrow]"
DATE = "datetime64[ns]"
SOURCE = {"src_file": TEXT, "src_line": "Int64"}

# The columns that are read, of each validated table: a study without the table has it empty.
READ = {
    "exposure": {"subject_id": TEXT, "start_date": DATE, "end_date": DATE, "n_given": "Int64"},
    "ae": dict.fromkeys(
        [
            "subject_id",
            "term",
            "pt",
            "finding",
            "start_date",
            "end_date",
            "related",
            "serious",
            "infection",
        ],
        TEXT,
    )
    | dict.fromkeys(
        ["start_date_earliest", "start_date_latest", "end_date_earliest", "end_date_latest"], DATE
    ),
    "labs": {"subject_id": TEXT, "date": DATE, "time": TEXT, "test": TEXT, "value": "float64"}
    | {"unit": TEXT, "uln": "float64", "below_limit": TEXT},
    "vitals": {
        "subject_id": TEXT,
        "date": DATE,
        "time": TEXT,
        "temp_cel": "float64",
        "sbp_mmhg": "float64",
    },
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
    "uln": "float64",
    "grade": "Int64",
    "reason": TEXT,
    "criterion": TEXT,
    "date_earliest": DATE,
    "on_treatment": "boolean",
    "related": TEXT,
    "infection": TEXT,
    "serious": TEXT,
}


def _read_columns(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """The columns that are read of the table `name`, in one type each; no rows if it is not
    there."""
    types = READ[name] | SOURCE
    if name not in tables:
        return pd.DataFrame({column: [] for column in types}).astype(types)
    return tables[name][list(types)].astype(types).reset_index(drop=True)


def _assemble(parts: list[pd.DataFrame], subjects: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """The table toxicity, with baseline as one more column."""
    text = {
        f"{code} {g}": words
        for code, i in scale.items.items()
        for g, words in i.text_of_grade.items()
    }
    types = COLUMNS | {"baseline": "boolean"}
    parts = [part.reindex(columns=list(types)).astype(types) for part in parts]
    frame = pd.concat(parts, ignore_index=True)
    frame["arm"] = frame["subject_id"].map(subjects.set_index("subject_id")["arm"])
    frame["scale"] = scale.scale
    frame["item_label"] = frame["item"].map(
        {code: item.label for code, item in scale.items.items()}
    )
    frame["criterion"] = (frame["item"] + " " + frame["grade"].astype(TEXT)).map(text)
    return frame.astype(types).sort_values("row_key", kind="stable").reset_index(drop=True)


def derive_toxicity(
    tables: Mapping[str, pd.DataFrame], scale: Scale, protocol: Mapping[str, Any], cut: str
) -> dict[str, pd.DataFrame]:
    """Grades of all observations, worst grades, signs and their lineage.

    `tables` maps subjects and those of exposure, ae, labs, vitals that the study has to validated
    tables; `protocol` is the section toxicity of study.yaml (days_after_last_dose, fever, signs);
    `cut` the date of the data cut. Returns toxicity, a row for each graded or ungradable
    observation; toxicity_worst, a row for each patient and item observed on treatment and a row
    ANY for each patient; signs, a row for each patient and listed sign; and lineage. Each
    patient's rows depend on that patient alone. Raises GraftlineError for a unit or a finding that
    the scale cannot place.
    """
    subjects = _read_columns(tables, "subjects")
    exposure = _read_columns(tables, "exposure")
    day = pd.Timestamp(cut)
    periods = treatment_periods(exposure, protocol["days_after_last_dose"], day)

    labs = grade_labs(_read_columns(tables, "labs"), periods, scale)
    temperatures, marked, pairs = grade_vitals(
        _read_columns(tables, "vitals"), periods, scale, protocol["fever"]
    )
    events, episodes = grade_events(_read_columns(tables, "ae"), periods, scale, temperatures, day)

    toxicity = _assemble([labs, temperatures, events], subjects, scale)
    worst = derive_worst(toxicity, subjects, periods)
    signs = derive_signs(toxicity, subjects, periods, protocol.get("signs") or {}, scale)
    numbers = cells.CellNumbers(
        {"labs": labs, "vitals": marked, "ae": events, "exposure": exposure, "subjects": subjects}
    )
    links, rows = cells.link_observations(
        numbers, labs, temperatures, marked, pairs, events, episodes, exposure, scale
    )
    # The number of a row in the links is its place among the observations, before they are sorted.
    keys = pd.concat(
        [frame["row_key"] for frame in (labs, temperatures, events)], ignore_index=True
    )
    numbered = toxicity.assign(row=toxicity["row_key"].map(pd.Series(keys.index, index=keys)))
    of_worst = cells.link_worst(numbers, worst, numbered, links, subjects)
    of_signs = cells.link_signs(numbers, signs, events, rows["AE"], links, subjects)
    lineage = [
        numbers.print_lineage("signs", signs["row_key"], of_signs),
        numbers.print_lineage(
            "toxicity", keys, cells.link_arms(numbers, links, numbered, subjects)
        ),
        numbers.print_lineage("toxicity_worst", worst["row_key"], of_worst),
    ]
    return {
        "toxicity": toxicity.drop(columns="baseline"),
        "toxicity_worst": worst,
        "signs": signs,
        "lineage": pd.concat(lineage, ignore_index=True),
    }
