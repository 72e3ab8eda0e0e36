"""Every quantity that R computed for 120 random cohorts, to 1e-9."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from graftline.estimate.aalen_johansen import estimate_aalen_johansen
from graftline.estimate.kaplan_meier import estimate_kaplan_meier, estimate_reverse_kaplan_meier
from graftline.estimate.log_rank import estimate_log_rank
from graftline.estimate.restricted_mean import estimate_restricted_mean

REFERENCE = Path(__file__).parents[2] / "reference"
TOLERANCE = 1e-9
COHORTS = dict(list(pd.read_csv(REFERENCE / "random_cohorts.csv").groupby("cohort")))
ANSWERS = pd.read_csv(REFERENCE / "r_results.csv")


def of_kaplan_meier(cohort, tau):
    curve = estimate_kaplan_meier(cohort["time"], cohort["status"] > 0)
    lower, upper = curve.limits_at(tau)
    median = curve.median()
    mean, error = estimate_restricted_mean(curve, tau)
    return {
        "km_survival": curve.survival_at(tau),
        "km_lower": lower,
        "km_upper": upper,
        "at_risk": curve.risk.count_at_risk(tau),
        "median": median[0],
        "median_lower": median[1],
        "median_upper": median[2],
        "rmst": mean,
        "rmst_se": error,
    }


def of_everything(cohort, tau):
    event = cohort["status"] > 0
    entered = estimate_kaplan_meier(cohort["time"], event, cohort["entry"])
    reverse = estimate_reverse_kaplan_meier(cohort["time"], event)
    log_rank = estimate_log_rank(cohort["time"], event, cohort["group"])
    found = of_kaplan_meier(cohort, tau) | {
        "km_survival_entry": entered.survival_at(tau),
        "followup_median_reverse_km": reverse.median()[0],
        "logrank_chisq": log_rank.statistic,
        "logrank_p": log_rank.p_value,
    }
    plain = estimate_aalen_johansen(cohort["time"], cohort["status"])
    late = estimate_aalen_johansen(cohort["time"], cohort["status"], cohort["entry"])
    for cause in (1, 2):
        found[f"cif{cause}"] = plain.incidence_at(cause, tau)
        found[f"cif{cause}_var_aalen"] = plain.variance_at(cause, tau)
        found[f"cif{cause}_entry"] = late.incidence_at(cause, tau)
    return found


TAUS = ANSWERS[ANSWERS["quantity"] == "km_survival"].set_index("cohort")["tau"]
FOUND = {number: of_everything(cohort, TAUS[number]) for number, cohort in COHORTS.items()}
QUANTITIES = sorted(FOUND[0])


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_agrees_with_r(quantity):
    expected = ANSWERS[ANSWERS["quantity"] == quantity].set_index("cohort")["value"]
    assert len(expected) >= 96
    if quantity in ("km_lower", "km_upper"):
        # Six cohorts without any event: R prints NA, this project (1, 1) as for any curve at 1.
        nothing_happened = [number for number, one in COHORTS.items() if not one["status"].any()]
        assert expected[expected.isna()].index.tolist() == nothing_happened
        assert all(FOUND[number][quantity] == 1 for number in nothing_happened)
        expected = expected.dropna()
    found = np.array([float(FOUND[number][quantity]) for number in expected.index])
    np.testing.assert_allclose(found, expected.to_numpy(), rtol=0, atol=TOLERANCE)


def test_the_answers_that_are_not_reproduced_are_only_those_of_estimators_not_in_the_project():
    others = set(ANSWERS["quantity"]) - set(QUANTITIES)
    assert others == {
        "gray1_stat", "gray2_stat", "cox_efron_coef", "cox_efron_se", "cox_efron_coef_entry",
    }  # fmt: skip
