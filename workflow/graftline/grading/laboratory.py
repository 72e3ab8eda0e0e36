"""Grades of laboratory values: half-open, without gaps, and exact at the limits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.errors import GraftlineError
from graftline.grading.scale import Item

VALUE_MISSING = "value missing"
RANGE_MISSING = "upper limit of normal missing"
RANGE_WRONG = "upper limit of normal not above nought"
BELOW_ASSAY = "below the assay's limit, where more than one grade is possible"

DECIMALS = 9
SIGNIFICANT = 15


def round_for_comparison(values: np.ndarray) -> np.ndarray:
    """`values` to 9 decimals, or 15 significant digits where that is coarser.

    Two floats that stand for one decimal number, such as 35.2 * 1.25 and 44, become equal.
    """
    values = np.asarray(values, dtype=float)
    magnitude = np.abs(values, where=np.isfinite(values), out=np.ones_like(values))
    with np.errstate(divide="ignore"):
        before_point = np.where(magnitude >= 1, np.floor(np.log10(magnitude)) + 1, 1)
    scale = 10.0 ** np.minimum(DECIMALS, SIGNIFICANT - before_point)
    with np.errstate(invalid="ignore"):
        return np.rint(values * scale) / scale


def grade_values(
    item: Item,
    values: np.ndarray,
    uln: np.ndarray | None = None,
    *,
    just_below: np.ndarray | None = None,
) -> np.ndarray:
    """Grade (0 and up, float; NaN where the value is NaN) of `values` by the limits of `item`.

    Rule A: the grade is the highest whose limit is reached, so that intervals are half-open and
    have no gaps. For an item relative to the upper limit of normal the value is compared with
    limit * `uln`, never value / uln with the limit. Where `just_below` is true, the value is taken
    as any number under the one written, however little. Source: Miller et al., Cancer
    1981;47:207-14; comparison as in admiral's `derive_var_atoxgr_dir`.
    """
    rounded = round_for_comparison(values)
    under = np.zeros(rounded.shape, dtype=bool) if just_below is None else just_below
    grades = np.where(np.isnan(rounded), np.nan, 0.0)
    for grade in item.limits:
        factor = np.ones_like(rounded) if item.relative_to == "absolute" else np.asarray(uln, float)
        threshold = round_for_comparison(grade.limit * factor)
        with np.errstate(invalid="ignore"):
            if grade.reached == "below":
                reached = np.where(under, rounded <= threshold, rounded < threshold)
            elif grade.reached == "at_or_below":
                reached = rounded <= threshold
            elif grade.reached == "above":
                reached = rounded > threshold
            else:
                reached = np.where(under, rounded > threshold, rounded >= threshold)
        grades = np.where(reached, grade.grade, grades)
    return grades


def _convert_units(item: Item, frame: pd.DataFrame) -> np.ndarray:
    """How much of each row's unit makes one unit of the item; GraftlineError where it is
    unknown."""
    amounts = np.full(len(frame), np.nan)
    for test, units in item.tests.items():
        of_test = (frame["test"] == test).fillna(False).to_numpy(bool)
        amounts[of_test] = (
            frame.loc[of_test, "unit"].map(dict(units)).to_numpy(float, na_value=np.nan)
        )
    wrong = np.isnan(amounts) & frame["value"].notna().to_numpy(bool)
    if wrong.any():
        row = frame[wrong].iloc[0]
        accepted = ", ".join(item.tests[row["test"]])
        more = f" ({int(wrong.sum()) - 1} more such rows)" if wrong.sum() > 1 else ""
        raise GraftlineError(
            f"{row['src_file']}, line {row['src_line']}, column unit: the unit of {row['test']} "
            f"cannot be converted for the item {item.code}; accepted are {accepted}{more}. Correct "
            f"the unit, or add it with its factor to the scale"
        )
    return amounts


def grade_laboratory(item: Item, frame: pd.DataFrame) -> pd.DataFrame:
    """Grades of laboratory rows of one item.

    `frame` has test, value, unit, uln, below_limit ("Y" where the true value is under the one
    written), src_file and src_line. Returns, on the same index: value and uln in the item's unit,
    unit, grade (Int64), reason (why there is no grade, missing where there is one). Raises
    GraftlineError, naming file and line, for a unit that the scale cannot convert.
    """
    amounts = _convert_units(item, frame)
    raw = frame["value"].to_numpy(float, na_value=np.nan)
    limit = frame["uln"].to_numpy(float, na_value=np.nan)
    relative = item.relative_to == "ULN"
    # A relative limit is compared in the unit of the row: value and range share it.
    compared = raw if relative else raw / amounts
    below = (frame["below_limit"] == "Y").fillna(False).to_numpy(bool)
    usable = np.where(limit > 0, limit, np.nan)
    grades = grade_values(item, compared, usable, just_below=below)
    at_nought = grade_values(item, np.zeros_like(compared), usable)
    undecided = below & (grades != at_nought)

    reason = np.full(len(frame), None, dtype=object)
    reason[undecided] = BELOW_ASSAY
    if relative:
        reason[limit <= 0] = RANGE_WRONG
        reason[np.isnan(limit)] = RANGE_MISSING
    reason[np.isnan(raw)] = VALUE_MISSING
    grades = np.where(pd.isna(reason), grades, np.nan)
    return pd.DataFrame(
        {
            "value": raw / amounts,
            "unit": pd.array([item.unit] * len(frame), dtype="string[pyarrow]"),
            "uln": limit / amounts,
            "grade": pd.array(grades, dtype="Float64").astype("Int64"),
            "reason": pd.array(reason, dtype="string[pyarrow]"),
        },
        index=frame.index,
    )
