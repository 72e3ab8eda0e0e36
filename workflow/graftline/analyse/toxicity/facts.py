"""The facts that steer the prose about toxicity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graftline.analyse.toxicity.declare import AT_LEAST
from graftline.analyse.toxicity.groups import ROMAN, Group, groups_of
from graftline.analyse.toxicity.plan import Plan, grades_from_none
from graftline.analyse.toxicity.scales import (
    lacks_signs,
    list_counted,
    list_ungraded,
    list_unverified,
)
from graftline.analyse.toxicity.sensitivity import describe_sensitivity
from graftline.slugs import slug


def _describe(group: Group, values: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    return {
        "id": group.suffix.removeprefix(".") or "all",
        "suffix": group.suffix,
        "label": group.label,
        "grades": [
            {"grade": g, "roman": ROMAN[g], "number": f"toxicity.grade{g}{group.suffix}.n"}
            for g in grades_from_none(plan.scale)
            if values[f"toxicity.grade{g}{group.suffix}.n"]
        ],
        "signs": [
            {"name": name, "number": f"sign.{slug(name)}{group.suffix}.n"}
            for name in plan.signs.values()
            if values[f"sign.{slug(name)}{group.suffix}.n"]
        ],
        "not_graded": bool(values[f"toxicity.not_graded{group.suffix}.n"]),
    }


def _fever_with_hypotension(plan: Plan) -> str | None:
    """The grade of the main scale, as a roman numeral, that fever has with low pressure."""
    grades = plan.scale.fever_item.grades if plan.scale.fever_item else ()
    return next((ROMAN[grade.grade] for grade in grades if grade.with_hypotension), None)


def state_facts(values: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """What the prose may say, from the values of the numbers by id.

    scale, also: labels. lacks_signs: the first of `also` grades signs that `scale` lacks. assessed: some patient has a grade. groups: for the arms and for all
    patients (id "all"), the grades that occur and the signs that occur, as id, name, and roman
    numeral. compared: Fisher's test was made. same_signs: each arm has the same signs.
    signs_not_on_scale: names that carry no grade. fever_with_hypotension: its grade, if the scale has
    it. recorded: what adverse events tell of themselves.
    baseline_counts: the scale has rules for an abnormal baseline. severities: words of those that adverse events
    have. And what `describe_sensitivity` states.
    """
    groups = [_describe(group, values, plan) for group in groups_of(plan.arms)]
    by_arm = [[sign["name"] for sign in group["signs"]] for group in groups[:-1]]
    return {
        "scale": plan.scale.label,
        "also": [scale.label for scale in plan.also],
        "lacks_signs": lacks_signs(plan),
        "signs_counted": list_counted(values, plan),
        "ungraded": list_ungraded(values, plan),
        "assessed": bool(groups[-1]["grades"]),
        "groups": groups,
        "compared": values.get(f"toxicity.grade_at_least{AT_LEAST[0]}.fisher_p") is not None,
        "recorded": sorted(plan.recorded),
        "infection": bool(values["toxicity.infection.n"]),
        "infection_related": bool(values["toxicity.infection_related.n"]),
        "serious": bool(values["toxicity.serious.n"]),
        "same_signs": len(by_arm) > 1 and all(names == by_arm[0] for names in by_arm),
        "signs_not_on_scale": [
            name for term, name in plan.signs.items() if term not in plan.scale.item_of_term
        ],
        "items_not_verified": list_unverified(plan.items),
        "fever_with_hypotension": _fever_with_hypotension(plan),
        "baseline_counts": any("baseline" in item.inputs for item in plan.scale.items.values()),
        "severities": [severity.lower() for severity in plan.severities],
        **describe_sensitivity(values, plan),
    }
