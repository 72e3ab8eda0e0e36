"""Where limits printed in two units differ: the intervals, worked out from the printed numbers."""

import pytest

from graftline.grading.differences import printed_differences
from graftline.grading.files import read_scale, read_units

UNITS = read_units("config/units.yaml")
WHO = read_scale("config/scales/who-1981.yaml", UNITS)
CTCAE = read_scale("config/scales/ctcae-5.0.yaml", UNITS)


def found(item):
    return [
        (
            one.unit,
            one.other,
            ("[" if one.includes_low else "(") + ("]" if one.includes_high else ")"),
            pytest.approx(one.low),
            pytest.approx(one.high),
            one.grade_in_unit,
            one.grade_in_other,
        )
        for one in printed_differences(item, UNITS)
    ]


def test_falling_limits_of_glucose():
    # Printed: <55, <40, <30 mg/dL and <3.0, <2.2, <1.7 mmol/L; 1 mmol/L is 18.016 mg/dL, so that
    # these are 54.048, 39.6352 and 30.6272 mg/dL. At the lower end a value is not below it.
    assert found(CTCAE.items["Hypoglycemia"]) == [
        ("mg/dL", "mmol/L", "[)", 30, 1.7 * 18.016, 3, 4),
        ("mg/dL", "mmol/L", "[)", 2.2 * 18.016, 40, 3, 2),
        ("mg/dL", "mmol/L", "[)", 3.0 * 18.016, 55, 2, 0),
    ]


def test_rising_limits_of_cholesterol():
    # Printed: >300, >400, >500 mg/dL and >7.75, >10.34, >12.92 mmol/L; 38.67 mg/dL a mmol/L. A
    # value at the lower end is not above it, one at the upper end is still not above that.
    assert found(CTCAE.items["Cholesterol high"]) == [
        ("mg/dL", "mmol/L", "(]", 7.75 * 38.67, 300, 0, 2),
        ("mg/dL", "mmol/L", "(]", 10.34 * 38.67, 400, 2, 3),
        ("mg/dL", "mmol/L", "(]", 12.92 * 38.67, 500, 3, 4),
    ]


def test_units_that_differ_by_a_power_of_ten_do_not_differ():
    pairs = {(one.unit, one.other) for one in printed_differences(CTCAE.items["Anemia"], UNITS)}
    assert pairs == {("g/dL", "mmol/L"), ("mmol/L", "g/L")}
    for item in (WHO.items["PROTU"], CTCAE.items["Neutrophil count decreased"]):
        assert printed_differences(item, UNITS) == []


def test_the_interval_is_given_in_both_units():
    one = printed_differences(CTCAE.items["Hypoglycemia"], UNITS)[2]
    assert one.low_other == 3.0
    assert one.high_other == pytest.approx(55 / 18.016)
    assert one.grade == 2


@pytest.mark.parametrize("item", [WHO.items["HB"], WHO.items["BILI"], WHO.items["CUTAN"]])
def test_one_printed_unit_or_none_has_nothing_to_differ_from(item):
    assert printed_differences(item, UNITS) == []
