"""Endpoints: times, events and populations that must agree with each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.validation.cohort import Cohort, equals
from graftline.validation.derived.stage import ENDPOINTS, second_stage
from graftline.validation.findings import ERROR
from graftline.validation.register import Flag

TOLERANCE = 1e-12


def _at_risk(cohort: Cohort) -> pd.Series:
    return equals(cohort[ENDPOINTS]["in_risk_set"], True)


@second_stage(
    "E55",
    ERROR,
    ENDPOINTS,
    sentence="The time of the endpoint is negative or missing, or not after entry; check the dates "
    "that it was made from.",
)
def check_times(cohort: Cohort):
    """time >= 0 and entry < time for all at risk."""
    frame = cohort[ENDPOINTS]
    wrong = frame["time"].isna() | (frame["time"] < 0) | frame["status"].isna()
    # An event on the first day is at 0.5; a patient censored on it has an empty interval and counts
    # at no time.
    wrong |= (frame["entry"] > frame["time"]) | (
        (frame["entry"] == frame["time"]) & (frame["entry"] > 0)
    )
    yield Flag(ENDPOINTS, _at_risk(cohort) & wrong, "time", value=frame["row_key"])


def _trios(cohort: Cohort):
    """Rows of relapse, death without it, and either, of one origin, at risk, side by side."""
    frame = cohort[ENDPOINTS][_at_risk(cohort)]
    names = list(frame["endpoint"].unique())
    for name in names:
        suffix = name.removeprefix("cir")
        either = next((e + suffix for e in ("pfs", "rfs") if e + suffix in names), None)
        if not name.startswith("cir") or either is None or f"nrm{suffix}" not in names:
            continue
        columns = ["subject_id", "time", "entry", "status"]
        relapse, death, both = (
            frame.loc[equals(frame["endpoint"], e), columns].assign(row=lambda f: f.index)
            for e in (name, f"nrm{suffix}", either)
        )
        trio = both.merge(relapse, on="subject_id", how="outer", suffixes=("", "_cir"))
        yield trio.merge(death, on="subject_id", how="outer", suffixes=("", "_nrm"))


@second_stage(
    "E55",
    ERROR,
    ENDPOINTS,
    sentence="Relapse, death without relapse, and either of them do not have the same patients, "
    "times and events; this is a defect of the derivation: report it.",
)
def check_events_agree(cohort: Cohort):
    """The three endpoints of one origin see the same patients, times and events."""
    for trio in _trios(cohort):
        agree = trio["status"].astype("float64") == (trio["status_cir"] > 0).astype("float64")
        for other in ("cir", "nrm"):
            agree &= (trio["time"] == trio[f"time_{other}"]) & (
                trio["entry"] == trio[f"entry_{other}"]
            )
        mirrored = trio["status_cir"].map({0: 0, 1: 2, 2: 1})
        agree &= (trio["status_nrm"] == mirrored).fillna(False).astype(bool)
        rows = (
            trio.loc[~agree.fillna(False), ["row", "row_cir", "row_nrm"]].bfill(axis=1).iloc[:, 0]
        )
        yield Flag(
            ENDPOINTS,
            cohort[ENDPOINTS].index.isin(rows),
            "status",
            value=cohort[ENDPOINTS]["row_key"],
        )


@second_stage(
    "E55",
    ERROR,
    ENDPOINTS,
    sentence="Incidences of relapse and of death without it and the probability of neither do not "
    "add up to 1; this is a defect of the derivation: report it.",
)
def check_incidences_add_up(cohort: Cohort):
    """CIR(t) + NRM(t) + PFS(t) = 1 within 1e-12 at every event time."""
    for trio in _trios(cohort):
        trio = trio.dropna(subset=["time", "time_cir", "time_nrm"])
        surviving = np.cumprod(1 - _hazards(trio, "")[1])
        at, total = _hazards(trio, "")[0], surviving.copy()
        for other in ("_cir", "_nrm"):
            times, hazard = _hazards(trio, other)
            before = np.concatenate(([1.0], surviving))[np.searchsorted(at, times)]
            incidence = np.concatenate(([0.0], np.cumsum(before * hazard)))
            total += incidence[np.searchsorted(times, at, side="right")]
        if not (np.abs(total - 1) <= TOLERANCE).all():
            rows = np.zeros(len(cohort[ENDPOINTS]), dtype=bool)
            rows[trio["row"].dropna().astype("int64").min()] = True
            yield Flag(ENDPOINTS, rows, "status", value=cohort[ENDPOINTS]["row_key"])


def _hazards(trio: pd.DataFrame, which: str) -> tuple[np.ndarray, np.ndarray]:
    """Event times of status 1 of one of the three endpoints, and events / number at risk there."""
    time, entry = trio[f"time{which}"].to_numpy(), trio[f"entry{which}"].to_numpy()
    entry = np.where(entry <= 0, -np.inf, entry)  # from the origin on, its own day included
    event = equals(trio[f"status{which}"], 1).to_numpy()
    times, events = np.unique(time[event], return_counts=True)
    at_risk = np.searchsorted(np.sort(entry), times) - np.searchsorted(np.sort(time), times)
    return times, events / at_risk


@second_stage(
    "E56",
    ERROR,
    ENDPOINTS,
    "subjects",
    sentence="The endpoint does not have each patient of its population exactly once; this is a "
    "defect of the derivation: report it.",
)
def check_population(cohort: Cohort):
    """Each patient of an endpoint's population has one row, and nobody else has one."""
    frame, subjects = cohort[ENDPOINTS], cohort["subjects"]["subject_id"].dropna()
    repeated = frame.duplicated(["endpoint", "subject_id"])
    stranger = ~frame["subject_id"].isin(subjects)
    missing = np.zeros(len(cohort["subjects"]), dtype=bool)
    for name, endpoint in cohort.options["endpoints"].items():
        due = subjects
        for column, values in (endpoint.get("population") or {}).items():
            disease = cohort["disease"]
            due = due[due.isin(disease["subject_id"][disease[column].isin(values)])]
        of_endpoint = equals(frame["endpoint"], name)
        stranger |= of_endpoint & ~frame["subject_id"].isin(due)
        having = frame["subject_id"][of_endpoint]
        missing |= cohort["subjects"]["subject_id"].isin(due[~due.isin(having)]).to_numpy()
    yield Flag(ENDPOINTS, repeated | stranger, "row_key")
    yield Flag("subjects", missing, "subject_id")
