"""Grades of laboratory values: half-open, without gaps, exact at the limits, and three-valued."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from graftline.grading.criteria import Block, grade_block
from graftline.grading.plan import NO_REASON, Plan, Texts
from graftline.grading.reasons import OF_LABORATORY
from graftline.grading.scale import Item, Scale
from graftline.grading.units import Units

NUMBERS = ("value", "lln", "uln", "baseline", "baseline_lln", "baseline_uln")
MARKS = ("below_limit", "above_limit", "on_normal_range")
TEXTS = ("unit", "conversion", "criterion")
RULES = ("A", "B")
# Rows that are graded at a time: their arrays stay in the processor's cache.
BLOCK = 1 << 15
# Rows among which those of one item are gathered: time stays linear when memory is far larger than
# the processor's cache.
REACH = 1 << 20


def _truth(column: pd.Series) -> np.ndarray:
    """True where a column of truth values is true, or one of text is Y."""
    if column.dtype == bool:
        return column.to_numpy()
    if isinstance(column.dtype, pd.BooleanDtype):
        return column.to_numpy(bool, na_value=False)
    return (column == "Y").astype("boolean").fillna(False).to_numpy(bool)


class _Rows:
    """The columns of laboratory rows as arrays: numbers as float64 with NaN, marks as bool, units
    as codes (-1: none) of `unit_names`."""

    def __init__(self, frame: pd.DataFrame):
        self.numbers = {
            name: frame[name].to_numpy(float, na_value=np.nan) for name in NUMBERS if name in frame
        }
        marks = {name: _truth(frame[name]) for name in MARKS if name in frame}
        self.marks = {name: mark for name, mark in marks.items() if mark.any()}
        codes, names = pd.factorize(frame["unit"])
        self.unit, self.unit_names = codes.astype(np.int32), [str(name) for name in names]

    def blocks(self, plan: Plan, order: np.ndarray | None) -> Iterator[tuple[Block, object]]:
        """The rows at the positions `order` (None: all) in blocks, each with its positions."""
        n = len(self.unit) if order is None else len(order)
        for start in range(0, n, BLOCK):
            some = slice(start, min(start + BLOCK, n))
            chosen = some if order is None else order[some]
            block = Block(
                plan,
                {name: column[chosen] for name, column in self.numbers.items()},
                {name: column[chosen] for name, column in self.marks.items()},
                self.unit[chosen],
            )
            yield block, chosen


class _Results:
    """The columns that grading gives, as arrays; text as codes (-1: none)."""

    def __init__(self, n: int):
        self.texts = {name: Texts() for name in TEXTS}
        self.grade = np.zeros(n, dtype=np.int64)
        self.no_grade = np.ones(n, dtype=bool)
        self.limit = np.full(n, np.nan)
        self.value_compared = np.full(n, np.nan)
        self.reason = np.full(n, -1, dtype=np.int8)
        self.limit_unit, self.criterion, self.unit_compared, self.conversion = (
            np.full(n, -1, dtype=np.int16) for _ in range(4)
        )

    def fill(self, block: Block, chosen) -> None:
        """Grade the rows of `block`, which have the positions `chosen`."""
        plan, outcome = block.plan, grade_block(block)
        self.grade[chosen] = outcome.grade
        self.no_grade[chosen] = outcome.no_grade
        self.limit[chosen] = outcome.limit
        self.reason[chosen] = np.where(outcome.reason == NO_REASON, -1, outcome.reason)
        unit, compared = block.unit, block.compared
        nothing = np.isnan(compared)
        self.value_compared[chosen] = compared
        self.unit_compared[chosen] = np.where(nothing, -1, plan.unit_compared[unit])
        self.conversion[chosen] = np.where(nothing, -1, plan.conversion[unit])
        self.limit_unit[chosen] = np.where(np.isnan(outcome.limit), -1, plan.own_unit[unit])
        texts = plan.criterion_of_grade[outcome.grade]
        self.criterion[chosen] = np.where(outcome.no_grade, -1, texts)

    def frame(self, index: pd.Index) -> pd.DataFrame:
        """The columns as a table with the `index`."""

        def category(codes: np.ndarray, texts: list[str]) -> pd.Categorical:
            dtype = pd.CategoricalDtype(pd.Index(texts, dtype="object"))
            return pd.Categorical.from_codes(codes, dtype=dtype, validate=False)

        unit, conversion, criterion = (list(self.texts[name].code) for name in TEXTS)
        return pd.DataFrame(
            {
                "grade": pd.arrays.IntegerArray(self.grade, self.no_grade),
                "reason": category(self.reason, list(OF_LABORATORY)),
                "limit": self.limit,
                "limit_unit": category(self.limit_unit, unit),
                "criterion": category(self.criterion, criterion),
                "value_compared": self.value_compared,
                "unit_compared": category(self.unit_compared, unit),
                "conversion": category(self.conversion, conversion),
            },
            index=index,
            copy=False,
        )


def _check_rule(rule: str) -> None:
    if rule not in RULES:
        raise ValueError(f"the rule is A or B, not {rule!r}")


def grade_laboratory(
    item: Item, frame: pd.DataFrame, units: Units, *, rule: str = "A"
) -> pd.DataFrame:
    """Grades of laboratory values of one item, row by row.

    `frame` has value (float, in the row's unit), unit (text, as the laboratory wrote it) and, where
    there are any, lln, uln, baseline, baseline_lln, baseline_uln (floats in the row's unit),
    below_limit, above_limit ("Y" or true: the true value is under, or over, the one written) and
    on_normal_range (true: the baseline counts as normal, criteria relative to it are not used).

    Rule A: the grade is the highest of which a criterion is reached, so that intervals are half-open
    and have no gaps. Rule B rounds the value to the printed decimals of the limits first; where the
    source prints none, it is rule A. A value is compared with factor * range, never a ratio with a
    factor. A limit that the source prints in the value's unit is used as it is printed; other units
    are converted.

    Returns, on the same index: grade (Int64); reason (category: a code of `graftline.grading.
    reasons`, or missing), which stands beside a grade where a higher one could not be excluded;
    limit (float) and limit_unit (category): what was reached, or for grade 0 what was not, in the
    row's unit; criterion (category): the source's text of the grade; value_compared (float),
    unit_compared and conversion (categories). Sources: Miller et al., Cancer 1981;47:207-14; NCI
    CTCAE 4.03, 5.0, 6.0; comparison as in admiral's `derive_var_atoxgr_dir`.
    """
    _check_rule(rule)
    rows, results = _Rows(frame), _Results(len(frame))
    plan = Plan(item, rows.unit_names, units, results.texts, rule)
    for block, chosen in rows.blocks(plan, None):
        results.fill(block, chosen)
    return results.frame(frame.index)


def grade_rows(scale: Scale, frame: pd.DataFrame, units: Units, *, rule: str = "A") -> pd.DataFrame:
    """As `grade_laboratory`, for rows of several items: `frame` has the column item besides.

    Rows whose item is missing or is not one of the scale's laboratory items have neither grade nor
    reason.
    """
    _check_rule(rule)
    rows, results = _Rows(frame), _Results(len(frame))
    codes, names = pd.factorize(frame["item"])
    items = [scale.items.get(name) for name in names]
    plans = [
        Plan(item, rows.unit_names, units, results.texts, rule)
        if item is not None and item.kind == "laboratory"
        else None
        for item in items
    ]
    for start in range(0, len(codes), REACH):
        some = codes[start : start + REACH].astype(np.int16)
        order = np.argsort(some, kind="stable")
        ends = np.searchsorted(some[order], np.arange(-1, len(plans)), side="right")
        for code, plan in enumerate(plans):
            if plan is not None:
                for block, chosen in rows.blocks(plan, start + order[ends[code] : ends[code + 1]]):
                    results.fill(block, chosen)
    return results.frame(frame.index)
