"""A toxicity scale, from the parsed content of config/scales/<name>.yaml to frozen objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from graftline.errors import GraftlineError

FALLING = ("below", "at_or_below")
RISING = ("above", "at_or_above")
KINDS = ("laboratory", "clinical", "fever")


@dataclass(frozen=True)
class Grade:
    """One grade of an item: the source's words, where it begins, and the findings that have it."""

    grade: int
    text: str
    limit: float | None = None
    reached: str | None = None
    findings: tuple[str, ...] = ()
    verified: bool | None = None


@dataclass(frozen=True)
class Item:
    """One item of a scale. `tests` maps a laboratory test to {unit: how much makes one `unit`}."""

    code: str
    label: str
    kind: str
    verified: bool
    sources: tuple[str, ...]
    grades: tuple[Grade, ...]
    interpretation: str | None = None
    unit: str | None = None
    relative_to: str | None = None
    direction: str | None = None
    tests: Mapping[str, Mapping[str, float]] | None = None
    preferred_terms: tuple[str, ...] = ()
    adverse_event_flag: str | None = None

    @property
    def limits(self) -> tuple[Grade, ...]:
        """The grades that begin at a number, mildest first."""
        return tuple(grade for grade in self.grades if grade.limit is not None)

    @property
    def grade_of_finding(self) -> dict[str, int]:
        """Finding, in the item's own words, to its grade."""
        return {finding: grade.grade for grade in self.grades for finding in grade.findings}

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
    def item_of_test(self) -> dict[str, Item]:
        """Laboratory test to the item that it feeds."""
        return {test: item for item in self.items.values() for test in item.tests or {}}

    @property
    def item_of_term(self) -> dict[str, Item]:
        """MedDRA preferred term to its item."""
        return {term: item for item in self.items.values() for term in item.preferred_terms}

    @property
    def item_of_flag(self) -> dict[str, Item]:
        """Column of the adverse events to the item that takes what is marked there."""
        return {i.adverse_event_flag: i for i in self.items.values() if i.adverse_event_flag}

    @property
    def fever_item(self) -> Item | None:
        """The item that is read from temperature and pressure, if the scale has one."""
        return next((item for item in self.items.values() if item.kind == "fever"), None)


def _build(kind: type, content: Any, where: str, **given: Any) -> Any:
    """`kind(**content, **given)`, with lists as tuples; GraftlineError for a wrong or missing
    key."""
    if not isinstance(content, Mapping):
        raise GraftlineError(f"{where}: a mapping of keys to values is wanted here")
    known = {field.name for field in fields(kind)}
    unknown = sorted(
        str(key) for key in content if key not in known or key in given and key == "code"
    )
    if unknown:
        raise GraftlineError(
            f"{where}.{unknown[0]}: unknown key; use one of {', '.join(sorted(known))}"
        )
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in content.items()} | given
    try:
        return kind(**values)
    except TypeError as error:
        missing = str(error).split(": ")[-1]
        raise GraftlineError(f"{where}: missing key {missing}") from error


def _check_limits(item: Item, where: str) -> None:
    """The limits of an item must be on one side and lie further out from grade to grade."""
    limits = item.limits
    if item.kind == "clinical":
        if limits or item.tests:
            raise GraftlineError(f"{where}: a clinical item has findings, not limits or tests")
        return
    if item.relative_to not in ("absolute", "ULN"):
        raise GraftlineError(f"{where}.relative_to: must be absolute or ULN")
    sides = {"low": FALLING, "high": RISING}.get(item.direction)
    if sides is None:
        raise GraftlineError(f"{where}.direction: must be low or high")
    if not limits or not item.unit:
        raise GraftlineError(f"{where}: a {item.kind} item has a unit and at least one limit")
    if item.kind == "laboratory" and not item.tests:
        raise GraftlineError(f"{where}.tests: a laboratory item names the tests that feed it")
    for grade in limits:
        if grade.reached not in sides:
            raise GraftlineError(
                f"{where}.grades[{grade.grade}].reached: must be {' or '.join(sides)} for a "
                f"{item.direction} item"
            )
    sign = -1 if item.direction == "low" else 1
    outward = [sign * grade.limit for grade in limits]
    if any(later <= earlier for earlier, later in zip(outward, outward[1:], strict=False)):
        raise GraftlineError(f"{where}.grades: limits must lie further out from grade to grade")
    for test, units in (item.tests or {}).items():
        if not units or any(not amount > 0 for amount in units.values()):
            raise GraftlineError(f"{where}.tests.{test}: each unit needs an amount above nought")


def _check_unique(scale: Scale, where: str) -> None:
    """A test, a term and a flag belong to one item each, and a finding to one grade of its item."""
    for attribute in ("tests", "preferred_terms"):
        seen: dict[str, str] = {}
        for item in scale.items.values():
            for name in getattr(item, attribute) or ():
                if name in seen:
                    raise GraftlineError(
                        f"{where}items.{item.code}.{attribute}: {name} belongs to "
                        f"{seen[name]} already"
                    )
                seen[name] = item.code
    for item in scale.items.values():
        words = [finding for grade in item.grades for finding in grade.findings]
        if len(words) != len(set(words)):
            raise GraftlineError(f"{where}items.{item.code}.grades: a finding has two grades")
        unknown = set(item.sources) - set(scale.sources)
        if unknown:
            raise GraftlineError(
                f"{where}items.{item.code}.sources: {min(unknown)} is not a source"
            )


def parse_scale(content: Any, file: str = "") -> Scale:
    """The scale that `content`, a parsed YAML file, describes.

    `file` names the file in messages. Raises GraftlineError with the key that is wrong. What the
    JSON Schema cannot say is checked here too: order and side of limits, double use of a term.
    """
    where = f"{file}: " if file else ""
    if not isinstance(content, Mapping) or not isinstance(content.get("items"), Mapping):
        raise GraftlineError(f"{where}items: a scale is a mapping with its items by code")
    items = {}
    for code, entry in content["items"].items():
        here = f"{where}items.{code}"
        if not isinstance(entry, Mapping) or not isinstance(entry.get("grades"), list):
            raise GraftlineError(f"{here}.grades: a list of grades is wanted here")
        grades = tuple(
            _build(Grade, grade, f"{here}.grades[{number}]")
            for number, grade in enumerate(entry["grades"])
        )
        item = _build(Item, {**entry, "grades": grades}, here, code=code)
        if item.kind not in KINDS:
            raise GraftlineError(f"{here}.kind: must be one of {', '.join(KINDS)}")
        if [grade.grade for grade in grades] != list(content.get("grades", ())):
            raise GraftlineError(f"{here}.grades: must be the scale's grades, each once, in order")
        _check_limits(item, here)
        items[code] = item
    scale = _build(Scale, {**content, "items": items}, where + "scale")
    _check_unique(scale, where)
    return scale
