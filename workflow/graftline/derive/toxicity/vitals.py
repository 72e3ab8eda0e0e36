"""Vital signs: each temperature graded as fever, each weight after the first dose as its loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from graftline.derive.toxicity.cells import Cells
from graftline.derive.toxicity.observed import Observed, as_observed, join, keys_of, text_of
from graftline.derive.toxicity.period import mark_last_before, mark_measurements
from graftline.grading.fever import find_runs, grade_temperatures, pair_pressures
from graftline.grading.scale import Item, Scale
from graftline.grading.weight import grade_weights
from graftline.raw.sources import at_cell


@dataclass(frozen=True)
class Vitals:
    """The rows of vitals, numbered from 0, with the marks of `mark_measurements`, and the pairs of
    `pair_pressures`."""

    marked: pd.DataFrame
    pairs: pd.DataFrame


def mark_vitals(vitals: pd.DataFrame, periods: pd.DataFrame, fever: Mapping[str, Any]) -> Vitals:
    """What is the same on every scale: where each row lies in time, and low pressures near fevers.

    baseline_sbp and baseline_weight mark the last row before treatment that has the value. Of
    several at that moment the highest counts: any fall shows.
    """
    marked = mark_measurements(vitals, periods, ["subject_id"])
    for name, column in (("baseline_sbp", "sbp_mmhg"), ("baseline_weight", "weight_kg")):
        marked[name] = mark_last_before(marked, ["subject_id"], marked[column].notna())
    before = marked[marked["baseline_sbp"]].groupby("subject_id")["sbp_mmhg"].max()
    return Vitals(marked, pair_pressures(marked, before, fever))


def _rows(marked: pd.DataFrame, scale: Scale, item: Item, column: str) -> pd.DataFrame:
    """The rows of `marked` for an item that is read from `column`, numbered from 0."""
    frame = at_cell(marked, column).rename_axis("position").reset_index()
    frame = frame.assign(domain="VS", scale=scale.scale, item=item.code)
    frame = frame.assign(value=frame[column], unit=item.unit, date_earliest=frame["date"])
    frame["observed"] = text_of(frame[column]) + " " + (item.unit or "")
    frame["row_key"] = keys_of(frame, frame["item"])
    return frame


def _link_own(cells: Cells, frame: pd.DataFrame, column: str) -> list[np.ndarray]:
    parts = [cells.link(frame.index, "vitals", frame["position"], column, decided=True)]
    return parts + [
        cells.link(frame.index, "vitals", frame["position"], name) for name in ("date", "time")
    ]


def _link_pressures(
    cells: Cells, row_of: pd.Series, subject: pd.Series, vitals: Vitals
) -> list[np.ndarray]:
    """Pressures near a fever: a low one decided it, others contributed, and so did the baseline.

    `row_of` maps a position in vitals to its row, `subject` is the patient of each position.
    """
    pairs, marked = vitals.pairs, vitals.marked
    rows, low = row_of.loc[pairs["temperature"]].to_numpy(), pairs["low"].to_numpy(bool)
    parts = []
    for some, decided in ((low, True), (~low, False)):
        pressures = pairs.loc[some, "pressure"]
        parts.append(cells.link(rows[some], "vitals", pressures, "sbp_mmhg", decided=decided))
    parts += [cells.link(rows, "vitals", pairs["pressure"], name) for name in ("date", "time")]
    fevers = pd.DataFrame({"temperature": pairs["temperature"].unique()})
    fevers["subject_id"] = subject.loc[fevers["temperature"]].to_numpy()
    baseline = marked.loc[marked["baseline_sbp"], ["subject_id"]].rename_axis("at").reset_index()
    both = fevers.merge(baseline, on="subject_id")
    rows = row_of.loc[both["temperature"]]
    return [*parts, cells.link(rows, "vitals", both["at"], "sbp_mmhg")]


def _link_runs(
    cells: Cells, row_of: pd.Series, marked: pd.DataFrame, runs: pd.DataFrame
) -> list[np.ndarray]:
    """Temperatures of a long run decided each other's grades; others of a run, and those of the
    days from the one before it to the one after it, contributed: they say how long it lasted."""
    taken = marked.loc[marked["temp_cel"].notna(), ["subject_id", "date"]]
    taken = taken.rename_axis("at").reset_index()
    frame = runs.assign(subject_id=marked["subject_id"].loc[runs["temperature"]].to_numpy())
    both = frame.merge(taken, on="subject_id")
    margin = pd.Timedelta(days=1)
    near = (both["date"] >= both["first_day"] - margin) & (
        both["date"] <= both["last_day"] + margin
    )
    both = both[near]
    run_of = runs.set_index("temperature")["run"]
    decided = (both["at"].map(run_of) == both["run"]) & both["long"]
    rows = row_of.loc[both["temperature"]].to_numpy()
    parts = [cells.link(rows, "vitals", both["at"], name) for name in ("temp_cel", "date", "time")]
    some = decided.to_numpy(bool)
    parts.append(cells.link(rows[some], "vitals", both.loc[some, "at"], "temp_cel", decided=True))
    return parts


def _grade_fever(cells: Cells, vitals: Vitals, scale: Scale, item: Item) -> Observed:
    """A row for each temperature, with or without fever."""
    marked = vitals.marked
    frame = _rows(marked[marked["temp_cel"].notna()], scale, item, "temp_cel")
    row_of = pd.Series(frame.index, index=frame["position"])
    parts = _link_own(cells, frame, "temp_cel")
    hypotension = pd.Series(False, index=frame.index)
    if any(grade.with_hypotension for grade in item.grades):
        low = vitals.pairs.loc[vitals.pairs["low"].astype(bool), "temperature"]
        hypotension = frame["position"].isin(low)
        parts += _link_pressures(cells, row_of, marked["subject_id"], vitals)
        frame.loc[hypotension, "observed"] += ", with low systolic pressure"
    long = {}
    for grade in item.grades:
        if grade.longer_than_hours:
            runs = find_runs(marked, grade)
            long[grade.grade] = frame["position"].isin(runs.loc[runs["long"], "temperature"])
            parts += _link_runs(cells, row_of, marked, runs)
            hours = f", in a run of more than {grade.longer_than_hours:g} hours"
            frame.loc[long[grade.grade], "observed"] += hours
    frame[["grade", "limit"]] = grade_temperatures(item, frame["value"], hypotension, long)
    frame["is_baseline"] = mark_last_before(frame, ["subject_id"], frame["grade"].notna())
    frame["extreme"] = frame["value"]
    return as_observed(frame, cells.unite(parts))


def _grade_weight_loss(cells: Cells, vitals: Vitals, scale: Scale, item: Item) -> Observed:
    """A row for each weight after the first dose, against the last one before it."""
    marked = vitals.marked
    later = marked["weight_kg"].notna() & marked["after_first_dose"]
    frame = _rows(marked[later], scale, item, "weight_kg")
    before = marked[marked["baseline_weight"]]
    frame["baseline"] = frame["subject_id"].map(before.groupby("subject_id")["weight_kg"].max())
    graded = grade_weights(item, frame["value"], frame["baseline"])
    frame[["grade", "limit", "reason"]] = graded[["grade", "limit", "reason"]]
    frame["is_baseline"] = False
    frame["extreme"] = -frame["value"]
    at = before[["subject_id"]].rename_axis("at").reset_index()
    both = frame[["subject_id"]].rename_axis("row").reset_index().merge(at, on="subject_id")
    parts = _link_own(cells, frame, "weight_kg")
    parts += [cells.link(both["row"], "vitals", both["at"], c) for c in ("date", "time")]
    parts.append(cells.link(both["row"], "vitals", both["at"], "weight_kg", decided=True))
    return as_observed(frame, cells.unite(parts))


def grade_vitals(cells: Cells, vitals: Vitals, scale: Scale) -> Observed:
    """A row for each temperature and each weight that an item of `scale` is read from."""
    graded = []
    if scale.fever_item is not None:
        graded.append(_grade_fever(cells, vitals, scale, scale.fever_item))
    if scale.weight_loss_item is not None:
        graded.append(_grade_weight_loss(cells, vitals, scale, scale.weight_loss_item))
    return join(cells, graded)
