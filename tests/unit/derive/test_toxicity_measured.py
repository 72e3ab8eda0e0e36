"""Records that are graded by what was measured while they lasted: fever and loss of weight; and
deaths."""

import numpy as np
import pandas as pd
import pytest

from tests.unit.derive.toxicity_tables import CTCAE, WHO, derive, event, tables, vital, worst


def record(given, scales=(CTCAE,)):
    """The row of the only adverse event."""
    rows = derive(given, scales=scales)["toxicity"]
    return rows[rows["domain"] == "AE"].iloc[0]


def weighed(*weights, ae=(), **more):
    """A patient who weighed 60 kg before treatment; `weights` are (date, kg)."""
    vitals = [vital("1993-12-01", weight=70.0), vital("1994-01-02", weight=60.0)]
    vitals += [vital(date, weight=weight) for date, weight in weights]
    return tables(vitals=vitals, ae=list(ae), **more)


def loss(start="1994-01-10", end="1994-01-20", finding=None):
    return event("Weight decreased", start, end, finding)


@pytest.mark.parametrize(
    ("weight", "grade"), [(60.0, 0), (57.1, 0), (57.0, 1), (54.1, 1), (54.0, 2), (48.0, 3)]
)
def test_each_later_weight_is_graded_against_the_last_before_the_first_dose(weight, grade):
    rows = derive(weighed(("1994-01-10", weight)), scales=[CTCAE])["toxicity"]
    assert len(rows) == 1
    row = rows.iloc[0]
    assert (row["item"], row["grade"], row["baseline"]) == ("Weight loss", grade, 60.0)
    assert (row["value"], row["unit"], row["period"]) == (weight, "kg", "DURING")


def test_a_weight_after_the_period_has_a_grade_that_is_not_on_treatment():
    rows = derive(weighed(("1994-06-10", 50.0)), scales=[CTCAE])["toxicity"]
    assert rows[["grade", "period", "on_treatment"]].iloc[0].tolist() == [2, "LATER", False]


def test_who_has_no_item_for_weight():
    assert len(derive(weighed(("1994-01-10", 40.0)))["toxicity"]) == 0


def test_of_two_last_weights_before_treatment_the_higher_counts():
    given = weighed(("1994-01-10", 57.5))
    given["vitals"].loc[0, ["date", "weight_kg"]] = pd.Timestamp("1994-01-02"), 61.0
    assert derive(given, scales=[CTCAE])["toxicity"]["grade"].tolist() == [1]


def test_without_a_weight_before_treatment_there_is_no_grade():
    given = tables(vitals=[vital("1994-01-10", weight=50.0)], ae=[loss()])
    rows = derive(given, scales=[CTCAE])["toxicity"].set_index("domain")
    assert rows["grade"].isna().all()
    assert rows["reason"].to_dict() == {"VS": "baseline_missing", "AE": "baseline_missing"}


def test_a_record_of_weight_loss_has_the_worst_grade_of_the_weights_in_it():
    given = weighed(
        ("1994-01-09", 40.0),  # before it
        ("1994-01-10", 57.0),
        ("1994-01-20", 54.0),  # its last day
        ("1994-01-21", 40.0),
        ae=[loss()],
    )
    row = record(given)
    assert (row["grade"], row["value"], row["unit"], row["baseline"]) == (2, 54.0, "kg", 60.0)
    assert row["observed"] == "54 kg"
    assert row["criterion"].startswith("10 - <20% from baseline")


@pytest.mark.parametrize("order", [1, -1])
def test_a_record_shows_the_most_extreme_of_the_measurements_with_its_grade(order):
    given = weighed(*[("1994-01-10", 53.0), ("1994-01-11", 50.0)][::order], ae=[loss()])
    assert record(given)["observed"] == "50 kg"
    vitals = [vital("1994-01-10", 38.0), vital("1994-01-11", 39.9), vital("1994-01-12", 37.9)]
    given = tables(vitals=vitals[::order], ae=[event("Pyrexia", "1994-01-10", "1994-01-12")])
    assert record(given, [WHO])["observed"] == "39.9 Cel"


def test_a_record_of_weight_loss_without_a_weight_in_it_says_so():
    row = record(weighed(("1994-01-21", 40.0), ae=[loss()]))
    assert (row["grade"], row["reason"]) == (pd.NA, "no_weight")
    assert np.isnan(row["value"])


def test_a_weight_does_not_grade_a_fever_nor_a_temperature_a_loss_of_weight():
    given = weighed(("1994-01-10", 48.0), ae=[event("Pyrexia", "1994-01-10", "1994-01-11")])
    assert record(given)["reason"] == "no_temperature"
    given = weighed(ae=[loss()])
    given["vitals"].loc[2] = given["vitals"].loc[1]
    given["vitals"].loc[2, ["date", "temp_cel", "weight_kg"]] = (
        pd.Timestamp("1994-01-12"),
        40.5,
        None,
    )
    assert record(given)["reason"] == "no_weight"


def test_a_fever_of_two_days_over_40_is_grade_4_on_ctcae_and_3_on_who():
    given = tables(
        ae=[event("Pyrexia", "1994-01-05", "1994-01-08")],
        vitals=[
            vital("1994-01-05", 40.5, time="08:00"),
            vital("1994-01-06", 40.2, time="09:00"),
            vital("1994-01-07", 38.0, time="09:00"),
        ],
    )
    row = record(given)
    assert (row["grade"], row["criterion"]) == (4, ">40.0 degrees C (>104.0 degrees F) for >24 hrs")
    assert row["observed"] == "40.5 Cel, in a run of more than 24 hours"
    assert record(given, [WHO])["grade"] == 3
    assert worst(given, "Fever", scale=CTCAE)["grade"] == 4


def test_a_fever_from_before_treatment_that_rose_in_it_is_treatment_emergent():
    given = tables(
        ae=[event("Pyrexia", "1993-12-30", "1994-01-10")],
        vitals=[vital("1993-12-31", 37.6), vital("1994-01-05", 40.5)],
    )
    row = worst(given, "FEVER_DRUG")
    names = ["grade_before", "baseline_grade", "grade", "treatment_emergent"]
    assert [row[name] for name in names] == [1, 1, 3, True]


def test_low_pressure_makes_grade_4_on_who_alone():
    given = tables(
        ae=[event("Pyrexia", "1994-01-05", "1994-01-06")], vitals=[vital("1994-01-05", 38.6, 85)]
    )
    assert record(given, [WHO])["grade"] == 4
    assert record(given)["grade"] == 1
    rows = derive(given, scales=[CTCAE])["toxicity"]
    assert not rows["observed"].str.contains("pressure").any()


def test_a_finding_worse_than_what_was_measured_counts():
    given = tables(
        ae=[event("Pyrexia", "1994-01-05", "1994-01-06", "fever with hypotension")],
        vitals=[vital("1994-01-05", 38.6)],
    )
    row = record(given, [WHO])
    assert (row["grade"], row["observed"]) == (4, "fever with hypotension")


@pytest.mark.parametrize(
    ("pt", "outcome", "grade"),
    [
        ("Stomatitis", "FATAL", 5),
        ("Stomatitis", "RECOVERED", None),
        ("Stomatitis", None, None),
        ("Nausea", "FATAL", None),  # CTCAE has no grade 5 of nausea
        ("Eczema", "FATAL", None),
    ],
)
def test_a_fatal_event_is_grade_5_where_the_scale_has_it(pt, outcome, grade):
    given = tables(ae=[event(pt, "1994-01-05", None, outcome=outcome)])
    rows = derive(given, scales=[WHO, CTCAE])["toxicity"].set_index("scale")
    assert rows["grade"].to_dict() == {"ctcae-5.0": grade, "who-1981": None}
    if grade == 5:
        assert rows.loc["ctcae-5.0", ["criterion", "reason"]].tolist() == ["Death", pd.NA]


def test_the_temperature_of_a_row_that_was_gathered_is_known_by_its_own_line():
    given = tables(vitals=[vital("1994-01-05", 38.6, 85)])
    given["vitals"]["temp_cel_line"] = pd.array([17], dtype="Int64")
    given["vitals"]["sbp_mmhg_line"] = pd.array([19], dtype="Int64")
    derived = derive(given)
    assert derived["toxicity"]["row_key"].tolist() == ["A/VS/17/who-1981/FEVER_DRUG"]
    cells = derived["lineage"][derived["lineage"]["derived_table"] == "toxicity"]
    cells = cells[cells["src_file"] == "vitals.csv"]
    places = set(zip(cells["src_line"], cells["src_column"], cells["role"], strict=True))
    assert places == {
        (17, "temp_cel", "decided"),
        (19, "sbp_mmhg", "decided"),
        (2, "date", "contributed"),
    }
