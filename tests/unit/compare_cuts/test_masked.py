"""A number before tells no more than the number now may."""

import pandas as pd
import pytest

from graftline.compare_cuts import declare
from graftline.compare_cuts.changes import concat_changes, make_changes
from graftline.compare_cuts.masked import follow_masks, judge_records, moved_by_few
from graftline.disclosure.masking import mask_records
from graftline.disclosure.policy import Policy
from graftline.numbers import evaluate

MASKING = Policy(patients_may_be_shown=False, threshold=5)
SHOWN = {"display": "integer", "decimals": 0}
HIDDEN = {"display": "masked", "decimals": 0}


def before(number, **more):
    return {"id": f"changes.before.{number}", "table": "moved_numbers", "value": 7} | more


def moved(n_patients):
    return pd.DataFrame({"row_key": ["os.n"], "n_patients": pd.array([n_patients], "Int64")})


@pytest.mark.parametrize(
    ("n_patients", "earlier", "masked"),
    [
        (5, SHOWN, []),
        (4, SHOWN, ["changes.before.os.n"]),  # 96 before and 100 now would tell of four
        (1, SHOWN, ["changes.before.os.n"]),
        (5, HIDDEN, ["changes.before.os.n"]),  # it was masked in the previous cut
        (pd.NA, SHOWN, []),  # it did not move: it stands beside one that did
    ],
)
def test_a_value_before_is_masked_where_few_moved_it_or_it_was_masked(n_patients, earlier, masked):
    released = [{"id": "os.n", "format": earlier}]
    _, found = judge_records([before("os.n")], moved(n_patients), released, MASKING)
    assert found == masked


def test_where_few_moved_one_number_no_value_before_is_told():
    two = pd.DataFrame(
        {"row_key": ["cir.n", "os.n"], "n_patients": pd.array([9, 4], "Int64")},
    )
    _, found = judge_records([before("cir.n"), before("os.n")], two, [], MASKING)
    assert found == ["changes.before.cir.n", "changes.before.os.n"]
    assert moved_by_few(two, MASKING) and not moved_by_few(two[:1], MASKING)


def test_a_study_that_masks_nothing_masks_nothing_here():
    policy = Policy(patients_may_be_shown=True, threshold=0)
    assert judge_records([before("os.n")], moved(1), [], policy) == ([before("os.n")], [])


def test_what_is_masked_now_is_masked_before_and_so_is_the_number_of_patients():
    released = [
        {"id": "os.n", "value": None, "display": "<5", "format": HIDDEN},
        before("os.n", display="7", format=SHOWN),
        before("cir.n", display="7", format=SHOWN),
        {"id": "changes.patients.os.n", "value": 6, "display": "6", "format": SHOWN},
    ]
    shown = {record["id"]: record["display"] for record in follow_masks(released)}
    assert shown == {
        "os.n": "<5",
        "changes.before.os.n": "masked",
        "changes.before.cir.n": "7",
        "changes.patients.os.n": "masked",
    }


def test_few_deaths_are_masked_as_any_count_of_patients():
    def count(n):
        who = [f"P{number:02}" for number in range(n)]
        changes = concat_changes([make_changes("death", n, subject_id=who)])
        numbers = [one for one in declare.declare_changes({}) if one.id == "changes.death.n"]
        records = evaluate(numbers, {declare.CHANGES: changes}, masking=True)
        judged, masked = judge_records(records, moved(5), [], MASKING)
        (record,) = mask_records(judged, MASKING, masked=masked)
        return record["display"]

    assert [count(n) for n in (0, 4, 5)] == ["0", "<5", "5"]
