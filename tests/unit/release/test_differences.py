"""What a new release of a cut changed of the one before it."""

import pytest

from graftline.release.differences import (
    compare_numbers,
    describe_differences,
    format_differences,
)

PARTS = {"cut_manifest": "a", "configuration": "b", "code_tree": "c", "lock": "d"}


def number(id, value, display=None):
    return {"id": id, "value": value, "display": display or str(value)}


def test_numbers_that_moved_are_new_or_gone():
    before = [number("a", 1), number("b", 2), number("c", 3)]
    after = [number("a", 1), number("b", 5), number("d", 3)]
    assert compare_numbers(before, after) == {
        "moved": [{"id": "b", "from": "2", "to": "5"}],
        "new": ["d"],
        "gone": ["c"],
    }


def test_a_value_that_moves_behind_the_same_display_has_moved():
    moved = compare_numbers([number("a", 1.04, "1.0")], [number("a", 1.01, "1.0")])["moved"]
    assert moved == [{"id": "a", "from": "1.0", "to": "1.0"}]


def test_the_first_release_of_a_cut_has_nothing_to_compare_with():
    assert describe_differences(None, PARTS, [], [number("a", 1)]) is None


@pytest.mark.parametrize("part", PARTS)
def test_what_changed_is_named(part):
    found = describe_differences(PARTS | {"sequence": 4}, PARTS | {part: "z"}, [], [])
    assert found["changed"] == [part] and found["sequence"] == 4


@pytest.mark.parametrize(
    ("changed", "after", "sentence"),
    [
        ({"code_tree": "z"}, 1, "code tree changed since release 1; no number moved"),
        ({"code_tree": "z"}, 2, "code tree changed since release 1; numbers: 1 moved"),
        (
            {"code_tree": "z", "lock": "y"},
            2,
            "code tree and lock changed since release 1; numbers: 1 moved",
        ),
        ({}, 2, "none of its sources changed since release 1; numbers: 1 moved"),
    ],
)
def test_the_sentence_for_people(changed, after, sentence):
    found = describe_differences(
        PARTS | {"sequence": 1}, PARTS | changed, [number("a", 1)], [number("a", after)]
    )
    assert format_differences(found) == sentence
    assert format_differences(None) == "the first release of this cut"
