"""Counts of a curve: none that is small can be had from the others."""

import pandas as pd

from graftline.analyse.survival_numbers import declare_at_risk, declare_at_time, declare_counts
from graftline.analyse.survival_series import Series
from graftline.disclosure.masking import mask_records
from graftline.disclosure.policy import Policy
from graftline.numbers import evaluate

ENDPOINT = {"estimator": "kaplan_meier", "label": "survival", "events": ["death"], "origin": "TX"}
OS = Series("os", ENDPOINT, "", "survival", {}, 0)


def make_endpoints(patients):
    """Rows of `endpoints`, one for each (time, cnsr)."""
    frame = pd.DataFrame(patients, columns=["time", "cnsr"]).astype({"time": float})
    frame["subject_id"] = [f"S-{place:03d}" for place in range(len(frame))]
    frame["row_key"] = frame["subject_id"] + "/os"
    frame["status"] = (frame["cnsr"] == 0).astype("Int64")
    more = {"endpoint": "os", "entry": 0.0, "in_risk_set": True, "adtf": None}
    return frame.assign(**more).astype({"adtf": "string"})


def print_masked(patients, at):
    """Number id -> what is printed of it, with estimates and numbers at risk at the time `at`."""
    numbers = [
        *declare_counts(OS),
        *declare_at_time(OS, at, {"time_unit": "day"}),
        *declare_at_risk(OS, at, "day"),
    ]
    records = evaluate(numbers, {"endpoints": make_endpoints(patients)}, masking=True)
    return {record["id"]: record["display"] for record in mask_records(records, Policy(False, 5))}


def test_two_deaths_after_the_last_time_shown_are_not_what_is_left_of_all_deaths():
    # Ten die by day 365, two later: 12 and 10 would tell it, and so would 40 less 28.
    patients = [(50 + i, 0) for i in range(10)] + [(500, 0), (600, 0)] + [(700, 1)] * 28
    shown = print_masked(patients, 365)
    assert [shown[f"os.{name}"] for name in ("n", "n_events", "n_censored")] == ["40", "12", "28"]
    assert shown["os.events.365"] == shown["os.at_risk.365"] == "masked"
    assert shown["os.survival.365"] == "masked"


def test_two_censored_after_the_last_time_shown_are_not_what_is_left_of_all_censored():
    # Twenty are censored by day 365 and two later, eight die later: 22 less 20, and 10 at risk less 8.
    patients = [(60, 1)] * 20 + [(500, 1)] * 2 + [(600, 0)] * 8
    shown = print_masked(patients, 365)
    assert shown["os.n_censored"] == "22" and shown["os.censored.365"] == "masked"
    assert shown["os.at_risk.365"] == "masked"


def test_enough_deaths_after_the_last_time_are_told():
    patients = [(50 + i, 0) for i in range(10)] + [(500, 0)] * 5 + [(700, 1)] * 25
    shown = print_masked(patients, 365)
    assert (shown["os.n_events"], shown["os.events.365"]) == ("15", "10")
    assert (shown["os.at_risk.365"], shown["os.survival.365"]) == ("30", "75%")


def test_two_who_were_followed_to_the_cut_are_not_what_lost_patients_leave_of_the_censored():
    # Of 27 censored 25 are lost: two are not.
    patients = [(50, 0)] * 10 + [(100 + i, 2) for i in range(25)] + [(700, 1)] * 2
    shown = print_masked(patients, 40)
    told = [shown[f"os.{name}"] for name in ("n_censored", "n_lost")]
    assert told != ["27", "25"] and "masked" in told


def test_two_who_are_not_of_an_endpoint_s_population_are_not_what_it_leaves_of_all():
    # Survival is of 35, relapse-free survival of the 33 who were in remission.
    everybody = make_endpoints([(50, 0)] * 15 + [(700, 1)] * 20)
    rows = everybody.iloc[:33]
    in_remission = rows.assign(endpoint="rfs", row_key=rows["subject_id"] + "/rfs")
    frames = {"endpoints": pd.concat([everybody, in_remission], ignore_index=True)}
    rfs = Series("rfs", ENDPOINT, "", "relapse-free survival", {}, 0)
    records = evaluate(declare_counts(OS) + declare_counts(rfs), frames, masking=True)
    shown = {one["id"]: one["display"] for one in mask_records(records, Policy(False, 5))}
    assert (shown["os.n"], shown["rfs.n"]) == ("35", "masked")
