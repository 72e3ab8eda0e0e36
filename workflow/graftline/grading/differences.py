"""Where limits that a source prints in two units give the same value two grades."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from graftline.grading.comparison import compare, round_for_comparison
from graftline.grading.scale import Item
from graftline.grading.units import Units


@dataclass(frozen=True)
class PrintedDifference:
    """The values between `low` and `high`, in `unit`, have `grade_in_unit` by the limits printed in
    it and `grade_in_other` by those printed in `other`, to which they are converted: there they lie
    between `low_other` and `high_other`.

    `includes_low` and `includes_high` say whether the ends are among them. Grades are those of the
    absolute limits alone: 0 where a value has reached none, whatever its normal range. `grade` is
    the harsher of the two, whose limit makes the difference.
    """

    grade: int
    unit: str
    other: str
    low: float
    high: float
    includes_low: bool
    includes_high: bool
    low_other: float
    high_other: float
    grade_in_unit: int
    grade_in_other: int


def _limits(item: Item, unit: str) -> list[float]:
    return [criterion.limits[unit] for criterion in item.criteria if criterion.absolute]


def _grades(item: Item, unit: str, values: list[float]) -> list[int]:
    """Grades of `values` in `unit` by the absolute limits of the item alone, without any range."""
    rounded = round_for_comparison(np.array(values, dtype=float))
    grades = np.zeros(len(values), dtype=int)
    for grade in item.measured:
        for criterion in grade.criteria:
            if criterion.absolute:
                limit = round_for_comparison(criterion.limits[unit])
                grades[compare(criterion, rounded, limit)[0]] = grade.grade
    return grades.tolist()


def _compare_systems(item: Item, unit: str, other: str, factor: float) -> list[PrintedDifference]:
    """The differences between two printed units; one `unit` is `factor` of the `other`."""
    # A limit as printed in one unit and as converted to the other: neither is rounded twice.
    ends = [(limit, limit * factor) for limit in _limits(item, unit)]
    ends += [(limit / factor, limit) for limit in _limits(item, other)]
    ends = sorted({float(round_for_comparison(end[0])): end for end in reversed(ends)}.values())
    between = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(ends)]
    at_ends, inside = (
        list(
            zip(
                _grades(item, unit, [value for value, _ in values]),
                _grades(item, other, [value for _, value in values]),
                strict=True,
            )
        )
        for values in (ends, between)
    )
    found = []
    for number, pair in enumerate(inside):
        if pair[0] == pair[1]:
            continue
        (low, low_other), (high, high_other) = ends[number], ends[number + 1]
        found.append(
            PrintedDifference(
                grade=max(pair),
                unit=unit,
                other=other,
                low=low,
                high=high,
                includes_low=at_ends[number] == pair,
                includes_high=at_ends[number + 1] == pair,
                low_other=low_other,
                high_other=high_other,
                grade_in_unit=pair[0],
                grade_in_other=pair[1],
            )
        )
    return found


def printed_differences(item: Item, units: Units) -> list[PrintedDifference]:
    """The intervals of values that have two grades, by the limits printed in two units.

    Each pair of printed units whose limits are not the same numbers converted has its entries, by
    rising value. A value is compared with the limit printed in its own unit, so that its grade in
    these intervals depends on the unit that it is given in.
    """
    found = []
    printed = item.printed_units if any(one.absolute for one in item.criteria) else ()
    for unit, other in combinations(printed, 2):
        factor = units.factor(item.analyte, unit, other)
        if factor is not None:
            found += _compare_systems(item, unit, other, factor)
    return found
