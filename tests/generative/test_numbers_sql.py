"""Queries made from conditions: any text comes through, and rows are those of the same pandas filter."""

import operator

import duckdb
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from graftline.numbers import literal, select_rows
from graftline.numbers.database import fetch_row_keys, open_database

small = settings(derandomize=True, max_examples=150, deadline=None)
# All text that UTF-8 can hold; quotes, comment marks and NUL more often than chance would have it.
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text("'\"\\;-/*\x00\n%_$?{}é–", max_size=12),
)
CONNECTION = duckdb.connect(":memory:")


@small
@given(TEXT)
def test_any_text_comes_back_as_it_was(text):
    assert CONNECTION.execute(f"SELECT {literal(text)}").fetchone() == (text,)


@small
@given(st.integers(-(2**63), 2**63 - 1))
def test_any_whole_number_comes_back_as_it_was(value):
    assert CONNECTION.execute(f"SELECT {literal(value)}").fetchone() == (value,)


@small
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_cell_equals_the_literal_of_its_own_value(value):
    sql = f"SELECT count(*) FROM (SELECT ?::DOUBLE AS x) WHERE x = {literal(value)}"
    assert CONNECTION.execute(sql, [value]).fetchone() == (1,)


# Few values, so that ties happen; "HD' OR 'x" is a value like any other.
ARMS = ["HD", "ESC", "HD' OR 'x", ""]
TIMES = [0.0, 0.1, 0.5, 38.0, 365.25]
OPERATORS = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "!=": operator.ne,
}


def comparisons(values):
    """A condition of each form that `select_rows` takes."""
    one = st.tuples(st.sampled_from(sorted(OPERATORS)), values)
    return st.one_of(
        values,
        st.none(),
        st.just(("!=", None)),
        st.lists(values, max_size=3),
        one,
        st.lists(one, min_size=1, max_size=2),
    )


ROWS = st.lists(
    st.tuples(
        st.sampled_from([*ARMS, None]),
        st.sampled_from([0, 1, 2, 4, None]),
        st.sampled_from([*TIMES, None]),
        st.sampled_from([True, False, None]),
    ),
    max_size=12,
)
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "arm": comparisons(st.sampled_from(ARMS)),
        "grade": comparisons(st.integers(0, 4)),
        "time": comparisons(st.sampled_from(TIMES)),
        "present": st.one_of(st.booleans(), st.none()),
    },
)


def tabulate(rows) -> pd.DataFrame:
    arm, grade, time, present = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pd.DataFrame(
        {
            "row_key": pd.array([f"k{i:02}" for i in range(len(rows))], dtype="string[pyarrow]"),
            "arm": pd.array(arm, dtype="string[pyarrow]"),
            "grade": pd.array(grade, dtype="Int64"),
            "time": pd.array(time, dtype="Float64").to_numpy("float64", na_value=float("nan")),
            "present": pd.array(present, dtype="boolean"),
        }
    )


def meets(column: pd.Series, wanted) -> pd.Series:
    """The same condition in pandas; a missing cell meets none but None."""
    missing = column.isna()
    if wanted is None:
        return missing
    if wanted == ("!=", None):
        return ~missing
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], tuple):
        found = pd.Series(True, index=column.index)
        for one in wanted:
            found &= meets(column, one)
        return found
    if isinstance(wanted, list):
        return column.isin(wanted) & ~missing
    compare, value = (
        (OPERATORS[wanted[0]], wanted[1]) if isinstance(wanted, tuple) else (operator.eq, wanted)
    )
    return compare(column, value).fillna(False).astype(bool) & ~missing


@small
@given(ROWS, CONDITIONS)
def test_the_rows_selected_are_those_of_the_pandas_filter(rows, conditions):
    frame = tabulate(rows)
    keep = pd.Series(True, index=frame.index)
    for column, wanted in conditions.items():
        keep &= meets(frame[column], wanted)
    keys = fetch_row_keys(
        open_database({"rows_here": frame}), select_rows("rows_here", **conditions)
    )
    assert keys == frame.loc[keep, "row_key"].tolist()
