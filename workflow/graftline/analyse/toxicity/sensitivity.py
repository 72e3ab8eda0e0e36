"""What else the worst grades would be: by period, on printed precision, with other scales' signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graftline.analyse.toxicity.groups import ROMAN, Group, declare_count, groups_of
from graftline.analyse.toxicity.plan import Plan, grades_from_none
from graftline.numbers import Declaration

# Column of toxicity_worst to the period in words, in the order of time.
PERIODS = {
    "before": ("grade_before", "before treatment"),
    "during": ("grade_during", "during treatment"),
    "after": ("grade_after", "after treatment, to the end of the on-treatment period"),
}


def _declare_periods(group: Group, plan: Plan) -> Iterator[Declaration]:
    """Worst grades of patients before, during and after treatment."""
    considered = group.treated(plan.main)
    for period, (column, words) in PERIODS.items():
        for grade in grades_from_none(plan.scale):
            yield declare_count(
                f"toxicity.{period}.grade{grade}",
                group,
                f"Number of patients whose worst grade {words} is {grade}, on the "
                f"{plan.scale.label} scale.",
                group.treated(plan.main, **{column: grade}),
                considered,
            )
        yield declare_count(
            f"toxicity.{period}.not_graded",
            group,
            f"Number of patients without a grade {words}.",
            group.treated(plan.main, **{column: None}),
            considered,
        )


def _declare_with_ctc(group: Group, plan: Plan) -> Iterator[Declaration]:
    """Worst grades when signs that the main scale lacks count with their grade on the next one."""
    other = plan.also[0].label
    considered = group.treated(plan.main, "ANY_CTC")
    what = f"the {other} grades of signs that the {plan.scale.label} scale does not have"
    for grade in grades_from_none(plan.scale):
        yield declare_count(
            f"toxicity.with_ctc.grade{grade}",
            group,
            f"Number of patients whose worst grade on treatment is {grade}, counting also {what}.",
            group.treated(plan.main, "ANY_CTC", grade=grade),
            considered,
        )
    changed = considered.removesuffix(" ORDER BY row_key") + (
        " AND EXISTS (SELECT 1 FROM toxicity_worst AS own WHERE own.item = 'ANY' AND own.scale = "
        "toxicity_worst.scale AND own.subject_id = toxicity_worst.subject_id "
        "AND own.grade IS DISTINCT FROM toxicity_worst.grade) ORDER BY row_key"
    )
    yield declare_count(
        "toxicity.with_ctc.changed",
        group,
        f"Number of patients whose worst grade on treatment differs when {what} count too.",
        changed,
        considered,
    )


def _declare_rule_b(group: Group, plan: Plan) -> Iterator[Declaration]:
    """Laboratory values whose grade differs when they are rounded to printed precision first."""
    graded = group.rows("toxicity", scale=plan.main, domain="LB", grade_rule_b=("!=", None))
    differing = graded.replace(" ORDER BY", " AND grade IS DISTINCT FROM grade_rule_b ORDER BY")
    for name, method, selected in (
        ("values", "that were graded by rounding to printed precision first, too", graded),
        ("differ", "whose grade differs when rounded to printed precision first", differing),
    ):
        yield Declaration(
            id=f"toxicity.rule_b.{name}{group.suffix}.n",
            population=f"laboratory values of {group.population}, on {plan.scale.label}",
            method=f"Number of values {method}.",
            table="toxicity",
            selected=selected,
            considered=graded,
            statistic="count",
            unit="values",
        )


def declare_sensitivity(group: Group, plan: Plan) -> Iterator[Declaration]:
    """Worst grades by period, on printed precision, and with other scales' signs."""
    yield from _declare_periods(group, plan)
    if plan.also:
        yield from _declare_with_ctc(group, plan)
    if not group.suffix:
        yield from _declare_rule_b(group, plan)


def _occurring(values: Mapping[str, Any], stem: str, plan: Plan, suffix: str = "") -> list[dict]:
    """The grades above nobody, as roman numeral and id."""
    return [
        {"roman": ROMAN[grade], "number": f"{stem}.grade{grade}{suffix}.n"}
        for grade in grades_from_none(plan.scale)
        if values[f"{stem}.grade{grade}{suffix}.n"]
    ]


def describe_sensitivity(values: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """Facts for the prose: periods with the grades that occur, and by group those with_ctc."""
    with_ctc = []
    if plan.also:
        with_ctc = [
            {
                "label": group.label,
                "id": group.suffix.removeprefix(".") or "all",
                "grades": _occurring(values, "toxicity.with_ctc", plan, group.suffix),
            }
            for group in groups_of(plan.arms)
        ]
    periods = [
        {
            "id": period,
            "grades": _occurring(values, f"toxicity.{period}", plan),
            "not_graded": f"toxicity.{period}.not_graded.n",
        }
        for period in PERIODS
    ]
    return {
        "periods": [period for period in periods if period["grades"]],
        "with_ctc": with_ctc,
        "rule_b": bool(values["toxicity.rule_b.values.n"]),
    }
