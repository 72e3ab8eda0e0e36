"""The numbers of toxicity: what each is, of whom, and by which rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graftline.grading.scale import Scale
from graftline.numbers import Declaration, select_rows
from graftline.slugs import slug

AT_LEAST = (2, 3)


@dataclass(frozen=True)
class Group:
    """Patients that a number is of: those of an arm, or all who were treated."""

    suffix: str  # "" for all, else "." and the arm's id
    label: str
    population: str
    where: tuple[tuple[str, Any], ...]

    def rows(self, table: str, **conditions: Any) -> str:
        """SQL for the rows of `table` of this group."""
        return select_rows(table, **dict(self.where), **conditions)


def groups_of(arms: Mapping[str, Mapping[str, str]] | None) -> list[Group]:
    """A group for each arm, in the order of the protocol, and last all patients."""
    by_arm = [
        Group(
            "." + arm["id"],
            arm["label"],
            f"treated patients of the {arm['label']}",
            (("arm", code),),
        )
        for code, arm in (arms or {}).items()
    ]
    return [*by_arm, Group("", "all patients", "treated patients", ())]


def item_groups(arms: Mapping[str, Mapping[str, str]] | None) -> list[Group]:
    """The groups by which items are counted: the arms, or all patients of a study without arms."""
    return groups_of(arms)[: len(arms)] if arms else groups_of(arms)


def _share(
    prefix: str,
    group: Group,
    method: str,
    table: str,
    selected: str,
    considered: str,
    decimals: int,
) -> Iterator[Declaration]:
    """A count, its percentage and the exact limits: ids <prefix><group>.n, .percent, .lower,
    .upper."""
    common = {
        "table": table,
        "selected": selected,
        "considered": considered,
        "population": group.population,
    }
    of = f"{method[0].lower()}{method[1:]}".rstrip(".")
    yield Declaration(
        id=f"{prefix}{group.suffix}.n", method=method, statistic="count", unit="patients", **common
    )
    yield Declaration(
        id=f"{prefix}{group.suffix}.percent",
        method=f"Percentage: {of}.",
        statistic="percent",
        unit="percent",
        display="percent",
        decimals=decimals,
        **common,
    )
    for side in ("lower", "upper"):
        yield Declaration(
            id=f"{prefix}{group.suffix}.{side}",
            method=f"Exact {side} 95% confidence limit (Clopper and Pearson), percentage: {of}.",
            statistic=f"clopper_pearson_{side}",
            arguments={"confidence": 0.95},
            unit="percent",
            display="percent_bare",
            decimals=decimals,
            **common,
        )


def _declare_worst(group: Group, scale: Scale, decimals: int) -> Iterator[Declaration]:
    """Worst grades of patients: each grade, grades from a limit up, none graded,
    treatment-emergent."""
    table = "toxicity_worst"
    everyone = {"item": "ANY", "treated": True}
    considered = group.rows(table, **everyone)
    yield Declaration(
        id=f"toxicity{group.suffix}.n",
        population=group.population,
        method="Number of patients who were given at least one dose.",
        table=table,
        selected=considered,
        statistic="count",
        unit="patients",
    )
    wanted = [
        (f"grade{grade}", {"grade": grade}, f"worst grade on treatment is {grade}")
        for grade in scale.grades
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
        yield from _share(
            f"toxicity.{name}",
            group,
            f"Number of patients whose {words}, on the {scale.label} scale.",
            table,
            group.rows(table, **everyone, **condition),
            considered,
            decimals,
        )


def _declare_items(group: Group, scale: Scale) -> Iterator[Declaration]:
    """Patients by item and worst grade of the item on treatment."""
    for item in scale.items.values():
        considered = group.rows("toxicity_worst", item=item.code, treated=True)
        yield Declaration(
            id=f"toxicity.item.{slug(item.code)}.observed{group.suffix}.n",
            population=group.population,
            method=f"Number of patients with an observation of the item {item.label} on treatment.",
            table="toxicity_worst",
            selected=considered,
            considered=group.rows("toxicity_worst", item="ANY", treated=True),
            statistic="count",
            unit="patients",
        )
        for grade in scale.grades:
            yield Declaration(
                id=f"toxicity.item.{slug(item.code)}.grade{grade}{group.suffix}.n",
                population=f"{group.population} with an observation of the item on treatment",
                method=(
                    f"Number of patients whose worst grade on treatment of the item {item.label} "
                    f"is {grade}."
                ),
                table="toxicity_worst",
                selected=group.rows("toxicity_worst", item=item.code, treated=True, grade=grade),
                considered=considered,
                statistic="count",
                unit="patients",
            )


def _declare_signs(group: Group, signs: Mapping[str, str], decimals: int) -> Iterator[Declaration]:
    """Patients with each listed sign on treatment, whatever its grade."""
    for term, name in signs.items():
        considered = group.rows("signs", pt=term, treated=True)
        yield from _share(
            f"sign.{slug(name)}",
            group,
            f"Number of patients with {name} on treatment, whatever its grade.",
            "signs",
            group.rows("signs", pt=term, treated=True, present=True),
            considered,
            decimals,
        )


def _declare_events(group: Group) -> Iterator[Declaration]:
    """Patients with infections and serious events, and observations without a grade."""
    events = {"domain": "AE", "on_treatment": True}
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
            {"item": ("!=", None)},
            "belong to an item of the scale and have no grade",
        ),
        ("not_on_scale", {"item": None}, "have no item of the scale"),
    ):
        yield Declaration(
            id=f"toxicity.{name}{group.suffix}.n",
            population=group.population,
            method=f"Number of observations on treatment that {words}.",
            table="toxicity",
            selected=group.rows("toxicity", on_treatment=True, grade=None, **condition),
            considered=group.rows("toxicity", on_treatment=True),
            statistic="count",
            unit="observations",
        )


def _declare_comparisons(arms: Iterable[str]) -> Iterator[Declaration]:
    """Fisher's exact test between two arms. Toxicity may be compared; the arms are not
    randomised."""
    groups = list(arms)
    if len(groups) != 2:
        return
    table = "toxicity_worst"
    for grade in AT_LEAST:
        yield Declaration(
            id=f"toxicity.grade_at_least{grade}.fisher_p",
            population="treated patients of both arms",
            method=(
                f"Two-sided P of Fisher's exact test of a worst grade on treatment of {grade} or "
                "more between the two arms; exploratory, the arms were not randomised."
            ),
            table=table,
            selected=select_rows(table, item="ANY", treated=True, arm=groups, grade=(">=", grade)),
            considered=select_rows(table, item="ANY", treated=True, arm=groups),
            statistic="fisher_p",
            arguments={"column": "arm", "groups": groups},
            display="p_value",
        )


def declare_toxicity(
    arms: Mapping[str, Mapping[str, str]] | None,
    scale: Scale,
    signs: Mapping[str, str],
    n_patients: int,
) -> list[Declaration]:
    """All numbers of toxicity, for each arm and for all patients.

    Percentages have no decimals under a hundred patients (SAMPL). Patients who were given nothing
    have no on-treatment period and are not counted.
    """
    decimals = 0 if n_patients < 100 else 1
    declarations: list[Declaration] = []
    for group in groups_of(arms):
        declarations += _declare_worst(group, scale, decimals)
        declarations += _declare_signs(group, signs, decimals)
        declarations += _declare_events(group)
    for group in item_groups(arms):
        declarations += _declare_items(group, scale)
    return declarations + list(_declare_comparisons(arms or {}))
