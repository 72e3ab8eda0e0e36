"""On treatment: from the day of the first dose to thirty days after the last, and what is
baseline."""

import pytest

from tests.unit.derive.toxicity_tables import derive, dose, event, lab, tables, vital, worst

# Patient A: first dose 3 January 1994, last dose 28 January, so that the period ends on 27
# February.


@pytest.mark.parametrize(
    ("date", "on_treatment"),
    [
        ("1994-01-02", False),
        ("1994-01-03", False),  # the day of the first dose: taken before it
        ("1994-01-04", True),
        ("1994-02-27", True),  # thirty days after the last dose
        ("1994-02-28", False),
    ],
)
def test_a_laboratory_value_is_on_treatment_after_the_first_day_and_until_the_period_ends(
    date, on_treatment
):
    rows = derive(tables(labs=[lab("NEUT", 0.4, date)]))["toxicity"]
    assert rows["on_treatment"].tolist() == [on_treatment]
    assert worst(tables(labs=[lab("NEUT", 0.4, date)]))["grade"] == (4 if on_treatment else None)


@pytest.mark.parametrize(
    ("start", "end", "on_treatment"),
    [
        ("1993-12-20", "1994-01-02", False),
        ("1993-12-20", "1994-01-03", True),
        ("1993-12-20", None, True),  # no end is known
        ("1994-01-03", "1994-01-03", True),  # symptoms on the day of the first dose
        ("1994-02-27", "1994-03-09", True),
        ("1994-02-28", "1994-03-09", False),
        ("1994-02", "1994-03-09", True),  # may have begun in time
        ("1994-03", "1994-03-09", False),
        (None, "1994-01-10", True),
        (None, "1994-01-02", False),
    ],
)
def test_an_adverse_event_is_on_treatment_if_it_may_overlap_the_period(start, end, on_treatment):
    rows = derive(tables(ae=[event("Nausea", start, end, "nausea")]))["toxicity"]
    assert rows["on_treatment"].tolist() == [on_treatment]


def test_the_period_is_that_of_all_drugs_and_of_doses_that_were_given():
    exposure = [
        dose("A", "1994-01-03", "1994-01-28"),
        dose("A", "1994-01-05", "1994-02-10"),  # ends later: to 12 March
        dose("A", "1994-05-02", "1994-05-28", n_given=0),  # planned and never given
        dose("A", "1993-12-01", "1993-12-28", n_given=0),
    ]
    labs = [
        lab("NEUT", 0.4, day) for day in ("1993-12-15", "1994-03-12", "1994-03-13", "1994-05-20")
    ]
    rows = derive(tables(exposure=exposure, labs=labs))["toxicity"].sort_values("date_earliest")
    assert rows["on_treatment"].tolist() == [False, True, False, False]


def test_a_drug_without_an_end_is_given_until_the_cut():
    given = tables(exposure=[dose("A", "1994-01-03", None)], labs=[lab("NEUT", 0.4, "1997-12-30")])
    assert derive(given)["toxicity"]["on_treatment"].tolist() == [True]


def test_a_patient_without_a_dose_has_nothing_on_treatment_and_no_worst_grade():
    given = tables(
        exposure=[],
        labs=[lab("NEUT", 0.4, "1994-01-10")],
        ae=[event("Nausea", "1994-01-10", None, "nausea")],
    )
    assert derive(given)["toxicity"]["on_treatment"].tolist() == [False, False]
    row = worst(given)
    assert row["grade"] is None
    assert not row["treated"]


def test_of_two_timed_values_on_the_first_day_the_later_is_after_the_dose():
    given = tables(
        vitals=[vital("1994-01-03", 36.6, 120, "08:00"), vital("1994-01-03", 39.5, 115, "18:00")]
    )
    rows = derive(given)["toxicity"].set_index("observed")
    assert rows["on_treatment"].to_dict() == {"36.6 Cel": False, "39.5 Cel": True}
    assert worst(given)["grade"] == 2


def test_the_baseline_is_the_last_value_on_or_before_the_first_day():
    given = tables(
        labs=[
            lab("PLAT", 20, "1993-12-01"),
            lab("PLAT", 90, "1994-01-03"),
            lab("PLAT", 80, "1994-01-10"),
            lab("NEUT", 1.8, "1993-12-30"),
            lab("NEUT", 1.4, "1994-01-10"),
        ]
    )
    platelets = worst(given, "PLT")
    assert (platelets["grade"], platelets["baseline_grade"], platelets["treatment_emergent"]) == (
        1,
        1,
        False,
    )
    neutrophils = worst(given, "GRAN")
    assert (neutrophils["grade"], neutrophils["baseline_grade"]) == (2, 1)
    assert neutrophils["treatment_emergent"]
    assert worst(given)["treatment_emergent"]


@pytest.mark.parametrize(("value", "emergent"), [(100, False), (99, True)])
def test_without_a_baseline_any_grade_above_none_is_treatment_emergent(value, emergent):
    row = worst(tables(labs=[lab("PLAT", value, "1994-01-10")]), "PLT")
    assert row["baseline_grade"] is None
    assert row["treatment_emergent"] == emergent


def test_a_baseline_that_cannot_be_graded_gives_way_to_the_one_before_it():
    given = tables(
        labs=[
            lab("PLAT", 60, "1993-12-30"),
            lab("PLAT", None, "1994-01-03"),
            lab("PLAT", 60, "1994-01-10"),
        ]
    )
    assert worst(given, "PLT")["baseline_grade"] == 2


def test_an_event_that_began_before_the_first_dose_is_its_own_baseline():
    given = tables(ae=[event("Nausea", "1993-12-20", "1994-01-20", "nausea")])
    row = worst(given, "NAUVOM")
    assert (row["grade"], row["baseline_grade"], row["treatment_emergent"]) == (1, 1, False)


def test_an_event_that_began_on_the_day_of_the_first_dose_tells_no_baseline():
    row = worst(tables(ae=[event("Nausea", "1994-01-03", "1994-01-20", "nausea")]), "NAUVOM")
    assert (row["baseline_grade"], row["grade_before"]) == (None, None)
    assert row["treatment_emergent"]


def test_an_item_of_two_tests_has_the_worse_of_their_last_values_as_baseline():
    labs = [
        lab("ALT", 300, "1993-12-30", "U/L", uln=40),  # 7.5 times the limit: 3
        lab("AST", 41, "1994-01-02", "U/L", uln=40),
        lab("AST", 300, "1994-01-10", "U/L", uln=40),
    ]
    assert worst(tables(labs=labs), "AST/ALT")["baseline_grade"] == 3
