"""Checks of doses: E10, E11, E13-E19, E23, E58. Row 0 is line 2 of its table."""

import pytest

from tests.unit.validation import small_cohort
from tests.unit.validation.small_cohort import found

TX = {"tx_no": "1", "tx_date": "1998-01-01"}


def dose(**cells):
    return {"drug": "IL-2", "cycle": "1"} | cells


def starts(rule, severity, day):
    exposure = [dose(start_date=day, end_date="1999-06-30")]
    return found(rule, severity, {"transplant": [TX], "exposure": exposure})


# Transplantation on 1 January 1998: day 14 is 15 January, day 365 is 1 January 1999.
@pytest.mark.parametrize(
    ("rule", "severity", "day", "wrong"),
    [
        ("E10", "E", "1997-12-31", True),
        ("E10", "E", "1998-01-01", True),  # strictly after
        ("E10", "E", "1998-01-02", False),
        ("E10", "E", "", False),
        ("E11", "W", "1998-01-01", False),  # E10 says it
        ("E11", "W", "1998-01-14", True),
        ("E11", "W", "1998-01-15", False),
        ("E11", "W", "1999-01-01", False),
        ("E11", "W", "1999-01-02", True),
        ("E11", "W", "", False),
    ],
)
def test_first_dose_lies_after_transplantation(rule, severity, day, wrong):
    expected = [("exposure", 2, "start_date")] if wrong else []
    assert starts(rule, severity, day) == expected


def test_only_the_first_dose_of_a_patient_is_held_against_transplantation():
    exposure = [dose(start_date="1997-12-02"), dose(cycle="2", start_date="1997-12-01")]
    assert found("E10", "E", {"transplant": [TX], "exposure": exposure}) == [
        ("exposure", 3, "start_date")
    ]


def test_a_first_dose_is_unknown_while_another_start_cannot_be_read():
    exposure = [dose(start_date="1999-01-08"), dose(cycle="2", start_date="08/01/1998")]
    assert found("E11", "W", {"transplant": [TX], "exposure": exposure}) == []


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("1998-03-02", "1998-03-02", False),
        ("1998-03-02", "1998-03-01", True),
        ("1998-03-02", "", False),
        ("", "1998-03-01", False),
    ],
)
def test_a_cycle_does_not_end_before_it_starts(start, end, wrong):
    tables = {"exposure": [dose(start_date=start, end_date=end)]}
    assert found("E13", "E", tables) == ([("exposure", 2, "end_date")] if wrong else [])


@pytest.mark.parametrize(
    ("drug", "start", "wrong"),
    [
        ("IL-2", "1998-03-27", True),  # the last day of cycle 1
        ("IL-2", "1998-03-28", False),
        ("IFN-A2B", "1998-03-10", False),
        ("IL-2", "", False),
    ],
)
def test_cycles_of_one_drug_do_not_overlap(drug, start, wrong):
    first = dose(start_date="1998-03-02", end_date="1998-03-27")
    second = dose(drug=drug, cycle="2", start_date=start, end_date="1998-04-30")
    # The later cycle is listed first: order in the file does not matter.
    found_now = found("E13", "W", {"exposure": [second, first]})
    assert found_now == ([("exposure", 2, "start_date")] if wrong else [])


def test_a_cycle_within_a_longer_earlier_one_overlaps():
    exposure = [
        dose(start_date="1998-01-01", end_date="1998-06-30"),
        dose(cycle="2", start_date="1998-02-01", end_date="1998-02-10"),
        dose(cycle="3", start_date="1998-03-01", end_date="1998-03-10"),
    ]
    assert found("E13", "W", {"exposure": exposure}) == [
        ("exposure", 3, "start_date"),
        ("exposure", 4, "start_date"),
    ]


@pytest.mark.parametrize(
    ("contact", "wrong"),
    [
        ({"date": "1998-03-27"}, False),
        ({"date": "1998-03-26"}, True),
        ({"date": "1998-12-31", "death_date": "1998-03-26"}, True),
        ({"date": "1998-12-31", "death_date": "1998-03"}, False),  # may be 31 March
        ({"date": "1998-12-31", "death_date": "1998-02"}, True),
        ({"date": ""}, False),
    ],
)
def test_no_dose_after_death_or_last_contact(contact, wrong):
    exposure = [dose(start_date="1998-03-02", end_date="1998-03-27")]
    expected = [("exposure", 2, "end_date")] if wrong else []
    assert found("E14", "E", {"exposure": exposure, "followup": [contact]}) == expected


@pytest.mark.parametrize(
    ("day", "response", "wrong"),
    [
        ("1998-03-26", "REL", True),
        ("1998-03-27", "REL", False),
        ("1998-03-26", "CR", False),
        ("1998-03", "PD", False),  # may be the 31st
        ("", "PD", False),
    ],
)
def test_a_dose_after_relapse_is_a_warning(day, response, wrong):
    exposure = [dose(start_date="1998-03-02", end_date="1998-03-27")]
    assessments = [{"date": day, "response": response}]
    expected = [("exposure", 2, "end_date")] if wrong else []
    assert found("E14", "W", {"exposure": exposure, "assessments": assessments}) == expected


@pytest.mark.parametrize(
    ("planned", "given", "reason", "column"),
    [
        ("20", "20", "", None),
        ("20", "21", "", "n_given"),
        ("20", "21", "dose repeated after a spilt syringe", None),
        ("", "21", "", None),
        ("20", "", "", None),
        ("20", "0", "", "action_reason"),
        ("20", "0", "fever", None),
        ("20", "1", "", None),
    ],
)
def test_doses_that_depart_from_the_plan_have_a_reason(planned, given, reason, column):
    row = dose(n_planned=planned, n_given=given, action_reason=reason)
    expected = [("exposure", 2, column)] if column else []
    assert found("E15", "E", {"exposure": [row]}) == expected


# 14 days at 5 a week: at most 5 * 14 / 7 + 5 = 15 doses.
@pytest.mark.parametrize(("given", "wrong"), [("15", False), ("16", True), ("", False)])
def test_doses_fit_into_their_days(given, wrong):
    row = dose(start_date="1998-03-02", end_date="1998-03-15", freq_per_week="5", n_given=given)
    assert found("E16", "W", {"exposure": [row]}) == ([("exposure", 2, "n_given")] if wrong else [])


def test_doses_are_not_counted_in_a_cycle_that_ends_before_it_begins():
    row = dose(start_date="1998-03-02", end_date="1998-01-02", freq_per_week="5", n_given="20")
    assert found("E16", "W", {"exposure": [row]}) == []
    assert found("E13", "E", {"exposure": [row]}) == [("exposure", 2, "end_date")]


@pytest.mark.parametrize(
    ("arm", "drugs", "severity"),
    [
        ("HD", ["IL-2", "IFN-A2B"], None),
        ("HD", ["IL-2"], "W"),
        ("ESC", ["IL-2"], None),  # the arm has this drug alone
        ("ESC", ["IFN-A2B"], "E"),  # none of the arm's drugs
        ("", ["IL-2"], None),
        ("HD", ["IL-2", "IL 2"], "W"),
        ("HD", [], None),  # E02
    ],
)
def test_a_patient_has_the_drugs_of_the_arm(arm, drugs, severity):
    tables = {
        "subjects": [{"arm": arm}],
        "exposure": [dose(drug=drug, cycle=str(n)) for n, drug in enumerate(drugs, 1)],
    }
    for tried in "EW":
        expected = [("subjects", 2, "subject_id")] if tried == severity else []
        assert found("E17", tried, tables) == expected


@pytest.mark.parametrize(
    ("arm", "doses", "lines"),
    [
        ("HD", ["9", "9", "9"], []),
        ("HD", ["9", "9", "8"], [4]),
        ("HD", ["9", "10", "10"], [3]),
        ("ESC", ["1", "2", "2"], []),
        ("ESC", ["1", "4", "2"], [4]),
        ("ESC", ["1", "", "2"], []),
        ("", ["9", "8", "7"], []),
    ],
)
def test_doses_go_by_the_plan_of_the_arm(arm, doses, lines):
    exposure = [
        dose(cycle=str(n), dose_actual=amount, dose_unit="10*6.[iU]/m2")
        for n, amount in enumerate(doses, 1)
    ]
    tables = {"subjects": [{"arm": arm}], "exposure": exposure}
    assert found("E18", "W", tables) == [("exposure", line, "dose_actual") for line in lines]


def test_a_reduced_cycle_is_not_held_against_the_plan():
    amounts = [("9", "NONE"), ("6", "REDUCE"), ("9", "NONE")]
    exposure = [
        dose(cycle=str(n), dose_actual=amount, action=action, dose_unit="10*6.[iU]/m2")
        for n, (amount, action) in enumerate(amounts, 1)
    ]
    assert found("E18", "W", {"subjects": [{"arm": "HD"}], "exposure": exposure}) == []


# The plan of the arm: 9, then 6.
@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({}, None),
        ({"dose_planned": "6.0"}, "dose_planned"),  # the dose of the second cycle
        ({"cycle": "2", "dose_planned": "6.0"}, None),
        ({"cycle": "3"}, "cycle"),
        ({"dose_planned": ""}, None),
        ({"dose_planned": "6.0", "dose_unit": "[iU]"}, None),  # E23
        ({"drug": "IFN-A2B", "dose_planned": "6.0"}, None),  # the plan says nothing of it
        ({"cycle": ""}, None),
    ],
)
def test_the_planned_dose_is_that_of_the_arms_plan(monkeypatch, change, column):
    cycles = [{"cycle": 1, "dose": 9}, {"cycle": 2, "dose": 6}]
    monkeypatch.setitem(small_cohort.REGIMENS["HD"], "IL-2", cycles)
    row = dose(dose_planned="9.0", dose_unit="10*6.[iU]/m2") | change
    expected = [("exposure", 2, column)] if column else []
    assert found("E18", "W", {"subjects": [{"arm": "HD"}], "exposure": [row]}) == expected
    assert found("E18", "W", {"subjects": [{"arm": ""}], "exposure": [row]}) == []


@pytest.mark.parametrize(("route", "wrong"), [("SC", False), ("IV", True), (None, False)])
def test_a_route_outside_the_protocol_is_a_warning(route, wrong):
    tables = {"exposure": [dose(route=route)]}
    assert found("E19", "W", tables) == ([("exposure", 2, "route")] if wrong else [])


@pytest.mark.parametrize(
    ("drug", "amount", "unit", "column"),
    [
        ("IL-2", "0.1", "10*6.[iU]/m2", None),
        ("IL-2", "0.09", "10*6.[iU]/m2", "dose_actual"),
        ("IL-2", "24", "10*6.[iU]/m2", None),
        ("IL-2", "24.1", "10*6.[iU]/m2", "dose_actual"),
        ("IFN-A2B", "0.5", "10*6.[iU]", None),
        ("IFN-A2B", "0.4", "10*6.[iU]", "dose_actual"),
        ("IFN-A2B", "20", "10*6.[iU]", None),
        ("IFN-A2B", "20.5", "10*6.[iU]", "dose_actual"),
        ("IL-2", "9", "10*6.[iU]", "dose_unit"),  # the other drug's unit
        ("IL-2", "9", "Cetus U", "dose_unit"),
        ("IL-2", "999", "[iU]/m2", "dose_unit"),  # the million is lost
        ("IL-2", "9000000", "[iU]/m2", "dose_unit"),
        ("IL-2", "9000000", "10*6.[iU]/m2", "dose_unit"),  # a million too many
        ("IL-2", "100000", "10*6.[iU]/m2", "dose_actual"),
        ("IL-2", "", "10*6.[iU]/m2", None),
        ("IL-2", "9", "", None),
    ],
)
def test_doses_are_plausible_and_each_is_reported_once(drug, amount, unit, column):
    row = dose(drug=drug, dose_actual=amount, dose_unit=unit)
    assert found("E23", "E", {"exposure": [row]}) == ([("exposure", 2, column)] if column else [])


def test_a_dose_of_zero_is_right_where_no_dose_was_given():
    row = dose(dose_actual="0", dose_unit="10*6.[iU]/m2")
    assert found("E23", "E", {"exposure": [row | {"n_given": "0"}]}) == []
    assert found("E23", "E", {"exposure": [row | {"n_given": "1"}]}) == [
        ("exposure", 2, "dose_actual")
    ]


# 6 March 1998 was a Friday.
@pytest.mark.parametrize(
    ("arm", "day", "wrong"),
    [
        ("HD", "1998-03-06", False),
        ("HD", "1998-03-07", True),
        ("HD", "1998-03-08", True),
        ("HD", "1998-03-09", False),
        ("", "1998-03-07", False),
        ("HD", "", False),
    ],
)
def test_doses_fall_on_weekdays_of_the_protocol(arm, day, wrong):
    tables = {"subjects": [{"arm": arm}], "exposure": [dose(start_date=day)]}
    assert found("E58", "W", tables) == ([("exposure", 2, "start_date")] if wrong else [])
