"""The criteria of an item on a block of rows: met, not met, or unknown for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from graftline.grading import reasons
from graftline.grading.comparison import compare, round_for_comparison, round_half_away
from graftline.grading.plan import NO_REASON, REASON_CODE, Plan
from graftline.grading.scale import BASELINE, LLN, WHEN, Criterion

MISSING = {
    "lln": REASON_CODE[reasons.LLN_MISSING],
    "uln": REASON_CODE[reasons.ULN_MISSING],
    "baseline": REASON_CODE[reasons.BASELINE_MISSING],
    "baseline_lln": REASON_CODE[reasons.BASELINE_RANGE_MISSING],
    "baseline_uln": REASON_CODE[reasons.BASELINE_RANGE_MISSING],
}
VALUE_BELOW_LLN = "value_below_LLN"
BELOW_LLN = Criterion(reached="below", relative_to=(LLN,))
WRONG = REASON_CODE[reasons.RANGE_WRONG]


@dataclass
class Truth:
    """Whether something is true, by row, and the code of the reason where that is unknown
    (NO_REASON where it is known; None: known everywhere). It is never true where it is unknown."""

    met: np.ndarray
    why: np.ndarray | None = None

    def __and__(self, other: Truth) -> Truth:
        """Both: false as soon as one is false, even where the other is unknown."""
        met = self.met & other.met
        if self.why is None and other.why is None:
            return Truth(met)
        false = self.known_false() | other.known_false()
        return Truth(met, np.where(false, NO_REASON, _least(self.why, other.why)))

    def __or__(self, other: Truth) -> Truth:
        """Either: true as soon as one is true, even where the other is unknown."""
        met = self.met | other.met
        if self.why is None and other.why is None:
            return Truth(met)
        return Truth(met, np.where(met, NO_REASON, _least(self.why, other.why)))

    def known_false(self) -> np.ndarray:
        """Where it is surely not true."""
        return ~self.met if self.why is None else ~self.met & (self.why == NO_REASON)


def _least(one: np.ndarray | None, other: np.ndarray | None) -> np.ndarray:
    if one is None or other is None:
        return one if other is None else other
    return np.minimum(one, other)


class Block:
    """Some rows of one item: numbers (NaN for none), marks, and unit codes of the plan."""

    def __init__(
        self, plan: Plan, numbers: Mapping[str, np.ndarray], marks: Mapping, unit: np.ndarray
    ):
        self.plan, self.numbers, self.unit = plan, numbers, unit
        self.below, self.above = marks.get("below_limit"), marks.get("above_limit")
        self.on_normal_range = marks.get("on_normal_range")
        self.value = numbers["value"]
        self._ranges: dict[str, tuple[np.ndarray, np.ndarray | None]] = {}

    @cached_property
    def factor(self) -> np.ndarray:
        """Factor to the unit compared."""
        return self.plan.factor[self.unit]

    @cached_property
    def compared(self) -> np.ndarray:
        """Values in the unit compared; by rule B, rounded to the printed decimals."""
        if not self.plan.converts:
            return self.value
        values = self.value * self.factor
        if self.plan.decimals is not None:
            values = round_half_away(values, self.plan.decimals[self.unit])
        return values

    @cached_property
    def rounded(self) -> np.ndarray:
        """Values in the unit compared, rounded for comparison."""
        return round_for_comparison(self.compared)

    @cached_property
    def own_rounded(self) -> np.ndarray:
        """Values in the unit of the row, rounded for comparison."""
        if self.plan.decimals is not None:
            return round_for_comparison(self.compared / self.factor)
        return round_for_comparison(self.value)

    def number(self, name: str) -> np.ndarray:
        """The column `name`, all missing if there is none."""
        return self.numbers.get(name, np.full(len(self.value), np.nan))

    def range_of(self, name: str) -> tuple[np.ndarray, np.ndarray | None]:
        """The usable numbers of the column `name`, and why others are not (None: all usable)."""
        if name not in self._ranges:
            found = self.number(name)
            why = None
            usable = np.isfinite(found)
            if name != "baseline":
                prefix = name[:-3]
                with np.errstate(invalid="ignore"):
                    crossed = self.number(prefix + "lln") > self.number(prefix + "uln")
                    wrong = ~np.isnan(found) & ((found <= 0) | np.isinf(found) | crossed)
                usable &= ~wrong
            if not usable.all():
                why = np.where(usable, NO_REASON, MISSING[name])
                if name != "baseline":
                    why[wrong] = WRONG
                found = np.where(usable, found, np.nan)
            self._ranges[name] = (found, why)
        return self._ranges[name]

    @cached_property
    def _conditions(self) -> dict[str, Truth]:
        return {}

    def condition(self, when: str) -> Truth:
        """Whether the condition `when` of a criterion holds. On the normal range the baseline
        counts as normal."""
        if when not in self._conditions:
            one = self._value_below_lln() if when == VALUE_BELOW_LLN else self._of_baseline(when)
            self._conditions[when] = one
        return self._conditions[when]

    def _value_below_lln(self) -> Truth:
        limit, why = self.range_of("lln")
        return self._compare(BELOW_LLN, self.own_rounded, round_for_comparison(limit), why)

    def _of_baseline(self, when: str) -> Truth:
        name, name_of_limit = WHEN[when]
        baseline, why = self.range_of(name)
        limit, why_limit = self.range_of(name_of_limit)
        baseline, limit = round_for_comparison(baseline), round_for_comparison(limit)
        with np.errstate(invalid="ignore"):
            abnormal = baseline > limit if when.endswith("ULN") else baseline < limit
        why = None if why is None and why_limit is None else _least(why, why_limit)
        met = ~abnormal if "_not_" in when else abnormal
        if why is not None:
            met &= why == NO_REASON
        if self.on_normal_range is not None:
            met = np.where(self.on_normal_range, "_not_" in when, met)
            if why is not None:
                why = np.where(self.on_normal_range, NO_REASON, why)
        return Truth(met, why)

    def _compare(self, criterion, values, thresholds, why) -> Truth:
        met, unsure = compare(criterion, values, thresholds, self.below, self.above)
        if unsure is not None:
            code = np.where(
                self.above if self.above is not None else False,
                REASON_CODE[reasons.ABOVE_ASSAY_LIMIT],
                REASON_CODE[reasons.BELOW_ASSAY_LIMIT],
            )
            assay = np.where(unsure, code, NO_REASON).astype(np.int8)
            why = assay if why is None else np.minimum(why, assay)
        if why is not None:
            met &= why == NO_REASON
        return Truth(met, why)

    def judge(self, criterion: Criterion) -> tuple[Truth, np.ndarray]:
        """Whether each row meets the criterion, and its limit in the row's own unit (NaN where the
        criterion is not for the row, or the limit is unknown)."""
        if criterion.absolute:
            thresholds = self.plan.limits(criterion)[self.unit]
            truth = self._compare(criterion, self.rounded, thresholds, None)
            limit = self.plan.own_limits(criterion)[self.unit]
        else:
            truth, limit = self._judge_ranges(criterion)
        if criterion.when:
            holds = self.condition(criterion.when)
            truth, limit = truth & holds, np.where(holds.met, limit, np.nan)
        return truth, limit

    def _judge_ranges(self, criterion: Criterion) -> tuple[Truth, np.ndarray]:
        """As `judge`, for a criterion relative to one range or to several that must all be
        passed."""
        outermost = np.fmin if criterion.falling else np.fmax
        truth = limit = None
        for name in criterion.relative_to:
            found, why = self.range_of(name.lower())
            thresholds, values = found * criterion.factor, self.own_rounded
            if criterion.plus:
                added = self.plan.limits(criterion)[self.unit]
                thresholds, values = thresholds * self.factor + added, self.rounded
            thresholds = round_for_comparison(thresholds)
            part = self._compare(criterion, values, thresholds, why)
            if name == BASELINE and self.on_normal_range is not None:
                # Passed beside another range, which then decides; never on its own.
                passed = len(criterion.relative_to) > 1
                thresholds = np.where(self.on_normal_range, np.nan, thresholds)
                part.met = np.where(self.on_normal_range, passed, part.met)
                if part.why is not None:
                    part.why = np.where(self.on_normal_range, NO_REASON, part.why)
            truth = part if truth is None else truth & part
            limit = thresholds if limit is None else outermost(limit, thresholds)
        if criterion.plus:
            limit = round_for_comparison(limit / self.factor)
        return truth, limit


@dataclass
class Outcome:
    """By row: grade (0 and up), whether it has none, the code of the reason (NO_REASON: none), and
    the limit reached or, for grade 0, the first that was not, in the row's own unit."""

    grade: np.ndarray
    no_grade: np.ndarray
    reason: np.ndarray
    limit: np.ndarray


def grade_block(block: Block) -> Outcome:
    """Grades of the rows of `block`: the highest grade of which a criterion is surely met.

    The grade is 0 only if all criteria are surely not met. Where a criterion of a higher grade is
    unknown, the reason says why: there is no grade, or it is the least that it can be.
    """
    plan, n = block.plan, len(block.value)
    grades = np.zeros(n, dtype=np.int64)
    limits = np.full(n, np.nan)
    nearest = np.full(n, np.nan)
    reason = np.full(n, NO_REASON, dtype=np.int8)
    undecided = np.ones(n, dtype=bool)
    nearer = np.fmax if plan.item.direction == "low" else np.fmin
    for grade in reversed(plan.item.measured):
        truth = None
        for criterion in grade.criteria:
            one, limit = block.judge(criterion)
            already = False if truth is None else truth.met
            np.copyto(limits, limit, where=undecided & one.met & ~np.asarray(already))
            nearest = nearer(nearest, limit)
            truth = one if truth is None else truth | one
        if truth.why is not None:
            reason = np.where(undecided, np.minimum(reason, truth.why), reason)
        grades[undecided & truth.met] = grade.grade
        undecided &= ~truth.met
    np.copyto(limits, nearest, where=undecided & (reason == NO_REASON))

    blocked = plan.blocked[block.unit]
    blocked[~np.isfinite(block.value)] = REASON_CODE[reasons.VALUE_NOT_A_NUMBER]
    blocked[np.isnan(block.value)] = REASON_CODE[reasons.VALUE_MISSING]
    out = blocked != NO_REASON
    reason = np.where(out, blocked, reason)
    limits[out] = np.nan
    no_grade = out | (undecided & (reason != NO_REASON))
    grades[no_grade] = 0
    return Outcome(grades, no_grade, reason, limits)
