"""signs: one row a patient and sign that the study lists, present on treatment or not."""

import pandas as pd
import pandera.pandas as pa

TEXT = pd.StringDtype("pyarrow")


def present_with_episodes(frame: pd.DataFrame) -> pd.Series:
    """A sign is present exactly where it has an episode."""
    return frame["present"] == (frame["n_episodes"] > 0)


def graded_on_item(frame: pd.DataFrame) -> pd.Series:
    """A sign without an item of the scale never has a grade of it."""
    main = frame["worst_grade"].isna() | frame["who_item"].notna()
    return main & (frame["ctc_grade"].isna() | frame["ctc_item"].notna())


SCHEMA = pa.DataFrameSchema(
    {
        "row_key": pa.Column(TEXT, unique=True, description="subject_id/preferred term"),
        "subject_id": pa.Column(TEXT, description="Patient"),
        "arm": pa.Column(TEXT, nullable=True, description="Arm of the patient"),
        "pt": pa.Column(TEXT, description="MedDRA preferred term"),
        "sign": pa.Column(TEXT, description="The sign in print"),
        "present": pa.Column(
            pd.BooleanDtype(), description="Whether a record of it is on treatment"
        ),
        "n_episodes": pa.Column(
            pd.Int64Dtype(), pa.Check.ge(0), description="Number of records on treatment"
        ),
        "who_item": pa.Column(
            TEXT, nullable=True, description="Item of the main scale; empty where it has none"
        ),
        "worst_grade": pa.Column(
            pd.Int64Dtype(),
            pa.Check.in_range(0, 5),
            nullable=True,
            description="Worst grade of its records on the main scale",
        ),
        "ctc_item": pa.Column(
            TEXT, nullable=True, description="Item of the scale after the main one, if it has one"
        ),
        "ctc_grade": pa.Column(
            pd.Int64Dtype(),
            pa.Check.in_range(0, 5),
            nullable=True,
            description="Worst grade of its records on the scale after the main one",
        ),
        "treated": pa.Column(
            pd.BooleanDtype(), description="Whether the patient was given at least one dose"
        ),
    },
    checks=[
        pa.Check(present_with_episodes, error="a sign is present exactly where it has an episode"),
        pa.Check(graded_on_item, error="a sign without an item of the scale has no grade"),
    ],
    strict=True,
)
