"""From declarations to records, on tables of which the numbers are known."""

import pandas as pd
import pytest

from graftline.errors import GraftlineError
from graftline.numbers import Declaration, evaluate, fragment, select_rows
from graftline.numbers.evaluation import recompute, recompute_all

WORST = pd.DataFrame(
    {
        # in no order of keys: nothing may depend on the order of rows
        "row_key": pd.array(["p4", "p1", "p5", "p2", "p3"], dtype="string[pyarrow]"),
        "arm": pd.array(["ESC", "HD", "ESC", "HD", "HD"], dtype="string[pyarrow]"),
        "grade": pd.array([1, 4, None, 2, 4], dtype="Int64"),
        "weight": [0.1, 0.2, 0.3, None, float("inf")],
    }
)
# Events at 2 and 5, censored at 3 and 6: S(2) = 3/4, S(5) = 3/4 * 1/2 = 3/8.
ENDPOINTS = pd.DataFrame(
    {
        "row_key": pd.array(["a", "b", "c", "d"], dtype="string[pyarrow]"),
        "time": [2.0, 3.0, 5.0, 6.0],
        "entry": [0.0] * 4,
        "status": pd.array([1, 0, 1, 0], dtype="Int64"),
    }
)
FRAMES = {"worst": WORST, "endpoints": ENDPOINTS}


def declare(
    number="x.n", table="worst", statistic="count", considered=None, more=None, **conditions
):
    return Declaration(
        id=number,
        population="p",
        method="m",
        table=table,
        selected=select_rows(table, **conditions),
        considered=select_rows(table, **(considered or {})),
        statistic=statistic,
        **({"display": "decimal", "decimals": 3} | (more or {})),
    )


def value(**declared):
    [record] = evaluate([declare(**declared)], FRAMES)
    return record["value"]


def test_a_record_says_what_the_number_is_and_how_it_was_made():
    number = Declaration(
        id="worst.high_dose.percent",
        population="high-dose patients",
        method="Percentage with grade 4.",
        table="worst",
        selected=select_rows("worst", arm="HD", grade=4),
        considered=select_rows("worst", arm="HD"),
        statistic="percent",
        unit="percent",
        display="percent",
        decimals=1,
    )
    assert evaluate([number], FRAMES, data_label="NOT REAL") == [
        {
            "id": "worst.high_dose.percent",
            "value": pytest.approx(100 * 2 / 3),
            "display": "66.7%",
            "unit": "percent",
            "population": "high-dose patients",
            "method": "Percentage with grade 4.",
            "statistic": {"name": "percent", "arguments": {}},
            "format": {"display": "percent", "decimals": 1},
            "table": "worst",
            "selected_sql": "SELECT row_key FROM worst WHERE arm = 'HD' AND grade = 4 ORDER BY row_key",
            "considered_sql": "SELECT row_key FROM worst WHERE arm = 'HD' ORDER BY row_key",
            "n_selected": 2,
            "n_considered": 3,
            "reason": None,
            "data_label": "NOT REAL",
        }
    ]


@pytest.mark.parametrize(
    ("conditions", "n"),
    [
        ({}, 5),
        ({"grade": None}, 1),
        ({"grade": ("!=", None)}, 4),
        ({"grade": ("!=", 4)}, 2),  # a missing grade is not known to differ
        ({"grade": (">=", 2)}, 3),
        ({"grade": [1, 2]}, 2),
        ({"grade": []}, 0),
        ({"arm": "none of this name"}, 0),
    ],
)
def test_rows_are_counted_by_conditions(conditions, n):
    assert value(**conditions) == n


def test_a_number_that_cannot_be_estimated_is_null_with_its_reason_and_prints_ne():
    [record] = evaluate(
        [
            declare(
                statistic="percent", considered={"arm": "X"}, arm="X", more={"display": "percent"}
            )
        ],
        FRAMES,
    )
    assert (record["value"], record["display"]) == (None, "NE")
    assert record["reason"] == "nobody was considered"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"what": "survival", "time": 4}, 0.75),
        ({"what": "survival", "time": 5}, 0.375),
        ({"what": "at_risk", "time": 5}, 2),
        ({"what": "events", "time": 6}, 2),
        ({"what": "median"}, 5),  # the first time with S of one half or less
        ({"what": "survival", "time": 7}, None),  # past the last follow-up
    ],
)
def test_survival_is_estimated_from_the_rows_selected(arguments, expected):
    found = value(table="endpoints", statistic="km", more={"arguments": arguments})
    assert found == (None if expected is None else pytest.approx(expected))


def test_reverse_kaplan_meier_takes_censoring_for_the_event():
    # Censored at 3 with 3 at risk and at 6 with 1: 2/3, then 0. The median is 6.
    assert (
        value(table="endpoints", statistic="reverse_km", more={"arguments": {"what": "median"}})
        == 6
    )


def test_aalen_johansen_without_competing_events_is_the_complement():
    arguments = {"what": "cuminc", "cause": 1, "time": 5}
    found = value(table="endpoints", statistic="aalen_johansen", more={"arguments": arguments})
    assert found == pytest.approx(1 - 0.375)


def test_the_order_of_a_tables_rows_changes_nothing():
    numbers = [
        declare("a", statistic="sum", more={"arguments": {"column": "grade"}}),
        declare("b", statistic="median", more={"arguments": {"column": "grade"}}),
        declare(
            "c",
            table="endpoints",
            statistic="km",
            more={"arguments": {"what": "survival", "time": 4}},
        ),
    ]
    turned = {name: frame.iloc[::-1] for name, frame in FRAMES.items()}
    assert evaluate(numbers, turned) == evaluate(numbers, FRAMES)


# What is refused


def refusal(declarations, frames=FRAMES) -> str:
    with pytest.raises(GraftlineError) as caught:
        evaluate(declarations, frames)
    return str(caught.value)


def test_an_id_declared_twice_is_refused():
    assert "the number x.n is declared twice" in refusal([declare(), declare(arm="HD")])


def test_an_unknown_table_is_refused():
    assert "asks for an unknown table, wurst" in refusal([declare(table="wurst")])


def test_an_unknown_statistic_is_answered_with_all_that_there_are():
    message = refusal([declare(statistic="mean")])
    assert "'mean' is not a statistic" in message
    for known in ("median", "clopper_pearson_upper", "km", "aalen_johansen"):
        assert known in message


@pytest.mark.parametrize("keys", [["p1", "p1", "p2", "p3", "p4"], ["p1", None, "p2", "p3", "p4"]])
def test_a_table_whose_rows_cannot_be_told_apart_is_refused(keys):
    # .loc with a key that stands twice would return its rows once for each.
    frame = WORST.assign(row_key=pd.array(keys, dtype="string[pyarrow]"))
    assert "worst has rows without a row key of their own" in refusal([declare()], {"worst": frame})


@pytest.mark.parametrize("statistic", ["percent", "clopper_pearson_lower", "clopper_pearson_upper"])
def test_a_share_of_people_who_were_not_considered_is_refused(statistic):
    # 3 of 2 would be 150%; 2 of 3 others would look right.
    message = refusal([declare(statistic=statistic, considered={"arm": "ESC"}, arm="HD")])
    assert "rows that were not considered" in message


def test_fishers_test_of_people_who_were_not_considered_is_refused():
    arguments = {"arguments": {"column": "arm", "groups": ["HD", "ESC"]}}
    message = refusal(
        [declare(statistic="fisher_p", considered={"grade": 1}, grade=4, more=arguments)]
    )
    assert "rows that were not considered" in message


def test_a_query_of_another_table_is_refused_without_its_keys():
    number = Declaration(
        id="x", population="p", method="m", table="worst", statistic="count",
        selected=select_rows("endpoints"),
    )  # fmt: skip
    assert refusal([number]) == (
        "the query 'SELECT row_key FROM endpoints ORDER BY row_key' returns keys that are not of worst"
    )


def test_an_infinite_result_is_refused_by_its_id():
    message = refusal([declare("x.sum", statistic="sum", more={"arguments": {"column": "weight"}})])
    assert "the number x.sum came out as inf" in message


# Computing again


def test_a_record_is_computed_again_from_what_it_says_alone():
    numbers = [
        declare("a", arm="HD"),
        declare("b", statistic="median", more={"arguments": {"column": "grade"}}),
        declare(
            "c",
            table="endpoints",
            statistic="km",
            more={"arguments": {"what": "survival", "time": 4}},
        ),
    ]
    records = evaluate(numbers, FRAMES)
    assert recompute_all(records, FRAMES) == {"a": 3, "b": 3.0, "c": 0.75}  # grades 1, 2, 4, 4
    assert recompute(records[1], FRAMES) == 3.0


def test_a_changed_table_gives_another_number():
    [record] = evaluate([declare(grade=4)], FRAMES)
    changed = FRAMES | {"worst": WORST.assign(grade=pd.array([1, 4, 4, 4, 4], dtype="Int64"))}
    assert (record["value"], recompute(record, changed)) == (2, 4)


def test_a_fragment_has_every_part_even_if_empty():
    assert fragment([], data_label="NOT REAL") == {
        "data_label": "NOT REAL",
        "numbers": [],
        "tables": {},
        "facts": {},
        "figures": {},
        "masked": [],
        "drawn": [],
    }
