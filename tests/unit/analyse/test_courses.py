"""Laboratory values over the grades of a scale: bands that agree with the grades, and what is drawn."""

import numpy as np
import pandas as pd
import pytest

from graftline.analyse.toxicity.courses import (
    choose_axis,
    describe_courses,
    find_limits,
    list_bands,
    list_courses,
    print_unit,
)
from graftline.figures.laboratory import draw_courses, find_range
from graftline.figures.style import BAND_GREYS, LINE_COLOURS, write_svg
from graftline.grading.files import read_scale, read_units
from graftline.grading.laboratory import grade_laboratory
from tests.scripts.small_study import ROOT
from tests.unit.figures.pictures import LONG, assert_readable, contrast, lightness

WHO = read_scale(ROOT / "config/scales/who-1981.yaml")
CTCAE = read_scale(ROOT / "config/scales/ctcae-5.0.yaml")
UNITS = read_units(ROOT / "config/units.yaml")
ARMS = {"A": {"id": "a", "label": "group A"}, "B": {"id": "b", "label": "group B"}}
LABORATORY = [item for item in WHO.items.values() if item.kind == "laboratory"]


def test_bands_of_haemoglobin_are_those_of_the_scale():
    # Miller 1981: under 11.0, 9.5, 8.0 and 6.5 g/dL.
    limits = find_limits(WHO.items["HB"], "g/dL")
    assert limits == [(1, 11.0), (2, 9.5), (3, 8.0), (4, 6.5)]
    assert list_bands(limits, falling=True) == [
        (1, 9.5, 11.0), (2, 8.0, 9.5), (3, 6.5, 8.0), (4, -np.inf, 6.5),
    ]  # fmt: skip


def test_bands_of_bilirubin_are_multiples_of_the_upper_limit():
    item = WHO.items["BILI"]
    assert choose_axis(item) == "ULN"
    assert list_bands(find_limits(item, "ULN"), falling=False) == [
        (1, 1.25, 2.5), (2, 2.5, 5), (3, 5, 10), (4, 10, np.inf),
    ]  # fmt: skip


def test_a_limit_relative_to_a_baseline_has_no_band():
    # CTCAE 5 creatinine: grade 2 also begins at 1.5 times the baseline, which has no one place.
    assert find_limits(CTCAE.items["Creatinine increased"], "ULN") == [
        (1, 1.0), (2, 1.5), (3, 3.0), (4, 6.0),
    ]  # fmt: skip


@pytest.mark.parametrize("item", LABORATORY, ids=lambda item: item.code)
def test_a_value_has_the_grade_of_the_band_that_it_lies_in(item):
    """On both sides of each limit."""
    axis = choose_axis(item)
    falling = item.criteria[0].falling
    bands = list_bands(find_limits(item, axis), falling=falling)
    assert bands
    unit, uln = (axis, np.nan) if axis in item.printed_units else ("U/L", 1.0)
    if item.analyte and unit == "U/L":
        unit = UNITS.analytes[item.analyte].units[0]
    values = []
    for _, low, high in bands:
        limit, towards = (high, -1) if falling else (low, 1)
        near = 1e-6 * max(limit, 1)  # grading compares nine decimals; no value is under nought
        values += [limit + towards * near, max(limit - towards * near, 0)]
    frame = pd.DataFrame({"value": values, "unit": unit, "uln": uln})
    grades = grade_laboratory(item, frame, UNITS)["grade"].tolist()
    for (grade, _, _), within, without in zip(bands, grades[::2], grades[1::2], strict=True):
        assert (within, without) == (grade, grade - 1)


def make_tables(values, patients=(("P1", "A"), ("P2", "B")), unit="g/dL"):
    """`values`: patient, day from the first dose, haemoglobin."""
    day = pd.Timestamp("1995-03-01")
    subjects = pd.DataFrame(patients, columns=["subject_id", "arm"]).assign(it_start=day)
    toxicity = pd.DataFrame(values, columns=["subject_id", "after", "value"])
    toxicity["date_earliest"] = day + pd.to_timedelta(toxicity.pop("after"), unit="D")
    more = {"domain": "LB", "scale": "who-1981", "item": "HB", "unit": unit, "period": "DURING"}
    toxicity = toxicity.assign(**more, lln=np.nan, uln=np.nan, grade=1)
    text = dict.fromkeys(
        ["subject_id", "domain", "scale", "item", "unit", "period"], "string[pyarrow]"
    )
    subjects = subjects.astype({"subject_id": "string[pyarrow]", "arm": "string[pyarrow]"})
    return toxicity.astype(text | {"grade": "Int64"}), subjects


def courses(values, *, singly=True, arms=ARMS, **options):
    toxicity, subjects = make_tables(values, **options)
    return list_courses(toxicity, subjects, WHO, UNITS, arms=arms, singly=singly)


VALUES = [("P1", -40, 12.0), ("P1", 0, 11.4), ("P1", 7, 10.5), ("P1", 7, 9.9), ("P2", 3, 11.0)]


def test_a_line_has_the_worst_value_of_each_day_from_four_weeks_before_the_first_dose():
    drawn = courses(VALUES)
    assert drawn["groups"] == ["group A", "group B"]
    (panel,) = drawn["panels"]
    assert panel["title"] == "Haemoglobin, g/dL"
    assert [group["lines"] for group in panel["groups"]] == [
        [([0, 7], [11.4, 9.9])], [([3], [11.0])],
    ]  # fmt: skip


def test_values_in_another_unit_are_drawn_in_the_scales_own():
    (panel,) = courses([("P1", 0, 114.0)], unit="g/L")["panels"]
    assert panel["groups"][0]["lines"] == [([0], pytest.approx([11.4]))]


def test_where_patients_are_not_shown_singly_a_week_needs_five_of_them():
    patients = [(f"P{n}", "A") for n in range(5)]
    # In the first week five patients, one of them with two values; in the second four.
    values = [(f"P{n}", 3, 8.0 + n) for n in range(5)] + [("P0", 6, 7.0)]
    values += [(f"P{n}", 10, 9.0) for n in range(4)]
    drawn = courses(values, patients=patients, singly=False)
    (group,) = drawn["panels"][0]["groups"]
    # Worst of each: 7, 9, 10, 11, 12.
    assert group == {"days": [3.5], "quartiles": [[9.0, 10.0, 11.0]]}
    assert not any("lines" in group for panel in drawn["panels"] for group in panel["groups"])


def test_nothing_is_drawn_of_patients_without_a_first_dose():
    toxicity, subjects = make_tables(VALUES)
    subjects["it_start"] = pd.NaT
    drawn = list_courses(toxicity, subjects, WHO, UNITS, arms=ARMS, singly=True)
    assert drawn["panels"] == []
    assert "No laboratory values" in draw_courses(drawn).texts[0].get_text()
    assert "WHO" in describe_courses(drawn, WHO)["caption"]


def test_the_axis_holds_all_values_and_the_beginning_of_the_first_grade():
    low, high = find_range(courses([("P1", 0, 14.0), ("P1", 1, 13.0)])["panels"][0])
    assert low < 9.5 and high > 14  # the first grade is from 9.5 to 11


def test_bands_grow_darker_and_lines_stand_out_from_them():
    shades = [lightness(grey) for grey in BAND_GREYS]
    assert shades == sorted(shades, reverse=True)
    assert all(contrast(*pair) > 1.1 for pair in zip(BAND_GREYS, BAND_GREYS[1:], strict=False))
    assert all(contrast(line, BAND_GREYS[3]) > 1.9 for line in LINE_COLOURS)


def test_units_are_printed_with_raised_powers():
    assert print_unit("10*3/uL") == "10³/µL" and print_unit("umol/L") == "µmol/L"


def many(n_panels, n_groups, singly):
    lines = {"lines": [([0, 7, 400], [1.0, 100.0, 99999.0])]}
    summary = {"days": [3.5, 10.5], "quartiles": [[1.0, 2.0, 3.0], [2.0, 3.0, 99999.0]]}
    bands = [("I", 75.0, 100.0), ("II", 50.0, 75.0), ("III", 25.0, 50.0), ("IV", -np.inf, 25.0)]
    panel = {"title": LONG, "bands": bands, "groups": [lines if singly else summary] * n_groups}
    groups = [f"{LONG} {place}" for place in range(n_groups)]
    return {"singly": singly, "groups": groups, "panels": [panel] * n_panels, "left_out": False}


@pytest.mark.parametrize("n_panels", [1, 2, 7, 8])
@pytest.mark.parametrize("n_groups", [1, 4])
@pytest.mark.parametrize("singly", [True, False])
def test_courses_can_be_read_for_one_to_four_groups_and_eight_items(n_panels, n_groups, singly):
    assert_readable(draw_courses(many(n_panels, n_groups, singly)))


def test_the_same_courses_give_the_same_bytes(tmp_path):
    for name in ("a.svg", "b.svg"):
        figure = draw_courses(many(2, 2, True))
        write_svg(figure, tmp_path / name, data_label="NOT PATIENT DATA", alt="Lines")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
