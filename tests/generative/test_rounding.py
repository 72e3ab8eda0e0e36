"""Rounding of any value that is written down with a few decimals, against whole-number arithmetic."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from graftline.rounding import round_half_up

small = settings(derandomize=True, max_examples=300, deadline=None)


def half_up_of_thousandths(thousandths: int, decimals: int) -> Decimal:
    """thousandths / 1000, rounded in whole numbers: add half a unit of the last place, cut off."""
    unit = 10 ** (3 - decimals)
    units = (abs(thousandths) + unit // 2) // unit if unit > 1 else abs(thousandths)
    return Decimal(units if thousandths >= 0 else -units).scaleb(-decimals)


@small
@given(st.integers(-10_000_000, 10_000_000), st.integers(0, 3))
def test_rounding_is_that_of_whole_numbers(thousandths, decimals):
    text = round_half_up(thousandths / 1000, decimals)
    assert Decimal(text) == half_up_of_thousandths(thousandths, decimals)
    assert len(text.partition(".")[2]) == decimals
    assert not (text.startswith("-") and Decimal(text) == 0)


@small
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(0, 4))
def test_rounding_never_turns_the_order_of_two_values(a, b, decimals):
    low, high = sorted((a, b))
    assert Decimal(round_half_up(low, decimals)) <= Decimal(round_half_up(high, decimals))


@small
@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_rounding_moves_by_half_a_unit_at_most(value, decimals):
    moved = abs(Decimal(round_half_up(value, decimals)) - Decimal(value))
    # 12 digits of a value under a million end at the sixth decimal: half a unit of that is noise
    assert moved <= Decimal(5).scaleb(-decimals - 1) + Decimal("5e-7")


@small
@given(st.integers())
def test_a_whole_number_stays_what_it_is(value):
    if abs(value) < 10**25:
        assert round_half_up(value, 0) == str(value)
