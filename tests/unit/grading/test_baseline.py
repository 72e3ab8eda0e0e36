"""Criteria relative to ranges and to a baseline: met, not met, or unknown. A small scale with one
item for each kind of criterion; answers worked out by hand."""

import numpy as np
import pandas as pd
import pytest
import yaml

from graftline.grading import reasons
from graftline.grading.files import read_units
from graftline.grading.laboratory import grade_laboratory
from graftline.grading.scale import parse_scale

UNITS = read_units("config/units.yaml")

SCALE = parse_scale(
    yaml.safe_load("""
scale: small
label: Small
title: A small scale
reference: none
sources: {T: this test}
grades: [1, 2, 3]
items:
  Multiples by baseline:        # times ULN where the baseline was normal, else times baseline
    {label: a, kind: laboratory, verified: true, sources: [T], direction: high, analyte: lipase, grades: [
      {grade: 1, text: one, criteria: [
        {reached: above, relative_to: ULN, when: baseline_not_above_ULN},
        {reached: at_or_above, relative_to: baseline, factor: 1.5, when: baseline_above_ULN}]},
      {grade: 2, text: two, criteria: [
        {reached: above, relative_to: ULN, factor: 3, when: baseline_not_above_ULN},
        {reached: above, relative_to: baseline, factor: 3, when: baseline_above_ULN}]},
      {grade: 3, text: three}]}
  Either:                       # the worse of times ULN and times baseline
    {label: b, kind: laboratory, verified: true, sources: [T], direction: high, analyte: creatinine, grades: [
      {grade: 1, text: one, criteria: [
        {reached: above, relative_to: ULN}, {reached: above, relative_to: baseline}]},
      {grade: 2, text: two, criteria: [
        {reached: above, relative_to: ULN, factor: 2}, {reached: above, relative_to: baseline, factor: 2}]},
      {grade: 3, text: three, criteria: [{reached: above, relative_to: ULN, factor: 4}]}]}
  Both:                         # above ULN and above baseline
    {label: c, kind: laboratory, verified: true, sources: [T], direction: high, analyte: lipase, grades: [
      {grade: 1, text: one, criteria: [{reached: above, relative_to: [ULN, baseline]}]},
      {grade: 2, text: two}, {grade: 3, text: three}]}
  Increase:                     # so much above the larger of ULN and baseline
    {label: d, kind: laboratory, verified: true, sources: [T], direction: high, analyte: haemoglobin, grades: [
      {grade: 1, text: one, criteria: [{reached: above, relative_to: [ULN, baseline]}]},
      {grade: 2, text: two, criteria: [{reached: above, relative_to: [ULN, baseline], plus: {g/dL: 2}}]},
      {grade: 3, text: three, criteria: [{reached: above, relative_to: [ULN, baseline], plus: {g/dL: 4}}]}]}
  Decrease:                     # times LLN; a fall from baseline where the value is below LLN
    {label: e, kind: laboratory, verified: true, sources: [T], direction: low, analyte: fibrinogen, grades: [
      {grade: 1, text: one, criteria: [
        {reached: below, relative_to: LLN},
        {reached: below, relative_to: baseline, when: value_below_LLN}]},
      {grade: 2, text: two, criteria: [
        {reached: below, relative_to: LLN, factor: 0.75},
        {reached: at_or_below, relative_to: baseline, factor: 0.75, when: value_below_LLN}]},
      {grade: 3, text: three, criteria: [{reached: below, relative_to: absolute, limits: {mg/dL: 50}}]}]}
  Low baseline:                 # times baseline only where that was below LLN, or was not
    {label: f, kind: laboratory, verified: true, sources: [T], direction: high, analyte: creatinine, grades: [
      {grade: 1, text: one, criteria: [{reached: above, relative_to: baseline, when: baseline_below_LLN}]},
      {grade: 2, text: two, criteria: [{reached: above, relative_to: ULN, when: baseline_not_below_LLN}]},
      {grade: 3, text: three}]}
  Range and number:             # below LLN, then below numbers printed in two units
    {label: g, kind: laboratory, verified: true, sources: [T], direction: low, analyte: haemoglobin, grades: [
      {grade: 1, text: one, criteria: [{reached: below, relative_to: LLN}]},
      {grade: 2, text: two, criteria: [{reached: below, relative_to: absolute, limits: {g/dL: 10.0, mmol/L: 6.2}}]},
      {grade: 3, text: three, criteria: [{reached: below, relative_to: absolute, limits: {g/dL: 8.0, mmol/L: 4.9}}]}]}
  Ratio:                        # numbers without a unit
    {label: i, kind: laboratory, verified: true, sources: [T], direction: high, analyte: inr, grades: [
      {grade: 1, text: one, criteria: [{reached: above, relative_to: absolute, limits: {"1": 1.2}}]},
      {grade: 2, text: two}, {grade: 3, text: three}]}
  Assumed:                      # two grades of the same limits, parted by words
    {label: h, kind: laboratory, verified: true, sources: [T], direction: low, analyte: potassium, grades: [
      {grade: 1, text: one, criteria: [{reached: below, relative_to: LLN}]},
      {grade: 2, text: two, criteria: [{reached: below, relative_to: LLN, assumes: [symptomatic]}]},
      {grade: 3, text: three}]}
""")
)


def one(item, value, unit=None, rule="A", **columns):
    frame = pd.DataFrame({"value": [value], "unit": pd.array([unit], dtype="string[pyarrow]")})
    frame = frame.assign(**{name: [column] for name, column in columns.items()})
    row = grade_laboratory(SCALE.items[item], frame, UNITS, rule=rule).iloc[0].to_dict()
    return {name: None if pd.isna(found) else found for name, found in row.items()}


def outcome(*args, **columns):
    row = one(*args, **columns)
    return row["grade"], row["reason"]


NORMAL = {"uln": 40.0, "baseline": 30.0, "baseline_uln": 40.0}
HIGH = {"uln": 40.0, "baseline": 60.0, "baseline_uln": 40.0}


@pytest.mark.parametrize(
    ("value", "columns", "expected"),
    [
        (40.0, NORMAL, 0),
        (40.1, NORMAL, 1),
        (120.0, NORMAL, 1),
        (120.1, NORMAL, 2),
        (89.9, HIGH, 0),  # above 40, but not 1.5 x 60
        (90.0, HIGH, 1),  # at 1.5 x baseline is reached
        (180.0, HIGH, 1),
        (180.1, HIGH, 2),
        (41.0, NORMAL | {"baseline": 40.0}, 1),  # a baseline at ULN is normal
        (41.0, NORMAL | {"baseline": 40.1}, 0),
        # The baseline is abnormal by its own range, not by that of the row.
        (70.0, HIGH | {"baseline_uln": 65.0}, 1),
    ],
)
def test_a_rule_for_normal_and_one_for_abnormal_baselines(value, columns, expected):
    assert outcome("Multiples by baseline", value, "U/L", **columns) == (expected, None)


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ({"baseline": np.nan}, reasons.BASELINE_MISSING),
        ({"baseline_uln": np.nan}, reasons.BASELINE_RANGE_MISSING),
        ({"baseline_uln": 0.0}, reasons.RANGE_WRONG),
        ({"uln": np.nan}, reasons.ULN_MISSING),
        ({"baseline": np.nan, "uln": np.nan}, reasons.ULN_MISSING),
    ],
)
def test_without_what_the_rule_needs_there_is_no_grade(missing, reason):
    assert outcome("Multiples by baseline", 500.0, "U/L", **(NORMAL | missing)) == (None, reason)


def test_what_the_rule_does_not_need_may_be_missing():
    # By an abnormal baseline, ULN is not asked for; by a normal one, nothing but ULN.
    assert outcome("Multiples by baseline", 100.0, "U/L", **(HIGH | {"uln": np.nan})) == (1, None)


def test_a_grade_that_a_higher_one_may_lie_above_is_given_with_the_reason():
    known = {"uln": 1.0, "baseline": np.nan}
    assert outcome("Either", 1.5, "mg/dL", **known) == (1, reasons.BASELINE_MISSING)
    # Above the highest limit nothing is left to be known.
    assert outcome("Either", 4.1, "mg/dL", **known) == (3, None)
    # Grade 2 is reached; grade 3 has no arm by baseline.
    assert outcome("Either", 2.1, "mg/dL", **known) == (2, None)
    # Not above ULN, and the baseline may have been lower: grade 0 is not sure.
    assert outcome("Either", 0.9, "mg/dL", **known) == (None, reasons.BASELINE_MISSING)


def test_of_two_arms_the_worse_decides_and_tells_its_limit():
    row = one("Either", 1.5, "mg/dL", uln=1.0, baseline=0.6)
    assert (row["grade"], row["limit"], row["criterion"]) == (2, 1.2, "two")
    # Where both arms are met, the first that is printed: 2 x 1.0, and not 2 x 0.6.
    assert one("Either", 2.5, "mg/dL", uln=1.0, baseline=0.6)["limit"] == 2.0
    row = one("Either", 0.5, "mg/dL", uln=1.0, baseline=0.6)
    assert (row["grade"], row["limit"]) == (0, 0.6)  # the nearer of 0.6 and 1.0


@pytest.mark.parametrize(
    ("value", "uln", "baseline", "expected", "limit"),
    [
        (110, 120, 100, (0, None), 120),
        (130, 120, 150, (0, None), 150),
        (130, 120, 125, (1, None), 125),
        (130, 120, 100, (1, None), 120),
        (110, 120, np.nan, (0, None), 120),  # not above ULN: whatever the baseline
        (130, 120, np.nan, (None, reasons.BASELINE_MISSING), None),
        (90, np.nan, 100, (0, None), 100),
        (130, np.nan, 100, (None, reasons.ULN_MISSING), None),
        (130, np.nan, np.nan, (None, reasons.ULN_MISSING), None),
    ],
)
def test_a_list_of_ranges_must_all_be_passed(value, uln, baseline, expected, limit):
    row = one("Both", value, "U/L", uln=uln, baseline=baseline)
    assert ((row["grade"], row["reason"]), row["limit"]) == (expected, limit)


@pytest.mark.parametrize(
    ("unit", "values"),
    [
        ("g/dL", [15.9, 16.0, 16.1, 18.0, 18.1, 20.0, 20.1]),
        ("g/L", [159, 160, 161, 180, 181, 200, 201]),
    ],
)
def test_so_much_above_a_range_is_added_in_the_unit_of_the_row(unit, values):
    size = {"g/dL": 1, "g/L": 10}[unit]
    ranges = {"uln": 16.0 * size, "baseline": 14.0 * size}
    found = [one("Increase", float(value), unit, **ranges) for value in values]
    assert [row["grade"] for row in found] == [0, 0, 1, 1, 2, 2, 3]
    assert found[4]["limit"] == 18 * size
    higher = {"uln": 16.0 * size, "baseline": 17.0 * size}
    assert outcome("Increase", 18.5 * size, unit, **higher) == (1, None)
    assert outcome("Increase", 19.1 * size, unit, **higher) == (2, None)


def test_an_increase_in_moles_is_converted():
    # ULN 9.9 mmol/L is 15.9523 g/dL; 2 g/dL more are 1.2412 mmol/L: 11.1412.
    ranges = {"uln": 9.9, "baseline": 8.0}
    assert outcome("Increase", 11.141, "mmol/L", **ranges) == (1, None)
    row = one("Increase", 11.142, "mmol/L", **ranges)
    assert (row["grade"], round(row["limit"], 4)) == (2, 11.1412)
    assert row["conversion"] == "x 1.61134, mmol/L to g/dL"


def test_an_increase_needs_a_unit():
    known = {"uln": 16.0, "baseline": 14.0}
    assert outcome("Increase", 17.0, None, **known) == (None, reasons.UNIT_MISSING)


@pytest.mark.parametrize(
    ("value", "lln", "baseline", "expected"),
    [
        (2.1, 2.0, 4.0, (0, None)),  # half the baseline, but normal
        (2.0, 2.0, 4.0, (0, None)),
        (1.9, 2.0, 2.1, (1, None)),
        (1.9, 2.0, 4.0, (2, None)),  # below LLN and fallen by more than a quarter
        (1.9, 2.0, np.nan, (1, reasons.BASELINE_MISSING)),
        (2.1, 2.0, np.nan, (0, None)),  # normal: the baseline is not asked for
        (1.4, 2.0, np.nan, (2, None)),  # below 0.75 x LLN
        (1.5, 1.9, 2.0, (2, None)),  # a fall by a quarter exactly is reached
        (1.51, 1.9, 2.0, (1, None)),
        (1.9, np.nan, 4.0, (None, reasons.LLN_MISSING)),
        (0.49, np.nan, np.nan, (3, None)),  # g/L: under 50 mg/dL
        (0.5, 2.0, 2.0, (2, None)),
    ],
)
def test_a_fall_from_baseline_counts_where_the_value_is_below_the_range(
    value, lln, baseline, expected
):
    assert outcome("Decrease", value, "g/L", lln=lln, baseline=baseline) == expected


def test_a_condition_on_a_value_under_the_assays_limit_may_be_unknown():
    known = {"lln": 2.0, "baseline": 4.0, "below_limit": "Y"}
    # Under 2.0 is under LLN and half the baseline; it may be under 50 mg/dL.
    assert outcome("Decrease", 2.0, "g/L", **known) == (2, reasons.BELOW_ASSAY_LIMIT)
    assert outcome("Decrease", 0.4, "g/L", **known) == (3, None)
    assert outcome("Decrease", 2.5, "g/L", **known) == (None, reasons.BELOW_ASSAY_LIMIT)


@pytest.mark.parametrize(
    ("value", "baseline", "baseline_lln", "expected"),
    [
        (0.5, 0.4, 0.6, (1, None)),  # above a baseline that was below its LLN
        (0.5, 0.6, 0.6, (0, None)),  # a baseline at LLN is not below it
        (1.5, 0.4, 0.6, (1, None)),
        (1.5, 0.6, 0.6, (2, None)),
        (1.5, 0.6, np.nan, (None, reasons.BASELINE_RANGE_MISSING)),
        (1.5, np.nan, 0.6, (None, reasons.BASELINE_MISSING)),
    ],
)
def test_conditions_on_a_low_baseline(value, baseline, baseline_lln, expected):
    found = outcome(
        "Low baseline", value, "mg/dL", uln=1.0, baseline=baseline, baseline_lln=baseline_lln
    )
    assert found == expected


def test_on_the_normal_range_the_baseline_counts_as_normal_and_is_not_compared():
    before = {"on_normal_range": True}
    # 60 is above ULN 40: grade 1, although it is its own baseline, or there is none.
    for columns in (HIGH, HIGH | {"baseline": np.nan, "baseline_uln": np.nan}):
        assert outcome("Multiples by baseline", 60.0, "U/L", **columns, **before) == (1, None)
    assert outcome("Either", 1.5, "mg/dL", uln=1.0, baseline=0.5, **before) == (1, None)
    assert outcome("Either", 0.9, "mg/dL", uln=1.0, baseline=0.5, **before) == (0, None)
    assert outcome("Both", 130.0, "U/L", uln=120.0, baseline=130.0, **before) == (1, None)
    assert outcome("Both", 110.0, "U/L", uln=120.0, baseline=np.nan, **before) == (0, None)
    assert outcome("Low baseline", 0.5, "mg/dL", uln=1.0, **before) == (0, None)
    assert outcome("Low baseline", 1.1, "mg/dL", uln=1.0, **before) == (2, None)


def test_only_the_marked_rows_are_graded_on_the_normal_range():
    frame = pd.DataFrame({"value": [60.0, 60.0], "unit": ["U/L", "U/L"]})
    frame = frame.assign(**HIGH, on_normal_range=[True, False])
    graded = grade_laboratory(SCALE.items["Multiples by baseline"], frame, UNITS)
    assert graded["grade"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("value", "unit", "lln", "expected"),
    [
        (13.0, "g/dL", 12.0, (0, None)),
        (11.0, "g/dL", 12.0, (1, None)),
        (11.0, "g/dL", np.nan, (None, reasons.LLN_MISSING)),
        (9.9, "g/dL", np.nan, (2, None)),  # the numbers need no range
        (9.9, "g/dL", 9.0, (2, None)),  # nor are they milder where the range is lower
        (7.9, "g/dL", np.nan, (3, None)),
        # Each unit has the limit that is printed in it: 6.2 mmol/L are 9.99 g/dL.
        (6.2, "mmol/L", 7.4, (1, None)),
        (6.19, "mmol/L", 7.4, (2, None)),
        (99.9, "g/L", 120.0, (2, None)),  # compared with 10.0 g/dL
        (100.0, "g/L", 120.0, (1, None)),
    ],
)
def test_a_range_for_the_mildest_grade_and_printed_numbers_for_the_others(
    value, unit, lln, expected
):
    assert outcome("Range and number", value, unit, lln=lln) == expected


def test_what_words_alone_part_has_the_higher_grade():
    assert outcome("Assumed", 3.4, "mmol/L", lln=3.5) == (2, None)
    assert outcome("Assumed", 3.5, "mmol/L", lln=3.5) == (0, None)


def test_grade_0_of_a_scale_that_does_not_list_it_has_no_text():
    row = one("Assumed", 4.0, "mmol/L", lln=3.5)
    assert (row["grade"], row["criterion"], row["limit"]) == (0, None, 3.5)


def test_the_limit_of_grade_0_is_that_of_the_rule_which_holds_for_the_row():
    assert one("Multiples by baseline", 70.0, "U/L", **HIGH)["limit"] == 90
    assert one("Multiples by baseline", 30.0, "U/L", **NORMAL)["limit"] == 40


def test_the_range_of_the_baseline_is_checked_apart_from_that_of_the_row():
    crossed = {"baseline_lln": 50.0}  # above its upper limit of 40
    known = NORMAL | {"lln": 10.0}
    assert outcome("Multiples by baseline", 50.0, "U/L", **known) == (1, None)
    assert outcome("Multiples by baseline", 50.0, "U/L", **known, **crossed) == (
        None,
        reasons.RANGE_WRONG,
    )
    # An equal lower and upper limit are no mistake.
    assert outcome("Multiples by baseline", 50.0, "U/L", **(known | {"lln": 40.0})) == (1, None)


@pytest.mark.parametrize(("unit", "size"), [("g/dL", 1), ("g/L", 10)])
def test_by_rule_b_the_rounded_value_is_compared_with_ranges_too(unit, size):
    # 11.96 g/dL is 12.0 in the decimals that are printed: not below a LLN of 12.0.
    for value, by_a, by_b in ((11.96, 1, 0), (11.94, 1, 1), (9.96, 2, 1)):
        grades = [
            one("Range and number", value * size, unit, rule=rule, lln=12.0 * size)["grade"]
            for rule in "AB"
        ]
        assert grades == [by_a, by_b]


@pytest.mark.parametrize("unit", ["1", "ratio", "INR", None, " "])
def test_numbers_without_a_dimension_need_no_unit(unit):
    row = one("Ratio", 1.3, unit)
    assert (row["grade"], row["limit"], row["unit_compared"]) == (1, 1.2, "1")
    assert outcome("Ratio", 1.2, unit) == (0, None)
    assert outcome("Ratio", 1.3, "%") == (None, reasons.UNIT_NOT_CONVERTIBLE)
