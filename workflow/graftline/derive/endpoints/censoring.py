"""Until when a patient without an event is known to be without it, and what ends that before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.derive.endpoints.cells import pick_cell
from graftline.derive.endpoints.declarations import order_of_censorings
from graftline.derive.endpoints.named_dates import NamedDates

# CNSR. 0 is the event of interest; whoever passes CNSR as event indicator has it inverted.
EVENT = 0
EVENT_FREE = 1  # at the cut, or recently enough before it
LOST = 2  # last known alive too long before the cut
NEVER_SEEN = 3  # nothing after the origin
NEW_TREATMENT = 4
COMPETING = 5
DIED_UNDATED = 6  # dead, but nobody knows since when
MISSED = 7

NOTHING_AFTER = {
    "last_assessment": "Origin: no adequate disease assessment after it",
    "last_alive": "Origin: not known to be alive after it",
    "cut": "Origin: the data cut is not after it",
}
BEFORE = {
    "new_therapy": "new therapy",
    "second_transplant": "a second transplantation",
    "missed_assessments": "two or more missed ones",
}
STOP_CODES = {
    "new_therapy": NEW_TREATMENT,
    "second_transplant": NEW_TREATMENT,
    "missed_assessments": MISSED,
}


def _final(named: NamedDates, listed: list[str], start: pd.DataFrame) -> pd.DataFrame:
    """The first of the `listed` final censorings that a patient has after the origin; without any
    the origin itself, `nothing` true."""
    cells = None
    for name in listed:
        found = named.cells[name]
        found = found.where(found["date"] > start["date"])
        cells = found if cells is None else cells.where(cells["date"].notna(), found)
    nothing = start["date"].notna() & cells["date"].isna()
    cells = cells.where(~nothing, start).assign(nothing=nothing)
    cells["what"] = cells["what"].mask(nothing, NOTHING_AFTER[listed[0]])
    return cells


def _last_free(
    named: NamedDates, until: pd.Series, start: pd.DataFrame, name: str, *, day_itself: bool
) -> pd.DataFrame:
    """The last disease-free assessment after the origin and before `until` (a day a patient), or on
    it if `day_itself`; the origin where there is none. `nothing` is true there."""
    free = named.disease_free
    limit = free["subject_id"].map(until)
    within = (free["date"] <= limit) if day_itself else (free["date"] < limit)
    within &= free["date"] > free["subject_id"].map(start["date"])
    cells = pick_cell(free[within], named.subjects, last=True)
    nothing = cells["date"].isna()
    cells = cells.where(~nothing, start).assign(nothing=nothing)
    cells["what"] = f"Last adequate disease assessment before {BEFORE[name]}"
    none = f"Origin: no adequate disease assessment after it and before {BEFORE[name]}"
    cells["what"] = cells["what"].mask(nothing, none)
    return cells


def _stop(
    named: NamedDates,
    name: str,
    finals: list[str],
    start: pd.DataFrame,
    event: pd.DataFrame,
    *,
    cut: pd.Timestamp,
    interval: int | None,
) -> tuple[pd.DataFrame, pd.Series]:
    """Where the stop `name` censors each patient, and whom it does.

    New treatment stops observation of an event that comes after it; an event on its day counts. If
    freedom from the event is known by assessments, the last one up to that day censors, otherwise
    the day itself. Missed assessments: the event comes more than two planned intervals after the
    last assessment free of disease (or the origin), which then censors (FDA, Guidance for Industry:
    Clinical Trial Endpoints, 2007, appendix 3, table A).
    """
    if name == "missed_assessments":
        cells = _last_free(named, event["date"], start, name, day_itself=False)
        applies = (event["date"] - cells["date"]).dt.days > 2 * interval
        return cells, applies.fillna(False)
    treatment = named.cells[name]
    day = treatment["date"].where(treatment["date"] > start["date"])
    applies = (day <= cut) & ~(event["date"] <= day)
    if "last_assessment" in finals:
        return _last_free(named, day, start, name, day_itself=True), applies
    return treatment.assign(nothing=False), applies


def find_censoring(
    named: NamedDates,
    endpoint: Mapping[str, Any],
    start: pd.DataFrame,
    event: pd.DataFrame,
    *,
    cut: pd.Timestamp,
    lost_after_days: int,
    interval: int | None,
) -> pd.DataFrame:
    """Where each patient is censored: a cell with its code `cnsr`, and `stopped`, true where that
    holds although an event follows.

    `start` and `event` are cells of the origin and of the first event. Of several stops the one that
    censors first counts, on one day the one listed first. A patient whom none stops is censored at
    the first listed final censoring after the origin. A dead patient is not lost to follow-up.
    """
    stops, finals = order_of_censorings(endpoint)
    cells = _final(named, finals, start)
    death = named.cells["death"]["date"]
    lost = named.cells["last_alive"]["date"] < cut - pd.Timedelta(days=lost_after_days)
    lost &= ~(death <= cut) & ~named.died_undated
    code = pd.Series(EVENT_FREE, index=named.subjects, dtype="Int64").mask(lost, LOST)
    code = code.mask(cells["nothing"], NEVER_SEEN)
    if "death" in (*endpoint["events"], *(endpoint.get("competing") or [])):
        code = code.mask(named.died_undated & death.isna(), DIED_UNDATED)
    stopped = pd.Series(False, index=named.subjects)
    for name in stops:
        found, applies = _stop(named, name, finals, start, event, cut=cut, interval=interval)
        earlier = applies & (~stopped | (found["date"] < cells["date"]))
        cells = found.where(earlier, cells)
        code = code.mask(earlier, STOP_CODES[name]).mask(earlier & found["nothing"], NEVER_SEEN)
        stopped |= applies
    cells["nothing"] = cells["nothing"].fillna(False).astype(bool)
    return cells.assign(cnsr=code, stopped=stopped)
