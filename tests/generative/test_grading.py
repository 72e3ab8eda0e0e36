"""Whatever the value, its range and its baseline: exactly one grade, no milder as it worsens, the
same in any unit, and never more than what is missing allows. For every item of every scale."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graftline.grading.differences import printed_differences
from graftline.grading.fever import grade_temperatures
from graftline.grading.files import read_scale, read_units
from graftline.grading.laboratory import grade_laboratory, grade_rows

UNITS = read_units("config/units.yaml")
FILES = sorted(Path("config/scales").glob("*.yaml"))
SCALES = {file.stem: read_scale(file, UNITS) for file in FILES}
WHO = SCALES["who-1981"]
NAMES = sorted(SCALES)
FEW = settings(derandomize=True, max_examples=12, deadline=None)
SMALL = settings(derandomize=True, max_examples=100, deadline=None)
NUMBERS = ["value", "lln", "uln", "baseline", "baseline_lln", "baseline_uln"]


def measured(name):
    return [item for item in SCALES[name].items.values() if item.kind == "laboratory"]


def unit_of(item):
    return (item.printed_units or UNITS.analytes[item.analyte].units)[0]


def size_of(item):
    """A number in the item's first unit that its values are near."""
    limits = [max(c.limits.values()) for c in item.criteria if unit_of(item) in c.limits]
    return limits[0] if limits else 16.0


def thresholds(item, ranges):
    """The numbers at which the item's grades may begin for one row."""
    for criterion in item.criteria:
        if criterion.absolute:
            yield criterion.limits[unit_of(item)]
            continue
        for name in criterion.relative_to:
            yield criterion.factor * ranges[name.lower()] + criterion.plus.get(unit_of(item), 0)


# Ranges and baselines are parts of the item's size, in hundredths; a value is a threshold and so
# many thousandths of it, or a part of the size in thousandths.
PARTS = st.tuples(
    st.integers(20, 90),  # lln
    st.integers(0, 120),  # uln - lln
    st.integers(5, 400),  # baseline
    st.integers(20, 90),  # lln of the baseline
    st.integers(0, 120),
    st.one_of(
        st.tuples(st.integers(0, 30), st.sampled_from([-100, -1, 0, 1, 100])), st.integers(0, 6000)
    ),
)
ROWS = st.lists(PARTS, min_size=4, max_size=12)


def row_of(item, part):
    """One row of the item, in its first unit, with four decimals."""
    lln, width, baseline, baseline_lln, baseline_width, pick = part
    size = size_of(item)
    found = {
        "lln": lln / 100 * size,
        "uln": (lln + width) / 100 * size,
        "baseline": baseline / 100 * size,
        "baseline_lln": baseline_lln / 100 * size,
        "baseline_uln": (baseline_lln + baseline_width) / 100 * size,
    }
    found = {name: round(number, 4) for name, number in found.items()}
    if isinstance(pick, tuple):
        limits = sorted(set(thresholds(item, found)))
        limit = limits[pick[0] % len(limits)]
        value = limit * (1 + pick[1] / 1000)
    else:
        value = pick / 1000 * size
    return found | {"value": round(value, 6), "unit": unit_of(item), "item": item.code}


def table(items, parts):
    return pd.DataFrame([row_of(item, part) for item in items for part in parts])


def grade(name, frame, **options):
    return grade_rows(SCALES[name], frame, UNITS, **options)


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(parts=ROWS)
def test_every_known_value_has_exactly_one_grade_of_the_scale(name, parts):
    graded = grade(name, table(measured(name), parts))
    assert graded["reason"].isna().all()
    assert set(graded["grade"].tolist()) <= {0, *SCALES[name].grades}
    assert graded["limit"].notna().all()


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(parts=ROWS, first=PARTS)
def test_grades_never_fall_as_the_value_worsens(name, parts, first):
    frames = []
    for item in measured(name):
        frame = table([item], parts)
        frame[NUMBERS[1:]] = [row_of(item, first)[column] for column in NUMBERS[1:]]
        frames.append(frame.sort_values("value", ascending=item.direction == "high"))
    frame = pd.concat(frames, ignore_index=True)
    graded = grade(name, frame)["grade"].groupby(frame["item"])
    assert graded.apply(lambda grades: grades.is_monotonic_increasing).all()


def in_a_listed_interval(item, frame):
    """Which values lie where the printed limits of two units differ."""
    found = np.zeros(len(frame), bool)
    for one in printed_differences(item, UNITS):
        factor = UNITS.factor(item.analyte, unit_of(item), one.unit)
        values = frame["value"] * factor
        margin = 1e-9 * max(1, abs(one.high))
        found |= ((values >= one.low - margin) & (values <= one.high + margin)).to_numpy()
    return found


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(parts=ROWS)
def test_the_unit_changes_no_grade_outside_the_listed_intervals(name, parts):
    frames = []
    for item in measured(name):
        frame = table([item], parts)
        frame["listed"] = in_a_listed_interval(item, frame)
        frame["row"] = np.arange(len(frame))
        for unit in UNITS.analytes[item.analyte].units:
            factor = UNITS.factor(item.analyte, unit_of(item), unit)
            if factor is None:
                continue
            other = frame.assign(unit=unit, **{c: frame[c] * factor for c in NUMBERS})
            # Compared with the same printed numbers, whatever the intervals.
            target = UNITS.convert(item.analyte, unit, item.printed_units).target
            other["listed"] &= target != unit_of(item)
            frames.append(other)
    frame = pd.concat(frames, ignore_index=True)
    frame["grade"] = grade(name, frame)["grade"]
    own = frame[frame["unit"] == frame["item"].map({i.code: unit_of(i) for i in measured(name)})]
    both = frame.merge(own[["item", "row", "grade"]], on=["item", "row"], suffixes=("", "_own"))
    different = both[(both["grade"] != both["grade_own"]) & ~both["listed"]]
    assert different.empty, different[["item", "value", "unit", "grade", "grade_own"]]


@pytest.mark.parametrize("name", NAMES)
def test_inside_the_listed_intervals_the_unit_does_change_the_grade(name):
    for item in measured(name):
        for one in printed_differences(item, UNITS):
            frame = pd.DataFrame(
                {
                    "value": [(one.low + one.high) / 2, (one.low_other + one.high_other) / 2],
                    "unit": [one.unit, one.other],
                    # A range that no grade is reached by.
                    "lln": 1e-6,
                    "uln": 1e6,
                }
            )
            grades = grade_laboratory(item, frame, UNITS)["grade"].tolist()
            assert grades == [one.grade_in_unit, one.grade_in_other]


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(counts=st.lists(st.integers(0, 120_000_000), min_size=2, max_size=30))
def test_counts_in_cells_and_in_thousands_have_the_same_grade(name, counts):
    # Counts in cells per litre, thousands of them: written in three units, as a decimal text.
    cells = np.array(counts) / 1000
    for item in measured(name):
        if "/uL" not in UNITS.analytes[item.analyte].units:
            continue
        grades = [
            grade_laboratory(
                item,
                pd.DataFrame({"value": [float(f"{cell:.9f}") for cell in values], "unit": unit})
                .assign(lln=lln, uln=1e9),
                UNITS,
            )["grade"].tolist()
            for unit, values, lln in (
                ("/uL", cells, 1500),
                ("10*9/L", cells / 1000, 1.5),
                ("10*3/uL", cells / 1000, 1.5),
            )
        ]  # fmt: skip
        assert grades[0] == grades[1] == grades[2], item.code


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(parts=ROWS, missing=st.sets(st.sampled_from(NUMBERS[1:]), min_size=1))
def test_what_is_missing_is_said_and_never_raises_a_grade(name, parts, missing):
    frame = table(measured(name), parts)
    whole = grade(name, frame)["grade"]
    graded = grade(name, frame.assign(**dict.fromkeys(missing, np.nan)))
    said = graded["reason"].notna()
    # Without a reason the grade is sure: it is that of the whole row.
    assert (graded["grade"][~said] == whole[~said]).all()
    # With a reason it is the least that it can be, and not 0.
    least = graded["grade"][said].dropna()
    assert (least <= whole[least.index]).all()
    assert (least > 0).all()


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(parts=ROWS, part_of=st.integers(1, 999))
def test_under_and_over_the_assays_limit_hold_for_any_true_value(name, parts, part_of):
    frame = table(measured(name), parts)
    for mark, size in (("below_limit", part_of / 1000), ("above_limit", 1 + part_of / 100)):
        true = frame.assign(value=frame["value"] * size)
        frame = frame[true["value"] != frame["value"]]
        whole = grade(name, true.loc[frame.index])["grade"]
        graded = grade(name, frame.assign(**{mark: "Y"}))
        said = graded["reason"].notna()
        assert (graded["grade"][~said] == whole[~said]).all()
        least = graded["grade"][said].dropna()
        assert (least <= whole[least.index]).all()


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(parts=ROWS)
def test_on_the_normal_range_no_baseline_changes_a_grade(name, parts):
    frame = table(measured(name), parts).assign(on_normal_range=True)
    with_baseline = grade(name, frame)["grade"]
    without = grade(name, frame.drop(columns=["baseline", "baseline_lln", "baseline_uln"]))
    assert (without["grade"] == with_baseline).all()


@FEW
@given(parts=ROWS)
def test_rows_of_many_items_have_the_grades_of_each_item_alone(parts):
    frame = table(measured("ctcae-5.0"), parts).sample(frac=1, random_state=1)
    together = grade("ctcae-5.0", frame)
    for code, rows in frame.groupby("item"):
        alone = grade_laboratory(SCALES["ctcae-5.0"].items[code], rows, UNITS)
        for column in alone:
            found = together.loc[rows.index, column].astype(object)
            pd.testing.assert_series_equal(found, alone[column].astype(object))


@pytest.mark.parametrize("code", ["HB", "WBC", "GRAN", "PLT"])
@SMALL
@given(values=st.lists(st.integers(0, 120_000).map(lambda n: n / 1000), min_size=2, max_size=30))
def test_rule_b_is_milder_by_one_grade_at_most_and_only_between_printed_numbers(code, values):
    item = WHO.items[code]
    frame = pd.DataFrame({"value": values, "unit": unit_of(item)})
    by_a, by_b = (
        grade_laboratory(item, frame, UNITS, rule=rule)["grade"].to_numpy(int) for rule in "AB"
    )
    assert set(by_a - by_b) <= {0, 1}
    step = 1 if code == "PLT" else 10
    printed = np.isclose(frame["value"] * step, np.round(frame["value"] * step))
    assert (by_a == by_b)[printed].all()


@SMALL
@given(
    limit=st.integers(1, 100_000).map(lambda n: n / 100), factor=st.sampled_from([1.25, 2.5, 5, 10])
)
def test_a_value_of_a_multiple_of_normal_exactly_has_the_milder_grade(limit, factor):
    # The decimal product as text, as a laboratory would write it: never above its own limit.
    value = float(f"{round(limit * 100) * round(factor * 100) / 10000:.6f}")
    milder = {1.25: 0, 2.5: 1, 5: 2, 10: 3}[factor]
    frame = pd.DataFrame({"value": [value, value + 0.001], "unit": "mg/dL", "uln": limit})
    grades = grade_laboratory(WHO.items["BILI"], frame, UNITS)["grade"]
    assert grades.tolist() == [milder, milder + 1]


@SMALL
@given(temperatures=st.lists(st.integers(330, 430).map(lambda n: n / 10), min_size=1, max_size=30))
def test_temperature_alone_never_has_grade_4_and_with_low_pressure_a_fever_always_has(temperatures):
    series = pd.Series(temperatures, dtype=float)
    no, yes = pd.Series(False, series.index), pd.Series(True, series.index)
    alone = grade_temperatures(WHO.fever_item, series, no, {})["grade"]
    with_low = grade_temperatures(WHO.fever_item, series, yes, {})["grade"]
    assert alone.max() <= 3
    assert (with_low == 4).all()
