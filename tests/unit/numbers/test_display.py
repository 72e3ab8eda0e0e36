"""How numbers are printed."""

import pytest

from graftline.numbers.display import format_number, format_p_value

MINUS = "\N{MINUS SIGN}"
THIN = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "display", "decimals", "text"),
    [
        (9, "integer", 0, "9"),
        (1997, "integer", 0, "1997"),  # four digits are not grouped
        (12345, "integer", 0, f"12{THIN}345"),
        (1234567, "integer", 0, f"1{THIN}234{THIN}567"),
        (-9999, "integer", 0, f"{MINUS}9999"),
        (-12345, "integer", 0, f"{MINUS}12{THIN}345"),
        (12.0, "integer", 0, "12"),
        (43.25, "decimal", 1, "43.3"),  # half up
        (-0.04, "decimal", 1, "0.0"),
        (-2.5, "decimal", 0, f"{MINUS}3"),
        (100 * 4 / 9, "percent", 0, "44%"),
        (100 * 5 / 9, "percent_bare", 1, "55.6"),
        (0.285, "percent_of_one", 0, "29%"),  # 28.499999999999996
        (0.4812696, "percent_of_one_bare", 1, "48.1"),
        (0, "percent", 0, "0%"),
        ("2.3.3", "text", 0, "2.3.3"),
        ("1997-12-31", "text", 0, "1997-12-31"),  # hyphens of text are no minus signs
        (None, "percent", 0, "NE"),
        (None, "text", 0, "NE"),
    ],
)
def test_a_value_is_printed_as_declared(value, display, decimals, text):
    assert format_number(value, display, decimals) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0009999, "<0.001"),
        (0.001, "0.001"),
        (0.0, "<0.001"),
        (0.0495, "0.050"),
        (0.4444444, "0.444"),
        (1.0, "1.000"),
    ],
)
def test_a_p_value_is_never_zero(p, text):
    assert format_p_value(p) == format_number(p, "p_value") == text


@pytest.mark.parametrize(
    "display", ["integer", "decimal", "percent", "percent_of_one_bare", "p_value"]
)
def test_what_is_no_number_is_not_printed(display):
    with pytest.raises(ValueError, match="cannot be rounded"):
        format_number(float("nan"), display, 1)


def test_an_unknown_display_is_refused():
    with pytest.raises(ValueError, match="'percentage' is not a way to print a number"):
        format_number(1, "percentage")
