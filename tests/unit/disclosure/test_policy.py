"""What a study says of disclosure, and what stands in for a masked number."""

import pytest

from graftline.disclosure.policy import HIDDEN, Policy, is_masked, read_policy


@pytest.mark.parametrize(
    ("disclosure", "policy"),
    [
        (None, Policy(False, 5)),
        ({"case_listing": False}, Policy(False, 5)),
        ({"case_listing": False, "mask_below": 10}, Policy(False, 10)),
        ({"case_listing": False, "mask_below": 0}, Policy(False, 0)),
        ({"case_listing": True}, Policy(True, 0)),
    ],
)
def test_counts_are_masked_at_five_unless_patients_are_listed_or_the_study_says_so(
    disclosure, policy
):
    assert read_policy(disclosure) == policy


def test_one_to_one_less_than_the_threshold_is_masked():
    policy = Policy(False, 5)
    assert [policy.masks(n) for n in (0, 1, 4, 5)] == [False, True, True, False]


@pytest.mark.parametrize("threshold", [0, 1])
def test_under_two_nothing_is_masked(threshold):
    policy = Policy(False, threshold)
    assert not policy.is_masking and not policy.masks(1)


def test_what_stands_for_a_masked_value_is_some_and_more_than_one_and_equals_nothing():
    assert HIDDEN and HIDDEN > 1 and HIDDEN >= 2 and not HIDDEN < 30
    assert HIDDEN != 0 and HIDDEN != 4 and HIDDEN is not None


def test_a_masked_record_is_told_by_its_format():
    assert is_masked({"format": {"display": "masked", "decimals": 0}})
    assert not is_masked({"format": {"display": "integer", "decimals": 0}})
