"""Endpoints of cohorts with dates: the first of the declared events, or the censoring date."""

from __future__ import annotations

import pandas as pd

from graftline.derive.endpoints.cells import refuse
from graftline.derive.endpoints.named_dates import NamedDates
from graftline.errors import GraftlineError

HALF_A_DAY = 0.5

# CNSR. 0 is the event of interest; whoever passes CNSR as event indicator has it inverted.
EVENT = 0
EVENT_FREE = 1  # at the cut, or recently enough before it
LOST = 2  # last known alive too long before the cut
NEVER_SEEN = 3  # nothing after the origin
COMPETING = 5  # 4 is left to censoring at new therapy, a sensitivity analysis
DIED_UNDATED = 6  # dead, but nobody knows since when

NOTHING_AFTER = {
    "last_assessment": "Origin: no adequate disease assessment after it",
    "last_alive": "Origin: not known to be alive after it",
    "cut": "Origin: the data cut is not after it",
}


def order_events(endpoint: dict) -> list[str]:
    """Events and competing events in the order in which they decide on one day.

    As listed, but relapse always before death: non-relapse mortality is death in the absence of
    relapse, and a patient who relapsed on the day of death had relapsed.
    """
    listed = [*endpoint["events"], *(endpoint.get("competing") or [])]
    if "relapse" in listed and "death" in listed:
        listed.remove("relapse")
        listed.insert(listed.index("death"), "relapse")
    return listed


def _first_event(named: NamedDates, endpoint: dict, cut: pd.Timestamp) -> pd.DataFrame:
    """Cell of each patient's first event up to the cut, with the event's `name`."""
    order = order_events(endpoint)
    first = None
    for name in order:
        cells = named.cells[name].assign(name=name)
        cells = cells.where(cells["date"] <= cut)
        if first is None:
            first = cells
        else:
            earlier = cells["date"].notna() & ~(first["date"] <= cells["date"])
            first = cells.where(earlier, first)
    if "relapse" in order and "death" in order:
        # Where the cause of death is the only record of relapse, the words say so already.
        tied = (first["date"] == named.cells["death"]["date"]) & first["name"].eq("relapse")
        tied &= first["srcdom"].ne("followup")
        words = first["what"] + ", on the day of death"
        first["what"] = first["what"].mask(tied.fillna(False), words)
    return first


def _censoring(named: NamedDates, endpoint: dict, start: pd.DataFrame) -> pd.DataFrame:
    """Cell of each patient's censoring date, and whether there was nothing after the origin; the
    patient is then censored at the origin itself."""
    cells = named.cells[endpoint["censored_at"]]
    nothing = start["date"].notna() & ~(cells["date"] > start["date"])
    cells = cells.where(~nothing, start).assign(nothing=nothing)
    cells["what"] = cells["what"].mask(nothing, NOTHING_AFTER[endpoint["censored_at"]])
    return cells


def _clock(named: NamedDates, origins: dict, key: str) -> pd.DataFrame:
    """Cells of the event that starts the clock `key`; everybody must have a transplantation."""
    event = origins[key]["event"]
    cells = named.cells[event]
    missing = int(cells["date"].isna().sum())
    if event == "transplant" and missing:
        raise GraftlineError(
            f"table transplant: {missing} patients have no first transplantation with a date; "
            "add it or take them out of table subjects"
        )
    return cells


def _censoring_code(named, censored: pd.DataFrame, cut: pd.Timestamp, lost_after_days: int):
    """CNSR of each patient if censored."""
    last_alive = named.cells["last_alive"]["date"]
    lost = last_alive < cut - pd.Timedelta(days=lost_after_days)
    code = pd.Series(EVENT_FREE, index=named.subjects, dtype="Int64").mask(lost, LOST)
    return code.mask(censored["nothing"], NEVER_SEEN).mask(named.died_undated, DIED_UNDATED)


def derive_from_dates(
    named: NamedDates, endpoint: dict, origins: dict, cut: pd.Timestamp, lost_after_days: int
) -> pd.DataFrame:
    """Rows of one endpoint, one a patient, indexed by subject.

    `endpoint` and `origins` are declarations of study.yaml. Times are differences of dates in days.
    An event on the very day the patient comes under observation counts half a day later, for an
    interval (0, 0] has nobody at risk. A patient without the origin or the entry, or who leaves
    before entering, has `in_risk_set` false. Raises GraftlineError, with file and line, for an
    event before the patient came under observation.
    """
    start = _clock(named, origins, endpoint["origin"])
    enters = _clock(named, origins, endpoint["entry"]) if endpoint.get("entry") else None
    event = _first_event(named, endpoint, cut)
    for clock, key in ((start, endpoint["origin"]), (enters, endpoint.get("entry"))):
        if clock is not None:
            label = origins[key].get("label", key)
            problem = f"this event is before the patient came under observation ({label})"
            refuse(event, (event["date"] < clock["date"]).fillna(False), problem)

    censored = _censoring(named, endpoint, start)
    known = start["date"].notna()
    happened = event["date"].notna() & known
    cell = event.drop(columns="name").where(happened, censored.drop(columns="nothing"))
    cell = cell.where(known)
    status = pd.Series(0, index=named.subjects, dtype="Int64")
    status = status.mask(happened & event["name"].isin(endpoint["events"]), 1)
    status = status.mask(happened & event["name"].isin(endpoint.get("competing") or []), 2)

    days = (cell["date"] - start["date"]).dt.days.astype(float)
    entry = pd.Series(0.0, index=named.subjects)
    if enters is not None:
        entry = (enters["date"] - start["date"]).dt.days.astype(float)
    time = days.mask(happened & (days == entry), days + HALF_A_DAY)
    in_risk_set = time.notna() if enters is None else (time > entry)

    cnsr = _censoring_code(named, censored, cut, lost_after_days)
    cnsr = cnsr.mask(status == 1, EVENT).mask(status == 2, COMPETING)
    return pd.DataFrame(
        {
            "startdt": start["date"],
            "adt": cell["date"],
            "aval": days + 1,
            "time": time,
            "entry": entry,
            "in_risk_set": in_risk_set,
            "status": status.where(known),
            "cnsr": cnsr.where(known),
            "evntdesc": cell["what"].where(happened),
            "cnsdtdsc": cell["what"].where(~happened),
            "srcdom": cell["srcdom"],
            "srcvar": cell["srcvar"],
            "src_file": cell["src_file"],
            "srcseq": cell["src_line"],
            "adtf": cell["flag"],
        },
        index=named.subjects,
    )
