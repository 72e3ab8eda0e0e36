"""Queries from conditions, with nothing unquoted in them."""

import numpy as np
import pytest

from graftline.numbers import Declaration, literal, select_rows


@pytest.mark.parametrize(
    ("value", "sql"),
    [
        ("ANY", "'ANY'"),
        ("it's", "'it''s'"),
        ("'; DROP TABLE subjects; --", "'''; DROP TABLE subjects; --'"),
        ("", "''"),
        (4, "4"),
        (-4, "-4"),
        (0.5, "0.5"),
        (np.float64(38.5), "38.5"),  # numpy's own repr is np.float64(38.5)
        (True, "TRUE"),
        (False, "FALSE"),
    ],
)
def test_a_literal_is_sql(value, sql):
    assert literal(value) == sql


@pytest.mark.parametrize("value", [None, [1], (1,), b"x", object(), np.int64(1)])
def test_other_types_do_not_get_into_a_query(value):
    with pytest.raises(TypeError):
        literal(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float64("nan")])
def test_what_is_no_number_does_not_get_into_a_query(value):
    with pytest.raises(ValueError, match="cannot stand in a query"):
        literal(value)


@pytest.mark.parametrize(
    ("conditions", "where"),
    [
        ({}, ""),
        ({"arm": "HD"}, " WHERE arm = 'HD'"),
        ({"arm": "HD", "grade": 4}, " WHERE arm = 'HD' AND grade = 4"),
        ({"grade": None}, " WHERE grade IS NULL"),
        ({"grade": ("!=", None)}, " WHERE grade IS NOT NULL"),
        ({"grade": (">=", 3)}, " WHERE grade >= 3"),
        ({"grade": [(">=", 1), ("<", 3)]}, " WHERE grade >= 1 AND grade < 3"),
        ({"arm": ["HD", "ESC"]}, " WHERE arm IN ('HD', 'ESC')"),
        ({"arm": []}, " WHERE FALSE"),  # one of nothing is nobody, not everybody
        ({"present": True}, " WHERE present = TRUE"),
    ],
)
def test_conditions_become_a_query(conditions, where):
    expected = f"SELECT row_key FROM subjects{where} ORDER BY row_key"
    assert select_rows("subjects", **conditions) == expected


@pytest.mark.parametrize("name", ["a b", "a;b", 'a"', "A", "", "1a", "a.b", "a--"])
def test_a_table_and_a_column_are_plain_names(name):
    with pytest.raises(ValueError, match="is not a table name"):
        select_rows(name)
    with pytest.raises(ValueError, match="is not a column name"):
        select_rows("subjects", **{name: 1})


@pytest.mark.parametrize("operator", ["=", "==", "LIKE", "> 0 OR 1 =", ""])
def test_only_comparisons_are_operators(operator):
    with pytest.raises(ValueError, match="is not one of"):
        select_rows("subjects", age=(operator, 1))


def test_a_comparison_with_missing_is_refused():
    with pytest.raises(TypeError):
        select_rows("subjects", age=(">", None))
    with pytest.raises(TypeError):
        select_rows("subjects", age=[1, None])


def declare(number: str) -> Declaration:
    return Declaration(
        id=number, population="p", method="m", table="t", selected="SELECT 1", statistic="count"
    )


@pytest.mark.parametrize("number", ["os.n", "os.survival.365", "toxicity.grade4.high_dose.n", "n"])
def test_an_id_is_lower_case_words_and_numbers_with_dots(number):
    assert declare(number).id == number


@pytest.mark.parametrize("number", ["", "OS.n", "os..n", ".n", "n.", "os-n", "os n", "os.n\n", "µ"])
def test_another_id_is_refused(number):
    with pytest.raises(ValueError, match="a number's id has"):
        declare(number)


def test_what_is_selected_is_considered_unless_said_otherwise():
    assert declare("n").considered == "SELECT 1"
