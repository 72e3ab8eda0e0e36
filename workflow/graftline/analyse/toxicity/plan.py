"""What of a study's toxicity is declared and shown: its protocol, and what occurs in its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from graftline.grading.scale import Item, Scale

SEVERITIES = ("MILD", "MODERATE", "SEVERE")
# A preferred term that fewer than one in so many patients of every group had is folded into others.
ONE_IN = 20
# A scale with more items than this shows only those that were observed.
MANY_ITEMS = 40
MARKS = ("infection", "related", "serious")
# Items that stand for a patient's worst over several.
OVERALL = ("ANY", "ANY_CTC")

Shift = tuple[str, int | None, int]


def grades_from_none(scale: Scale) -> list[int]:
    """The grades that a patient may have on `scale`; scales that do not print grade 0 have it too."""
    return [0, *[grade for grade in scale.grades if grade > 0]]


@dataclass(frozen=True)
class Plan:
    """`scale` is the main scale, `also` are those graded beside it; `arms` and `signs` are of
    study.yaml.

    `n_patients`: patients of the study. `observed`, `raised`: scale to the items that treated
    patients were observed for on treatment, and that had a grade above none there. `shifts`:
    laboratory item of the main scale, grade before treatment (None: not graded) and worst grade on
    it, of those that occur. `terms`: preferred terms with a severity that are shown, the most
    frequent first; `folded`: the others. `severities`: those that occur. `ungraded`: terms of
    `signs` whose item of the first other scale has patients without a grade. `occurring`: item of the main scale,
    arm (None: all patients) and worst grade, of those that occur. `recorded`: infection
    (with its relation to treatment) and serious, where the adverse events say so of any.
    """

    scale: Scale
    also: tuple[Scale, ...]
    arms: Mapping[str, Mapping[str, str]]
    signs: Mapping[str, str]
    n_patients: int
    observed: Mapping[str, frozenset[str]]
    raised: Mapping[str, frozenset[str]]
    shifts: tuple[Shift, ...] = ()
    terms: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    ungraded: tuple[str, ...] = ()
    occurring: frozenset[tuple[str, str | None, int]] = frozenset()
    recorded: frozenset[str] = frozenset()

    @property
    def main(self) -> str:
        """The main scale's name in the derived tables."""
        return self.scale.scale

    @property
    def scales(self) -> tuple[Scale, ...]:
        """All scales, the main one first."""
        return (self.scale, *self.also)

    @property
    def decimals(self) -> int:
        """Decimals of percentages: none under a hundred patients (SAMPL)."""
        return 0 if self.n_patients < 100 else 1

    @property
    def items(self) -> list[Item]:
        """The items of the main scale that are counted: all, or of a long scale those observed."""
        items = list(self.scale.items.values())
        if len(items) <= MANY_ITEMS:
            return items
        return [item for item in items if item.code in self.observed[self.main]]

    def treated_arms(self, values: Mapping[str, Any]) -> Plan:
        """The plan with the arms that tables, figure and text show, from the values of the numbers
        by id: those with a treated patient. Of an arm without one nothing can be said, not even
        that a sign was not seen."""
        treated = {
            code: arm for code, arm in self.arms.items() if values[f"toxicity.{arm['id']}.n"]
        }
        return replace(self, arms=treated or self.arms)


def _find_shifts(worst: pd.DataFrame, scale: Scale) -> tuple[Shift, ...]:
    laboratory = [code for code, item in scale.items.items() if item.kind == "laboratory"]
    rows = worst[worst["item"].isin(laboratory) & worst["grade"].notna()]
    found = rows[["item", "baseline_grade", "grade"]].drop_duplicates()
    shifts = [
        (item, None if pd.isna(before) else int(before), int(grade))
        for item, before, grade in found.itertuples(index=False)
    ]
    last = len(scale.grades) + 1  # "not graded" follows the grades

    def order(shift: Shift) -> tuple[int, int, int]:
        item, before, grade = shift
        return laboratory.index(item), last if before is None else before, grade

    return tuple(sorted(shifts, key=order))


def _rank_terms(events: pd.DataFrame, worst: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Preferred terms in the order of the number of patients who had them: those that at least one
    in twenty patients of some group had, and the others."""
    patients = events[["pt", "arm", "subject_id"]].drop_duplicates()
    patients = patients.assign(arm=patients["arm"].fillna(""))
    counts = patients.groupby("pt")["subject_id"].nunique()
    order = sorted(counts.index, key=lambda term: (-counts[term], term))
    whole = worst.loc[worst["item"] == "ANY", "arm"].fillna("").value_counts()
    by_arm = patients.groupby(["pt", "arm"]).size().rename("n").reset_index()
    often = by_arm["n"] * ONE_IN >= by_arm["arm"].map(whole)
    frequent = set(by_arm.loc[often.fillna(False), "pt"])
    return (
        [term for term in order if term in frequent],
        [term for term in order if term not in frequent],
    )


def _find_recorded(events: pd.DataFrame) -> frozenset[str]:
    """What adverse events say of themselves. A study without any has none, of any kind; one that
    does not record infections has not thereby had none."""
    filled = {name: events.empty or events[name].notna().any() for name in MARKS}
    marks = {"serious": filled["serious"], "infection": filled["infection"] and filled["related"]}
    return frozenset(name for name, said in marks.items() if said)


def _find_occurring(worst: pd.DataFrame) -> frozenset[tuple[str, str | None, int]]:
    """(item, arm or None for all, grade) of each worst grade that somebody has."""
    rows = worst[worst["grade"].notna()]
    by_arm = rows[rows["arm"].notna()][["item", "arm", "grade"]].drop_duplicates()
    everyone = rows[["item", "grade"]].drop_duplicates()
    found = {(item, arm, int(grade)) for item, arm, grade in by_arm.itertuples(index=False)}
    found |= {(item, None, int(grade)) for item, grade in everyone.itertuples(index=False)}
    return frozenset(found)


def _find_ungraded(worst: pd.DataFrame, also, signs: Mapping[str, str]) -> tuple[str, ...]:
    """The signs that the first other scale has an item for, and of which it cannot grade some."""
    if not also:
        return ()
    rows = worst[(worst["scale"] == also[0].scale) & worst["grade"].isna()]
    without = set(rows["item"])
    items = also[0].item_of_term
    return tuple(term for term in signs if term in items and items[term].code in without)


def plan_toxicity(
    frames: Mapping[str, pd.DataFrame],
    arms: Mapping[str, Mapping[str, str]] | None,
    scales: tuple[Scale, ...],
    signs: Mapping[str, str] | None,
) -> Plan:
    """The plan for the derived tables toxicity and toxicity_worst; the main scale is the first."""
    main = scales[0]
    everyone = frames["toxicity_worst"]
    worst = everyone[everyone["treated"] & ~everyone["item"].isin(OVERALL)]
    by_scale = {scale.scale: worst[worst["scale"] == scale.scale] for scale in scales}

    toxicity = frames["toxicity"]
    treated = everyone[everyone["treated"] & (everyone["scale"] == main.scale)]
    of_main = toxicity[(toxicity["domain"] == "AE") & (toxicity["scale"] == main.scale)]
    events = of_main[of_main["on_treatment"] & of_main["severity"].notna() & of_main["pt"].notna()]
    shown, folded = _rank_terms(events, treated)
    severities = set(events["severity"])
    return Plan(
        scale=main,
        also=tuple(scales[1:]),
        arms=arms or {},
        signs=signs or {},
        n_patients=everyone["subject_id"].nunique(),
        observed={name: frozenset(rows["item"]) for name, rows in by_scale.items()},
        raised={
            name: frozenset(rows.loc[(rows["grade"] > 0).fillna(False), "item"])
            for name, rows in by_scale.items()
        },
        shifts=_find_shifts(by_scale[main.scale], main),
        terms=tuple(shown),
        folded=tuple(folded),
        severities=tuple(one for one in SEVERITIES if one in severities),
        occurring=_find_occurring(by_scale[main.scale]),
        ungraded=_find_ungraded(worst, scales[1:], signs or {}),
        recorded=_find_recorded(of_main),
    )
