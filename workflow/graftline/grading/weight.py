"""Grades of loss of weight, from weights against the last one before treatment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.grading.comparison import round_for_comparison
from graftline.grading.reasons import BASELINE_MISSING, VALUE_MISSING
from graftline.grading.scale import Item

TEXT = "string[pyarrow]"


def grade_weights(item: Item, weight: pd.Series, baseline: pd.Series) -> pd.DataFrame:
    """Grades of each `weight` against its `baseline`, both in kg.

    Returns, on the same index, grade (Int64), limit (kg: that of the grade, or for grade 0 the
    first that was not reached) and reason: value_missing or baseline_missing; a baseline that is
    not above nought is none.
    """
    value = round_for_comparison(weight.to_numpy(float, na_value=np.nan))
    before = baseline.to_numpy(float, na_value=np.nan)
    before = np.where(before > 0, before, np.nan)
    grade = np.where(np.isnan(value) | np.isnan(before), np.nan, 0.0)
    limit = np.full(len(value), np.nan)
    for one in item.measured:
        for criterion in one.criteria:
            threshold = round_for_comparison(criterion.factor * before)
            reached = value <= threshold if criterion.inclusive else value < threshold
            limit = np.where(reached | np.isnan(limit), criterion.factor * before, limit)
            grade = np.where(reached, one.grade, grade)
    reason = np.where(np.isnan(before), BASELINE_MISSING, None)
    reason = np.where(np.isnan(value), VALUE_MISSING, reason)
    return pd.DataFrame(
        {
            "grade": pd.array(grade, dtype="Float64").astype("Int64"),
            "limit": np.where(np.isnan(value), np.nan, limit),
            "reason": pd.array(reason, dtype=TEXT),
        },
        index=weight.index,
    )
