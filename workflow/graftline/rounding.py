"""The one rounding function of the project."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

# Binary noise stands behind these digits.
SIGNIFICANT_DIGITS = 12


def _as_written(value: float, decimals: int) -> Decimal:
    """`value` as decimal, without binary noise where 12 digits hold all that is to be printed."""
    if isinstance(value, int):
        return Decimal(value)
    short = Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}")
    kept = SIGNIFICANT_DIGITS - 1 - short.adjusted()  # decimals that the 12 digits reach
    return short if kept > decimals else Decimal(repr(float(value)))


def round_half_up(value: float, decimals: int) -> str:
    """Decimal text of `value` with `decimals` places, halves away from zero.

    The value is taken as its shortest decimal representation (what Python prints), so that 2.675,
    which no float holds exactly, rounds to 2.68 as it does on paper; binary noise in the sixteenth
    digit is removed first by keeping 12 significant digits, where these hold more than is printed.
    Minus zero is printed as zero. Raises ValueError for NaN and infinities.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be rounded")
    exact = _as_written(value, decimals)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)
    return format(rounded, "f")
