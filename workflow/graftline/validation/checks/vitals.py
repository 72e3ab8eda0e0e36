"""Vital signs: pressure, body surface, weight. Single ranges are the schema's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.validation.cohort import Cohort
from graftline.validation.findings import ERROR, WARNING
from graftline.validation.register import Flag, check

WEIGHT_RANGE, HEIGHT_RANGE, BSA_RANGE = (30, 180), (130, 215), (1.2, 2.6)


@check(
    "E20",
    ERROR,
    "vitals",
    sentence="The diastolic pressure is not below the systolic one; check both.",
)
def check_pressures(cohort: Cohort):
    """DBP < SBP."""
    frame = cohort["vitals"]
    yield Flag("vitals", frame["dbp_mmhg"] >= frame["sbp_mmhg"], "dbp_mmhg")


@check(
    "E20",
    ERROR,
    "vitals",
    sentence="Weight and height give a body surface outside 1.2 to 2.6 m2; check both.",
)
def check_body_surface(cohort: Cohort):
    """Mosteller's surface within 1.2..2.6 m2, or as the study says; a missing height is the patient's
    last known one."""
    frame = cohort["vitals"]
    height = frame["height_cm"].where(frame["height_cm"].between(*HEIGHT_RANGE))
    order = frame["date"].sort_values(kind="stable").index
    by_subject = height.loc[order].groupby(frame["subject_id"].loc[order])
    known = by_subject.ffill().fillna(by_subject.bfill()).reindex(frame.index)
    weight = frame["weight_kg"].where(frame["weight_kg"].between(*WEIGHT_RANGE))
    surface = np.round(np.sqrt(weight * known / 3600), 9)
    least, most = (cohort.options.get("body_surface_m2") or {}).get("allowed", BSA_RANGE)
    message = f"Weight and height give a body surface outside {least} to {most} m2; check both."
    yield Flag("vitals", surface.lt(least) | surface.gt(most), "weight_kg", message=message)


@check(
    "E21",
    WARNING,
    "vitals",
    sentence="The weight differs by more than 15% from one measured at most 30 days before; check it.",
)
def check_weight_change(cohort: Cohort):
    """Change of weight from one measurement to the next, at most 30 days apart, is within 15%."""
    frame = cohort["vitals"]
    weights = frame.loc[
        frame["weight_kg"].between(*WEIGHT_RANGE) & frame["date"].notna(),
        ["subject_id", "date", "weight_kg"],
    ].sort_values("date", kind="stable")
    before = weights.groupby("subject_id").shift()
    change = (weights["weight_kg"] - before["weight_kg"]).abs()
    large = (change - 0.15 * before["weight_kg"]).round(9) > 0
    near = (weights["date"] - before["date"]).dt.days <= 30
    rows: pd.Series = (large & near).reindex(frame.index, fill_value=False)
    yield Flag("vitals", rows, "weight_kg")
