"""Whatever the value: exactly one grade, no milder as it worsens, and the same in any unit."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from graftline.grading.fever import grade_temperatures
from graftline.grading.laboratory import grade_laboratory, grade_values
from graftline.grading.scale import parse_scale

WHO = parse_scale(yaml.safe_load(Path("config/scales/who-1981.yaml").read_text(encoding="utf-8")))
MEASURED = [item.code for item in WHO.items.values() if item.limits]
COUNTS = [("WBC", "WBC"), ("GRAN", "NEUT"), ("PLT", "PLAT")]
SMALL = settings(derandomize=True, max_examples=100, deadline=None)

# Three decimals over the range of the limits, so that values meet limits and gaps between printed
# ranges.
VALUES = st.lists(st.integers(0, 120_000).map(lambda n: n / 1000), min_size=2, max_size=30)


def rows(test, unit, values, uln=np.nan):
    text = "string[pyarrow]"
    frame = pd.DataFrame({"value": np.asarray(values, dtype=float), "uln": uln})
    frame["src_line"] = np.arange(len(frame)) + 2
    return frame.assign(
        test=pd.array([test] * len(frame), dtype=text),
        unit=pd.array([unit] * len(frame), dtype=text),
        below_limit=pd.array(["N"] * len(frame), dtype=text),
        src_file="labs.csv",
    )


@pytest.mark.parametrize("code", MEASURED)
@SMALL
@given(values=VALUES, uln=st.integers(1, 5000).map(lambda n: n / 100))
def test_every_value_has_one_grade_and_grades_never_fall_as_the_value_worsens(code, values, uln):
    item = WHO.items[code]
    worsening = np.sort(values) if item.direction == "high" else np.sort(values)[::-1]
    grades = grade_values(item, worsening, np.full(len(worsening), uln))
    assert set(grades) <= {0, 1, 2, 3, 4}
    assert (np.diff(grades) >= 0).all()


@pytest.mark.parametrize(("code", "test"), COUNTS)
@SMALL
@given(values=VALUES)
def test_counts_in_cells_per_microlitre_and_in_thousands_have_the_same_grade(code, test, values):
    item = WHO.items[code]
    per_litre = grade_laboratory(item, rows(test, "10*9/L", values))["grade"]
    cells = grade_laboratory(item, rows(test, "/uL", [value * 1000 for value in values]))["grade"]
    assert per_litre.tolist() == cells.tolist()


@SMALL
@given(values=VALUES)
def test_haemoglobin_has_the_same_grade_in_each_unit(values):
    item = WHO.items["HB"]
    grades = [
        grade_laboratory(item, rows("HGB", unit, [value * amount for value in values]))[
            "grade"
        ].tolist()
        for unit, amount in (("g/dL", 1), ("g/L", 10), ("mmol/L", 0.6206))
    ]
    assert grades[0] == grades[1] == grades[2]


@SMALL
@given(
    limit=st.integers(1, 100_000).map(lambda n: n / 100), factor=st.sampled_from([1.25, 2.5, 5, 10])
)
def test_a_value_of_a_multiple_of_normal_exactly_has_the_milder_grade(limit, factor):
    # The decimal product as text, as a laboratory would write it: never above its own limit.
    value = float(f"{round(limit * 100) * round(factor * 100) / 10000:.6f}")
    milder = {1.25: 0, 2.5: 1, 5: 2, 10: 3}[factor]
    assert grade_values(WHO.items["BILI"], np.array([value]), np.array([limit])).tolist() == [
        milder
    ]
    assert grade_values(
        WHO.items["BILI"], np.array([value + 0.001]), np.array([limit])
    ).tolist() == [milder + 1]


@SMALL
@given(temperatures=st.lists(st.integers(330, 430).map(lambda n: n / 10), min_size=1, max_size=30))
def test_temperature_alone_never_has_grade_4_and_with_low_pressure_a_fever_always_has(temperatures):
    series = pd.Series(temperatures, dtype=float)
    alone = grade_temperatures(WHO.fever_item, series, pd.Series(False, series.index))
    with_low = grade_temperatures(WHO.fever_item, series, pd.Series(True, series.index))
    assert alone.max() <= 3
    assert (with_low == 4).all()
