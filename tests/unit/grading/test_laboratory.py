"""Laboratory grades of the WHO scale at each limit, just beside it, and where there is none. Grades
typed by hand from the scale."""

import numpy as np
import pandas as pd
import pytest

from graftline.grading import laboratory, reasons
from graftline.grading.files import read_scale, read_units
from graftline.grading.laboratory import grade_laboratory, grade_rows

UNITS = read_units("config/units.yaml")
WHO = read_scale("config/scales/who-1981.yaml", UNITS)

# Haemoglobin: limits 11.0, 9.5, 8.0, 6.5 g/dL; at a limit the value has the milder grade. 10.95,
# 9.46 and 7.95 lie in gaps of the printed ranges and have the higher grade.
HAEMOGLOBIN = [
    (12.3, 0), (11.0, 0), (10.99, 1), (10.95, 1), (9.5, 1), (9.49, 2), (9.46, 2), (8.0, 2),
    (7.99, 3), (7.95, 3), (6.5, 3), (6.49, 4), (2.0, 4),
]  # fmt: skip
# The limits times 0.6206, 4 decimals exactly: 6.8266, 5.8957, 4.9648, 4.0339 mmol/L.
HAEMOGLOBIN_MMOL = [
    (6.8266, 0), (6.8265, 1), (5.8957, 1), (5.8956, 2), (4.9648, 2), (4.9647, 3),
    (4.0339, 3), (4.0338, 4),
]  # fmt: skip
LEUCOCYTES = [
    (4.0, 0), (3.99, 1), (3.95, 1), (3.0, 1), (2.99, 2), (2.96, 2), (2.0, 2), (1.99, 3),
    (1.0, 3), (0.99, 4), (0, 4),
]  # fmt: skip
GRANULOCYTES = [(2.0, 0), (1.99, 1), (1.5, 1), (1.49, 2), (1.0, 2), (0.99, 3), (0.5, 3), (0.49, 4)]
PLATELETS = [
    (100, 0),
    (99, 1),
    (99.5, 1),
    (75, 1),
    (74.5, 2),
    (50, 2),
    (49, 3),
    (25, 3),
    (24, 4),
    (0, 4),
]
PROTEINURIA = [(0, 0), (0.01, 1), (2.99, 1), (3.0, 2), (10.0, 2), (10.01, 3), (60.0, 3)]
# Upper limit of normal 40: the limits are 50, 100, 200 and 400; at a limit the milder grade.
MULTIPLES_OF_40 = [
    (20, 0), (50, 0), (50.1, 1), (50.2, 1), (100, 1), (100.1, 2), (200, 2), (200.1, 3),
    (400, 3), (400.1, 4),
]  # fmt: skip
# 1.2 mg/dL: 1.5, 3.0, 6.0, 12.0, of which 1.25 * 1.2 and 2.5 * 1.2 are no exact floats.
MULTIPLES_OF_1_2 = [
    (1.5, 0), (1.51, 1), (3.0, 1), (3.01, 2), (6.0, 2), (6.01, 3), (12.0, 3), (12.01, 4),
]  # fmt: skip
# 35.2: 44, 88, 176, 352.
MULTIPLES_OF_35_2 = [
    (44, 0),
    (44.1, 1),
    (88, 1),
    (88.1, 2),
    (176, 2),
    (176.1, 3),
    (352, 3),
    (352.1, 4),
]

TABLES = [
    *[("HB", "g/dL", np.nan, value, grade) for value, grade in HAEMOGLOBIN],
    *[("HB", "g/L", np.nan, round(value * 10, 4), grade) for value, grade in HAEMOGLOBIN],
    *[("HB", "mmol/L", np.nan, value, grade) for value, grade in HAEMOGLOBIN_MMOL],
    *[
        (item, unit, np.nan, value * factor, grade)
        for item, cases in (("WBC", LEUCOCYTES), ("GRAN", GRANULOCYTES), ("PLT", PLATELETS))
        for unit, factor in (("10*3/uL", 1), ("10*9/L", 1), ("/uL", 1000))
        for value, grade in cases
    ],
    *[("PROTU", "g/L", np.nan, value, grade) for value, grade in PROTEINURIA],
    *[("PROTU", "g/dL", np.nan, value / 10, grade) for value, grade in PROTEINURIA],
    *[("PROTU", "mg/dL", np.nan, value * 100, grade) for value, grade in PROTEINURIA],
    *[
        (item, unit, 40.0, value, grade)
        for item, unit in (
            ("AST/ALT", "U/L"),
            ("ALP", "U/L"),
            ("UREA", "mg/dL"),
            ("UREA", "mmol/L"),
            ("BILI", "umol/L"),
            ("CREAT", "umol/L"),
        )
        for value, grade in MULTIPLES_OF_40
    ],
    *[
        (item, "mg/dL", 1.2, value, grade)
        for item in ("BILI", "CREAT")
        for value, grade in MULTIPLES_OF_1_2
    ],
    *[("AST/ALT", "U/L", 35.2, value, grade) for value, grade in MULTIPLES_OF_35_2],
]


def rows(unit, value, **columns):
    values = np.atleast_1d(np.asarray(value, dtype=float))
    frame = pd.DataFrame(
        {"value": values, "unit": pd.array([unit] * len(values), "string[pyarrow]")}
    )
    return frame.assign(**columns)


def grade(item, *args, rule="A", **columns):
    return grade_laboratory(WHO.items[item], rows(*args, **columns), UNITS, rule=rule)


def grades(*args, **columns):
    return grade(*args, **columns)["grade"].tolist()


def one(item, *args, **columns):
    """The only row that is graded, with None for what is missing."""
    row = grade(item, *args, **columns).iloc[0].to_dict()
    return {name: None if pd.isna(value) else value for name, value in row.items()}


def test_every_limit_of_the_scale_has_cases_in_the_table():
    tested = {(item, graded) for item, *_, graded in TABLES}
    wanted = {
        (item.code, grade.grade)
        for item in WHO.items.values()
        if item.kind == "laboratory"
        for grade in item.measured
    }
    assert wanted and wanted <= tested


@pytest.mark.parametrize(("item", "unit", "uln", "value", "expected"), TABLES)
def test_a_value_at_or_beside_a_limit_has_the_grade_of_the_scale(item, unit, uln, value, expected):
    graded = grade(item, unit, value, uln=uln)
    assert graded["grade"].tolist() == [expected]
    assert graded["reason"].isna().all()


def test_a_row_tells_the_limit_the_text_and_the_conversion():
    row = one("HB", "g/L", 94.0)
    assert (row["grade"], row["criterion"]) == (2, "8.0-9.4")
    assert (row["limit"], row["limit_unit"]) == (95, "g/L")
    assert (row["value_compared"], row["unit_compared"]) == (9.4, "g/dL")
    assert row["conversion"] == "x 0.1, g/L to g/dL"


def test_a_value_in_the_printed_unit_is_not_converted():
    row = one("HB", "g/dL", 9.4)
    assert (row["value_compared"], row["unit_compared"], row["conversion"]) == (9.4, "g/dL", None)


def test_a_multiple_of_a_range_is_compared_in_the_unit_of_the_row():
    row = one("CREAT", "umol/L", 176.8, uln=88.4)
    assert (row["grade"], row["limit"], row["limit_unit"]) == (1, 110.5, "umol/L")  # 1.25 x 88.4
    assert (row["unit_compared"], row["conversion"]) == ("umol/L", None)


def test_grade_0_tells_the_first_limit_that_was_not_reached():
    assert (one("HB", "g/dL", 12.0)["limit"], one("HB", "g/dL", 12.0)["criterion"]) == (
        11,
        ">=11.0",
    )
    assert one("BILI", "mg/dL", 0.4, uln=1.0)["limit"] == 1.25


def test_a_limit_in_another_unit_is_the_printed_one_converted_back():
    row = one("HB", "mmol/L", 5.0)  # 8.0567 g/dL: under 9.5 g/dL, which is 9.5 x 0.6206
    assert (row["grade"], row["limit"], row["limit_unit"]) == (2, 5.8957, "mmol/L")


def test_noise_under_the_ninth_decimal_does_not_change_a_grade_and_more_does():
    # 2.0 is grade 0; a value 1e-10 under it is 2.0 written by a computer, one 1e-8 under it is
    # lower.
    assert grades("GRAN", "10*3/uL", [2.0 - 1e-10, 2.0 - 1e-8]) == [0, 1]


@pytest.mark.parametrize(
    ("value", "uln", "reason"),
    [
        (np.nan, 1.0, reasons.VALUE_MISSING),
        (np.nan, np.nan, reasons.VALUE_MISSING),
        (np.inf, 1.0, reasons.VALUE_NOT_A_NUMBER),
        (0.5, np.nan, reasons.ULN_MISSING),
        (0.5, 0.0, reasons.RANGE_WRONG),
        (0.5, -1.0, reasons.RANGE_WRONG),
        (0.5, np.inf, reasons.RANGE_WRONG),
    ],
)
def test_what_cannot_be_graded_has_a_reason_and_not_grade_0(value, uln, reason):
    row = one("BILI", "mg/dL", value, uln=uln)
    assert (row["grade"], row["reason"]) == (None, reason)
    assert (row["criterion"], row["limit"], row["limit_unit"]) == (None, None, None)


def test_a_range_whose_lower_limit_is_above_the_upper_is_not_used():
    assert one("BILI", "mg/dL", 9.0, lln=1.2, uln=1.0)["reason"] == reasons.RANGE_WRONG
    assert one("BILI", "mg/dL", 9.0, lln=0.0, uln=1.0)["grade"] == 3  # nought is no upper limit
    assert one("BILI", "mg/dL", 9.0, lln=np.nan, uln=1.0)["grade"] == 3


def test_columns_that_a_table_does_not_have_are_missing():
    assert one("BILI", "mg/dL", 0.5)["reason"] == reasons.ULN_MISSING
    assert one("HB", "g/dL", 9.0)["grade"] == 2


def test_an_item_with_limits_of_its_own_needs_no_upper_limit_of_normal():
    assert grades("HB", "g/dL", 9.0, uln=0.0) == [2]


@pytest.mark.parametrize("unit", ["g", "mmol", "G/DL", "g / dL", "U/L", "%"])
def test_a_unit_that_is_not_the_analytes_gives_no_grade(unit):
    row = one("HB", unit, 9.0)
    assert (row["grade"], row["reason"]) == (None, reasons.UNIT_NOT_CONVERTIBLE)
    assert (row["value_compared"], row["unit_compared"], row["conversion"]) == (None, None, None)


@pytest.mark.parametrize("unit", [None, "", "  "])
def test_a_value_without_a_unit_has_no_grade_where_limits_are_printed_in_units(unit):
    assert one("HB", unit, 9.0)["reason"] == reasons.UNIT_MISSING
    assert one("HB", unit, 9.0)["grade"] is None


def test_a_multiple_of_a_range_needs_no_unit_but_a_wrong_one_is_still_wrong():
    assert one("AST/ALT", None, 90.0, uln=40.0)["grade"] == 1
    assert one("AST/ALT", None, 90.0, uln=40.0)["limit_unit"] is None
    assert one("AST/ALT", "mg/dL", 90.0, uln=40.0)["reason"] == reasons.UNIT_NOT_CONVERTIBLE


def test_a_missing_value_needs_no_unit():
    for unit in (None, "g/L"):
        row = one("HB", unit, np.nan)
        assert row["reason"] == reasons.VALUE_MISSING
        assert (row["unit_compared"], row["conversion"]) == (None, None)


def test_units_are_per_row():
    frame = rows("g/dL", [9.0, 90.0, 9.0, 90.0]).assign(unit=["g/dL", "g/L", "g/L", None])
    graded = grade_laboratory(WHO.items["HB"], frame.set_axis([7, 3, 9, 1]), UNITS)
    assert graded.index.tolist() == [7, 3, 9, 1]
    assert graded["grade"].tolist() == [2, 2, 4, pd.NA]  # 9.0 g/L is 0.9 g/dL


@pytest.mark.parametrize(
    ("item", "unit", "value", "uln", "expected", "reason"),
    [
        ("PLT", "10*3/uL", 10, np.nan, 4, None),  # under 10 is under 25
        ("PLT", "10*3/uL", 25, np.nan, 4, None),  # under 25 is grade 4, though 25 itself is 3
        # Under 30 is under 50, grade 3 at least, and may be under 25.
        ("PLT", "10*3/uL", 30, np.nan, 3, reasons.BELOW_ASSAY_LIMIT),
        ("PLT", "10*3/uL", 120, np.nan, None, reasons.BELOW_ASSAY_LIMIT),
        ("BILI", "mg/dL", 0.2, 1.0, 0, None),  # under 0.2 is under 1.25
        ("BILI", "mg/dL", 1.25, 1.0, 0, None),
        ("BILI", "mg/dL", 3.0, 1.0, None, reasons.BELOW_ASSAY_LIMIT),  # anything up to 2
        ("UREA", "mg/dL", 50, 40, 0, None),  # under the first limit
        ("PROTU", "g/L", 0.1, np.nan, None, reasons.BELOW_ASSAY_LIMIT),  # 0 or grade 1
    ],
)
def test_a_value_below_the_assays_limit_is_graded_as_far_as_it_goes(
    item, unit, value, uln, expected, reason
):
    for mark in ("Y", True):
        row = one(item, unit, value, uln=uln, below_limit=mark)
        assert (row["grade"], row["reason"]) == (expected, reason)
    assert one(item, unit, value, uln=uln, below_limit="N")["reason"] is None


@pytest.mark.parametrize(
    ("item", "unit", "value", "uln", "expected", "reason"),
    [
        ("BILI", "mg/dL", 20.0, 1.0, 4, None),  # over 20 is over 10
        ("BILI", "mg/dL", 10.0, 1.0, 4, None),  # over 10 is grade 4, though 10 itself is 3
        ("BILI", "mg/dL", 6.0, 1.0, 3, reasons.ABOVE_ASSAY_LIMIT),  # at least
        ("BILI", "mg/dL", 1.0, 1.0, None, reasons.ABOVE_ASSAY_LIMIT),
        ("PLT", "10*3/uL", 500, np.nan, 0, None),  # over 500 is not under 100
        ("PLT", "10*3/uL", 100, np.nan, 0, None),
        ("PLT", "10*3/uL", 60, np.nan, None, reasons.ABOVE_ASSAY_LIMIT),  # 2 or milder
        ("PROTU", "g/L", 3.0, np.nan, 2, reasons.ABOVE_ASSAY_LIMIT),
    ],
)
def test_a_value_above_the_assays_limit_is_graded_as_far_as_it_goes(
    item, unit, value, uln, expected, reason
):
    row = one(item, unit, value, uln=uln, above_limit="Y")
    assert (row["grade"], row["reason"]) == (expected, reason)


@pytest.mark.parametrize(
    ("item", "unit", "value", "rule_a", "rule_b"),
    [
        # The printed ranges leave gaps; rule B rounds half up to the decimals printed.
        ("HB", "g/dL", 10.95, 1, 0),
        ("HB", "g/dL", 10.94, 1, 1),
        ("HB", "g/dL", 9.46, 2, 1),
        ("HB", "g/dL", 7.95, 3, 2),
        ("HB", "g/L", 109.5, 1, 0),  # 10.95 g/dL
        ("WBC", "10*3/uL", 2.96, 2, 1),
        ("WBC", "/uL", 2960, 2, 1),
        ("PLT", "10*3/uL", 74.5, 2, 1),  # whole numbers are printed
        ("PLT", "10*3/uL", 74.4, 2, 2),
        ("PROTU", "g/dL", 0.25, 1, 2),  # tenths of g/dL are printed: 0.3
        ("HB", "g/dL", 10.9, 1, 1),
    ],
)
def test_rule_b_rounds_to_the_printed_decimals_first(item, unit, value, rule_a, rule_b):
    assert grades(item, unit, value) == [rule_a]
    assert grades(item, unit, value, rule="B") == [rule_b]


def test_rule_b_is_rule_a_where_no_limit_is_printed():
    assert grades("BILI", "mg/dL", 1.254, uln=1.0, rule="B") == [1]


def test_there_is_no_third_rule():
    with pytest.raises(ValueError, match="A or B"):
        grade("HB", "g/dL", 9.0, rule="C")


def test_types_are_the_same_whatever_is_in_the_table():
    for frame in (rows("g/dL", []), rows("g/dL", [9.0]), rows(None, [np.nan])):
        graded = grade_laboratory(WHO.items["HB"], frame, UNITS)
        assert graded.dtypes.astype(str).to_dict() == {
            "grade": "Int64",
            "reason": "category",
            "limit": "float64",
            "limit_unit": "category",
            "criterion": "category",
            "value_compared": "float64",
            "unit_compared": "category",
            "conversion": "category",
        }


def test_nullable_numbers_and_categories_are_read():
    frame = pd.DataFrame(
        {
            "value": pd.array([9.0, None], "Float64"),
            "unit": pd.Categorical(["g/dL", "g/dL"]),
            "below_limit": pd.array([False, None], "boolean"),
        }
    )
    assert grade_laboratory(WHO.items["HB"], frame, UNITS)["grade"].tolist() == [2, pd.NA]


def test_rows_of_several_items_have_the_grades_of_each_item():
    frame = rows("g/dL", [9.0, 3.0, 2.0, 9.0, 1.0]).assign(
        item=["HB", "BILI", "WBC", None, "CUTAN"],
        unit=["g/dL", "mg/dL", "10*9/L", "g/dL", "g/dL"],
        uln=[np.nan, 1.0, np.nan, np.nan, np.nan],
    )
    graded = grade_rows(WHO, frame, UNITS)
    assert graded["grade"].tolist() == [2, 2, 2, pd.NA, pd.NA]
    assert graded["criterion"].tolist()[:3] == ["8.0-9.4", "2.6-5", "2.0-2.9"]
    assert graded["limit"].tolist()[:3] == [9.5, 2.5, 3.0]
    assert graded["limit_unit"].tolist()[:3] == ["g/dL", "mg/dL", "10*9/L"]
    assert graded["conversion"].tolist()[2] == "x 1, 10*9/L to 10*3/uL"
    # A row of no item, and one of an item that is not measured, say nothing.
    assert graded["reason"].isna().all()


def test_rows_beyond_one_block_are_graded_as_those_in_it():
    values = np.tile([12.0, 10.0, 9.0, 7.0, 5.0, np.nan], 12_000)
    graded = grade("HB", "g/dL", values)["grade"]
    assert (graded.to_numpy().reshape(-1, 6)[:, :5] == [0, 1, 2, 3, 4]).all()
    assert graded.isna().sum() == 12_000


def test_the_size_of_the_blocks_decides_nothing(monkeypatch):
    frame = rows("g/dL", np.arange(40) / 3).assign(
        item=["HB", "BILI", None, "PROTU"] * 10, uln=[np.nan, 1.0, 1.0, 1.0] * 10
    )
    whole = grade_rows(WHO, frame, UNITS)
    assert whole["grade"].nunique() == 5
    monkeypatch.setattr(laboratory, "REACH", 7)
    monkeypatch.setattr(laboratory, "BLOCK", 2)
    pd.testing.assert_frame_equal(grade_rows(WHO, frame, UNITS), whole)
