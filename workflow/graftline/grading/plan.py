"""What grading the rows of one item needs to know before it looks at a value: by unit, the factor,
the limits and their texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graftline.grading.comparison import round_for_comparison
from graftline.grading.reasons import OF_LABORATORY, UNIT_MISSING, UNIT_NOT_CONVERTIBLE
from graftline.grading.scale import Criterion, Item
from graftline.grading.units import Conversion, Units

REASON_CODE = {reason: np.int8(code) for code, reason in enumerate(OF_LABORATORY)}
# Above all codes: of several reasons the smallest counts.
NO_REASON = np.int8(127)


class Texts:
    """Texts of results, each with a number."""

    def __init__(self) -> None:
        self.code: dict[str, int] = {}

    def number(self, text: str | None) -> int:
        """The number of `text`; -1 for none."""
        return -1 if text is None else self.code.setdefault(text, len(self.code))


def decimals_of(number: float) -> int:
    """How many decimals a number was written with: 8.0 has one, 8 none."""
    return 0 if isinstance(number, int) else len(repr(number).partition(".")[2])


class Plan:
    """Tables with an entry for each of `unit_names`, as laboratories wrote them, and a last one for
    rows without a unit, so that code -1 finds it.

    factor: a value in the unit x factor is the value compared. blocked: code of the reason why rows
    in the unit have no grade, or NO_REASON. limits, own_limits: by criterion, limits of absolute
    criteria in the unit compared and in the row's own. plus: by criterion, in the unit compared.
    decimals: printed decimals of the limits, for rule B. own_unit, unit_compared, conversion: the
    numbers of texts.
    """

    def __init__(
        self,
        item: Item,
        unit_names: Sequence[str],
        units: Units,
        texts: dict[str, Texts],
        rule: str,
    ):
        self.item = item
        self.converts = bool(item.printed_units)
        size = len(unit_names) + 1
        self.factor = np.ones(size)
        self.blocked = np.full(size, NO_REASON, dtype=np.int8)
        self.own_unit = np.full(size, -1, dtype=np.int16)
        self.unit_compared = np.full(size, -1, dtype=np.int16)
        self.conversion = np.full(size, -1, dtype=np.int16)
        self.decimals = np.zeros(size, dtype=np.int64) if rule == "B" and self.converts else None
        absolute = [criterion for criterion in item.criteria if criterion.units]
        self._limits = {id(criterion): np.full(size, np.nan) for criterion in absolute}
        self._own_limits = {id(criterion): np.full(size, np.nan) for criterion in absolute}
        for code, name in enumerate([*unit_names, ""]):
            found = _find_conversion(item, name, units)
            if isinstance(found, str):
                self.blocked[code] = REASON_CODE[found]
                self.factor[code] = np.nan
                continue
            if found is None:  # multiples of a range need no unit
                continue
            self.factor[code] = found.factor
            self.own_unit[code] = texts["unit"].number(found.unit)
            self.unit_compared[code] = texts["unit"].number(found.target)
            self.conversion[code] = texts["conversion"].number(found.text)
            for criterion in absolute:
                printed = (criterion.limits or criterion.plus)[found.target]
                self._limits[id(criterion)][code] = printed
                self._own_limits[id(criterion)][code] = printed / found.factor
            if self.decimals is not None:
                self.decimals[code] = max(
                    decimals_of((criterion.limits or criterion.plus)[found.target])
                    for criterion in absolute
                )
        for tables in (self._limits, self._own_limits):
            for key, table in tables.items():
                tables[key] = round_for_comparison(table)
        self.criterion_of_grade = np.full(max(item.text_of_grade) + 1, -1, dtype=np.int16)
        for grade, text in item.text_of_grade.items():
            self.criterion_of_grade[grade] = texts["criterion"].number(text)

    def limits(self, criterion: Criterion) -> np.ndarray:
        """By unit code: the limit, or for a relative criterion what is added, in the unit
        compared."""
        return self._limits[id(criterion)]

    def own_limits(self, criterion: Criterion) -> np.ndarray:
        """By unit code: the limit of an absolute criterion in the row's own unit."""
        return self._own_limits[id(criterion)]


def _find_conversion(item: Item, name: str, units: Units) -> Conversion | str | None:
    """The conversion of values in the unit `name`, the reason why there is none, or None where no
    unit is needed and none is given."""
    if name.strip():
        unit = units.resolve(name)
        found = unit and units.convert(item.analyte, unit, item.printed_units)
        return found or UNIT_NOT_CONVERTIBLE
    if not units.needs_unit(item.analyte):
        return units.convert(item.analyte, "1", item.printed_units)
    return UNIT_MISSING if item.printed_units else None
