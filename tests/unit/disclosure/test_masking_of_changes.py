"""Counts of a comparison of cuts: patients by endpoint, and all their events together."""

import pandas as pd

from graftline.compare_cuts.declare import declare_changes
from graftline.disclosure.masking import mask_records
from graftline.disclosure.policy import Policy
from graftline.numbers import evaluate


def print_masked(events):
    """Number id -> what is printed of it, of so many patients with a new event of each endpoint, none
    of whom has two."""
    rows = [(key, f"S-{key}-{place}") for key, n in events.items() for place in range(n)]
    frame = pd.DataFrame(rows, columns=["record_key", "subject_id"]).assign(kind="event")
    frame["row_key"] = frame["record_key"] + "/" + frame["subject_id"]
    frame["correction_line"] = pd.array([pd.NA] * len(frame), dtype="Int64")
    records = evaluate(declare_changes(events), {"cut_changes": frame}, masking=True)
    return {record["id"]: record["display"] for record in mask_records(records, Policy(False, 5))}


def test_two_events_are_not_what_patients_of_other_endpoints_leave_of_all_events():
    # Twelve events, of five patients each of two endpoints: two are of the third.
    shown = print_masked({"os": 5, "pfs": 5, "cir": 2})
    told = [shown[f"changes.{name}.n"] for name in ("event", "events.os", "events.pfs")]
    assert told != ["12", "5", "5"] and "2" not in shown.values()


def test_events_of_enough_patients_are_told():
    shown = print_masked({"os": 5, "pfs": 6})
    assert [shown[f"changes.{name}.n"] for name in ("event", "events.os", "events.pfs")] == [
        "11",
        "5",
        "6",
    ]
