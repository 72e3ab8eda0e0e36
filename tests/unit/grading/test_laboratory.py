"""Laboratory grades at each limit, just beside it, and where there is none. Grades typed by hand
from the scale."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from graftline.errors import GraftlineError
from graftline.grading.laboratory import (
    BELOW_ASSAY,
    RANGE_MISSING,
    RANGE_WRONG,
    VALUE_MISSING,
    grade_laboratory,
)
from graftline.grading.scale import parse_scale

WHO = parse_scale(yaml.safe_load(Path("config/scales/who-1981.yaml").read_text(encoding="utf-8")))

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
    *[("HB", "HGB", "g/dL", np.nan, value, grade) for value, grade in HAEMOGLOBIN],
    *[("HB", "HGB", "g/L", np.nan, round(value * 10, 4), grade) for value, grade in HAEMOGLOBIN],
    *[("HB", "HGB", "mmol/L", np.nan, value, grade) for value, grade in HAEMOGLOBIN_MMOL],
    *[
        (item, test, unit, np.nan, value * factor, grade)
        for item, test, cases in (
            ("WBC", "WBC", LEUCOCYTES),
            ("GRAN", "NEUT", GRANULOCYTES),
            ("PLT", "PLAT", PLATELETS),
        )
        for unit, factor in (("10*3/uL", 1), ("10*9/L", 1), ("/uL", 1000))
        for value, grade in cases
    ],
    *[("PROTU", "UPROT", "g/L", np.nan, value, grade) for value, grade in PROTEINURIA],
    *[("PROTU", "UPROT", "g/dL", np.nan, value / 10, grade) for value, grade in PROTEINURIA],
    *[
        (item, test, unit, 40.0, value, grade)
        for item, test, unit in (
            ("AST/ALT", "ALT", "U/L"),
            ("AST/ALT", "AST", "U/L"),
            ("ALP", "ALP", "U/L"),
            ("UREA", "BUN", "mg/dL"),
            ("UREA", "BUN", "mmol/L"),
            ("BILI", "BILI", "umol/L"),
            ("CREAT", "CREAT", "umol/L"),
        )
        for value, grade in MULTIPLES_OF_40
    ],
    *[
        (item, item, "mg/dL", 1.2, value, grade)
        for item in ("BILI", "CREAT")
        for value, grade in MULTIPLES_OF_1_2
    ],
    *[("AST/ALT", "ALT", "U/L", 35.2, value, grade) for value, grade in MULTIPLES_OF_35_2],
]


def rows(test, unit, value, uln=np.nan, below_limit="N"):
    values = np.atleast_1d(np.asarray(value, dtype=float))
    return pd.DataFrame(
        {
            "test": pd.array([test] * len(values), dtype="string[pyarrow]"),
            "unit": pd.array([unit] * len(values), dtype="string[pyarrow]"),
            "value": values,
            "uln": uln,
            "below_limit": pd.array([below_limit] * len(values), dtype="string[pyarrow]"),
            "src_file": "labs.csv",
            "src_line": range(2, len(values) + 2),
        }
    )


def grade(item, *args, **options):
    return grade_laboratory(WHO.items[item], rows(*args, **options))


def test_every_limit_of_the_scale_has_cases_in_the_table():
    tested = {(item, graded) for item, *_, graded in TABLES}
    wanted = {
        (item.code, grade.grade)
        for item in WHO.items.values()
        if item.kind == "laboratory"
        for grade in item.limits
    }
    assert wanted <= tested


@pytest.mark.parametrize(("item", "test", "unit", "uln", "value", "expected"), TABLES)
def test_a_value_at_or_beside_a_limit_has_the_grade_of_the_scale(
    item, test, unit, uln, value, expected
):
    graded = grade(item, test, unit, value, uln=uln)
    assert graded["grade"].tolist() == [expected]
    assert graded["reason"].isna().all()


def test_a_value_is_recorded_in_the_unit_of_the_item():
    graded = grade("HB", "HGB", "g/L", 94.0)
    assert (graded["value"].tolist(), graded["unit"].tolist()) == ([9.4], ["g/dL"])
    graded = grade("CREAT", "CREAT", "umol/L", 176.8, uln=88.4)
    assert (graded["value"].tolist(), graded["uln"].tolist()) == ([2.0], [1.0])
    assert graded["unit"].tolist() == ["mg/dL"]


def test_noise_under_the_ninth_decimal_does_not_change_a_grade_and_more_does():
    # 2.0 is grade 0; a value 1e-10 under it is 2.0 written by a computer, one 1e-8 under it is
    # lower.
    assert grade("GRAN", "NEUT", "10*3/uL", [2.0 - 1e-10, 2.0 - 1e-8])["grade"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("value", "uln", "reason"),
    [
        (np.nan, 1.0, VALUE_MISSING),
        (np.nan, np.nan, VALUE_MISSING),
        (0.5, np.nan, RANGE_MISSING),
        (0.5, 0.0, RANGE_WRONG),
        (0.5, -1.0, RANGE_WRONG),
    ],
)
def test_what_cannot_be_graded_has_a_reason_and_not_grade_0(value, uln, reason):
    graded = grade("BILI", "BILI", "mg/dL", value, uln=uln)
    assert graded["grade"].isna().all()
    assert graded["reason"].tolist() == [reason]


def test_an_item_with_limits_of_its_own_needs_no_upper_limit_of_normal():
    assert grade("HB", "HGB", "g/dL", 9.0, uln=0.0)["grade"].tolist() == [2]


@pytest.mark.parametrize("unit", ["mg/L", None])
def test_a_unit_that_the_scale_cannot_convert_stops_with_file_and_line(unit):
    with pytest.raises(GraftlineError, match=r"labs\.csv, line 2, column unit: the unit of HGB"):
        grade("HB", "HGB", unit, [110.0, 90.0])


def test_a_missing_value_needs_no_unit():
    assert grade("HB", "HGB", None, np.nan)["reason"].tolist() == [VALUE_MISSING]


@pytest.mark.parametrize(
    ("item", "test", "unit", "value", "uln", "expected"),
    [
        ("PLT", "PLAT", "10*3/uL", 10, np.nan, 4),  # under 10 is under 25
        ("PLT", "PLAT", "10*3/uL", 25, np.nan, 4),  # under 25 is grade 4, though 25 itself is 3
        ("PLT", "PLAT", "10*3/uL", 30, np.nan, None),  # under 30 may be 3 or 4
        ("BILI", "BILI", "mg/dL", 0.2, 1.0, 0),  # under 0.2 is under 1.25
        ("BILI", "BILI", "mg/dL", 3.0, 1.0, None),  # under 3.0 may be anything up to 2
        ("UREA", "BUN", "mg/dL", 50, 40, 0),  # under the first limit
    ],
)
def test_a_value_below_the_assays_limit_is_graded_only_where_one_grade_is_possible(
    item, test, unit, value, uln, expected
):
    graded = grade(item, test, unit, value, uln=uln, below_limit="Y")
    if expected is None:
        assert graded["grade"].isna().all()
        assert graded["reason"].tolist() == [BELOW_ASSAY]
    else:
        assert graded["grade"].tolist() == [expected]
