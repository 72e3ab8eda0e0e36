"""One registry of all numbers."""

import pytest

from graftline.disclosure.policy import Policy
from graftline.errors import GraftlineError
from graftline.numbers import Declaration, evaluate, select_rows
from graftline.numbers.collection import (
    RELEASED_FIELDS,
    ROW_COUNTS,
    collect_records,
    release_records,
)
from graftline.numbers.configured import tabulate_cut


def record(number: str, **changes) -> dict:
    frame = tabulate_cut("1997-12-31", "f")
    declared = Declaration(
        id=number,
        population="p",
        method="m",
        table="cut",
        selected=select_rows("cut"),
        statistic="count",
    )
    return evaluate([declared], {"cut": frame})[0] | changes


def test_records_are_sorted_by_id_and_say_which_rule_made_them():
    parts = [
        ("summarise_cohort", [record("b.n"), record("a.n")]),
        ("estimate_survival", [record("a.b.n")]),
    ]
    collected = collect_records(parts)
    assert [(r["id"], r["rule"]) for r in collected] == [
        ("a.b.n", "estimate_survival"),
        ("a.n", "summarise_cohort"),
        ("b.n", "summarise_cohort"),
    ]


def test_the_order_of_the_parts_changes_nothing():
    parts = [("x", [record("b.n")]), ("y", [record("a.n")])]
    assert collect_records(parts) == collect_records(reversed(parts))


def test_a_number_of_two_rules_is_refused_with_both_names():
    parts = [("summarise_cohort", [record("a.n")]), ("estimate_survival", [record("a.n")])]
    with pytest.raises(
        GraftlineError, match="a.n is made by both summarise_cohort and estimate_survival"
    ):
        collect_records(parts)


@pytest.mark.parametrize("lacking", ["table", "selected_sql", "considered_sql"])
def test_a_number_without_source_is_refused(lacking):
    with pytest.raises(GraftlineError, match="the number a.n of work has no source"):
        collect_records([("work", [record("a.n", **{lacking: ""})])])


def test_what_leaves_has_the_declared_fields_and_no_others():
    [full] = collect_records([("work", [record("a.n", patients=["P-1"])])])
    [released] = release_records([full], Policy(True, 0))
    assert set(released) == {*RELEASED_FIELDS, *ROW_COUNTS}
    assert "patients" not in released
    assert all(released[name] == full[name] for name in RELEASED_FIELDS)


def test_how_many_rows_a_number_stands_on_leaves_only_where_nothing_is_masked():
    [full] = collect_records([("work", [record("a.n", n_selected=4, n_considered=9)])])
    [open_] = release_records([full], Policy(True, 0))
    assert (open_["n_selected"], open_["n_considered"]) == (4, 9)
    [masked] = release_records([full | {"stands_on": None}], Policy(False, 5))
    assert (masked["n_selected"], masked["n_considered"]) == (None, None)
