"""The same observations on two scales or more, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graftline.analyse.toxicity.groups import ROMAN, Group, groups_of, make_row
from graftline.analyse.toxicity.plan import Plan, grades_from_none
from graftline.grading.scale import Item, Scale
from graftline.numbers import Declaration
from graftline.slugs import slug

NO_ITEM = "–"


def item_number(plan: Plan, scale: Scale, item: str, grade: int) -> str:
    """The id of the number of all patients with that worst grade of the item, ANY for any."""
    stem = "toxicity" if scale is plan.scale else f"toxicity.{slug(scale.scale)}"
    return f"{stem}.grade{grade}.n" if item == "ANY" else f"{stem}.item.{slug(item)}.grade{grade}.n"


def _declare_items(
    scale: Scale, items: list[str], plan: Plan, group: Group
) -> Iterator[Declaration]:
    for code in items:
        of = "any item" if code == "ANY" else "the item that the id names"
        for grade in grades_from_none(scale):
            yield Declaration(
                id=item_number(plan, scale, code, grade),
                population=f"{group.population} with an observation of the item on treatment",
                method=(
                    f"Number of patients whose worst grade on treatment of {of} is {grade}, on "
                    f"the {scale.label} scale."
                ),
                table="toxicity_worst",
                selected=group.treated(scale.scale, code, grade=grade),
                considered=group.treated(scale.scale, code),
                statistic="count",
                unit="patients",
            )


def declare_scales(plan: Plan) -> Iterator[Declaration]:
    """All patients by item and worst grade, for the items that `list_pairs` shows."""
    if not plan.also:
        return
    everyone = groups_of(plan.arms)[-1]
    if plan.arms:  # else declared with the main scale's items
        shown = [item.code for item in plan.items if item.code in plan.raised[plan.main]]
        shown += [
            main for main, *_ in list_pairs(plan) if main and main not in plan.raised[plan.main]
        ]
        yield from _declare_items(plan.scale, list(dict.fromkeys(shown)), plan, everyone)
    for position, scale in enumerate(plan.also, start=1):
        items = [pair[position] for pair in list_pairs(plan) if pair[position]]
        yield from _declare_items(scale, ["ANY", *dict.fromkeys(items)], plan, everyone)
    yield from _declare_ungraded(plan, everyone)


def ungraded_number(plan: Plan, term: str, what: str) -> str:
    """The id of the number of patients with that sign's item of the first other scale: those that
    were `observed` for it, or those `not_graded`."""
    other = plan.also[0]
    return f"toxicity.{slug(other.scale)}.sign.{slug(plan.signs[term])}.{what}.n"


def _declare_ungraded(plan: Plan, group: Group) -> Iterator[Declaration]:
    """Patients with a listed sign's item of the first other scale, and those without a grade of it."""
    other = plan.also[0]
    for term in plan.ungraded:
        rows = group.treated(other.scale, other.item_of_term[term].code)
        none = group.treated(other.scale, other.item_of_term[term].code, grade=None)
        for what, selected, words in (
            ("observed", rows, ""),
            ("not_graded", none, " who have no grade of it"),
        ):
            yield Declaration(
                id=ungraded_number(plan, term, what),
                population=f"{group.population} with an observation of the item on treatment",
                method=f"Number of patients observed for {plan.signs[term]} on treatment{words}, on the "
                f"{other.label} scale.",
                table="toxicity_worst",
                selected=selected,
                considered=rows,
                statistic="count",
                unit="patients",
            )


def list_ungraded(values: Mapping[str, Any], plan: Plan) -> list[dict[str, Any]]:
    """The signs that the first other scale cannot grade: name, ids of the numbers of patients observed
    and not graded, `never` for those graded in no patient, and whether the main scale has the sign."""
    signs = [
        {
            "name": plan.signs[term],
            "observed": ungraded_number(plan, term, "observed"),
            "not_graded": ungraded_number(plan, term, "not_graded"),
            "lacking": term not in plan.scale.item_of_term,
        }
        for term in plan.ungraded
    ]
    return [
        sign | {"never": values[sign["observed"]] == values[sign["not_graded"]]} for sign in signs
    ]


def list_counted(values: Mapping[str, Any], plan: Plan) -> list[str]:
    """Names of the signs that the main scale lacks and the first other scale could grade in somebody."""
    never = {sign["name"] for sign in list_ungraded(values, plan) if sign["never"]}
    other = plan.also[0].item_of_term if plan.also else {}
    return [
        name
        for term, name in plan.signs.items()
        if term in other
        and term not in plan.scale.item_of_term
        and other[term].code in plan.observed[plan.also[0].scale]
        and name not in never
    ]


def _are_of_one_thing(one: Item, other: Item) -> bool:
    """Whether two items of two scales grade the same sign, or the same test on the same side."""
    if one.direction == other.direction and set(one.tests) & set(other.tests):
        return True
    same_kind = one.kind == other.kind and one.kind in ("fever", "weight_loss")
    return same_kind or bool(set(one.preferred_terms) & set(other.preferred_terms))


def list_pairs(plan: Plan) -> list[tuple[str | None, ...]]:
    """The rows of the table: an item of the main scale (None: it has none) and one of each other.

    An item with several on the other scale has a row for each. Only items with a grade above none
    on some scale, and of the other scales only those that were observed.
    """
    pairs: list[tuple[str | None, ...]] = []
    for position, scale in enumerate(plan.also):
        seen = plan.observed[scale.scale]
        candidates = [item for code, item in scale.items.items() if code in seen]
        placed = set()
        for item in plan.items:
            found = [other.code for other in candidates if _are_of_one_thing(item, other)]
            worth = [code for code in found if code in plan.raised[scale.scale]]
            placed |= set(found)
            if item.code in plan.raised[plan.main] or worth:
                pairs += _place(item.code, worth or found[:1] or [None], position, plan)
        rest = [
            item.code
            for item in candidates
            if item.code not in placed and item.code in plan.raised[scale.scale]
        ]
        pairs += _place(None, rest, position, plan)
    return _merge(pairs)


def _place(
    main: str | None, others: list[str | None], position: int, plan: Plan
) -> list[tuple[str | None, ...]]:
    """Rows with each of `others` in the place of its scale."""
    after = len(plan.also) - position - 1
    return [(main, *[None] * position, other, *[None] * after) for other in others]


def _merge(pairs: list[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    """Rows of one main item from several scales in one row, as far as their places are free."""
    merged: list[list[str | None]] = []
    for pair in pairs:
        for row in merged:
            free = all(
                old is None or new is None for old, new in zip(row[1:], pair[1:], strict=True)
            )
            if pair[0] is not None and row[0] == pair[0] and free:
                row[1:] = [old or new for old, new in zip(row[1:], pair[1:], strict=True)]
                break
        else:
            merged.append(list(pair))
    order = {code: place for place, code in enumerate(dict.fromkeys(row[0] for row in merged))}
    return [tuple(row) for row in sorted(merged, key=lambda row: order[row[0]])]


def _shown_grades(values: Mapping[str, Any], plan: Plan, scale: Scale) -> list[int]:
    """The grades above none of `scale`; death, which no value has, where somebody has it."""
    dead = values[item_number(plan, scale, "ANY", 5)] if 5 in scale.grades else 0
    return [grade for grade in scale.grades if 0 < grade < 5 or grade and dead]


def lacks_signs(plan: Plan) -> bool:
    """Whether the first other scale grades something that the main scale has no item for."""
    return any(main is None and others[0] is not None for main, *others in list_pairs(plan))


def lay_out_scales(values: Mapping[str, Any], plan: Plan) -> dict[str, Any] | None:
    """The table of worst grades of all treated patients, side by side; None with one scale alone.

    `values` has the numbers' values by id.
    """
    if not plan.also:
        return None
    grades = {scale.scale: _shown_grades(values, plan, scale) for scale in plan.scales}

    def counts(scale: Scale, item: str | None) -> list[str]:
        ids = [item_number(plan, scale, item or "", grade) for grade in grades_from_none(scale)]
        if not any(values.get(number) for number in ids):  # a nought would say that there was none
            return [NO_ITEM for _ in grades[scale.scale]]
        shown = [item_number(plan, scale, item, grade) for grade in grades[scale.scale]]
        return [f"{{{number}}}" if values[number] else "" for number in shown]

    def cells_of(scale: Scale, item: str | None) -> list[str]:
        label = (
            NO_ITEM if item is None else "Any item" if item == "ANY" else scale.items[item].label
        )
        return [label, *counts(scale, item)]

    rows = [
        make_row(
            "Any item",
            counts(plan.scale, "ANY") + [c for scale in plan.also for c in cells_of(scale, "ANY")],
        )
    ]
    before = ""
    for main, *others in list_pairs(plan):
        again = main is not None and main == before
        own = [""] * len(grades[plan.main]) if again else counts(plan.scale, main)
        label = plan.scale.items[main].label if main else "no item"
        cells = [
            cell
            for scale, item in zip(plan.also, others, strict=True)
            for cell in cells_of(scale, item)
        ]
        rows.append(make_row(label, own + cells, indent=int(again)))
        before = main
    labels = " and ".join(scale.label for scale in plan.scales)
    return {
        "caption": f"Worst grade on treatment of all treated patients on {labels}, side by side.",
        "column_groups": [
            {"label": "", "columns": 1},
            {"label": plan.scale.label, "columns": len(grades[plan.main])},
            *[
                {"label": scale.label, "columns": len(grades[scale.scale]) + 1}
                for scale in plan.also
            ],
        ],
        "columns": [
            "Item",
            *[ROMAN[grade] for grade in grades[plan.main]],
            *[
                header
                for scale in plan.also
                for header in ("Item", *[ROMAN[grade] for grade in grades[scale.scale]])
            ],
        ],
        "rows": rows,
        "footnotes": _notes(plan),
    }


def _notes(plan: Plan) -> list[str]:
    notes = [
        f"Number of patients by worst grade of the item. {NO_ITEM}: the scale has no such item, or "
        "nothing was observed that could be graded; empty cells are nought. Items without a grade above none on either scale are left out."
    ]
    for position, scale in enumerate(plan.also, start=1):
        shown = dict.fromkeys(pair[position] for pair in list_pairs(plan) if pair[position])
        unverified = list_unverified([scale.items[code] for code in shown])
        if unverified:
            notes.append(
                f"{scale.label}, recalled and not checked against a printed source: "
                f"{', '.join(unverified)}."
            )
    return notes


def list_unverified(items: list[Item]) -> list[str]:
    """Labels of the items, and grades of items, whose text was not checked against a source."""
    found = []
    for item in items:
        checked = {True: [], False: []}
        for grade in item.grades:
            checked[item.verified if grade.verified is None else grade.verified].append(grade.grade)
        if not checked[True]:
            found.append(item.label)
        elif checked[False]:
            grades = ", ".join(ROMAN[grade] for grade in checked[False])
            found.append(f"{item.label} (grade {grades})")
    return found
