"""Endpoints of cohorts that come as durations and status codes, without dates."""

from __future__ import annotations

import pandas as pd

from graftline.errors import GraftlineError

# Status of the outcomes table -> the named event it stands for; NRM is death without relapse.
STATUS_EVENTS = {"RELAPSE": "relapse", "NRM": "death", "DEATH": "death"}
EVENT_WORDS = {"RELAPSE": "Relapse", "NRM": "Death without relapse", "DEATH": "Death"}


def _place(rows: pd.DataFrame, wrong: pd.Series) -> str:
    first = rows.loc[wrong].iloc[0]
    return f"{first['src_file']}, line {first['src_line']}"


def derive_from_outcomes(
    outcomes: pd.DataFrame, endpoint: dict, subjects: pd.Index, time_unit: str
) -> pd.DataFrame:
    """Rows of one endpoint, one a patient of `subjects`, from the outcomes table.

    Times stay in the unit they came in, which must be `time_unit`; an event at time 0 stays there.
    AVAL is the time itself, for there are no days to count. A status that is neither an event nor
    a competing event of the endpoint cannot be used: after a relapse, say, survival is not known.
    Raises GraftlineError with file and line for that, for a second row of a patient, a missing or
    negative time, and another unit; and for a patient without a row.
    """
    rows = outcomes[outcomes["origin"].eq(endpoint["origin"]).fillna(False)]
    events, competing = endpoint["events"], endpoint.get("competing") or []
    happened = rows["status"].map(STATUS_EVENTS)
    problems = {
        "column subject_id: this patient has two outcomes": rows["subject_id"].duplicated(),
        "column time: it must be a number of 0 or more": ~(rows["time"] >= 0),
        f"column time_unit: the study's unit is {time_unit}": rows["time_unit"].ne(time_unit),
        f"column status: it does not say when {' or '.join(events)} happened; this outcome cannot "
        f"be used for {endpoint['paramcd']}": happened.notna() & ~happened.isin(events + competing),
    }
    for problem, wrong in problems.items():
        wrong = wrong.fillna(True)
        if wrong.any():
            raise GraftlineError(f"{_place(rows, wrong)}, {problem} ({int(wrong.sum())} rows)")
    missing = ~subjects.isin(rows["subject_id"])
    if missing.any():
        raise GraftlineError(
            f"table outcomes: {int(missing.sum())} patients have no outcome from "
            f"{endpoint['origin']}; add their rows"
        )
    rows = rows.set_index("subject_id").reindex(subjects)
    happened = rows["status"].map(STATUS_EVENTS)
    status = pd.Series(0, index=subjects).mask(happened.isin(events), 1)
    status = status.mask(happened.isin(competing), 2)
    time = rows["time"].astype(float)
    words = rows["status"].map(EVENT_WORDS)
    return pd.DataFrame(
        {
            "startdt": pd.NaT,
            "adt": pd.NaT,
            "aval": time,
            "time": time,
            "entry": 0.0,
            "in_risk_set": True,
            "status": status,
            "cnsr": status.map({0: 1, 1: 0, 2: 5}),
            "evntdesc": words,
            "cnsdtdsc": words.isna().map({True: "End of follow-up", False: pd.NA}),
            "srcdom": "outcomes",
            "srcvar": "time",
            "src_file": rows["src_file"],
            "srcseq": rows["src_line"],
            "adtf": pd.NA,
            "flag": pd.NA,
        },
        index=subjects,
    )
