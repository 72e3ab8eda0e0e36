"""toxicity_worst: one row a patient, scale and item observed on treatment; ANY, one a patient and
scale; ANY_CTC, one a patient."""

import pandas as pd
import pandera.pandas as pa

TEXT = pd.StringDtype("pyarrow")
WHOLE = pd.Int64Dtype()
OF_PATIENTS = ("ANY", "ANY_CTC")


def emergent_above_baseline(frame: pd.DataFrame) -> pd.Series:
    """What emerged on treatment has a grade above none; an item's is above its baseline."""
    of_item = ~frame["item"].isin(OF_PATIENTS)
    above = frame["grade"] > frame["baseline_grade"].fillna(0).where(of_item, 0)
    return ~frame["treatment_emergent"] | above.fillna(False)


def worst_of_periods(frame: pd.DataFrame) -> pd.Series:
    """The worst grade is that during treatment or that in the days after it."""
    worst = frame[["grade_during", "grade_after"]].max(axis=1)
    return (frame["grade"] == worst).fillna(False) | (frame["grade"].isna() & worst.isna())


def grade(description: str) -> pa.Column:
    """A column of grades."""
    return pa.Column(WHOLE, pa.Check.in_range(0, 5), nullable=True, description=description)


SCHEMA = pa.DataFrameSchema(
    {
        "row_key": pa.Column(TEXT, unique=True, description="subject_id/scale/item"),
        "subject_id": pa.Column(TEXT, description="Patient"),
        "arm": pa.Column(TEXT, nullable=True, description="Arm of the patient"),
        "scale": pa.Column(TEXT, description="The scale that the grades are of"),
        "item": pa.Column(
            TEXT,
            description="Item of the scale; ANY for the highest of all its items; ANY_CTC for the "
            "highest of the main scale's items and of the listed signs that it lacks, on the scale "
            "after it",
        ),
        "grade": grade("Worst grade on treatment; empty if nothing could be graded"),
        "baseline_grade": grade("Grade of the last observation before treatment"),
        "grade_before": grade("Worst grade before treatment"),
        "grade_during": grade("Worst grade from the first dose to the last"),
        "grade_after": grade("Worst grade in the days after the last dose"),
        "treatment_emergent": pa.Column(
            pd.BooleanDtype(),
            description="Whether the worst grade is above that before treatment (ANY: of any item)",
        ),
        "n_episodes": pa.Column(
            WHOLE,
            pa.Check.ge(0),
            description="Number of episodes on treatment: records, or runs of days with a "
            "measurement above grade 0; of a patient, those of all items",
        ),
        "treated": pa.Column(
            pd.BooleanDtype(), description="Whether the patient was given at least one dose"
        ),
    },
    checks=[
        pa.Check(emergent_above_baseline, error="what is treatment-emergent is above the baseline"),
        pa.Check(worst_of_periods, error="the worst grade is that during treatment or after it"),
    ],
    strict=True,
)
