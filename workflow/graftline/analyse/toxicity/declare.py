"""The numbers of toxicity on the study's main scale: what each is, of whom, and by which rows."""

from __future__ import annotations

from collections.abc import Iterator

from graftline.analyse.toxicity.groups import (
    Group,
    declare_count,
    declare_share,
    groups_of,
    item_groups,
)
from graftline.analyse.toxicity.plan import Plan, grades_from_none
from graftline.analyse.toxicity.scales import declare_scales
from graftline.analyse.toxicity.sensitivity import declare_sensitivity
from graftline.analyse.toxicity.severity import declare_event_counts, declare_severity
from graftline.analyse.toxicity.shifts import declare_shifts
from graftline.grading.scale import Item
from graftline.numbers import Declaration, select_rows
from graftline.slugs import slug

AT_LEAST = (2, 3)
ORDER = " ORDER BY row_key"


def _declare_worst(group: Group, plan: Plan) -> Iterator[Declaration]:
    """Worst grades of patients: each grade, grades from a limit up, none graded,
    treatment-emergent."""
    considered = group.treated(plan.main)
    yield declare_count(
        "toxicity",
        group,
        "Number of patients who were given at least one dose.",
        considered,
        considered,
    )
    wanted = [
        (f"grade{grade}", {"grade": grade}, f"worst grade on treatment is {grade}")
        for grade in grades_from_none(plan.scale)
    ]
    wanted += [
        (
            f"grade_at_least{grade}",
            {"grade": (">=", grade)},
            f"worst grade on treatment is {grade} or more",
        )
        for grade in AT_LEAST
    ]
    wanted += [
        ("not_graded", {"grade": None}, "observations on treatment have no grade"),
        (
            "emergent",
            {"treatment_emergent": True},
            "grade of any item rose above that before treatment",
        ),
    ]
    for name, condition, words in wanted:
        yield from declare_share(
            f"toxicity.{name}",
            group,
            f"Number of patients whose {words}, on the {plan.scale.label} scale.",
            "toxicity_worst",
            group.treated(plan.main, **condition),
            considered,
            plan.decimals,
        )


def _declare_items(group: Group, plan: Plan) -> Iterator[Declaration]:
    """Patients by item and worst grade of the item on treatment."""
    for item in plan.items:
        considered = group.treated(plan.main, item.code)
        yield declare_count(
            f"toxicity.item.{slug(item.code)}.observed",
            group,
            "Number of patients with an observation on treatment of the item that the id names.",
            considered,
            group.treated(plan.main),
        )
        for grade in grades_from_none(plan.scale):
            yield Declaration(
                id=f"toxicity.item.{slug(item.code)}.grade{grade}{group.suffix}.n",
                population=f"{group.population} with an observation of the item on treatment",
                method=(
                    "Number of patients whose worst grade on treatment of the item that the id "
                    f"names is {grade}."
                ),
                table="toxicity_worst",
                selected=group.treated(plan.main, item.code, grade=grade),
                considered=considered,
                statistic="count",
                unit="patients",
            )
            if grade and (item.code, dict(group.where).get("arm"), grade) in plan.occurring:
                yield _declare_item_percent(group, plan, item, grade)


def _declare_item_percent(group: Group, plan: Plan, item: Item, grade: int) -> Declaration:
    """The percentage of one worst grade of one item: of a laboratory item among the patients with a
    value, of any other among all treated, since what is not recorded was not there."""
    selected = group.treated(plan.main, item.code, grade=grade)
    considered, words = group.treated(plan.main, item.code), "patients with a value"
    if item.kind != "laboratory":
        considered, words = group.treated(plan.main), "treated patients"
        patients = selected.removesuffix(ORDER).replace("SELECT row_key", "SELECT subject_id", 1)
        selected = f"{considered.removesuffix(ORDER)} AND subject_id IN ({patients}){ORDER}"
    return Declaration(
        id=f"toxicity.item.{slug(item.code)}.grade{grade}{group.suffix}.percent",
        population=group.population,
        method=f"Percentage of {words} whose worst grade on treatment of the item that the id names is {grade}.",
        table="toxicity_worst",
        selected=selected,
        considered=considered,
        statistic="percent",
        unit="percent",
        display="percent",
        decimals=plan.decimals,
    )


def _declare_signs(group: Group, plan: Plan) -> Iterator[Declaration]:
    """Patients with each listed sign on treatment, whatever its grade."""
    for term, name in plan.signs.items():
        considered = group.rows("signs", pt=term, treated=True)
        yield from declare_share(
            f"sign.{slug(name)}",
            group,
            f"Number of patients with {name} on treatment, whatever its grade.",
            "signs",
            group.rows("signs", pt=term, treated=True, present=True),
            considered,
            plan.decimals,
        )


def _declare_events(group: Group, plan: Plan) -> Iterator[Declaration]:
    """Patients with infections and serious events, and observations without a grade."""
    on_treatment = {"scale": plan.main, "on_treatment": True}
    events = on_treatment | {"domain": "AE"}
    for name, condition, words in (
        ("infection", {"infection": "Y"}, "an infection"),
        (
            "infection_related",
            {"infection": "Y", "related": "Y"},
            "an infection related to treatment",
        ),
        ("serious", {"serious": "Y"}, "a serious adverse event"),
    ):
        yield Declaration(
            id=f"toxicity.{name}{group.suffix}.n",
            population=group.population,
            method=f"Number of patients with a record on treatment of {words}.",
            table="toxicity",
            selected=group.rows("toxicity", **events, **condition),
            considered=group.rows("toxicity", **events),
            statistic="count_distinct",
            arguments={"column": "subject_id"},
            unit="patients",
        )
    for name, condition, words in (
        (
            "not_gradable",
            {"item": ("!=", None), "grade": None},
            "belong to an item of the scale and have no grade",
        ),
        ("not_on_scale", {"item": None, "grade": None}, "have no item of the scale"),
        (
            "at_least",
            {"grade": ("!=", None), "reason": ("!=", None)},
            "have a grade that may be higher, since a range or a baseline is missing",
        ),
    ):
        yield Declaration(
            id=f"toxicity.{name}{group.suffix}.n",
            population=group.population,
            method=f"Number of observations on treatment that {words}.",
            table="toxicity",
            selected=group.rows("toxicity", **on_treatment, **condition),
            considered=group.rows("toxicity", **on_treatment),
            statistic="count",
            unit="observations",
        )


def _declare_comparisons(plan: Plan) -> Iterator[Declaration]:
    """Fisher's exact test between two arms, where there are two."""
    groups = list(plan.arms)
    if len(groups) != 2:
        return
    both = {"scale": plan.main, "item": "ANY", "treated": True, "arm": groups}
    for grade in AT_LEAST:
        yield Declaration(
            id=f"toxicity.grade_at_least{grade}.fisher_p",
            population="treated patients of both arms",
            method=(
                f"Two-sided P of Fisher's exact test of a worst grade on treatment of {grade} or "
                "more between the two arms; exploratory."
            ),
            table="toxicity_worst",
            selected=select_rows("toxicity_worst", **both, grade=(">=", grade)),
            considered=select_rows("toxicity_worst", **both),
            statistic="fisher_p",
            arguments={"column": "arm", "groups": groups},
            display="p_value",
        )


def declare_toxicity(plan: Plan) -> list[Declaration]:
    """All numbers of toxicity, for each arm and for all patients.

    Patients who were given nothing have no on-treatment period and are not counted.
    """
    declarations: list[Declaration] = []
    for group in groups_of(plan.arms):
        declarations += _declare_worst(group, plan)
        declarations += _declare_signs(group, plan)
        declarations += _declare_events(group, plan)
        declarations += declare_sensitivity(group, plan)
    for group in item_groups(plan.arms):
        declarations += _declare_items(group, plan)
        declarations += declare_shifts(group, plan)
        declarations += declare_severity(group, plan)
    declarations += [*declare_scales(plan), *declare_event_counts(plan)]
    return declarations + list(_declare_comparisons(plan))
