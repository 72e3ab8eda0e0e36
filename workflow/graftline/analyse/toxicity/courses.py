"""Laboratory values over time against the grades of the study's scale: what the figure draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from graftline.analyse.exposure_cycles import LEAST_SUMMARISED, find_quartiles
from graftline.analyse.toxicity.groups import ROMAN
from graftline.grading.scale import LLN, ULN, Item, Scale
from graftline.grading.units import Units

MOST_PANELS = 8  # more do not fit on a page
BEFORE_DAYS = 28  # drawn before the first dose
WEEK = 7
# Parts of UCUM codes, and how they are printed.
IN_PRINT = {
    "10*3": "10³",
    "10*6": "10⁶",
    "10*9": "10⁹",
    "10*12": "10¹²",
    "uL": "µL",
    "umol": "µmol",
}
OF_RANGE = {ULN: "times the upper limit of normal", LLN: "times the lower limit of normal"}


def print_unit(unit: str) -> str:
    """A UCUM code as it is printed."""
    for code, printed in IN_PRINT.items():
        unit = unit.replace(code, printed)
    return unit


def find_limits(item: Item, axis: str) -> list[tuple[int, float]]:
    """Grade and where it begins, of the grades that begin at one place of `axis`: a unit that the
    source prints, or ULN or LLN for multiples of it. Conditions on a baseline have no such place."""
    found = {}
    for grade in item.measured:
        for criterion in grade.criteria:
            if criterion.when or criterion.plus:
                continue
            if criterion.relative_to == (axis,):
                found.setdefault(grade.grade, float(criterion.factor))
            elif criterion.absolute and axis in criterion.limits:
                found.setdefault(grade.grade, float(criterion.limits[axis]))
    return sorted(found.items())


def choose_axis(item: Item) -> str | None:
    """The axis on which the most grades of `item` have a limit, a printed unit first; None if none has."""
    options = [*item.printed_units, ULN, LLN]
    best = max(options, key=lambda axis: len(find_limits(item, axis)))
    return best if find_limits(item, best) else None


def list_bands(limits: list[tuple[int, float]], *, falling: bool) -> list[tuple[int, float, float]]:
    """Grade, lower and upper end of each band. The last goes on for ever."""
    ends = [limit for _, limit in limits[1:]] + [-np.inf if falling else np.inf]
    return [
        (grade, *sorted((limit, end))) for (grade, limit), end in zip(limits, ends, strict=True)
    ]


def _place(rows: pd.DataFrame, item: Item, axis: str, units: Units) -> pd.Series:
    """The values of `rows` on `axis`; missing where they cannot be converted to it."""
    if axis in OF_RANGE:
        return rows["value"] / rows[axis.lower()]
    factors = {}
    for written in rows["unit"].dropna().unique():
        unit = units.resolve(written)
        factors[written] = units.factor(item.analyte, unit, axis) if unit else None
    return rows["value"] * rows["unit"].map(factors).astype("float64")


def _worst_of(rows: pd.DataFrame, by: str, *, falling: bool) -> pd.DataFrame:
    """One value a patient and `by`: the worst."""
    groups = rows.groupby(["arm", "subject_id", by], sort=True)["value"]
    return (groups.min() if falling else groups.max()).reset_index()


def _lines(rows: pd.DataFrame, arm: str, *, falling: bool) -> list[tuple[list, list]]:
    daily = _worst_of(rows[rows["arm"] == arm], "day", falling=falling)
    return [
        (one["day"].tolist(), one["value"].tolist())
        for _, one in daily.groupby("subject_id", sort=True)
    ]


def _quartiles(rows: pd.DataFrame, arm: str, *, falling: bool, least: int) -> tuple[list, list]:
    """Middle days of weeks, and the quartiles of the patients' worst values in them, of weeks with
    enough patients."""
    weekly = _worst_of(rows[rows["arm"] == arm], "week", falling=falling)
    found = [
        (week * WEEK + WEEK / 2, find_quartiles(one["value"].to_numpy(), least))
        for week, one in weekly.groupby("week", sort=True)
    ]
    found = [(day, some) for day, some in found if some is not None]
    return [day for day, _ in found], [some for _, some in found]


def _select(toxicity: pd.DataFrame, subjects: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Laboratory rows of the main scale with arm ("" for none), day from the first dose and week, from
    four weeks before it to the last value on treatment."""
    rows = toxicity[(toxicity["domain"] == "LB") & (toxicity["scale"] == scale.scale)]
    columns = [
        "subject_id",
        "item",
        "value",
        "unit",
        "lln",
        "uln",
        "grade",
        "date_earliest",
        "period",
    ]
    rows = rows.loc[rows["value"].notna() & rows["date_earliest"].notna(), columns]
    who = subjects[["subject_id", "arm", "it_start"]].dropna(subset="it_start")
    rows = rows.merge(who, on="subject_id", how="inner")
    rows["arm"] = rows["arm"].fillna("")
    rows["day"] = (rows["date_earliest"] - rows["it_start"]).dt.days
    rows["week"] = rows["day"] // WEEK
    last = rows.loc[rows["period"].eq("DURING").fillna(False), "day"].max()
    return rows[(rows["day"] >= -BEFORE_DAYS) & (rows["day"] <= last)]


def list_courses(
    toxicity: pd.DataFrame,
    subjects: pd.DataFrame,
    scale: Scale,
    units: Units,
    *,
    arms: Mapping[str, Mapping[str, str]],
    singly: bool,
    least: int = LEAST_SUMMARISED,
) -> dict[str, Any]:
    """What the figure draws, of the derived tables `toxicity` and `subjects`.

    `singly`: whether patients are shown one by one; `least`: of how many quartiles are drawn; `groups`: labels of the arms; `panels`: one an
    item with values and limits, of more than eight those that the most patients had a grade of; a
    panel has `title`, `bands` (grade as a numeral, lower and upper end) and `groups`: for each group
    its `lines`, days and values of each patient, or `days` and `quartiles`.
    """
    rows = _select(toxicity, subjects, scale)
    codes = [code for code in arms if (rows["arm"] == code).any()]
    labels = [arms[code]["label"] for code in codes]
    if (~rows["arm"].isin(codes)).any():
        rows["arm"] = rows["arm"].where(rows["arm"].isin(codes), "")
        codes.append("")
        labels.append("no group recorded" if labels else "all patients")
    raised = rows[(rows["grade"] > 0).fillna(False)].groupby("item")["subject_id"].nunique()
    panels: dict[str, dict[str, Any]] = {}
    for code, item in scale.items.items():
        of_item = rows[rows["item"].eq(code).fillna(False)]
        axis = choose_axis(item) if item.kind == "laboratory" and len(of_item) else None
        if axis is None:
            continue
        placed = of_item.assign(value=_place(of_item, item, axis, units)).dropna(subset="value")
        if placed.empty:
            continue
        falling = item.criteria[0].falling
        groups: list[dict[str, Any]] = []
        for arm in codes:
            if singly:
                groups.append({"lines": _lines(placed, arm, falling=falling)})
            else:
                days, quartiles = _quartiles(placed, arm, falling=falling, least=least)
                groups.append({"days": days, "quartiles": quartiles})
        bands = list_bands(find_limits(item, axis), falling=falling)
        panels[code] = {
            "title": f"{item.label}, {OF_RANGE.get(axis) or print_unit(axis)}",
            "bands": [(ROMAN[grade], low, high) for grade, low, high in bands],
            "groups": groups,
        }
    order = sorted(panels, key=lambda code: -raised.get(code, 0))
    kept = set(order[:MOST_PANELS])
    return {
        "singly": singly,
        "least": least,
        "groups": labels,
        "left_out": len(order) > MOST_PANELS,
        "panels": [panel for code, panel in panels.items() if code in kept],
    }


def describe_courses(drawn: Mapping[str, Any], scale: Scale) -> dict[str, str]:
    """File, caption and alternative text."""
    shown = (
        "a line a patient, of several values on a day the worst"
        if drawn["singly"]
        else "median and quartiles of each patient's worst value in a week, of weeks with "
        + ("five patients or more" if drawn["least"] == LEAST_SUMMARISED else "patients enough")
    )
    more = " Of the items the eight are shown of which most patients had a grade."
    return {
        "file": "figures/laboratory.svg",
        "caption": (
            f"Laboratory values by day from the first dose: {shown}. The bands are the grades of "
            f"{scale.label}, the darker the higher.{more if drawn['left_out'] else ''}"
        ),
        "alt": f"Laboratory values over time, over bands of the grades of {scale.label}: {shown}.",
    }
