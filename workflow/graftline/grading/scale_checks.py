"""What a JSON Schema cannot say of a scale: order and side of limits, units, double use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from graftline.errors import GraftlineError
from graftline.grading.scale import BASELINE, FALLING, RISING, Criterion, Grade, Item, Scale


def _fail(where: str, message: str) -> NoReturn:
    raise GraftlineError(f"{where}: {message}")


def check_item(item: Item, where: str) -> None:
    """Raise GraftlineError if the keys of `item` do not fit its kind, or its criteria each
    other."""
    measured = item.kind != "clinical"
    for key, allowed in (("direction", measured), ("analyte", item.kind == "laboratory")):
        if bool(getattr(item, key)) != allowed:
            verb = "needs" if allowed else "does not have"
            _fail(f"{where}.{key}", f"an item of the kind {item.kind} {verb} this key")
    if item.tests and item.kind != "laboratory":
        _fail(f"{where}.tests", f"an item of the kind {item.kind} does not have this key")
    if not item.preferred_terms and item.kind in ("clinical", "fever"):
        _fail(f"{where}.preferred_terms", f"an item of the kind {item.kind} needs this key")
    for grade in item.grades:
        _check_grade(item, grade, f"{where}.grades, grade {grade.grade}")
    if not measured:
        return
    if item.direction not in ("low", "high"):
        _fail(f"{where}.direction", "must be low or high")
    if not item.measured:
        _fail(f"{where}.grades", f"an item of the kind {item.kind} needs a criterion in a grade")
    sides = FALLING if item.direction == "low" else RISING
    for grade in item.grades:
        for criterion in grade.criteria:
            here = f"{where}.grades, grade {grade.grade}"
            if criterion.reached not in sides:
                _fail(
                    here,
                    f"reached must be {' or '.join(sides)} where the direction is {item.direction}",
                )
            if criterion.units and criterion.units != item.printed_units:
                _fail(
                    here,
                    f"limits are printed in {', '.join(criterion.units)} here and in "
                    f"{', '.join(item.printed_units)} elsewhere; give each the same units, in the "
                    "same order",
                )
    _check_order(item, where)


def _check_grade(item: Item, grade: Grade, here: str) -> None:
    if item.kind == "clinical" and grade.criteria:
        _fail(here, "a clinical item has findings, not criteria")
    if item.kind != "fever" and (grade.with_hypotension or grade.longer_than_hours):
        _fail(here, "with_hypotension and longer_than_hours belong to an item of the kind fever")
    if grade.grade == 0 and grade.criteria:
        _fail(here, "grade 0 is what has reached no other grade and has no criteria")
    for criterion in grade.criteria:
        if item.kind == "fever" and criterion.units != ("Cel",):
            _fail(here, "a fever has absolute limits in Cel")
        if item.kind == "weight_loss" and criterion.relative_to != (BASELINE,):
            _fail(here, "a weight loss is relative to baseline")


def _measures(criterion: Criterion) -> list[float]:
    if criterion.absolute:
        return list(criterion.limits.values())
    return [criterion.factor, *criterion.plus.values()]


def _check_order(item: Item, where: str) -> None:
    """The limits of a grade must not lie inside those of a milder one."""
    sign = -1 if item.direction == "low" else 1
    earlier: dict[tuple, tuple[int, Criterion]] = {}
    for grade in item.measured:
        here = f"{where}.grades, grade {grade.grade}"
        for criterion in grade.criteria:
            key = (criterion.relative_to, criterion.when)
            if key in earlier:
                number, milder = earlier[key]
                if number == grade.grade:
                    _fail(here, f"has two criteria relative to {', '.join(criterion.relative_to)}")
                before, after = _measures(milder), _measures(criterion)
                before += [0] * (len(after) - len(before))
                after += [0] * (len(before) - len(after))
                steps = [sign * (b - a) for a, b in zip(before, after, strict=True)]
                inside = min(steps) < 0
                if max(steps) == 0 and not inside:
                    inside = criterion.inclusive and not milder.inclusive
                    if criterion.inclusive == milder.inclusive and not criterion.assumes:
                        _fail(
                            here,
                            f"begins where grade {number} begins; where only the text parts them, "
                            "say in assumes what is taken as met",
                        )
                if inside:
                    _fail(here, f"its limit lies inside that of grade {number}")
            earlier[key] = (grade.grade, criterion)


def check_unique(scale: Scale, prefix: str) -> None:
    """Raise GraftlineError if a term has two items, a finding two grades, or a source no name."""
    if list(scale.grades) != sorted(set(scale.grades)):
        _fail(f"{prefix}grades", "must rise, each grade once")
    if not isinstance(scale.sources, Mapping):
        _fail(f"{prefix}sources", "a mapping of letters to sources is wanted here")
    seen: dict[str, str] = {}
    for code, item in scale.items.items():
        for name in item.preferred_terms:
            if name in seen:
                _fail(
                    f"{prefix}items.{code}.preferred_terms",
                    f"{name} belongs to {seen[name]} already",
                )
            seen[name] = code
        words = [finding for grade in item.grades for finding in grade.findings]
        twice = {word for word in words if words.count(word) > 1}
        if twice:
            word = min(twice, key=str).finding
            _fail(f"{prefix}items.{code}.grades", f"the finding {word!r} has two grades")
        unknown = set(item.sources) - set(scale.sources)
        if unknown:
            _fail(f"{prefix}items.{code}.sources", f"{min(unknown)} is not one of the sources")
