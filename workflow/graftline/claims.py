"""Published statements, held against what the data give. A disagreement is printed, never fatal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graftline.cuts.find import is_cut_name
from graftline.disclosure.policy import is_masked
from graftline.errors import GraftlineError
from graftline.tables import canonical_number

KEYS = {"id", "claim", "as_of", "expect"}
FORMS = ({"at_least"}, {"value", "tolerance"})


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_expectation(value: Any) -> bool:
    if isinstance(value, dict):
        return set(value) in FORMS and all(map(_is_number, value.values()))
    return _is_number(value)


def _check_form(claims: Any, file: str) -> None:
    """Raise GraftlineError for the first claim that is not written as `check_claims` reads it."""
    if not isinstance(claims, list):
        raise GraftlineError(f"{file}: a list of claims was expected")
    ids: set[str] = set()
    for position, claim in enumerate(claims, start=1):
        where = f"{file}: claim {position}"
        if not isinstance(claim, dict) or set(claim) != KEYS:
            raise GraftlineError(
                f"{where} must have the keys {', '.join(sorted(KEYS))} and no other"
            )
        where = f"{file}: claim {claim['id']}"
        if claim["id"] in ids:
            raise GraftlineError(f"{where} stands twice; give each claim its own id")
        ids.add(claim["id"])
        if not is_cut_name(str(claim["as_of"])):
            raise GraftlineError(f"{where}: as_of must be the date of a cut, YYYY-MM-DD")
        expect = claim["expect"]
        if not isinstance(expect, dict) or not expect:
            raise GraftlineError(f"{where}: expect must name at least one number and its value")
        for number, value in expect.items():
            if not _is_expectation(value):
                raise GraftlineError(
                    f"{where}: {number} must be a number, {{at_least: n}} or "
                    "{value: x, tolerance: e}"
                )


def _agrees(published: Any, derived: Any) -> bool:
    """Whether `derived` is what was published: equal, at least, or within a tolerance."""
    if derived is None:
        return False
    if isinstance(published, dict) and "at_least" in published:
        return derived >= published["at_least"]
    if isinstance(published, dict):
        # Without binary noise: 0.8 is within 0.1 of 0.7.
        return canonical_number(abs(derived - published["value"])) <= published["tolerance"]
    return derived == published


def check_claims(
    claims: list[dict[str, Any]],
    records: Mapping[str, Mapping[str, Any]],
    cut: str,
    file: str,
    *,
    data_label: str | None = None,
) -> list[dict[str, Any]]:
    """Each claim with the numbers published for it, those derived, and whether all agree.

    A published value is a number, `{at_least: n}`, or `{value: x, tolerance: e}`. A claim that is
    true of another cut (`as_of`) is not assessed: `derived` and `agrees` are None. Raises
    GraftlineError for a claim that is not written so and for one that names an unknown number.
    """
    _check_form(claims, file)
    checked = []
    for claim in claims:
        derived = agrees = None
        if claim["as_of"] == cut:
            unknown = [number for number in claim["expect"] if number not in records]
            if unknown:
                raise GraftlineError(
                    f"{file}: claim {claim['id']} names the unknown number {', '.join(unknown)}; "
                    "numbers.json lists those that there are"
                )
            derived = {number: records[number]["value"] for number in claim["expect"]}
            # That a masked number agrees with a published one would tell it.
            if not any(is_masked(records[number]) for number in claim["expect"]):
                agrees = all(_agrees(value, derived[n]) for n, value in claim["expect"].items())
        checked.append(
            {
                "id": claim["id"],
                "claim": claim["claim"],
                "as_of": claim["as_of"],
                "published": claim["expect"],
                "derived": derived,
                "agrees": agrees,
                "data_label": data_label,
            }
        )
    return checked
