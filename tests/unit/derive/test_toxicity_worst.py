"""Worst grades by period, and how many episodes there were."""

import numpy as np
import pandas as pd
import pytest

from graftline.derive.toxicity.episodes import count_runs
from tests.unit.derive.toxicity_tables import CTCAE, derive, event, lab, tables, vital, worst

# Patient A: first dose 3 January 1994, last dose 28 January; the period ends on 27 February.


def test_each_period_has_its_own_worst_grade():
    given = tables(
        labs=[
            lab("PLAT", 20, "1993-12-01"),  # 4, before; not the last one
            lab("PLAT", 90, "1994-01-03"),  # 1, the baseline
            lab("PLAT", 60, "1994-01-28"),  # 2, on the day of the last dose
            lab("PLAT", 80, "1994-01-20"),  # 1
            lab("PLAT", 40, "1994-01-29"),  # 3, the day after it
            lab("PLAT", 45, "1994-02-27"),  # 3
            lab("PLAT", 10, "1994-02-28"),  # 4, later
        ]
    )
    row = worst(given, "PLT")
    grades = ["grade_before", "baseline_grade", "grade_during", "grade_after", "grade"]
    assert [row[name] for name in grades] == [4, 1, 2, 3, 3]
    assert [worst(given)[name] for name in grades] == [4, 1, 2, 3, 3]
    periods = derive(given)["toxicity"].sort_values("date_earliest")["period"].tolist()
    assert periods == ["BEFORE", "BEFORE", "DURING", "DURING", "AFTER", "AFTER", "LATER"]


@pytest.mark.parametrize(
    ("start", "end", "period"),
    [
        ("1993-12-20", "1994-01-02", "BEFORE"),
        ("1993-12-20", "1994-01-03", "DURING"),
        ("1994-01-28", None, "DURING"),
        ("1994-01-29", None, "AFTER"),
        ("1994-01", "1994-02-10", "DURING"),  # may have begun in January
        ("1994-02-27", None, "AFTER"),
        ("1994-02-28", None, "LATER"),
        (None, None, "DURING"),
    ],
)
def test_an_event_belongs_to_the_first_period_of_treatment_that_it_may_overlap(start, end, period):
    row = derive(tables(ae=[event("Nausea", start, end, "nausea")]))["toxicity"].iloc[0]
    assert row["period"] == period
    assert row["on_treatment"] == (period in ("DURING", "AFTER"))


def test_an_event_from_before_that_goes_on_counts_before_and_during():
    row = worst(tables(ae=[event("Nausea", "1993-12-20", "1994-01-20", "nausea")]), "NAUVOM")
    assert (row["grade_before"], row["grade_during"]) == (1, 1)


def test_an_item_observed_before_treatment_alone_has_no_row():
    assert worst(tables(labs=[lab("PLAT", 20, "1993-12-01")]), "PLT") is None


def platelets(*days):
    """Platelets on the days (of January 1994, value)."""
    return tables(labs=[lab("PLAT", value, f"1994-01-{day:02}") for day, value in days])


@pytest.mark.parametrize(
    ("days", "episodes"),
    [
        ([(10, 120)], 0),
        ([(10, 90)], 1),
        ([(10, 90), (11, 60), (12, 90)], 1),
        ([(10, 90), (11, 120), (12, 90)], 2),
        ([(10, 120), (11, 90), (12, 120), (13, 90), (14, 60)], 2),
        ([(12, 90), (10, 90), (11, 120)], 2),  # the order of lines decides nothing
        ([(10, 90), (11, None), (12, 90)], 1),  # what has no grade ends nothing
        ([(10, 90), (11, 120), (11, 90), (12, 90)], 1),  # the worst of a day counts
        ([(2, 90), (10, 90)], 1),  # before treatment
        ([(2, 90), (10, 120)], 0),
    ],
)
def test_an_episode_of_the_laboratory_is_a_run_of_days_above_grade_0(days, episodes):
    assert worst(platelets(*days), "PLT")["n_episodes"] == episodes


def test_two_tests_of_one_item_make_one_episode():
    labs = [
        lab("ALT", 90, "1994-01-10", "U/L", uln=40),
        lab("AST", 90, "1994-01-11", "U/L", uln=40),
    ]
    assert worst(tables(labs=labs), "AST/ALT")["n_episodes"] == 1


def test_records_are_episodes_and_so_is_one_without_a_grade_but_not_one_of_grade_0():
    given = tables(
        ae=[
            event("Nausea", "1994-01-05", None, "nausea"),
            event("Vomiting", "1994-01-08", None, "transient vomiting"),
            event("Nausea", "1994-01-12"),
            event("Nausea", "1994-01-15", None, "none"),
            event("Nausea", "1994-06-15", None, "nausea"),  # later
        ]
    )
    assert worst(given, "NAUVOM")["n_episodes"] == 3
    assert worst(given)["n_episodes"] == 3


def test_fevers_are_counted_by_records_or_without_any_by_runs_of_temperatures():
    vitals = [vital("1994-01-05", 38.5), vital("1994-01-06", 36.5), vital("1994-01-07", 38.5)]
    one = [event("Pyrexia", "1994-01-05", "1994-01-07")]
    assert worst(tables(vitals=vitals), "FEVER_DRUG")["n_episodes"] == 2
    assert worst(tables(vitals=vitals, ae=one), "FEVER_DRUG")["n_episodes"] == 1


def test_a_laboratory_item_is_counted_by_values_also_where_it_was_recorded_as_an_event():
    labs = [lab("HGB", 9.0, f"1994-01-{day}", "g/dL") for day in (10, 14)]
    labs.append(lab("HGB", 12.0, "1994-01-12", "g/dL"))
    given = tables(labs=labs, ae=[event("Anaemia", "1994-01-10")])
    assert worst(given, "HB")["n_episodes"] == 2


def test_a_fever_of_grade_0_on_ctcae_is_no_episode_there():
    given = tables(
        vitals=[vital("1994-01-05", 37.8)], ae=[event("Pyrexia", "1994-01-05", "1994-01-06")]
    )
    assert worst(given, "Fever", scale=CTCAE)["n_episodes"] == 0
    assert worst(given, "FEVER_DRUG")["n_episodes"] == 1


def test_a_patient_has_the_episodes_of_all_items():
    given = platelets((10, 90), (11, 120), (12, 90))
    given |= tables(ae=[event("Nausea", "1994-01-05", None, "nausea")])
    given["labs"] = platelets((10, 90), (11, 120), (12, 90))["labs"]
    assert worst(given)["n_episodes"] == 3


def test_runs_are_counted_by_patient_scale_and_item():
    days = pd.to_datetime(["1994-01-10", "1994-01-11"] * 3)
    frame = pd.DataFrame({"subject_id": list("AABBAA"), "item": list("XXXXYY")})
    frame = frame.assign(scale="s", date_earliest=days)
    frame["grade"] = pd.array([1, 1, 0, 1, 1, 0], dtype="Int64")
    runs = count_runs(frame).to_dict()
    assert runs == {("A", "s", "X"): 1, ("A", "s", "Y"): 1, ("B", "s", "X"): 1}


def test_no_measurements_are_no_runs():
    frame = pd.DataFrame({"subject_id": ["A"], "item": ["X"], "scale": ["s"]})
    frame["date_earliest"] = pd.to_datetime([np.nan])
    frame["grade"] = pd.array([1], dtype="Int64")
    assert len(count_runs(frame)) == 0
