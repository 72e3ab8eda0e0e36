"""Small counts are masked, and so is what gives them away."""

import pytest

from graftline.disclosure.masking import mask_records
from graftline.disclosure.policy import Policy
from graftline.errors import GraftlineError
from graftline.numbers import evaluate
from tests.unit.disclosure.tables_of_counts import (
    declare,
    declare_table,
    make_patients,
    print_masked,
)


def test_with_nothing_small_everything_is_shown():
    shown = print_masked({"a": {1: 10, 2: 20}, "b": {1: 30, 2: 40}}, declare_table("ab", [1, 2]))
    assert set(shown.values()) == {"100", "30", "70", "10", "20", "40"} | {"60"}


def test_nobody_and_the_threshold_itself_are_shown():
    shown = print_masked({"a": {1: 0, 2: 5}}, [declare("none", grade=1), declare("five", grade=2)])
    assert shown == {"none": "0", "five": "5"}


def test_four_patients_of_a_table_with_margins_take_a_square_with_them():
    # 4 of arm a had grade I; 3 more counts must go, or row or column would give it away.
    shown = print_masked({"a": {1: 4, 2: 20}, "b": {1: 30, 2: 40}}, declare_table("ab", [1, 2]))
    assert shown["grade1.a"] == "<5"
    assert [shown[f"grade{grade}.{arm}"] for grade, arm in ((2, "a"), (1, "b"), (2, "b"))] == [
        "masked"
    ] * 3
    assert [shown[total] for total in ("n", "n.a", "n.b", "grade1", "grade2")] == [
        "94",
        "24",
        "70",
        "34",
        "60",
    ]


def test_one_of_three_arms_takes_one_other_with_it():
    numbers = [declare("n"), *(declare(f"n.{arm}", arm=arm) for arm in "abc")]
    shown = print_masked({"a": {1: 3}, "b": {1: 10}, "c": {1: 20}}, numbers)
    assert shown == {"n": "33", "n.a": "<5", "n.b": "masked", "n.c": "20"}


def test_grades_that_make_a_whole_are_not_told_by_it():
    numbers = [declare("n"), *(declare(f"grade{grade}", grade=grade) for grade in (0, 1, 2))]
    shown = print_masked({"a": {0: 50, 1: 7, 2: 2}}, numbers)
    assert shown == {"n": "59", "grade0": "50", "grade1": "masked", "grade2": "<5"}


def test_a_grade_is_not_told_by_grades_from_a_limit_up():
    # 12 with II or more, 9 with II: 3 with III, though no record says so.
    numbers = [declare("n"), declare("grade2", grade=2), declare("at_least", grade=(">=", 2))]
    shown = print_masked({"a": {1: 30, 2: 9, 3: 3}}, numbers)
    assert [shown["grade2"], shown["at_least"]].count("masked") == 1


def test_all_but_two_is_masked_as_the_two_are():
    numbers = [declare("n"), declare("first", grade=1), declare("share", "percent", grade=1)]
    shown = print_masked({"a": {1: 33, 2: 2}}, numbers)
    assert shown == {"n": "35", "first": "masked", "share": "masked"}


def test_share_and_limits_of_a_masked_count_are_masked():
    names = ("percent", "clopper_pearson_lower", "clopper_pearson_upper")
    numbers = [declare(name, name, grade=2) for name in names]
    assert set(print_masked({"a": {1: 33, 2: 2}}, numbers).values()) == {"masked"}


def test_nobody_of_three_keeps_the_three_back():
    # The upper limit of 0 of 3 is that of no other number of patients.
    numbers = [
        declare("none", grade=2),
        declare("upper", "clopper_pearson_upper", grade=2),
    ]
    assert print_masked({"a": {1: 3}}, numbers) == {"none": "0", "upper": "masked"}


def test_counts_that_are_small_together_are_not_told_by_their_sum():
    # Four counts under 5 that make one under 5 can only be 1 each.
    numbers = [declare("n"), *(declare(f"grade{grade}", grade=grade) for grade in range(4))]
    shown = print_masked({"a": {0: 1, 1: 1, 2: 1, 3: 1}}, numbers)
    assert "masked" in shown.values() and not set(shown.values()) & {"1", "4"}


def test_two_fours_are_not_told_by_their_eight():
    numbers = [declare("n"), declare("n.a", arm="a"), declare("n.b", arm="b")]
    shown = print_masked({"a": {1: 4}, "b": {1: 4}}, numbers)
    assert [shown[name] for name in ("n", "n.a", "n.b")] != ["8", "<5", "<5"]


def test_the_same_patients_are_masked_under_every_name():
    # Arm b is masked to protect arm a, and the patients of arm b are those with grade II.
    numbers = [declare("n"), declare("n.a", arm="a"), declare("n.b", arm="b")]
    shown = print_masked({"a": {1: 3}, "b": {2: 40}}, [*numbers, declare("second", grade=2)])
    assert shown["n.b"] == shown["second"] == "masked" and shown["n"] == "43"


def test_records_of_few_patients_are_masked_by_patients_not_by_rows():
    frame = make_patients({"a": {1: 30}}).assign(subject_id=["S-1", "S-2"] * 15)
    (record,) = evaluate([declare("records")], {"patients": frame}, masking=True)
    (masked,) = mask_records([record], Policy())
    assert masked["display"] == "masked" and masked["value"] is None


def test_extremes_are_shown_where_enough_patients_share_them():
    frame = make_patients({"a": {1: 20}}).assign(age=[30] * 6 + [40] * 13 + [61])
    asked = {"arguments": {"column": "age"}, "display": "integer"}
    numbers = [
        type(one)(**{**vars(one), **asked})
        for one in (declare("least", "minimum"), declare("most", "maximum"))
    ]
    records = evaluate(numbers, {"patients": frame}, masking=True)
    assert [one["display"] for one in mask_records(records, Policy())] == ["30", "masked"]


@pytest.mark.parametrize(("n", "display"), [(8, "masked"), (9, "15.0")])
def test_a_median_has_enough_patients_on_either_side(n, display):
    # The median of nine is one patient's value, and five patients lie at or below it.
    frame = make_patients({"a": {1: n}}).assign(age=range(11, 11 + n))
    number = declare("middle", "median")
    number = type(number)(
        **{**vars(number), "arguments": {"column": "age"}, "display": "decimal", "decimals": 1}
    )
    (record,) = mask_records(
        evaluate([number], {"patients": frame}, masking=True), Policy(False, 5)
    )
    assert record["display"] == display


def test_sums_are_masked_since_two_of_them_may_differ_by_a_few_patients():
    # The doses of all thirteen less those of the ten of arm b are those of the three of arm a.
    frame = make_patients({"a": {1: 3}, "b": {1: 10}}).assign(dose=range(13))
    asked = {"statistic": "sum", "arguments": {"column": "dose"}, "display": "integer"}
    numbers = [
        type(one)(**{**vars(one), **asked}) for one in (declare("all"), declare("b", arm="b"))
    ]
    records = evaluate(numbers, {"patients": frame}, masking=True)
    assert [record["value"] for record in records] == [78, 75]
    assert {one["display"] for one in mask_records(records, Policy())} == {"masked"}


def test_what_a_figure_shows_stays_and_another_number_goes():
    counts = {"a": {1: 3}, "b": {1: 10}, "c": {1: 20}}
    numbers = [declare("n"), *(declare(f"n.{arm}", arm=arm) for arm in "abc")]
    assert print_masked(counts, numbers, pinned=["n.b"])["n.b"] == "10"
    assert print_masked(counts, numbers, pinned=["n.b"])["n.c"] == "masked"


def test_a_figure_that_gives_a_masked_count_away_stops_the_build():
    numbers = [declare("n"), declare("n.a", arm="a"), declare("n.b", arm="b")]
    with pytest.raises(GraftlineError, match="figure"):
        print_masked({"a": {1: 3}, "b": {1: 10}}, numbers, pinned=["n", "n.b"])


def test_what_one_analysis_masks_and_another_draws_is_known():
    # All are of grade I: an analysis masked those, and a figure shows how many there are in all.
    numbers = [declare("n"), declare("n.a", arm="a"), declare("n.b", arm="b")]
    numbers.append(declare("first", grade=1))
    counts = {"a": {1: 3}, "b": {1: 10}}
    assert print_masked(counts, numbers, masked=["first"])["n"] == "masked"
    shown = print_masked(counts, numbers, masked=["first"], pinned=["n"])
    assert shown == {"n": "13", "n.a": "<5", "n.b": "masked", "first": "masked"}
    with pytest.raises(GraftlineError, match="figure"):
        print_masked(counts, numbers, masked=["first"], pinned=["n", "n.b"])


def test_how_many_there_are_in_all_is_known_though_no_number_says_it():
    # Another analysis prints that there are 13: 10 of arm b would tell the 3 of arm a.
    numbers = [declare(f"n.{arm}", whole={"arm": arm}) for arm in "ab"]
    assert print_masked({"a": {1: 3}, "b": {1: 10}}, numbers) == {"n.a": "<5", "n.b": "masked"}


def test_a_table_that_does_not_say_whose_its_rows_are_is_refused():
    frame = make_patients({"a": {1: 8}}).drop(columns="subject_id")
    with pytest.raises(GraftlineError, match="patients does not say whose"):
        evaluate([declare("n")], {"patients": frame}, masking=True)


def test_a_masked_record_tells_nothing_of_its_value():
    frame = {"patients": make_patients({"a": {1: 33, 2: 2}})}
    records = evaluate([declare("second", grade=2)], frame, masking=True)
    (masked,) = mask_records(records, Policy())
    assert masked["value"] is None and masked["format"] == {"display": "masked", "decimals": 0}
    assert "fewer" in masked["reason"]


def test_without_a_threshold_nothing_is_masked():
    frame = {"patients": make_patients({"a": {1: 2}})}
    records = evaluate([declare("two")], frame)
    assert mask_records(records, Policy(True, 0)) == records
