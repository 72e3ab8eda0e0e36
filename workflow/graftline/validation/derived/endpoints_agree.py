"""Endpoints that must agree with each other, patient by patient."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from graftline.derive.endpoints.declarations import STOPS, is_dated, list_families
from graftline.validation.cohort import Cohort, equals
from graftline.validation.derived.endpoints import at_risk
from graftline.validation.derived.stage import ENDPOINTS, second_stage
from graftline.validation.findings import ERROR
from graftline.validation.register import Flag

TOLERANCE = 1e-12


def _families(cohort: Cohort):
    """Endpoint by endpoint the rows at risk of each family (`list_families`): the whole, its parts."""
    frame = cohort[ENDPOINTS][at_risk(cohort)]
    columns = ["subject_id", "time", "entry", "status"]
    for whole, parts in list_families(cohort.options["endpoints"]):
        yield [
            frame.loc[equals(frame["endpoint"], name), columns].assign(row=lambda f: f.index)
            for name in (whole, *parts)
        ]


@second_stage(
    "E55",
    ERROR,
    ENDPOINTS,
    sentence="Endpoints that part the events of another among them do not have its patients, times "
    "and events; this is a defect of the derivation: report it.",
)
def check_events_agree(cohort: Cohort):
    """The endpoints of a family see the same patients, times and events, each event in one of them."""
    for whole, *parts in _families(cohort):
        seen = whole.rename(columns={"row": "row_whole"})
        own, agree_on, rows = 0, True, ["row_whole"]
        for number, part in enumerate(parts):
            suffix = f"_{number}"
            seen = seen.merge(part, on="subject_id", how="outer", suffixes=("", suffix))
            seen = seen.rename(columns={"row": f"row{suffix}"})
            rows.append(f"row{suffix}")
        for number in range(len(parts)):
            suffix = f"_{number}"
            status = seen[f"status{suffix}"].astype("float64")
            own = own + (status == 1).astype(int)
            agree_on &= (seen["time"] == seen[f"time{suffix}"]) & (
                seen["entry"] == seen[f"entry{suffix}"]
            )
            agree_on &= (status > 0) == (seen["status"].astype("float64") > 0)
        agree_on &= seen["status"].isin([0, 1]) & (own == seen["status"].astype("float64"))
        wrong = seen.loc[~agree_on.fillna(False).astype(bool), rows].bfill(axis=1).iloc[:, 0]
        yield Flag(
            ENDPOINTS,
            cohort[ENDPOINTS].index.isin(wrong),
            "status",
            value=cohort[ENDPOINTS]["row_key"],
        )


@second_stage(
    "E55",
    ERROR,
    ENDPOINTS,
    sentence="The incidences of events that compete and the probability of none of them do not add "
    "up to 1; this is a defect of the derivation: report it.",
)
def check_incidences_add_up(cohort: Cohort):
    """The sum of the incidences (CIR(t) + NRM(t)) and of the probability of none (PFS(t)) is 1
    within 1e-12 at every event time."""
    for whole, *parts in _families(cohort):
        whole = whole.dropna(subset=["time"])
        at, hazard = _hazards(whole)
        surviving = np.cumprod(1 - hazard)
        total = surviving.copy()
        for part in parts:
            times, hazard = _hazards(part.dropna(subset=["time"]))
            before = np.concatenate(([1.0], surviving))[np.searchsorted(at, times)]
            incidence = np.concatenate(([0.0], np.cumsum(before * hazard)))
            total += incidence[np.searchsorted(times, at, side="right")]
        if not (np.abs(total - 1) <= TOLERANCE).all():
            rows = np.zeros(len(cohort[ENDPOINTS]), dtype=bool)
            rows[whole["row"].min()] = True
            yield Flag(ENDPOINTS, rows, "status", value=cohort[ENDPOINTS]["row_key"])


def _hazards(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Event times of status 1 of one endpoint, and events / number at risk there."""
    time, entry = rows["time"].to_numpy(), rows["entry"].to_numpy()
    entry = np.where(entry <= 0, -np.inf, entry)  # from the origin on, its own day included
    event = equals(rows["status"], 1).to_numpy()
    times, events = np.unique(time[event], return_counts=True)
    at_risk = np.searchsorted(np.sort(entry), times) - np.searchsorted(np.sort(time), times)
    return times, events / at_risk


def _nested(endpoints: dict) -> Iterator[tuple[str, str]]:
    """Pairs (wide, narrow) of endpoints of one clock: all events of the narrow one are events of the
    wide one, and nothing stops the observation of the wide one before them."""
    for wide, one in endpoints.items():
        for narrow, other in endpoints.items():
            same = all(one.get(key) == other.get(key) for key in ("origin", "entry"))
            plain = not (one.get("competing") or other.get("competing"))
            dated = is_dated(one) and is_dated(other)
            stopped = set(one.get("censorings") or []) & set(STOPS)
            if (
                same
                and plain
                and dated
                and not stopped
                and set(other["events"]) < set(one["events"])
            ):
                yield wide, narrow


@second_stage(
    "E55",
    ERROR,
    ENDPOINTS,
    sentence="The patient has the event of this endpoint, and not, or only later, that of one which "
    "counts the same events and more; this is a defect of the derivation: report it.",
)
def check_nested_events(cohort: Cohort):
    """Who has an event (death) has that of every endpoint that counts it too (progression-free
    survival), and no later.

    Of the curves themselves this cannot be asked: patients are censored at other dates, and with
    relapse at 1, censoring at 5 and an event at 20, a death at 10 leaves a progression-free survival
    of 2/3 at 10 beside an overall survival of 1/2.
    """
    frame = cohort[ENDPOINTS]
    # A time that cannot be is a finding of its own.
    kept = at_risk(cohort) & (frame["time"] >= 0)
    rows = frame.loc[kept, ["subject_id", "endpoint", "time", "status"]]
    for wide, narrow in _nested(cohort.options["endpoints"]):
        events = rows[equals(rows["endpoint"], narrow) & equals(rows["status"], 1)]
        events = events.assign(row=events.index)
        of_wide = rows[equals(rows["endpoint"], wide)]
        both = events.merge(of_wide, on="subject_id", suffixes=("", "_wide"))
        agree = equals(both["status_wide"], 1) & (both["time_wide"] <= both["time"])
        wrong = frame.index.isin(both.loc[~agree, "row"])
        yield Flag(ENDPOINTS, wrong, "status", value=frame["row_key"])
