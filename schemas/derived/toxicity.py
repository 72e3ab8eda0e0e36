"""toxicity: one row a graded observation, or one that cannot be graded, with its reason."""

import pandas as pd
import pandera.pandas as pa

TEXT = pd.StringDtype("pyarrow")


def grade_or_reason(frame: pd.DataFrame) -> pd.Series:
    """A row has a grade or the reason why there is none, never both."""
    return frame["grade"].notna() != frame["reason"].notna()


def criterion_with_grade(frame: pd.DataFrame) -> pd.Series:
    """A row has the text of the scale where it has a grade, and only there."""
    return frame["grade"].notna() == frame["criterion"].notna()


def grade_on_item(frame: pd.DataFrame) -> pd.Series:
    """A grade belongs to an item of the scale."""
    return frame["grade"].isna() | frame["item"].notna()


SCHEMA = pa.DataFrameSchema(
    {
        "row_key": pa.Column(
            TEXT, unique=True, description="subject_id/domain/src_line/item or term"
        ),
        "subject_id": pa.Column(TEXT, description="Patient"),
        "arm": pa.Column(TEXT, nullable=True, description="Arm of the patient"),
        "scale": pa.Column(TEXT, description="The scale that the grade is of"),
        "item": pa.Column(
            TEXT, nullable=True, description="Item of the scale; empty where it has none"
        ),
        "item_label": pa.Column(TEXT, nullable=True, description="The item in print"),
        "domain": pa.Column(
            TEXT,
            pa.Check.isin(["AE", "LB", "VS"]),
            description="Where it was observed: adverse event, laboratory value, vital sign",
        ),
        "pt": pa.Column(
            TEXT, nullable=True, description="MedDRA preferred term of an adverse event"
        ),
        "observed": pa.Column(TEXT, nullable=True, description="What was observed, as found"),
        "value": pa.Column("float64", nullable=True, description="Value in the item's unit"),
        "unit": pa.Column(TEXT, nullable=True, description="The item's unit"),
        "uln": pa.Column(
            "float64", nullable=True, description="Upper limit of normal in the item's unit"
        ),
        "grade": pa.Column(
            pd.Int64Dtype(),
            pa.Check.in_range(0, 5),
            nullable=True,
            description="Grade; empty where it cannot be graded, which is not grade 0",
        ),
        "reason": pa.Column(TEXT, nullable=True, description="Why there is no grade"),
        "criterion": pa.Column(
            TEXT, nullable=True, description="The scale's own words for the grade"
        ),
        "date_earliest": pa.Column(
            "datetime64[ns]",
            nullable=True,
            description="Day of the observation, or first day it may have begun",
        ),
        "on_treatment": pa.Column(
            pd.BooleanDtype(), description="Whether it lies in the on-treatment period"
        ),
        "related": pa.Column(TEXT, nullable=True, description="Related to treatment: Y, N, U"),
        "infection": pa.Column(TEXT, nullable=True, description="An infection: Y, N"),
        "serious": pa.Column(TEXT, nullable=True, description="A serious adverse event: Y, N"),
    },
    checks=[
        pa.Check(grade_or_reason, error="a row has a grade or the reason why not, never both"),
        pa.Check(
            criterion_with_grade, error="a row has the scale's text exactly where it has a grade"
        ),
        pa.Check(grade_on_item, error="a grade belongs to an item of the scale"),
    ],
    strict=True,
)
