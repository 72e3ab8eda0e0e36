"""toxicity_worst: one row a patient and item observed on treatment, and one, ANY, a patient."""

import pandas as pd
import pandera.pandas as pa

TEXT = pd.StringDtype("pyarrow")


def emergent_above_baseline(frame: pd.DataFrame) -> pd.Series:
    """What emerged on treatment has a grade above none; an item's is above its baseline."""
    above = frame["grade"] > frame["baseline_grade"].fillna(0).where(frame["item"] != "ANY", 0)
    return ~frame["treatment_emergent"] | above.fillna(False)


SCHEMA = pa.DataFrameSchema(
    {
        "row_key": pa.Column(TEXT, unique=True, description="subject_id/item"),
        "subject_id": pa.Column(TEXT, description="Patient"),
        "arm": pa.Column(TEXT, nullable=True, description="Arm of the patient"),
        "item": pa.Column(
            TEXT, description="Item of the scale, or ANY for the highest of all items"
        ),
        "grade": pa.Column(
            pd.Int64Dtype(),
            pa.Check.in_range(0, 5),
            nullable=True,
            description="Worst grade on treatment; empty if nothing could be graded",
        ),
        "baseline_grade": pa.Column(
            pd.Int64Dtype(),
            pa.Check.in_range(0, 5),
            nullable=True,
            description="Grade of the last observation before treatment",
        ),
        "treatment_emergent": pa.Column(
            pd.BooleanDtype(),
            description="Whether the worst grade is above that before treatment (ANY: of any item)",
        ),
        "treated": pa.Column(
            pd.BooleanDtype(), description="Whether the patient was given at least one dose"
        ),
    },
    checks=[
        pa.Check(emergent_above_baseline, error="what is treatment-emergent is above the baseline")
    ],
    strict=True,
)
