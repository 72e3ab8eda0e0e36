"""Checks of vital signs and laboratory values: E20, E21, E24-E29. Row 0 is line 2 of its table."""

import pytest

from tests.unit.validation.small_cohort import found, judged, type_rows

DAY = {"date": "1998-03-02"}


@pytest.mark.parametrize(
    ("column", "least", "below", "most", "above"),
    [
        ("weight_kg", "30", "29.9", "180", "180.1"),
        ("height_cm", "130", "129.9", "215", "215.1"),
        ("temp_cel", "33", "32.9", "43", "43.1"),
        ("sbp_mmhg", "40", "39", "260", "261"),
        ("pulse_min", "20", "19", "250", "251"),
    ],
)
def test_vital_signs_lie_in_their_ranges(column, least, below, most, above):
    for cell in (least, most, ""):
        assert judged("vitals", [DAY | {column: cell}]) == []
    for cell in (below, above):
        assert judged("vitals", [DAY | {column: cell}]) == [("E20", "E", 2, column)]


@pytest.mark.parametrize(
    ("high", "low", "wrong"),
    [("120", "119", False), ("120", "120", True), ("120", "", False), ("", "80", False)],
)
def test_diastolic_pressure_is_below_systolic(high, low, wrong):
    tables = {"vitals": [DAY | {"sbp_mmhg": high, "dbp_mmhg": low}]}
    assert found("E20", "E", tables) == ([("vitals", 2, "dbp_mmhg")] if wrong else [])


# Mosteller, m2 = sqrt(kg * cm / 3600): 32.4 x 160 gives 1.2, 121.68 x 200 gives 2.6.
@pytest.mark.parametrize(
    ("weight", "height", "wrong"),
    [
        ("32.4", "160", False),
        ("32.3", "160", True),
        ("121.68", "200", False),
        ("121.8", "200", True),
        ("32.3", "", False),
        ("", "160", False),
        ("20", "160", False),  # the weight itself is out of range, and says so
    ],
)
def test_body_surface_is_plausible(weight, height, wrong):
    tables = {"vitals": [DAY | {"weight_kg": weight, "height_cm": height}]}
    assert found("E20", "E", tables) == ([("vitals", 2, "weight_kg")] if wrong else [])


def test_body_surface_takes_the_height_measured_on_another_day():
    rows = [
        {"date": "1998-03-02", "weight_kg": "32.3"},
        {"date": "1998-01-02", "height_cm": "160"},
        {"subject_id": "P02", "date": "1998-03-02", "weight_kg": "32.3"},
    ]
    assert found("E20", "E", {"vitals": rows}) == [("vitals", 2, "weight_kg")]


# 60 kg: 15 percent is 9 kg.
@pytest.mark.parametrize(
    ("weight", "day", "wrong"),
    [
        ("51", "1998-03-31", False),
        ("50.9", "1998-03-31", True),
        ("69", "1998-03-31", False),
        ("69.1", "1998-03-31", True),
        ("50.9", "1998-04-01", True),  # day 30
        ("50.9", "1998-04-02", False),  # day 31
        ("", "1998-03-31", False),
        ("29", "1998-03-31", False),  # out of range, and says so
    ],
)
def test_a_large_change_of_weight_within_a_month_is_a_warning(weight, day, wrong):
    rows = [{"date": day, "weight_kg": weight}, DAY | {"weight_kg": "60"}]
    assert found("E21", "W", {"vitals": rows}) == ([("vitals", 2, "weight_kg")] if wrong else [])


def lab(test, value, unit, **more):
    return DAY | {"test": test, "value": value, "unit": unit} | more


@pytest.mark.parametrize(
    ("test", "value", "unit", "column"),
    [
        ("HGB", "2", "g/dL", None),
        ("HGB", "1.9", "g/dL", "value"),
        ("HGB", "22", "g/dL", None),
        ("HGB", "22.1", "g/dL", "value"),
        ("HGB", "220", "g/L", None),
        ("HGB", "221", "g/L", "value"),
        ("HGB", "9.0", "mmol/L", None),  # 14.5 g/dL
        ("HGB", "13.7", "mmol/L", "value"),  # 22.08 g/dL
        ("HGB", "120", "mg/dL", "unit"),
        ("WBC", "500", "10*3/uL", None),
        ("WBC", "500.1", "10*9/L", "value"),
        ("WBC", "500000", "/uL", None),
        ("WBC", "4", "10*6/L", "unit"),
        ("PLAT", "3000", "10*3/uL", None),
        ("PLAT", "3001", "10*3/uL", "value"),
        ("CREAT", "0.1", "mg/dL", None),
        ("CREAT", "0.09", "mg/dL", "value"),
        ("CREAT", "20", "mg/dL", None),
        ("CREAT", "20.1", "mg/dL", "value"),
        ("CREAT", "88.4", "umol/L", None),
        ("BILI", "60", "mg/dL", None),
        ("BILI", "60.1", "mg/dL", "value"),
        ("BILI", "1026", "umol/L", None),  # 60 mg/dL is 1026.2
        ("BILI", "1027", "umol/L", "value"),
        ("ALT", "4000", "U/L", None),  # no range
        ("HGB", "", "g/dL", None),
        ("HGB", "12", "", None),
        ("", "12", "g/dL", None),
    ],
)
def test_units_belong_to_the_test_and_values_are_plausible(test, value, unit, column):
    tables = {"labs": [lab(test, value, unit)]}
    assert found("E24", "E", tables) == ([("labs", 2, column)] if column else [])


@pytest.mark.parametrize(
    ("value", "unit", "slip"),
    [
        ("29.9", "g/dL", False),
        ("30", "g/dL", True),
        ("220", "g/dL", True),
        ("220.1", "g/dL", False),
        ("120", "g/L", False),
        ("", "g/dL", False),
    ],
)
def test_haemoglobin_in_grams_a_litre_is_named_as_such(value, unit, slip):
    tables = {"labs": [lab("HGB", value, unit)]}
    assert found("E25", "E", tables) == ([("labs", 2, "value")] if slip else [])
    if slip:
        assert found("E24", "E", tables) == []  # reported once


@pytest.mark.parametrize(
    ("test", "lower", "upper", "wrong"),
    [
        ("CREAT", "0.6", "1.2", False),
        ("CREAT", "0.6", "", True),
        ("CREAT", "0.6", "1,2", False),  # not readable, and says so
        ("HGB", "12", "", False),
        ("CREAT", "", "0.1", False),
        ("CREAT", "", "0", True),
        ("HGB", "16", "16", True),
        ("HGB", "15.9", "16", False),
        ("", "", "", False),
    ],
)
def test_limits_of_normal_are_there_and_in_order(test, lower, upper, wrong):
    tables = {"labs": [lab(test, "1", "mg/dL", lln=lower, uln=upper)]}
    assert found("E26", "E", tables) == ([("labs", 2, "uln")] if wrong else [])


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"uln": "45"}, True),
        ({"uln": "40"}, False),
        ({"uln": "45", "date": "1998-03-03"}, False),
        ({"uln": "45", "subject_id": "P03"}, False),  # of another site
        ({"uln": "45", "subject_id": "P04"}, False),  # of no site
        ({"uln": "45", "test": "AST"}, False),
        ({"uln": ""}, False),
    ],
)
def test_a_site_has_one_upper_limit_a_day(change, wrong):
    subjects = [
        {"subject_id": subject, "site_id": site}
        for subject, site in (("P01", "A"), ("P02", "A"), ("P03", "B"), ("P04", ""))
    ]
    other = lab("ALT", "20", "U/L") | {"subject_id": "P02"} | change
    tables = {"subjects": subjects, "labs": [lab("ALT", "20", "U/L", uln="40"), other]}
    assert found("E26", "W", tables) == ([("labs", 3, "uln")] if wrong else [])


def counts(neutrophils, lymphocytes="", leukocytes="10", **more):
    return [
        lab("WBC", leukocytes, "10*3/uL"),
        lab("NEUT", neutrophils, "10*3/uL", **more),
        lab("LYM", lymphocytes, "10*3/uL"),
    ]


# 1.02 x 10 = 10.2
@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (counts("10.2"), None),
        (counts("10.3"), 3),
        (counts("8", "2.2"), None),
        (counts("8", "2.3"), 4),
        (counts("10.3", "5"), 3),  # the neutrophils alone say it
        (counts("", "10.3"), 4),
        (counts("10.3", leukocytes=""), None),
        (counts("10.3", time="08:00"), None),  # of another time
        (counts("10.3", below_limit="Y"), None),
        ([lab("WBC", "10", "10*9/L"), lab("NEUT", "10300", "/uL")], 3),
        ([lab("WBC", "10", "10*9/L"), lab("NEUT", "10300", "cells")], None),
    ],
)
def test_parts_of_the_leukocytes_do_not_exceed_them(rows, line):
    assert found("E28", "E", {"labs": rows}) == ([("labs", line, "value")] if line else [])


@pytest.mark.parametrize("rows", [[lab("CREAT", "1", "mg/dL")], []])
def test_laboratory_values_without_leukocytes_have_no_parts_of_them(rows):
    assert found("E28", "E", {"labs": rows}) == []


def test_identical_laboratory_rows_are_kept_once_with_a_warning():
    row = lab("HGB", "12", "g/dL")
    assert judged("labs", [row, row, row]) == [("E27", "W", 3, None), ("E27", "W", 4, None)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"value": "12.1"}, [("E27", "E", 3, "value")]),
        ({"value": "12.0"}, [("E27", "W", 3, None)]),  # the same number
        ({"time": "08:00"}, []),
        ({"date": "1998-03-03"}, []),
        ({"sample": "capillary"}, []),
        ({"value": ""}, [("E04", "E", 3, "value")]),
        ({"value": "12,1"}, [("E04", "E", 3, "value")]),
    ],
)
def test_a_test_has_one_result_at_one_time(change, expected):
    row = lab("HGB", "12", "g/dL")
    assert judged("labs", [row, row | change]) == expected


@pytest.mark.parametrize("written", ["<0.5", "< 0.5"])
def test_a_value_below_the_limit_of_detection_is_read_as_the_limit(written):
    rows = [lab("CREAT", written, "mg/dL"), lab("CREAT", "0.5", "mg/dL", below_limit="N")]
    typed = type_rows("labs", rows)
    assert typed.frame["value"].tolist() == [0.5, 0.5]
    assert typed.frame["below_limit"].tolist() == ["Y", "N"]
    (finding,) = typed.findings
    assert finding[["rule", "severity", "line", "value"]].values.tolist() == [
        ["E29", "W", 2, written]
    ]


@pytest.mark.parametrize("written", [">0.5", "<", "<=0.5", "<low", "0.5<"])
def test_other_signs_beside_a_value_are_errors(written):
    assert judged("labs", [lab("CREAT", written, "mg/dL")]) == [("E04", "E", 2, "value")]


def test_a_study_may_have_smaller_people():
    tables = {"vitals": [DAY | {"weight_kg": "32.3", "height_cm": "160"}]}  # 1.198 m2
    wider = {"allowed": [1.1, 2.6], "reason": "measured so"}
    assert found("E20", "E", tables, body_surface_m2=wider) == []
    narrow = {"allowed": [1.1, 1.15], "reason": "made up"}
    assert found("E20", "E", tables, body_surface_m2=narrow) == [("vitals", 2, "weight_kg")]


@pytest.mark.parametrize(
    ("depend_on", "other", "wrong"),
    [
        ([], {"sex": "M", "birth_year": "1950"}, True),
        (["sex"], {"sex": "M", "birth_year": "1950"}, False),
        (["sex"], {"sex": "F", "birth_year": "1930"}, True),
        (["sex", "age"], {"sex": "F", "birth_year": "1930"}, False),
        (["sex", "age"], {"sex": "F", "birth_year": "1950"}, True),
    ],
)
def test_a_study_may_say_what_normal_ranges_depend_on(depend_on, other, wrong):
    first = {"subject_id": "P01", "site_id": "A", "sex": "F", "birth_year": "1950"}
    second = {"subject_id": "P02", "site_id": "A"} | other
    labs = [
        lab("ALT", "20", "U/L", uln="40"),
        lab("ALT", "20", "U/L", uln="45") | {"subject_id": "P02"},
    ]
    ranges = {"depend_on": depend_on, "reason": "made up"}
    tables = {"subjects": [first, second], "labs": labs}
    expected = [("labs", 3, "uln")] if wrong else []
    assert found("E26", "W", tables, normal_ranges=ranges) == expected
