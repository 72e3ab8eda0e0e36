"""The one rounding function, at halves and beside them."""

from decimal import Decimal

import numpy as np
import pytest

from graftline.rounding import round_half_up


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        # halves go away from zero, not to the even digit
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.5, 0, "-1"),
        (-2.5, 0, "-3"),
        (0.125, 2, "0.13"),
        (44.45, 1, "44.5"),
        # no float is exactly these; on paper they are halves
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (0.285 * 100, 0, "29"),  # 28.499999999999996
        (0.145 * 100, 0, "15"),  # 14.499999999999998
        (100 * 5 / 9, 0, "56"),
        # beside a half
        (2.4999999, 0, "2"),
        (2.5000001, 0, "3"),
        (0.0004999, 3, "0.000"),
        # zero has no sign
        (0.0, 1, "0.0"),
        (-0.0, 1, "0.0"),
        (-0.04, 1, "0.0"),
        (-0.05, 1, "-0.1"),
        # no exponent, all places printed
        (1e-9, 3, "0.000"),
        (1e21, 0, "1000000000000000000000"),
        (100.0, 2, "100.00"),
        (7, 1, "7.0"),
        # tens
        (125, -1, "130"),
        (124, -1, "120"),
        # more digits than twelve: nothing is cut off
        (1234567890123, 0, "1234567890123"),
        (123456789012.5, 0, "123456789013"),
        (1234567890.125, 2, "1234567890.13"),
        (12345678901234567890, 0, "12345678901234567890"),
        (0.123456789012345, 14, "0.12345678901235"),
        # the types that pandas and numpy give
        (np.float64(2.675), 2, "2.68"),
        (np.int64(3), 0, "3"),
        (Decimal("2.675"), 2, "2.68"),
    ],
)
def test_halves_go_away_from_zero(value, decimals, text):
    assert round_half_up(value, decimals) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_not_printed(value):
    with pytest.raises(ValueError, match="cannot be rounded"):
        round_half_up(value, 1)
