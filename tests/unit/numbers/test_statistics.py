"""Each statistic, on rows of which the answer is known."""

import pandas as pd
import pytest

from graftline.numbers.statistics import STATISTICS

TYPES = {int: "Int64", float: "float64", str: "string[pyarrow]", bool: "boolean"}


def rows(**columns) -> pd.DataFrame:
    made = {}
    for name, values in columns.items():
        kind = next((TYPES[type(value)] for value in values if type(value) in TYPES), "Int64")
        made[name] = pd.array(values, dtype=kind)
    return pd.DataFrame(made)


def compute(statistic, selected, considered=None, **arguments):
    considered = selected if considered is None else considered
    return STATISTICS[statistic](selected, considered, **arguments)


AGES = rows(x=[30, 40, None, 20, 60])
REAL = rows(x=[1.5, None, 2.5])
NONE = rows(x=[None, None])
EMPTY = AGES.iloc[:0]


@pytest.mark.parametrize(
    ("statistic", "selected", "value"),
    [
        ("sum", AGES, 150),
        ("sum", REAL, 4.0),
        ("sum", EMPTY, 0),
        ("median", AGES, 35.0),  # of 20, 30, 40, 60
        ("median", REAL, 2.0),
        ("minimum", AGES, 20),
        ("maximum", AGES, 60),
        ("minimum", REAL, 1.5),
        ("count_distinct", rows(x=["a", "b", "a", None]), 2),
        ("count_distinct", EMPTY, 0),
    ],
)
def test_missing_cells_are_left_out(statistic, selected, value):
    found, reason = compute(statistic, selected, column="x")
    assert (found, reason) == (value, None)
    assert type(found) in (int, float), "a plain number, which JSON has"


@pytest.mark.parametrize("statistic", ["median", "minimum", "maximum"])
@pytest.mark.parametrize("selected", [EMPTY, NONE])
def test_without_a_value_there_is_no_result_but_a_reason(statistic, selected):
    assert compute(statistic, selected, column="x") == (None, "no rows to compute it from")


def test_a_sum_of_rows_that_all_lack_the_value_is_not_zero():
    assert compute("sum", NONE, column="x") == (None, "no rows to compute it from")


def test_dates_have_a_first_and_a_last():
    days = pd.DataFrame({"x": pd.to_datetime(["1997-03-01", None, "1996-12-31"])})
    assert compute("minimum", days, column="x") == ("1996-12-31", None)
    assert compute("maximum", days, column="x") == ("1997-03-01", None)


def test_a_count_is_of_rows():
    assert compute("count", AGES) == (5, None)
    assert compute("count", EMPTY) == (0, None)


@pytest.mark.parametrize(
    ("p", "value"),
    [
        # type 7: position 1 + p (n - 1) among 20, 30, 40, 60
        (0.0, 20.0),
        (0.25, 27.5),  # 1.75: three quarters of the way from 20 to 30
        (0.5, 35.0),
        (0.75, 45.0),  # 3.25: a quarter of the way from 40 to 60
        (1.0, 60.0),
    ],
)
def test_quantiles_are_of_type_7(p, value):
    assert compute("quantile", AGES, column="x", p=p) == (value, None)


def test_a_quantile_of_nothing_is_none():
    assert compute("quantile", NONE, column="x", p=0.5)[0] is None


def people(n: int) -> pd.DataFrame:
    return rows(arm=["A"] * n)


def test_a_percentage_is_of_those_considered():
    assert compute("percent", people(2), people(5)) == (40.0, None)
    assert compute("percent", people(0), people(5)) == (0.0, None)


@pytest.mark.parametrize("statistic", ["percent", "clopper_pearson_lower", "clopper_pearson_upper"])
def test_a_share_of_nobody_is_not_estimable(statistic):
    assert compute(statistic, people(0), people(0)) == (None, "nobody was considered")


@pytest.mark.parametrize(
    ("events", "n", "lower", "upper"),
    [
        (2, 5, 5.274495, 85.336720),  # R: binom.test(2, 5)$conf.int
        # without events the upper limit is 1 - 0.025^(1/4) = 1 - 0.3976354
        (0, 4, 0.0, 60.236464),
        (4, 4, 39.763536, 100.0),
    ],
)
def test_exact_limits_are_in_percent(events, n, lower, upper):
    for side, expected in (("lower", lower), ("upper", upper)):
        limit, _ = compute(f"clopper_pearson_{side}", people(events), people(n))
        assert limit == pytest.approx(expected, abs=1e-5)


def test_the_confidence_of_exact_limits_is_an_argument():
    # 5% above it, without events: 1 - 0.05^(1/4) = 1 - 0.4728708
    upper, _ = compute("clopper_pearson_upper", people(0), people(4), confidence=0.9)
    assert upper == pytest.approx(52.712920, abs=1e-5)


def test_fishers_p_is_of_the_two_groups():
    # 2 of 5 against 0 of 4. With 2 events among 9, the first group has 2, 1 or 0 of them in
    # C(5,2), 5 * 4 and C(4,2), that is 10, 20 and 6 of 36 ways; as rare or rarer than 10: 16 of 36.
    considered = rows(arm=["HD"] * 5 + ["ESC"] * 4 + ["other", None])
    selected = considered.iloc[[0, 3, 9]]
    p, reason = compute("fisher_p", selected, considered, column="arm", groups=["HD", "ESC"])
    assert p == pytest.approx(16 / 36)
    assert reason is None


def test_fishers_p_needs_patients_in_both_groups():
    found = compute("fisher_p", people(1), people(3), column="arm", groups=["A", "B"])
    assert found == (None, "one of the groups is empty")


def test_the_value_of_one_row_is_that_value():
    assert compute("value", rows(x=[7]), column="x") == (7, None)
    assert compute("value", rows(x=["NHL"]), column="x") == ("NHL", None)
    assert compute("value", rows(x=[True]), column="x") == (True, None)
    day = pd.DataFrame({"x": pd.to_datetime(["1997-12-31"])})
    assert compute("value", day, column="x") == ("1997-12-31", None)


@pytest.mark.parametrize("selected", [EMPTY, rows(x=[1, 2]), NONE.iloc[:1]])
def test_a_value_that_is_not_one_is_none(selected):
    value, reason = compute("value", selected, column="x")
    assert value is None
    assert reason
