"""Every value that R computed for 120 random cohorts, as `graftline estimate` gives it.

To 1e-9, coefficients of Cox regressions and their errors to 1e-8. 2,717 values, all but those named.
"""

from pathlib import Path

import pandas as pd
import pytest

from graftline.estimate.listing.columns import Faults, join_rows, read_rows
from graftline.estimate.listing.estimates import estimate_cohorts

REFERENCE = Path(__file__).parents[2] / "reference"
ANSWERS = pd.read_csv(REFERENCE / "r_results.csv", dtype={"cohort": str})
QUANTITIES = sorted(set(ANSWERS["quantity"]))
# cmprsk prints a statistic of -1 and P = 1 where it cannot invert the variance. In cohort 23
# everybody of group B is gone when the only event of cause 2 happens.
TRAPS_OF_R = {("23", "gray2_stat"): -1.0}


@pytest.fixture(scope="module")
def found():
    """Records without a group by cohort, quantity and time."""
    text = pd.read_csv(REFERENCE / "random_cohorts.csv", dtype="string[pyarrow]")
    text["src_line"] = range(2, len(text) + 2)
    faults = Faults("random_cohorts.csv")
    patients = join_rows([read_rows(text, (1, 2), faults)], faults)
    times = ANSWERS.dropna(subset="tau").groupby("cohort")["tau"].unique()
    records = {}
    for _, _, listed in estimate_cohorts(patients, lambda cohort: times[cohort].tolist()):
        for record in listed:
            if record["group"] is None:
                records[record["cohort"], record["quantity"], record["time"]] = record
    return records


def test_all_values_are_compared():
    assert len(ANSWERS) == 2717 and len(QUANTITIES) == 24
    assert ANSWERS["cohort"].nunique() == 120


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_agrees_with_r(found, quantity):
    tolerance = 1e-8 if quantity.startswith("cox") else 1e-9
    expected = ANSWERS[ANSWERS["quantity"] == quantity]
    assert len(expected) >= 96
    for cohort, tau, value in expected[["cohort", "tau", "value"]].itertuples(index=False):
        record = found[cohort, quantity, None if pd.isna(tau) else tau]
        if (cohort, quantity) in TRAPS_OF_R:
            assert value == TRAPS_OF_R[cohort, quantity] and record["value"] is None
        elif pd.isna(value):
            assert record["value"] is None and record["reason"]
        else:
            assert abs(record["value"] - value) <= tolerance, (cohort, tau, value, record)


@pytest.mark.parametrize(
    ("quantity", "left_out"),
    # Of what R gave no answer for, there is a reason here: no events, one cause only, no maximum.
    [("logrank_chisq", 6), ("cox_efron_coef", 10), ("gray1_stat", 14), ("gray2_stat", 16)],
)
def test_what_r_left_out_has_a_reason(found, quantity, left_out):
    answered = set(ANSWERS.loc[ANSWERS["quantity"] == quantity, "cohort"])
    others = [
        record for key, record in found.items() if key[1] == quantity and key[0] not in answered
    ]
    assert len(others) == left_out
    assert all(record["value"] is None and record["reason"] for record in others)
