"""Doses against the study's protocol: drugs, amounts, units, routes, weekdays."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.validation.cohort import Cohort, equals
from graftline.validation.findings import ERROR, WARNING
from graftline.validation.register import Flag, check
from schemas.raw.treatment import LEGACY_UNIT

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MILLION = "10*6."


def _drugs_missing(cohort: Cohort) -> tuple[pd.Series, pd.Series]:
    """Of each subjects row: how many drugs of the arm were not given, how many were."""
    subjects, exposure = cohort["subjects"], cohort["exposure"]
    given = pd.Series(0, index=subjects.index)
    due = pd.Series(0, index=subjects.index)
    for arm, regimen in cohort.regimens.items():
        for drug in cohort.drugs:
            if drug in regimen:
                having = exposure["subject_id"][equals(exposure["drug"], drug)]
                of_arm = equals(subjects["arm"], arm)
                due += of_arm
                given += of_arm & subjects["subject_id"].isin(having.dropna())
    return due - given, given


def _judged_for_drugs(cohort: Cohort) -> pd.Series:
    """Patients with exposure of which every drug could be read."""
    exposure = cohort["exposure"]
    sure = exposure["subject_id"][~cohort.is_unsure("exposure", "drug")].dropna()
    return cohort["subjects"]["subject_id"].isin(sure) & cohort.has_all_rows("exposure")


@check(
    "E17",
    ERROR,
    "subjects",
    "exposure",
    sentence="The patient has doses, and none of a drug of the arm; check arm and drug.",
)
def check_any_drug_of_arm(cohort: Cohort):
    """Some drug of the arm was given."""
    missing, given = _drugs_missing(cohort)
    rows = (missing > 0) & (given == 0) & _judged_for_drugs(cohort)
    yield Flag("subjects", rows, "subject_id")


@check(
    "E17",
    WARNING,
    "subjects",
    "exposure",
    sentence="The patient did not get all drugs of the arm; send the missing rows or confirm.",
)
def check_all_drugs_of_arm(cohort: Cohort):
    """All drugs of the arm were given."""
    missing, given = _drugs_missing(cohort)
    rows = (missing > 0) & (given > 0) & _judged_for_drugs(cohort)
    yield Flag("subjects", rows, "subject_id")


@check(
    "E18",
    WARNING,
    "subjects",
    "exposure",
    sentence="The dose does not go by the arm's plan from cycle to cycle; check arm and dose.",
)
def check_dose_by_cycle(cohort: Cohort):
    """The dose is constant, or does not fall, from one cycle to the next, as the arm's regimen says."""
    frame = cohort["exposure"]
    dose = frame["dose_actual"].fillna(frame["dose_planned"])
    judged = frame.assign(dose=dose, arm=cohort.of_subject("exposure", cohort.arm))
    judged = judged[dose.gt(0) & ~equals(frame["action"], "REDUCE")]
    judged = judged.sort_values("cycle", kind="stable")
    before = judged.groupby(["subject_id", "drug", "dose_unit"])["dose"].shift()
    wrong = pd.Series(False, index=judged.index)
    for arm, regimen in cohort.regimens.items():
        of_arm = equals(judged["arm"], arm)
        if regimen.get("dose_by_cycle") == "constant":
            wrong |= of_arm & before.notna() & (judged["dose"] != before)
        elif regimen.get("dose_by_cycle") == "non_decreasing":
            wrong |= of_arm & (judged["dose"] < before)
    yield Flag("exposure", wrong.reindex(frame.index, fill_value=False), "dose_actual", value=dose)


@check(
    "E18",
    WARNING,
    "subjects",
    "exposure",
    sentence="The planned dose is not that of the arm's plan for the cycle, or the plan has no such "
    "cycle; check arm, cycle and dose_planned.",
)
def check_dose_of_plan(cohort: Cohort):
    """Cycle and planned dose are those of the arm's regimen; doses in another unit are E23's."""
    frame = cohort["exposure"]
    arm = cohort.of_subject("exposure", cohort.arm)
    for code, regimen in cohort.regimens.items():
        for drug, settings in cohort.drugs.items():
            plan = {cycle["cycle"]: float(cycle["dose"]) for cycle in regimen.get(drug) or []}
            if not plan:
                continue
            rows = equals(arm, code) & equals(frame["drug"], drug) & frame["cycle"].notna()
            dose = frame["cycle"].map(plan).astype("float64")
            in_unit = equals(frame["dose_unit"], settings["dose_units"][0])
            differs = frame["dose_planned"].notna() & dose.notna()
            differs &= (frame["dose_planned"] - dose).abs() > 1e-9
            yield Flag("exposure", rows & in_unit & differs, "dose_planned")
            yield Flag("exposure", rows & dose.isna(), "cycle")


@check(
    "E19",
    WARNING,
    "exposure",
    sentence="The route is not one that the protocol has for the drug; confirm or correct it.",
)
def check_route(cohort: Cohort):
    """The route is one of the drug's."""
    frame = cohort["exposure"]
    for drug, settings in cohort.drugs.items():
        if settings.get("routes"):
            other = frame["route"].notna() & ~frame["route"].isin(settings["routes"])
            yield Flag("exposure", equals(frame["drug"], drug) & other, "route")


@check(
    "E23",
    ERROR,
    "exposure",
    sentence="The dose lies outside the range that the protocol has for the drug; check dose and unit.",
)
def check_dose_plausible(cohort: Cohort):
    """Unit and amount fit the drug; each row is reported for its first reason."""
    frame = cohort["exposure"]
    unit = frame["dose_unit"]
    largest = frame[["dose_planned", "dose_actual"]].max(axis=1)
    international = unit.isin(["[iU]", "[iU]/m2"])
    in_millions = unit.str.startswith(MILLION).fillna(False).astype(bool)
    reasons = [
        (
            equals(unit, LEGACY_UNIT),
            "Doses in Cetus units are not converted; send the dose in million international units.",
        ),
        (
            international & largest.lt(1000) & largest.gt(0),
            "The dose is too small for international units: the factor of a million is probably "
            "lost; correct the unit to million international units.",
        ),
        (
            in_millions & largest.gt(1e5),
            "The dose is too large for million international units; it is probably in units: "
            "divide it by a million.",
        ),
    ]
    reported = np.zeros(len(frame), dtype=bool)
    for rows, message in reasons:
        rows = rows.fillna(False).to_numpy(dtype=bool) & ~reported
        reported |= rows
        yield Flag("exposure", rows, "dose_unit", message=message)
    for drug, settings in cohort.drugs.items():
        of_drug = equals(frame["drug"], drug)
        units = settings.get("dose_units") or []
        wrong = (
            of_drug & ~reported & unit.notna().to_numpy() & ~unit.isin(units).to_numpy(dtype=bool)
        )
        reported |= wrong
        message = (
            f"The unit is not one that the protocol has for the drug; write {' or '.join(units)}."
        )
        yield Flag("exposure", wrong, "dose_unit", message=message)
        if not settings.get("dose_range"):
            continue
        least, most = settings["dose_range"]
        none_given = equals(frame["n_given"], 0)
        for column in ("dose_planned", "dose_actual"):
            dose = frame[column]
            outside = ((dose < least) | (dose > most)).to_numpy()
            outside &= ~(none_given & equals(dose, 0).to_numpy())
            yield Flag("exposure", of_drug & ~reported & outside, column)


@check(
    "E58",
    WARNING,
    "exposure",
    "subjects",
    sentence="The day is not a weekday on which the protocol gives doses; check the date.",
)
def check_weekday(cohort: Cohort):
    """First and last dose fall on the arm's weekdays."""
    frame = cohort["exposure"]
    arm = cohort.of_subject("exposure", cohort.arm)
    for code, regimen in cohort.regimens.items():
        days = regimen.get("weekdays")
        if not days:
            continue
        allowed = [WEEKDAYS.index(day) for day in days]
        for column in ("start_date", "end_date"):
            weekday = frame[column].dt.weekday
            wrong = equals(arm, code) & weekday.notna() & ~weekday.isin(allowed)
            yield Flag("exposure", wrong, column)
