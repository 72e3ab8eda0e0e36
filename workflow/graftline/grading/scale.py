"""A toxicity scale as frozen objects, and their reading from config/scales/<name>.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FALLING = ("below", "at_or_below")
RISING = ("above", "at_or_above")
ABSOLUTE, LLN, ULN, BASELINE = "absolute", "LLN", "ULN", "baseline"
# Condition -> the columns that it compares.
WHEN = {
    "baseline_not_above_ULN": ("baseline", "baseline_uln"),
    "baseline_above_ULN": ("baseline", "baseline_uln"),
    "baseline_below_LLN": ("baseline", "baseline_lln"),
    "baseline_not_below_LLN": ("baseline", "baseline_lln"),
    "value_below_LLN": ("value", "lln"),
}


@dataclass(frozen=True)
class Criterion:
    """Where a grade begins: a value that has reached `limits`, or `factor` x range + `plus`.

    `relative_to` is ("absolute",) or the ranges that must all be passed. `limits` and `plus` map a
    UCUM unit to the number printed in it, as it was written: 8.0 has one decimal, 8 none. `when` is
    a condition on the baseline or the value; `assumes` are words of the text that a value cannot tell and that
    are taken as met.
    """

    reached: str
    relative_to: tuple[str, ...] = (ABSOLUTE,)
    limits: Mapping[str, float] = field(default_factory=dict)
    factor: float = 1
    plus: Mapping[str, float] = field(default_factory=dict)
    when: str | None = None
    assumes: tuple[str, ...] = ()

    @property
    def falling(self) -> bool:
        """Whether low values reach it."""
        return self.reached in FALLING

    @property
    def inclusive(self) -> bool:
        """Whether the limit itself has reached it."""
        return self.reached.startswith("at_or_")

    @property
    def absolute(self) -> bool:
        """Whether it is a number of the source, and not relative to a range."""
        return self.relative_to == (ABSOLUTE,)

    @property
    def units(self) -> tuple[str, ...]:
        """The units in which the source prints it; none for a multiple of a range."""
        return tuple(self.limits or self.plus)

    @property
    def inputs(self) -> frozenset[str]:
        """The columns that it is compared with: unit, lln, uln, baseline, baseline_lln and
        baseline_uln."""
        names = {name.lower() for name in self.relative_to} - {ABSOLUTE}
        if self.units:
            names.add("unit")
        if self.when:
            names |= set(WHEN[self.when]) - {"value"}
        return frozenset(names)


@dataclass(frozen=True)
class Finding:
    """A word that a record may carry, with the therapy_given that it needs (None: any)."""

    finding: str
    therapy_given: str | None = None


@dataclass(frozen=True)
class Grade:
    """One grade of an item: the source's words, where it begins, and the findings that have it.

    `with_hypotension` and `longer_than_hours` are what a fever needs beside its temperature.
    """

    grade: int
    text: str
    criteria: tuple[Criterion, ...] = ()
    findings: tuple[Finding, ...] = ()
    with_hypotension: bool = False
    longer_than_hours: float | None = None
    verified: bool | None = None

    @property
    def from_value(self) -> bool:
        """Whether one value, with its ranges, can have this grade."""
        return bool(self.criteria) and not self.with_hypotension and not self.longer_than_hours


@dataclass(frozen=True)
class Item:
    """One item of a scale. `analyte` is a key of config/units.yaml; `tests` are the codes of the
    laboratory tests that feed it."""

    code: str
    label: str
    kind: str
    verified: bool
    sources: tuple[str, ...]
    grades: tuple[Grade, ...]
    soc: str | None = None
    definition: str | None = None
    interpretation: str | None = None
    direction: str | None = None
    analyte: str | None = None
    tests: tuple[str, ...] = ()
    preferred_terms: tuple[str, ...] = ()
    adverse_event_flag: str | None = None

    @property
    def measured(self) -> tuple[Grade, ...]:
        """The grades that a value can have, mildest first."""
        return tuple(grade for grade in self.grades if grade.from_value)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria of the grades that a value can have, mildest first."""
        return tuple(criterion for grade in self.measured for criterion in grade.criteria)

    @property
    def printed_units(self) -> tuple[str, ...]:
        """The units in which the source prints limits; none if all are multiples of a range."""
        return next((criterion.units for criterion in self.criteria if criterion.units), ())

    @property
    def inputs(self) -> frozenset[str]:
        """The columns beside the value that its criteria are compared with."""
        return frozenset().union(*(criterion.inputs for criterion in self.criteria))

    @property
    def unit(self) -> str | None:
        """The unit of an item that is not read from the laboratory."""
        return {"fever": "Cel", "weight_loss": "kg"}.get(self.kind)

    @property
    def grade_of_finding(self) -> dict[str, int]:
        """Finding that needs no therapy_given, in the item's own words, to its grade."""
        return {
            finding.finding: grade.grade
            for grade in self.grades
            for finding in grade.findings
            if finding.therapy_given is None
        }

    @property
    def text_of_grade(self) -> dict[int, str]:
        """Grade to the source's words."""
        return {grade.grade: grade.text for grade in self.grades}


@dataclass(frozen=True)
class Scale:
    """A scale: its items by code, in the order of the file."""

    scale: str
    label: str
    title: str
    reference: str
    sources: Mapping[str, str]
    grades: tuple[int, ...]
    items: Mapping[str, Item]

    @property
    def items_of_test(self) -> dict[str, tuple[Item, ...]]:
        """Laboratory test to the items that it feeds: low and high values are two items."""
        found: dict[str, tuple[Item, ...]] = {}
        for item in self.items.values():
            for test in item.tests:
                found[test] = (*found.get(test, ()), item)
        return found

    @property
    def item_of_term(self) -> dict[str, Item]:
        """MedDRA preferred term to its item."""
        return {term: item for item in self.items.values() for term in item.preferred_terms}

    @property
    def item_of_flag(self) -> dict[str, Item]:
        """Column of the adverse events to the item that takes what is marked there."""
        return {i.adverse_event_flag: i for i in self.items.values() if i.adverse_event_flag}

    def _first_of(self, kind: str) -> Item | None:
        return next((item for item in self.items.values() if item.kind == kind), None)

    @property
    def fever_item(self) -> Item | None:
        """The item that is read from temperature and pressure, if the scale has one."""
        return self._first_of("fever")

    @property
    def weight_loss_item(self) -> Item | None:
        """The item that is read from weights, if the scale has one."""
        return self._first_of("weight_loss")


def parse_scale(content: Any, file: str = "") -> Scale:
    """The scale that `content`, a parsed YAML file, describes.

    `file` names the file in messages. Raises GraftlineError with the key that is wrong. What the
    JSON Schema cannot say is checked too: order and side of limits, their units, double use of a
    term.
    """
    from graftline.grading.scale_reader import build_scale

    return build_scale(content, f"{file}: " if file else "")
