"""Cells from text to types: what is read, what is not, and what is found."""

import pytest

from tests.unit.validation.small_cohort import judged, type_rows


def lab(**cells):
    return {"date": "1998-03-02", "test": "HGB", "value": "12", "unit": "g/dL"} | cells


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12.0), ("12.50", 12.5), (".5", 0.5), ("0.1", 0.1), ("1e2", 100.0), ("007", 7.0)],
)
def test_numbers_are_read_as_they_are_written(text, number):
    assert type_rows("labs", [lab(value=text)]).frame["value"].tolist() == [number]


@pytest.mark.parametrize(
    "text",
    ["1,5", "12 ", " 12", "1.2.3", "twelve", "1e999", "0x1F", "nan", "inf", "+5", "5.", "1_0"],
)
def test_what_is_not_a_number_is_an_error_and_missing(text):
    typed = type_rows("labs", [lab(value=text)])
    assert typed.frame["value"].isna().all()
    assert judged("labs", [lab(value=text)]) == [("E04", "E", 2, "value")]


def test_a_decimal_comma_is_named_as_such():
    typed = type_rows("labs", [lab(value="1,5"), lab(value="x")])
    assert ["decimal comma" in text for text in typed.findings[0]["message"]] == [True, False]
    assert typed.findings[0]["value"].tolist() == ["1,5", "x"]


@pytest.mark.parametrize(
    ("text", "whole"), [("0", True), ("12", True), ("12.0", False), ("-1", False)]
)
def test_whole_numbers_have_no_point(text, whole):
    row = {"diagnosis": "AML", "n_prior_lines": text}
    expected = [] if whole else [("E04", "E", 2, "n_prior_lines")]
    assert judged("disease", [row]) == expected


def test_nobody_is_told_to_write_a_decimal_point_where_a_whole_number_is_needed():
    rows = [{"n_prior_lines": "12.5"}, {"n_prior_lines": "12,5"}]
    messages = type_rows("disease", rows).findings[0]["message"].tolist()
    assert messages == ["n_prior_lines is not a whole number; write digits only."] * 2


@pytest.mark.parametrize(
    ("table", "row", "column", "least", "most"),
    [
        ("disease", {"diagnosis": "AML"}, "n_prior_lines", 0, 20),
        ("vitals", {"date": "1998-03-02"}, "ecog", 0, 5),
        ("vitals", {"date": "1998-03-02"}, "karnofsky", 0, 100),
    ],
)
def test_whole_numbers_lie_in_their_range(table, row, column, least, most):
    for number in (least, most):
        assert judged(table, [row | {column: str(number)}]) == []
    for number in (least - 1, most + 1):
        assert judged(table, [row | {column: str(number)}]) == [("E04", "E", 2, column)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1998-03-02", None),
        ("1998-03", "E54"),
        ("1998", "E54"),
        ("1998---02", "E54"),
        ("1998-02-31", "E06"),
        ("02/03/1998", "E06"),
    ],
)
def test_a_date_that_must_be_complete_is(text, rule):
    typed = type_rows("vitals", [{"date": text}])
    assert typed.frame["date"].isna().tolist() == [rule is not None]
    expected = [(rule, "E", 2, "date")] if rule else []
    assert judged("vitals", [{"date": text}]) == expected


def test_a_partial_date_stays_as_written_with_its_first_and_last_day():
    frame = type_rows("assessments", [{"date": "1998-02", "response": "CR"}, {"date": ""}]).frame
    assert frame["date"].tolist()[0] == "1998-02"
    assert str(frame["date_earliest"][0].date()) == "1998-02-01"
    assert str(frame["date_latest"][0].date()) == "1998-02-28"
    assert frame.loc[1, ["date", "date_earliest", "date_latest"]].isna().all()


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("08:00", True),
        ("23:59:59", True),
        ("24:00", False),
        ("8:00", False),
        ("08.00", False),
        ("", True),
    ],
)
def test_a_time_is_on_the_24_hour_clock(text, right):
    expected = [] if right else [("E04", "E", 2, "time")]
    assert judged("labs", [lab(time=text)]) == expected


def test_types_are_those_of_the_validated_tables():
    frame = type_rows("labs", [lab()]).frame
    assert str(frame["subject_id"].dtype) == "string"
    assert str(frame["value"].dtype) == "float64"
    assert str(frame["date"].dtype) == "datetime64[ns]"
    assert str(frame["src_line"].dtype) == "Int64"
    assert str(type_rows("ae", [{"ae_no": "1"}]).frame["ae_no"].dtype) == "Int64"
