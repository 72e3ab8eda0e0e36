"""Endpoints of cohorts with dates: the first of the declared events, or the censoring date."""

from __future__ import annotations

import pandas as pd

from graftline.derive.endpoints.cells import pick_cell
from graftline.derive.endpoints.censoring import COMPETING, EVENT, find_censoring
from graftline.derive.endpoints.declarations import DISEASE_EVENTS, order_events
from graftline.derive.endpoints.disease_course import FIRST_AT_DEATH
from graftline.derive.endpoints.named_dates import NamedDates
from graftline.derive.endpoints.vital_status import ALIVE_WORDS

HALF_A_DAY = 0.5
LOST_AFTER_DAYS = 183

# Flags of a row, for what a reader of the table should know of how its date came about.
TIE_REL_DTH = "TIE_REL_DTH"  # relapse and death on one day: a relapse
REL_AT_DEATH = "REL_AT_DEATH"  # relapse known from the cause of death alone
T0_EVENT = "T0_EVENT"  # event on the day of entry: half a day later
LSTALV_RAISED = "LSTALV_RAISED"  # another table shows the patient alive after the last contact
EVENT_BEFORE_ENTRY = "EVENT_BEFORE_ENTRY"  # event before the patient came under observation


def _cells_of(named: NamedDates, name: str, start: pd.Series) -> pd.DataFrame:
    """Each patient's cell of an event; of the study's own, which may come again, the first that is not
    before the origin."""
    if name not in named.own:
        return named.cells[name]
    cells = named.own[name]
    before = cells["date"] < cells["subject_id"].map(start)
    return pick_cell(cells[~before], named.subjects)


def _first_event(
    named: NamedDates, endpoint: dict, start: pd.Series, cut: pd.Timestamp
) -> pd.DataFrame:
    """Cell of each patient's first event up to the cut, with the event's `name` and whether it is a
    disease event `tied` with death."""
    order = order_events(endpoint)
    first = None
    for name in order:
        cells = _cells_of(named, name, start).assign(name=name)
        cells = cells.where(cells["date"] <= cut)
        if first is None:
            first = cells
        else:
            earlier = cells["date"].notna() & ~(first["date"] <= cells["date"])
            first = cells.where(earlier, first)
    tied = first["name"].isin(DISEASE_EVENTS) & ("death" in order)
    tied &= first["date"] == named.cells["death"]["date"]
    # Where the cause of death is the only record of relapse, the words say so already.
    words = first["what"] + ", on the day of death"
    first["what"] = first["what"].mask(tied & first["srcdom"].ne("followup").fillna(True), words)
    return first.assign(tied=tied)


def _join_flags(flags: dict[str, pd.Series]) -> pd.Series:
    """The flags that are true of each row, in their order, with a space between; missing if none."""
    text = None
    for name, applies in flags.items():
        part = applies.fillna(False).astype(bool).map({True: f"{name} ", False: ""})
        text = part if text is None else text + part
    text = text.str.strip()
    return text.mask(text == "").astype("string[pyarrow]")


def derive_from_dates(
    named: NamedDates, endpoint: dict, origins: dict, cut: pd.Timestamp, survival: dict
) -> pd.DataFrame:
    """Rows of one endpoint, one a patient, indexed by subject.

    `endpoint`, `origins` and `survival` are declarations of study.yaml. Times are differences of
    dates in days. An event on the very day the patient comes under observation counts half a day
    later, for an interval (0, 0] has nobody at risk. `in_risk_set` is false for a patient without
    the origin or the entry, who leaves before entering, or who had the event before: the flag
    EVENT_BEFORE_ENTRY, an error of the second stage of checks unless the study declares the origin
    as salvage. An event before the origin has no time and no status.
    """
    start = named.cells[origins[endpoint["origin"]]["event"]]
    enters = start
    if endpoint.get("entry"):
        enters = named.cells[origins[endpoint["entry"]]["event"]]
    event = _first_event(named, endpoint, start["date"], cut)
    under_observation = start["date"].notna() & enters["date"].notna()
    before_origin = (event["date"] < start["date"]).fillna(False)
    too_early = before_origin | (event["date"] < enters["date"]).fillna(False)

    censored = find_censoring(
        named,
        endpoint,
        start,
        event,
        cut=cut,
        lost_after_days=survival.get("lost_to_follow_up_days", LOST_AFTER_DAYS),
        interval=survival.get("assessment_interval_days"),
    )
    known = start["date"].notna()
    happened = event["date"].notna() & known & (~censored["stopped"] | too_early)
    cell = event.drop(columns=["name", "tied"])
    cell = cell.where(happened, censored.drop(columns=["nothing", "cnsr", "stopped"]))
    cell = cell.where(known)
    status = pd.Series(0, index=named.subjects, dtype="Int64")
    status = status.mask(happened & event["name"].isin(endpoint["events"]), 1)
    status = status.mask(happened & event["name"].isin(endpoint.get("competing") or []), 2)

    days = (cell["date"] - start["date"]).dt.days.astype(float)
    days = days.mask(happened & before_origin)
    entry = pd.Series(0.0, index=named.subjects)
    if enters is not start:
        entry = (enters["date"] - start["date"]).dt.days.astype(float)
    on_entry = happened & (days == entry)
    time = days.mask(on_entry, days + HALF_A_DAY)
    in_risk_set = time.notna() & under_observation
    if enters is not start:
        in_risk_set &= time > entry

    cnsr = censored["cnsr"].mask(status == 1, EVENT).mask(status == 2, COMPETING)
    dated = known & ~(happened & before_origin)
    flags = {
        TIE_REL_DTH: happened & event["tied"],
        REL_AT_DEATH: happened & event["what"].str.endswith(FIRST_AT_DEATH).fillna(False),
        T0_EVENT: on_entry,
        LSTALV_RAISED: ~happened & named.raised & cell["what"].isin(ALIVE_WORDS),
        EVENT_BEFORE_ENTRY: happened & too_early,
    }
    return pd.DataFrame(
        {
            "startdt": start["date"],
            "adt": cell["date"],
            "aval": days + 1,
            "time": time,
            "entry": entry,
            "in_risk_set": in_risk_set,
            "status": status.where(dated),
            "cnsr": cnsr.where(dated),
            "evntdesc": cell["what"].where(happened),
            "cnsdtdsc": cell["what"].where(~happened),
            "srcdom": cell["srcdom"],
            "srcvar": cell["srcvar"],
            "src_file": cell["src_file"],
            "srcseq": cell["src_line"],
            "adtf": cell["flag"],
            "flag": _join_flags(flags),
        },
        index=named.subjects,
    )
