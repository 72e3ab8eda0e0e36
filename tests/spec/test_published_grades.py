"""Grades of real laboratory values against those that were published for them, row by row."""

from pathlib import Path

import pytest

from docs import compare_with_published_grades, published_grades

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rows():
    return published_grades.compare_rows()


@pytest.fixture(scope="module")
def study(rows):
    return published_grades.compare_study(rows)


def test_every_published_grade_is_the_grade_here(rows):
    # domain: ATOXGRL and ATOXGRH of 83,652 rows; the same columns, the same criteria.
    graded = rows[rows["published"].notna()]
    assert len(graded) > 50_000
    assert (graded["here"] == graded["published"]).all()


def test_haemoglobin_ungraded_there_is_graded_here(rows):
    anaemia = rows[rows["term"] == "Anemia"]
    assert len(anaemia) == 2499
    assert anaemia["published"].isna().all() and anaemia["here"].notna().all()
    # In mmol/L: under 4.9 is grade 3, under 6.2 grade 2, under the lower limit of normal grade 1.
    worse = anaemia[anaemia["value"] < 6.2]
    assert (worse["here"] == 2).all() and len(worse) == (anaemia["here"] == 2).sum()
    below = (anaemia["value"] < anaemia["lln"]) & (anaemia["value"] >= 6.2)
    assert ((anaemia["here"] == 1) == below).all()


def test_a_row_without_grade_on_either_side_says_what_is_missing(rows):
    nowhere = rows[rows["kind"] == "neither"]
    missing = nowhere.loc[nowhere["reason"] == "value_missing", "value"]
    assert missing.isna().all()
    ranges = nowhere.loc[nowhere["reason"] == "lln_missing", "lln"]
    assert ranges.isna().all()
    assert len(missing) + len(ranges) == len(nowhere)


def test_the_study_differs_where_a_converted_result_crossed_a_limit_and_nowhere_else(study):
    assert study["why"].isna().sum() > 38_000
    crossed = study[study["why"] == "conversion"]
    # In mg/dL: the laboratory's limits of normal, and the limits printed for grade 2.
    limits = {
        "Hypocalcemia": {8.4, 8.0},
        "Creatinine increased": {1.6},
        "Cholesterol high": {300.0},
    }
    assert {term: set(part["own_value"]) for term, part in crossed.groupby("term")} == limits
    assert (crossed["own_unit"] == "mg/dL").all()
    assert (crossed["own"] < crossed["published"]).all()


def test_a_result_below_the_limit_of_detection_is_kept_here(study):
    below = study[study["why"] == "below limit"]
    assert below["value"].isna().all() and below["own_value"].notna().all()


def test_the_page_is_what_the_comparison_makes(rows, study):
    page = (ROOT / compare_with_published_grades.PAGE).read_text("utf-8")
    assert compare_with_published_grades.make_page(rows, study) == page
