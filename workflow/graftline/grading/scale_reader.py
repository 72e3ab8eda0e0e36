"""From the content of a scale's file to the objects of `graftline.grading.scale`, each key
checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from math import isfinite
from typing import Any, NoReturn

from graftline.errors import GraftlineError
from graftline.grading.scale import (
    ABSOLUTE,
    BASELINE,
    FALLING,
    LLN,
    RISING,
    ULN,
    WHEN,
    Criterion,
    Finding,
    Grade,
    Item,
    Scale,
)
from graftline.grading.scale_checks import check_item, check_unique

KINDS = ("laboratory", "clinical", "fever", "weight_loss")
LISTS = ("sources", "tests", "preferred_terms", "assumes", "grades")


def _fail(where: str, message: str) -> NoReturn:
    raise GraftlineError(f"{where}: {message}")


def _one_of(value: Any, allowed: Iterable[Any], where: str) -> None:
    allowed = list(allowed)
    if value not in allowed:
        _fail(where, f"must be one of {', '.join(str(one) for one in allowed)}")


def _mapping(content: Any, where: str) -> Mapping:
    if not isinstance(content, Mapping):
        _fail(where, "a mapping of keys to values is wanted here")
    return content


def _list(content: Any, where: str) -> tuple:
    if not isinstance(content, list):
        _fail(where, "a list is wanted here")
    return tuple(content)


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        _fail(where, "a number is wanted here, without quotes")
    return value


def _amounts(content: Any, where: str) -> dict[str, float]:
    """Unit to number."""
    for unit in _mapping(content, where):
        if not isinstance(unit, str):
            _fail(f"{where}.{unit}", 'the unit is text; write it in quotes, as "1"')
        _number(content[unit], f"{where}.{unit}")
    if not content:
        _fail(where, "at least one unit with its number is wanted here")
    return dict(content)


def _build(kind: type, content: Any, where: str, **given: Any) -> Any:
    """`kind(**content, **given)`; GraftlineError for an unknown, missing or empty key."""
    known = {field.name for field in fields(kind)} - {"code"}
    for key in _mapping(content, where):
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"use one of {', '.join(sorted(known))}"
            _fail(f"{where}.{key}", f"unknown key; {hint}")
        if content[key] is None or content[key] == "" or content[key] == []:
            _fail(f"{where}.{key}", "is empty; fill it in or leave the key out")
    for one in fields(kind):
        required = one.default is MISSING and one.default_factory is MISSING
        if required and one.name not in content and one.name not in given:
            _fail(f"{where}.{one.name}", "missing key")
    lists = {k: _list(content[k], f"{where}.{k}") for k in LISTS if k in content and k not in given}
    for key, entries in lists.items():
        if key != "grades" and not all(isinstance(entry, str) for entry in entries):
            _fail(f"{where}.{key}", "each entry must be text")
        if len(set(entries)) != len(entries):
            _fail(f"{where}.{key}", "an entry stands there twice")
    return kind(**(dict(content) | lists | given))


def _read_criterion(content: Any, where: str) -> Criterion:
    names = _mapping(content, where).get("relative_to")
    names = (names,) if isinstance(names, str) else names
    if not isinstance(names, (list, tuple)) or not names:
        _fail(f"{where}.relative_to", "must be absolute, LLN, ULN, baseline or a list of ranges")
    names = tuple(names)
    _one_of(content.get("reached"), (*FALLING, *RISING), f"{where}.reached")
    for name in names:
        allowed = (ABSOLUTE, LLN, ULN, BASELINE) if len(names) == 1 else (LLN, ULN, BASELINE)
        _one_of(name, allowed, f"{where}.relative_to")
    if len(set(names)) != len(names):
        _fail(f"{where}.relative_to", "a range stands there twice")
    if "when" in content:
        _one_of(content["when"], WHEN, f"{where}.when")
    given: dict[str, Any] = {"relative_to": names}
    if names == (ABSOLUTE,):
        for key in ("factor", "plus"):
            if key in content:
                _fail(f"{where}.{key}", "belongs to a criterion that is relative to a range")
        if "limits" not in content:
            _fail(
                f"{where}.limits", "missing key: an absolute criterion has limits, {unit: number}"
            )
        given["limits"] = _amounts(content["limits"], f"{where}.limits")
    elif "limits" in content:
        _fail(
            f"{where}.limits",
            f"a criterion relative to {' and '.join(names)} has a factor, no limits",
        )
    if "factor" in content and not _number(content["factor"], f"{where}.factor") > 0:
        _fail(f"{where}.factor", "must be above nought")
    if "plus" in content:
        given["plus"] = _amounts(content["plus"], f"{where}.plus")
    return _build(Criterion, content, where, **given)


def _read_finding(content: Any, where: str) -> Finding:
    if isinstance(content, str) and content:
        return Finding(content)
    if not isinstance(content, Mapping):
        _fail(where, "a finding is text, or {finding: text, therapy_given: Y or N}; quote numbers")
    finding = _build(Finding, content, where)
    if not isinstance(finding.finding, str):
        _fail(f"{where}.finding", "must be text")
    if finding.therapy_given is not None:
        _one_of(finding.therapy_given, ("Y", "N"), f"{where}.therapy_given")
    return finding


def _read_grade(content: Any, where: str) -> Grade:
    _mapping(content, where)
    given = {}
    for key, read in (("criteria", _read_criterion), ("findings", _read_finding)):
        if content.get(key):
            entries = _list(content[key], f"{where}.{key}")
            given[key] = tuple(
                read(one, f"{where}.{key}[{number}]") for number, one in enumerate(entries)
            )
    grade = _build(Grade, content, where, **given)
    if isinstance(grade.grade, bool) or not isinstance(grade.grade, int):
        _fail(f"{where}.grade", "must be a whole number")
    if not isinstance(grade.text, str):
        _fail(f"{where}.text", "must be text; put it in quotes")
    for key in ("with_hypotension", "verified"):
        if getattr(grade, key) not in (None, True, False):
            _fail(f"{where}.{key}", "must be true or false")
    if grade.longer_than_hours is not None:
        _number(grade.longer_than_hours, f"{where}.longer_than_hours")
    return grade


def _read_item(code: Any, content: Any, grades: list, where: str) -> Item:
    entries = _list(_mapping(content, where).get("grades"), f"{where}.grades")
    read = []
    for number, entry in enumerate(entries):
        name = entry.get("grade", "?") if isinstance(entry, Mapping) else "?"
        read.append(_read_grade(entry, f"{where}.grades[{number}] (grade {name})"))
    item = _build(Item, content, where, code=code, grades=tuple(read))
    _one_of(item.kind, KINDS, f"{where}.kind")
    for key in ("label", "soc", "definition", "interpretation", "analyte", "adverse_event_flag"):
        if not isinstance(getattr(item, key), (str, type(None))):
            _fail(f"{where}.{key}", "must be text; put it in quotes")
    if not isinstance(item.verified, bool):
        _fail(f"{where}.verified", "must be true or false")
    found = [grade.grade for grade in item.grades]
    if found != grades:
        _fail(
            f"{where}.grades",
            f"must be the scale's grades {grades}, each once, in order; found {found}",
        )
    check_item(item, where)
    return item


def build_scale(content: Any, prefix: str) -> Scale:
    """The scale of `content`; `prefix` begins each message. Raises GraftlineError."""
    if not isinstance(content, Mapping) or not isinstance(content.get("items"), Mapping):
        raise GraftlineError(f"{prefix}items: a scale is a mapping with its items by code")
    grades = list(_list(content.get("grades"), f"{prefix}grades"))
    items = {
        code: _read_item(code, entry, grades, f"{prefix}items.{code}")
        for code, entry in content["items"].items()
    }
    given = {"items": items} | {key: content[key] for key in ("sources",) if key in content}
    scale = _build(Scale, content, f"{prefix}scale", **given)
    check_unique(scale, prefix)
    return scale
