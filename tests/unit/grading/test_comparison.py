"""Rounding before a comparison, and rounding to printed decimals."""

import numpy as np
import pytest

from graftline.grading.comparison import compare, round_for_comparison, round_half_away
from graftline.grading.scale import Criterion


@pytest.mark.parametrize(
    ("computed", "decimal"),
    [
        (35.2 * 1.25, 44.0),
        (1.2 * 2.5, 3.0),
        (1.1 * 1.1, 1.21),
        (0.1 + 0.2, 0.3),
        (1 / 3 * 3, 1.0),
        (123456.789 * 1.25, 154320.98625),  # a million and more have 15 digits in all
        (1234567.89 * 1.1, 1358024.679),
        (9614255.48 * 1.25, 12017819.35),
        (8471448.54 * 3.0, 25414345.62),
        (9.87e12 * 3, 2.961e13),
    ],
)
def test_two_floats_of_one_decimal_number_become_equal(computed, decimal):
    assert round_for_comparison(np.array([computed])) == round_for_comparison(np.array([decimal]))


@pytest.mark.parametrize("value", [0.0, 1.0, 44.0, 999_999.0, 1e6, 123_456_789.0])
def test_neighbours_stay_apart(value):
    step = max(1e-8, value * 1e-13)
    one, two = round_for_comparison(np.array([value, value + step]))
    assert one < two


def test_large_and_small_numbers_of_one_array_are_rounded_as_they_are_alone():
    values = np.array([35.2 * 1.25, 9.87e12 * 3, np.nan, -0.1, 0.0, np.inf])
    together = round_for_comparison(values)
    alone = [round_for_comparison(np.array([value]))[0] for value in values]
    assert together.tolist()[:2] == [44.0, 2.961e13]
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (10.95, 1, 11.0),  # 10.95 is stored as 10.949999...
        (2.675, 2, 2.68),
        (74.5, 0, 75.0),
        (75.5, 0, 76.0),  # not to even
        (74.49, 0, 74.0),
        (-0.25, 1, -0.3),
        (0.0, 1, 0.0),
    ],
)
def test_halves_are_rounded_away_from_nought(value, decimals, expected):
    assert round_half_away(np.array([value]), decimals)[0] == pytest.approx(expected, abs=1e-12)


def test_each_value_has_its_own_decimals():
    found = round_half_away(np.array([1.25, 1.25, np.nan]), np.array([1, 0, 1]))
    np.testing.assert_allclose(found, [1.3, 1.0, np.nan])


# A value under or over the assay's limit: met (True), surely not (False) or unknown (None), for
# limits under, at and over what was written. Nothing lies under 0.
@pytest.mark.parametrize(
    ("reached", "mark", "written", "limit", "expected"),
    [
        ("below", "below", 5, 6, True),
        ("below", "below", 5, 5, True),  # any number under 5 is below 5
        ("below", "below", 5, 4, None),
        ("below", "below", 5, 0, False),  # none is below 0
        ("at_or_below", "below", 5, 5, True),
        ("at_or_below", "below", 5, 4, None),
        ("at_or_below", "below", 5, 0, None),  # 0 itself is at 0
        ("at_or_below", "below", 5, -1, False),
        ("above", "below", 5, 6, False),
        ("above", "below", 5, 5, False),
        ("above", "below", 5, 4, None),
        ("above", "below", 5, 0, None),
        ("above", "below", 5, -1, True),
        ("at_or_above", "below", 5, 5, False),
        ("at_or_above", "below", 5, 4, None),
        ("at_or_above", "below", 5, 0, True),
        ("below", "above", 5, 4, False),
        ("below", "above", 5, 5, False),
        ("below", "above", 5, 6, None),
        ("at_or_below", "above", 5, 5, False),
        ("at_or_below", "above", 5, 6, None),
        ("above", "above", 5, 4, True),
        ("above", "above", 5, 5, True),
        ("above", "above", 5, 6, None),
        ("at_or_above", "above", 5, 5, True),
        ("at_or_above", "above", 5, 6, None),
    ],
)
def test_what_is_known_of_a_value_beyond_the_assays_limit(reached, mark, written, limit, expected):
    criterion = Criterion(reached, limits={"1": limit})
    marks = {mark: np.array([True, False])}
    met, unknown = compare(criterion, np.full(2, float(written)), np.full(2, float(limit)), **marks)
    assert (None if unknown[0] else met[0]) == expected
    assert not (met & unknown).any()
    assert not unknown[1]  # the other row is not marked


@pytest.mark.parametrize(
    ("reached", "expected"),
    [
        ("below", [True, False, False]),
        ("at_or_below", [True, True, False]),
        ("above", [False, False, True]),
        ("at_or_above", [False, True, True]),
    ],
)
def test_a_limit_itself_is_reached_where_the_criterion_says_at(reached, expected):
    met, unknown = compare(Criterion(reached), np.array([1.0, 2.0, 3.0]), np.full(3, 2.0))
    assert (met.tolist(), unknown) == (expected, None)
