"""Derived tables of toxicity, written by hand: what a test does not say is filled in."""

from pathlib import Path

import pandas as pd

from graftline.grading.files import read_scale

SCALES = Path(__file__).parents[3] / "config" / "scales"
WHO = read_scale(SCALES / "who-1981.yaml")
CTCAE = read_scale(SCALES / "ctcae-5.0.yaml")
TEXT = "string[pyarrow]"
WHOLE = ("grade", "baseline_grade", "grade_before", "grade_during", "grade_after", "grade_rule_b")
TRUE_OR_FALSE = ("treated", "on_treatment", "treatment_emergent", "present")
COLUMNS = {
    "toxicity": [
        *("row_key", "subject_id", "arm", "scale", "item", "domain", "pt", "grade", "grade_rule_b"),
        *("reason", "on_treatment", "related", "infection", "serious", "severity"),
    ],
    "toxicity_worst": [
        *("row_key", "subject_id", "arm", "scale", "item", "grade", "baseline_grade"),
        *("grade_before", "grade_during", "grade_after", "treatment_emergent", "treated"),
    ],
    "signs": ["row_key", "arm", "pt", "present", "treated"],
}
FILLED = {"scale": WHO.scale, "treated": True, "on_treatment": True, "treatment_emergent": False}


def complete(frames):
    """`frames` with the columns that they lack, of the types of the derived tables."""
    done = {}
    for name, columns in COLUMNS.items():
        frame = frames.get(name, pd.DataFrame({"row_key": []})).copy()
        for column in columns:
            given = frame.get(column, pd.Series(None, frame.index, dtype=object))
            given = given.astype(object).where(given.notna(), FILLED.get(column))
            frame[column] = given.where(given.notna(), None)
        types = {
            column: "Int64" if column in WHOLE else "boolean" if column in TRUE_OR_FALSE else TEXT
            for column in columns
        }
        done[name] = frame[columns].astype(types)
    return done


def rows(name, entries):
    """A table `name` of dictionaries, each row with its own key."""
    frame = pd.DataFrame(entries)
    frame["row_key"] = [f"{name}/{n}" for n in range(len(frame))]
    return frame
