"""How a value is printed. One function, so that text, tables and figures print alike."""

from __future__ import annotations

from typing import Any

from graftline.rounding import round_half_up

NOT_ESTIMABLE = "NE"
MINUS = "−"


def format_p_value(value: float) -> str:
    """Three decimals, and <0.001 below that; never 0.000 (ICMJE; Lang and Altman, SAMPL 2013)."""
    return "<0.001" if value < 0.001 else round_half_up(value, 3)


def format_number(value: Any, display: str, decimals: int = 0) -> str:
    """The text that is printed for `value`; "NE" for None.

    Displays: integer (thousands grouped by a narrow no-break space from five digits on), decimal, percent
    (the value is in percent), percent_of_one (the value is a proportion), each of the last two
    with "_bare" for no sign, p_value, and text.
    """
    if value is None:
        return NOT_ESTIMABLE
    if display == "text":
        return str(value)
    if display == "p_value":
        return format_p_value(value)
    if display == "integer":
        text = round_half_up(value, 0)
        if float(text) != value:
            raise ValueError(f"{value} is not a whole number and cannot be printed as one")
        if len(text.lstrip("-")) > 4:
            text = f"{int(text):,}".replace(",", "\u202f")
    elif display == "decimal" or display in ("percent", "percent_bare"):
        text = round_half_up(value, decimals)
    elif display in ("percent_of_one", "percent_of_one_bare"):
        text = round_half_up(100 * value, decimals)
    else:
        raise ValueError(f"{display!r} is not a way to print a number")
    if display in ("percent", "percent_of_one"):
        text += "%"
    return text.replace("-", MINUS)
