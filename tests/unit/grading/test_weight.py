"""Loss of weight against the last weight before treatment, at its limits and beside them."""

import numpy as np
import pandas as pd
import pytest

from graftline.grading.files import read_scale
from graftline.grading.weight import grade_weights

SCALES = {name: read_scale(f"config/scales/ctcae-{name}.yaml") for name in ("4.03", "5.0", "6.0")}


def grade(weight, baseline, scale="5.0"):
    """The grade, limit and reason of one weight."""
    item = SCALES[scale].weight_loss_item
    graded = grade_weights(item, pd.Series([weight]), pd.Series([baseline])).iloc[0]
    return graded["grade"], graded["limit"], graded["reason"]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(
    ("weight", "expected"),
    # The text: 5 to <10% from baseline; 10 to <20%; >=20%. Of 60 kg: 57, 54 and 48 kg.
    [
        (70, 0), (60, 0), (57.1, 0), (57.01, 0), (57, 1), (56.9, 1), (54.1, 1), (54, 2),
        (53.9, 2), (48.1, 2), (48, 3), (47.9, 3), (20, 3),
    ],
)  # fmt: skip
def test_weight_loss_is_graded_at_5_10_and_20_percent(scale, weight, expected):
    assert grade(weight, 60, scale)[0] == expected


@pytest.mark.parametrize(
    ("weight", "baseline"),
    # 5% exactly: the products 0.95 x 58.2 = 55.29, 0.95 x 73.4 = 69.73, 0.95 x 66.6 = 63.27 are not
    # exact in binary.
    [(55.29, 58.2), (69.73, 73.4), (63.27, 66.6)],
)
def test_a_loss_of_exactly_5_percent_is_grade_1_whatever_binary_numbers_make_of_it(
    weight, baseline
):
    assert grade(weight, baseline)[0] == 1
    assert grade(weight + 0.01, baseline)[0] == 0


def test_the_limit_is_the_one_reached_or_the_first_that_was_not():
    assert grade(59, 60)[1] == 57
    assert grade(56, 60)[1] == 57
    assert grade(50, 60)[1] == 54


@pytest.mark.parametrize(
    ("weight", "baseline", "reason"),
    [
        (57, np.nan, "baseline_missing"),
        (57, 0, "baseline_missing"),
        (np.nan, 60, "value_missing"),
        (np.nan, np.nan, "value_missing"),
    ],
)
def test_what_is_missing_is_no_grade_and_no_grade_0(weight, baseline, reason):
    found, limit, why = grade(weight, baseline)
    assert found is pd.NA
    assert np.isnan(limit)
    assert why == reason
