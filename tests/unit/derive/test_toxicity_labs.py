"""Laboratory values on several items: ranges, baselines, units, and the two rules for gaps."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from graftline.errors import GraftlineError
from tests.unit.derive.toxicity_tables import (
    CTCAE,
    WHO,
    derive,
    dose,
    event,
    lab,
    tables,
    vital,
)

ALT = "Alanine aminotransferase increased"
CREATININE = "Creatinine increased"


def graded(labs, item, scales=(CTCAE,), **more):
    """The rows of `item`, by the line of their value in labs.csv."""
    rows = derive(tables(labs=labs, **more), scales=scales)["toxicity"]
    rows = rows[rows["item"] == item]
    return rows.set_index(rows["row_key"].str.split("/").str[2].astype(int)).sort_index()


def alt(value, date, uln=40.0, **more):
    return lab("ALT", value, date, "U/L", uln=uln, **more)


def test_a_test_feeds_an_item_for_low_and_one_for_high_values():
    rows = derive(
        tables(labs=[lab("K", 5.8, "1994-01-10", "mmol/L", lln=3.5, uln=5.1)]), scales=[CTCAE]
    )["toxicity"].set_index("item")
    # Potassium 5.8 mmol/L is over 5.5 and not over 6.0; it is no low potassium.
    assert rows["grade"].to_dict() == {"Hyperkalemia": 2, "Hypokalemia": 0}
    assert rows.loc["Hyperkalemia", "limit"] == 5.5
    assert rows.loc["Hypokalemia", "limit"] == 3.5


def test_a_row_shows_the_ranges_that_its_item_stands_on_and_no_others():
    rows = derive(
        tables(labs=[lab("HGB", 9.0, "1994-01-10", "g/dL", lln=12.0, uln=16.0)]),
        scales=[WHO, CTCAE],
    )["toxicity"].set_index("item")
    assert rows.loc["Anemia", ["lln", "value", "limit"]].tolist() == [12.0, 9.0, 10.0]
    assert np.isnan(rows.loc["Anemia", "uln"])
    assert rows.loc["Hemoglobin increased", "uln"] == 16.0
    # The limits of WHO are numbers of its own.
    assert rows.loc["HB", ["lln", "uln", "baseline"]].isna().all()


@pytest.mark.parametrize(
    ("baseline", "value", "grade"),
    # Up to 3 x ULN of 40 is grade 1 with a normal baseline; with 80 before treatment, grade 1 begins
    # at 1.5 x 80 and grade 2 above 3 x 80.
    [(40, 41, 1), (40, 120, 1), (40, 121, 2), (80, 119, 0), (80, 120, 1), (80, 241, 2)],
)
def test_on_ctcae_5_an_abnormal_baseline_takes_the_place_of_the_limit_of_normal(
    baseline, value, grade
):
    rows = graded([alt(baseline, "1994-01-02"), alt(value, "1994-01-10")], ALT)
    assert rows.loc[3, "grade"] == grade
    assert rows.loc[3, "baseline"] == baseline


def test_what_precedes_treatment_is_graded_on_the_normal_range_and_has_no_baseline():
    rows = graded([alt(300, "1993-12-01"), alt(80, "1994-01-02"), alt(80, "1994-01-10")], ALT)
    assert rows["grade"].tolist() == [3, 1, 0]
    assert rows["baseline"].isna().tolist() == [True, True, False]
    assert rows["period"].tolist() == ["BEFORE", "BEFORE", "DURING"]


def test_a_patient_without_a_dose_has_no_baseline_and_is_graded_on_the_normal_range():
    rows = graded([alt(80, "1994-01-02"), alt(80, "1994-01-10")], ALT, exposure=[])
    assert rows["grade"].tolist() == [1, 1]
    assert rows["baseline"].isna().all()
    assert rows["period"].isna().all()


def test_without_a_baseline_the_grade_that_is_sure_is_given_with_the_reason():
    # Creatinine 1.6 mg/dL is above 1.5 x ULN: grade 2 at least, more if the baseline was low.
    rows = graded([lab("CREAT", 1.6, "1994-01-10", "mg/dL", uln=1.0)], CREATININE)
    assert (rows.loc[2, "grade"], rows.loc[2, "reason"]) == (2, "baseline_missing")
    # ALT is relative to one or the other, and which is not known.
    rows = graded([alt(100, "1994-01-10")], ALT)
    assert (rows.loc[2, "grade"], rows.loc[2, "reason"]) == (pd.NA, "baseline_missing")


@pytest.mark.parametrize(
    ("before", "baseline"),
    [
        ([alt(50, "1993-12-01"), alt(60, "1994-01-03"), alt(70, "1994-01-04")], 60),
        ([alt(50, "1993-12-01"), alt(None, "1994-01-03")], 50),
        ([alt(50, "1993-12-01"), alt(90, "1994-01-03", below_limit="Y")], 50),
        ([alt(50, "1994-01-03", time="08:00"), alt(60, "1994-01-03", time="18:00")], 50),
        ([alt(60, "1994-01-02", time="18:00"), alt(50, "1994-01-02", time="08:00")], 60),
        ([alt(60, "1994-01-02"), alt(50, "1994-01-02")], 60),  # a tie: the worse
        ([alt(50, "1994-01-02"), alt(60, "1994-01-02")], 60),
        ([alt(50, "1994-01-02", uln=None)], 50),
    ],
)
def test_the_baseline_is_the_last_usable_value_before_the_first_dose(before, baseline):
    rows = graded([*before, alt(100, "1994-01-10")], ALT)
    assert rows["baseline"].iloc[-1] == baseline


def test_of_a_tie_the_worse_of_an_item_is_lower_for_low_values_and_higher_for_high():
    labs = [lab("FIBRINO", v, "1994-01-02", "mg/dL", lln=200.0) for v in (300.0, 250.0)]
    labs.append(lab("FIBRINO", 190.0, "1994-01-10", "mg/dL", lln=200.0))
    assert graded(labs, "Fibrinogen decreased")["baseline"].iloc[-1] == 250


def test_the_worse_of_a_tie_is_found_across_units_and_shown_in_the_unit_of_the_row():
    labs = [
        lab("CREAT", 1.2, "1994-01-02", "mg/dL", uln=1.1),  # 106 umol/L
        lab("CREAT", 100.0, "1994-01-02", "umol/L", uln=97.0),
        lab("CREAT", 2.0, "1994-01-10", "mg/dL", uln=1.1),
        lab("CREAT", 177.0, "1994-01-11", "umol/L", uln=97.0),
    ]
    rows = graded(labs, CREATININE)
    assert rows.loc[4, "baseline"] == 1.2
    # One mg/dL is 88.4 umol/L: 1.2 mg/dL is 106.08.
    assert rows.loc[5, "baseline"] == pytest.approx(106.08, abs=0.01)


def test_the_baseline_has_its_own_range():
    # 45 was above the limit of its own laboratory, 40; it is not above today's, 50. So the baseline
    # counts, and 67 is less than 1.5 x 45.
    labs = [alt(45, "1994-01-02", uln=40.0), alt(67, "1994-01-10", uln=50.0)]
    assert graded(labs, ALT).loc[3, "grade"] == 0
    labs[0]["uln"] = 45.0  # not above it: today's limit counts
    assert graded(labs, ALT).loc[3, "grade"] == 1


def test_the_baseline_of_another_test_or_patient_does_not_count():
    labs = [
        lab("AST", 80, "1994-01-02", "U/L", uln=40.0),
        alt(80, "1994-01-02", subject="B"),
        alt(100, "1994-01-10"),
    ]
    more = {
        "subjects": [{"subject_id": "A", "arm": "HD"}, {"subject_id": "B", "arm": "HD"}],
        "exposure": [dose("A", "1994-01-03", "1994-01-28"), dose("B", "1994-01-03", None)],
    }
    rows = graded(labs, ALT, **more)
    assert np.isnan(rows.loc[4, "baseline"])


def test_two_tests_of_one_item_have_each_their_own_baseline():
    both = replace(CTCAE.items[ALT], tests=("ALT", "AST"))
    scale = replace(CTCAE, items={ALT: both})
    labs = [
        alt(80, "1994-01-02"),
        lab("AST", 20, "1994-01-03", "U/L", uln=40.0),
        alt(100, "1994-01-10"),
        lab("AST", 100, "1994-01-10", "U/L", uln=40.0),
    ]
    assert graded(labs, ALT, [scale])["baseline"].iloc[2:].tolist() == [80, 20]


@pytest.mark.parametrize(
    ("test", "value", "unit", "rule_a", "rule_b"),
    [
        ("HGB", 10.95, "g/dL", 1, 0),
        ("HGB", 9.46, "g/dL", 2, 1),
        ("HGB", 7.95, "g/dL", 3, 2),
        ("WBC", 2.96, "10*3/uL", 2, 1),
        ("HGB", 9.4, "g/dL", 2, 2),
        ("HGB", 9.5, "g/dL", 1, 1),
    ],
)
def test_values_in_the_printed_gaps_differ_by_rule(test, value, unit, rule_a, rule_b):
    row = derive(tables(labs=[lab(test, value, "1994-01-10", unit)]))["toxicity"].iloc[0]
    assert (row["grade"], row["grade_rule_b"]) == (rule_a, rule_b)


def test_rule_b_says_nothing_of_what_is_not_a_laboratory_value():
    given = tables(
        ae=[event("Nausea", "1994-01-05", None, "nausea")], vitals=[vital("1994-01-05", 38.5)]
    )
    rows = derive(given)["toxicity"]
    assert rows["grade"].tolist() == rows["grade_rule_b"].tolist() == [1, 2]


def test_a_conversion_stands_on_the_row_and_value_and_limit_stay_in_its_unit():
    # 100 umol/L of bilirubin need none: multiples of its own range. Haemoglobin in mmol/L does on
    # WHO, which prints g/dL: 5 mmol/L / 0.6206 = 8.06 g/dL, under 9.5.
    labs = [
        lab("HGB", 5.0, "1994-01-10", "mmol/L"),
        lab("BILI", 100.0, "1994-01-10", "umol/L", uln=20.0),
        lab("HGB", 8.06, "1994-01-10", "g/dL"),
    ]
    rows = derive(tables(labs=labs))["toxicity"].set_index("observed")
    converted = rows.loc["HGB 5 mmol/L"]
    assert (converted["grade"], converted["value"], converted["unit"]) == (2, 5.0, "mmol/L")
    assert converted["limit"] == pytest.approx(9.5 * 0.6206, abs=1e-3)
    assert "mmol/L to g/dL" in converted["conversion"]
    assert rows["conversion"].isna().tolist() == [False, True, True]
    assert rows.loc["BILI 100 umol/L", "limit"] == 50


def test_a_unit_that_cannot_be_converted_stops_with_file_line_and_number_of_rows():
    labs = [
        lab("HGB", 9.0, "1994-01-10", "g/dL"),
        lab("PLAT", 90.0, "1994-01-10", "10*3/uL"),
        lab("HGB", 9.0, "1994-01-11", "U/L"),
        lab("PLAT", 90.0, "1994-01-12", "g/dL"),
        lab("HGB", 9.0, "1994-01-13", "furlong"),
        lab("HGB", None, "1994-01-13", "furlong"),  # nothing to convert
        lab("LDH", 900.0, "1994-01-13", "furlong"),  # of no item of WHO
    ]
    with pytest.raises(GraftlineError, match=r"labs\.csv, line 4, column unit: .*3 such rows"):
        derive(tables(labs=labs))
    with pytest.raises(GraftlineError, match=r"4 such rows"):
        derive(tables(labs=labs), scales=[WHO, CTCAE])


def test_a_missing_unit_is_no_grade_where_the_limits_are_in_units():
    labs = [
        lab("HGB", 9.0, "1994-01-10", None),
        lab("BILI", 3.0, "1994-01-10", None, uln=1.0),
        lab("INR", 3.0, "1994-01-10", None, uln=1.0),
    ]
    rows = derive(tables(labs=labs), scales=[WHO, CTCAE])["toxicity"].set_index("item")
    assert (rows.loc["HB", "grade"], rows.loc["HB", "reason"]) == (pd.NA, "unit_missing")
    assert rows.loc["BILI", "grade"] == 2
    assert rows.loc["INR increased", "grade"] == 3
    assert rows.loc["HB", "observed"] == "HGB 9"
