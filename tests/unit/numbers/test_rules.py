"""Rules of use: at the least number, one below it, and what an estimate without enough is."""

import pandas as pd
import pytest

from graftline.numbers import Declaration, evaluate, select_rows
from graftline.numbers.rules import count_for_rules, find_refusal

# Five patients; events of B alone.
ROWS = pd.DataFrame(
    {
        "row_key": pd.array(list("abcde"), dtype="string[pyarrow]"),
        "time": [2.0, 3.0, 5.0, 6.0, 7.0],
        "entry": [0.0] * 5,
        "status": pd.array([1, 0, 1, 0, 2], dtype="Int64"),
        "arm": pd.array(["B", "A", "B", "A", "B"], dtype="string[pyarrow]"),
    }
)


def test_patients_and_events_are_counted_and_those_of_the_smallest_group():
    whole = {"patients": 5, "events": 2, "patients_per_group": 0, "events_per_group": 0}
    assert count_for_rules(ROWS) == whole
    by_arm = {"patients_per_group": 2, "events_per_group": 0}
    assert count_for_rules(ROWS, "arm") == whole | by_arm
    assert count_for_rules(ROWS.iloc[:0], "arm")["patients"] == 0


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        ({}, None),
        ({"patients": 5}, None),
        ({"patients": 6}, "6 patients or more"),
        ({"events": 2}, None),
        ({"events": 3}, "3 events or more"),
        ({"patients_per_group": 2}, None),
        ({"patients_per_group": 3}, "3 patients in one of the groups or more"),
        ({"events_per_group": 1}, "1 events in one of the groups or more"),
        ({"most_patients": 5}, None),
        ({"most_patients": 4}, "4 patients at the most"),
        ({"patients": 6, "events": 3}, "6 patients"),
    ],
)
def test_a_rule_refuses_what_has_less_and_says_so(rule, refused):
    found = find_refusal(count_for_rules(ROWS, "arm"), rule)
    assert (found is None) if refused is None else refused in found


def declared(statistic, **arguments):
    return Declaration(
        id="x", population="p", method="m", table="t", selected=select_rows("t"),
        statistic=statistic, arguments=arguments, display="decimal", decimals=2,
    )  # fmt: skip


@pytest.mark.parametrize(("patients", "value"), [(4, 0.75), (5, None)])
def test_an_estimate_that_its_rule_refuses_is_ne_with_the_rule_as_reason(patients, value):
    # S(2) of four patients is 3/4.
    rows = ROWS.iloc[:4]
    rule = {"patients": patients}
    [record] = evaluate([declared("km", what="survival", time=2, rule=rule)], {"t": rows})
    assert record["value"] == value
    assert record["display"] == ("NE" if value is None else "0.75")
    assert (record["reason"] is None) == (value is not None)


def test_a_comparison_counts_by_the_column_of_its_groups():
    rows = ROWS.iloc[:4]
    asked = {"what": "p", "group": "arm", "rule": {"events_per_group": 1}}
    [record] = evaluate([declared("log_rank", **asked)], {"t": rows})
    assert record["value"] is None and "1 events in one of the groups" in record["reason"]
