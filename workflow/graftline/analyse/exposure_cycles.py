"""Doses given against doses planned, cycle by cycle: numbers, and what the figure draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from graftline.analyse.cases import may_show_singly
from graftline.analyse.describe import Group, list_groups
from graftline.disclosure.policy import read_policy
from graftline.numbers import Declaration, select_rows

TABLE = "exposure"
# Of fewer patients no quartiles are drawn: they would be the patients themselves.
LEAST_SUMMARISED = 5


def _with_plan(cycles: pd.DataFrame) -> pd.DataFrame:
    """The cycles of which is known what was planned and what was given."""
    return cycles[(cycles["total_planned"] > 0).fillna(False) & cycles["total_given"].notna()]


def _cells(cycles: pd.DataFrame, arms: Mapping, drugs: Mapping) -> list[tuple[str, Group, int]]:
    """Drug, group and cycle of all that occur: the arms, or all patients of a study without."""
    found = []
    groups = list_groups(cycles, arms)
    groups = groups[1:] or groups
    known = _with_plan(cycles)
    for drug in drugs:
        for group in groups:
            rows = known[known["drug"].eq(drug).fillna(False)]
            for column, value in group.conditions.items():
                rows = rows[rows[column].eq(value).fillna(False)]
            found += [(drug, group, int(cycle)) for cycle in sorted(rows["cycle"].unique())]
    return found


def _id(drug: Mapping[str, Any], cycle: int, what: str, group: Group) -> str:
    return f"exposure.{drug['id']}.cycle{cycle}.{what}{group.suffix}.n"


def declare_cycles(cycles: pd.DataFrame, *, arms: Mapping, drugs: Mapping) -> list[Declaration]:
    """For each drug, group and cycle: the patients planned for it or given it, and who began it."""
    numbers = []
    for drug, group, cycle in _cells(cycles, arms, drugs):
        rows = {"drug": drug, "cycle": cycle, **group.conditions}
        considered = select_rows(TABLE, **rows)
        for what, words, more in (
            ("planned", "for whom the cycle was planned or given", {}),
            ("begun", "who began the cycle", {"begun": True}),
        ):
            numbers.append(
                Declaration(
                    id=_id(drugs[drug], cycle, what, group),
                    population=f"{group.words}, {drugs[drug]['label']}, cycle {cycle}",
                    method=f"Number of patients {words}.",
                    table=TABLE,
                    selected=select_rows(TABLE, **rows, **more),
                    considered=considered,
                    statistic="count",
                    unit="patients",
                )
            )
    return numbers


def list_panels(
    cycles: pd.DataFrame,
    printed: Mapping[str, str],
    *,
    arms: Mapping,
    drugs: Mapping,
    disclosure: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """What the figure draws: `singly`, whether patients are shown one by one, and `panels`, one a drug
    with a plan. A panel has `title` and `groups`; a group `label`, `cycles`, for each of them `texts`
    (began of planned, as `printed` has them), and `shares`, the doses given as percentages of those
    planned, or, where patients are not shown singly, their `quartiles` (none of too few)."""
    known = _with_plan(cycles)
    singly = may_show_singly(cycles["subject_id"].nunique(), disclosure)
    least = least_summarised(disclosure)
    share = 100 * known["total_given"] / known["total_planned"]
    panels: dict[str, dict[str, Any]] = {}
    for drug, group, cycle in _cells(cycles, arms, drugs):
        rows = known["drug"].eq(drug).fillna(False) & (known["cycle"] == cycle).fillna(False)
        for column, value in group.conditions.items():
            rows &= known[column].eq(value).fillna(False)
        panel = panels.setdefault(drug, {"title": drugs[drug]["label"], "groups": {}})
        entry = panel["groups"].setdefault(
            group.suffix, {"label": group.title, "cycles": [], "texts": [], "values": []}
        )
        values = np.sort(share[rows].to_numpy(dtype=float))
        entry["cycles"].append(cycle)
        of = [printed[_id(drugs[drug], cycle, what, group)] for what in ("begun", "planned")]
        entry["texts"].append("/".join(of))
        entry["values"].append(values.tolist() if singly else find_quartiles(values, least))
    return {
        "singly": singly,
        "least": least,
        "panels": [panel | {"groups": list(panel["groups"].values())} for panel in panels.values()],
    }


def least_summarised(disclosure: Mapping[str, Any] | None) -> int:
    """Of how many patients quartiles are drawn: where counts are masked, of so many that as many as
    the policy asks for lie beyond each."""
    return max(LEAST_SUMMARISED, 4 * read_policy(disclosure).threshold)


def find_quartiles(values: np.ndarray, least: int = LEAST_SUMMARISED) -> list[float] | None:
    """Lower quartile, median and upper quartile; None of fewer than `least` values."""
    if len(values) < least:
        return None
    return np.quantile(values, [0.25, 0.5, 0.75]).tolist()


def describe_figure(drawn: Mapping[str, Any]) -> dict[str, Any]:
    """File, caption, alternative text, and the derived tables that it is drawn from."""
    shown = (
        "a mark a patient, and none where nothing was planned"
        if drawn["singly"]
        else "median and quartiles, where there are five patients or more"
        if drawn["least"] == LEAST_SUMMARISED
        else "median and quartiles, where there are patients enough on either side of each"
    )
    return {
        "file": "figures/dose_intensity.svg",
        "caption": (
            f"Dose given in each cycle as a percentage of the dose planned for it: {shown}. The line is "
            "the plan. Below, the patients who began the cycle, of those for whom it was planned or "
            "given."
        ),
        "alt": f"Dose given as a percentage of the dose planned by drug, cycle and group: {shown}.",
        "tables": [TABLE],
    }
