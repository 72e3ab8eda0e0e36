"""Endpoints, each by itself: its times, its patients and its imputed dates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.derive.endpoints.dated import EVENT_BEFORE_ENTRY
from graftline.derive.endpoints.declarations import find_population
from graftline.validation.cohort import Cohort, equals
from graftline.validation.derived.stage import ENDPOINTS, second_stage
from graftline.validation.findings import ERROR, WARNING
from graftline.validation.register import Flag

MOST_IMPUTED = 0.1


def at_risk(cohort: Cohort) -> pd.Series:
    """Which rows of the endpoints are of patients who come under observation."""
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
    yield Flag(ENDPOINTS, at_risk(cohort) & wrong, "time", value=frame["row_key"])


@second_stage(
    "E42",
    ERROR,
    ENDPOINTS,
    sentence="This event is dated before the patient came under observation (the first dose); check "
    "both dates. Where patients are treated after relapse, the study file says so (salvage).",
)
def check_event_before_entry(cohort: Cohort):
    """No event before the origin or the entry of an endpoint, unless that origin is for salvage."""
    frame, origins = cohort[ENDPOINTS], cohort.options.get("origins") or {}
    strict = [
        name
        for name, one in cohort.options["endpoints"].items()
        if not any((origins.get(one.get(key)) or {}).get("salvage") for key in ("origin", "entry"))
    ]
    if "flag" not in frame:
        return
    early = frame["flag"].str.contains(EVENT_BEFORE_ENTRY).fillna(False).astype(bool)
    early &= frame["endpoint"].isin(strict)
    for (table, column), rows in frame[early].groupby(["srcdom", "srcvar"]):
        cells = pd.MultiIndex.from_frame(rows[["subject_id", "srcseq"]].astype(object))
        of_table = pd.MultiIndex.from_frame(
            cohort[table][["subject_id", "src_line"]].astype(object)
        )
        yield Flag(table, of_table.isin(cells), column)


@second_stage(
    "E53",
    WARNING,
    ENDPOINTS,
    sentence="More than a tenth of the events of this endpoint are on a day that was imputed; find "
    "the days of the partial dates that are listed.",
)
def check_imputed_share(cohort: Cohort):
    """At most 10% of the events of an endpoint have an imputed date; one row stands for all."""
    frame = cohort[ENDPOINTS]
    if "adtf" not in frame:
        return
    events = frame[at_risk(cohort) & frame["status"].isin([1, 2])]
    shares = (
        events["adtf"].notna().groupby(events["endpoint"]).agg(share="mean", n="sum", of="size")
    )
    shares = shares[shares["share"] > MOST_IMPUTED]
    if len(shares):
        first = events.index[events["endpoint"].isin(shares.index) & events["adtf"].notna()][0]
        said = [f"{row.n} of {row.of} of {row.Index}" for row in shares.itertuples()]
        message = (
            f"More than a tenth of events are on a day that was imputed: {', '.join(said)}; find the "
            "days of the partial dates that are listed."
        )
        yield Flag(ENDPOINTS, frame.index == first, "adtf", value=frame["row_key"], message=message)


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
    tables = {
        name: cohort[name] for name in ("subjects", "disease", "transplant") if cohort.has(name)
    }
    for name, endpoint in cohort.options["endpoints"].items():
        due = pd.Series(find_population(tables, endpoint))
        of_endpoint = equals(frame["endpoint"], name)
        stranger |= of_endpoint & ~frame["subject_id"].isin(due)
        having = frame["subject_id"][of_endpoint]
        missing |= cohort["subjects"]["subject_id"].isin(due[~due.isin(having)]).to_numpy()
    yield Flag(ENDPOINTS, repeated | stranger, "row_key")
    yield Flag("subjects", missing, "subject_id")
