"""toxicity: one row an observation and item of a scale, graded or with the reason why not."""

import pandas as pd
import pandera.pandas as pa

from graftline.derive.toxicity.period import ON_TREATMENT, PERIODS
from graftline.grading.reasons import SENTENCES

TEXT = pd.StringDtype("pyarrow")
WHOLE = pd.Int64Dtype()


def grade_or_reason(frame: pd.DataFrame) -> pd.Series:
    """A row without a grade has the reason why."""
    return frame["grade"].notna() | frame["reason"].notna()


def criterion_with_grade(frame: pd.DataFrame) -> pd.Series:
    """A grade above 0 has the text of the scale, and a row without a grade has none."""
    has_text = frame["criterion"].notna()
    return has_text.where((frame["grade"] > 0).fillna(False), ~has_text | frame["grade"].notna())


def grade_on_item(frame: pd.DataFrame) -> pd.Series:
    """A grade belongs to an item of the scale."""
    return frame["grade"].isna() | frame["item"].notna()


def on_treatment_by_period(frame: pd.DataFrame) -> pd.Series:
    """On treatment is during it or in the days after it."""
    return frame["on_treatment"] == frame["period"].isin(ON_TREATMENT)


def grade(description: str) -> pa.Column:
    """A column of grades."""
    return pa.Column(WHOLE, pa.Check.in_range(0, 5), nullable=True, description=description)


def number(description: str) -> pa.Column:
    """A column of numbers."""
    return pa.Column("float64", nullable=True, description=description)


def text(description: str, *checks: pa.Check, **more) -> pa.Column:
    """A column of text, missing where there is none."""
    return pa.Column(TEXT, list(checks), description=description, **{"nullable": True} | more)


SCHEMA = pa.DataFrameSchema(
    {
        "row_key": text(
            "subject_id/domain/src_line/scale/item or term", unique=True, nullable=False
        ),
        "subject_id": text("Patient", nullable=False),
        "arm": text("Arm of the patient"),
        "scale": text("The scale that the grade is of", nullable=False),
        "item": text("Item of the scale; empty where it has none"),
        "item_label": text("The item in print"),
        "domain": text(
            "Where it was observed: adverse event, laboratory value, vital sign",
            pa.Check.isin(["AE", "LB", "VS"]),
            nullable=False,
        ),
        "pt": text("MedDRA preferred term of an adverse event"),
        "observed": text("What was observed, as found"),
        "value": number("Value in its own unit"),
        "unit": text("Unit of value, ranges, baseline and limit, as found"),
        "lln": number("Lower limit of normal, where the item is relative to it"),
        "uln": number("Upper limit of normal, where the item is relative to it"),
        "baseline": number(
            "Last value before treatment, in the unit of the value, where the item is relative to it"
        ),
        "grade": grade("Grade; empty where it cannot be graded, which is not grade 0"),
        "grade_rule_b": grade(
            "Grade of the value rounded to the printed decimals of the limits; otherwise the grade"
        ),
        "reason": text(
            "Code of the reason why there is no grade, or why it is the least that it can be",
            pa.Check.isin(list(SENTENCES)),
        ),
        "limit": number("The limit that was reached, or for grade 0 the first that was not"),
        "criterion": text("The scale's own words for the grade"),
        "conversion": text("How the value was converted to be compared"),
        "date_earliest": pa.Column(
            "datetime64[ns]",
            nullable=True,
            description="Day of the observation, or first day it may have begun",
        ),
        "period": text(
            "BEFORE treatment, DURING it, AFTER it in the days that count as on treatment, LATER; "
            "empty for a patient without a dose",
            pa.Check.isin(PERIODS),
        ),
        "on_treatment": pa.Column(
            pd.BooleanDtype(), description="Whether the period is DURING or AFTER"
        ),
        "related": text("Related to treatment: Y, N, U"),
        "infection": text("An infection: Y, N"),
        "serious": text("A serious adverse event: Y, N"),
        "severity": text("Severity as the investigator judged it: MILD, MODERATE, SEVERE"),
    },
    checks=[
        pa.Check(grade_or_reason, error="a row without a grade has the reason why"),
        pa.Check(
            criterion_with_grade, error="a grade above 0 has the scale's text, no grade has none"
        ),
        pa.Check(grade_on_item, error="a grade belongs to an item of the scale"),
        pa.Check(on_treatment_by_period, error="on treatment is during it or in the days after"),
    ],
    strict=True,
)
