"""Every estimate has a second implementation, which notices an estimate that is off."""

import numpy as np
import pytest

from graftline.errors import GraftlineError
from graftline.estimate.cross_check import (
    SECOND_IMPLEMENTATIONS,
    Cohort,
    check_estimate,
    check_incidence,
    check_survival,
    incidence_by_sums,
)
from graftline.estimate.listing.columns import Patients
from graftline.estimate.listing.confirmation import confirm_records, split_quantity
from graftline.estimate.listing.estimates import estimate_cohort
from graftline.estimate.listing.records import METHODS

# Ties of events and censorings, an entry on the day of an event, three groups, three causes; the last
# patients are censored early enough for the median follow-up to have both limits.
TIME = np.array([2, 3, 3, 5, 5, 5, 7, 8, 8, 9, 11, 12, 12, 14, 4, 6, 6, 7, 9, 10, 20], dtype=float)
STATUS = np.array([1, 2, 0, 1, 1, 3, 0, 2, 1, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1])
ENTRY = np.array([0, 0, 1, 2, 3, 0, 0, 3, 5, 1, 0, 8, 2, 0, 0, 1, 0, 0, 0, 3, 0], dtype=float)
GROUP = np.arange(TIME.size) % 3
TWO = np.arange(TIME.size) % 2


def make_patients(group=GROUP):
    cohort = np.zeros(TIME.size, dtype=int)
    return Patients(TIME, STATUS, ENTRY, cohort, ("x",), group, ("A", "B", "C"))


def test_every_estimate_has_a_second_implementation():
    assert set(SECOND_IMPLEMENTATIONS) == set(METHODS)
    fast = [all(second.slow for second in found) for found in SECOND_IMPLEMENTATIONS.values()]
    assert not any(fast)


@pytest.mark.parametrize("group", [GROUP, TWO])
def test_every_estimate_that_has_a_value_is_confirmed(group):
    patients = make_patients(group)
    records = estimate_cohort("x", patients, [6.0, 12.0], (1, 2, 3))
    known = [record for record in records if record["value"] is not None]
    assert len(known) > 100
    assert confirm_records(records, patients) >= len(known)


@pytest.mark.parametrize("quantity", sorted(METHODS))
def test_value_that_is_off_is_noticed(quantity):
    # Three and four in two groups have 35 allocations; the first fourteen have a median with limits.
    exact, firth = "exact" in quantity, "firth" in quantity
    first = 7 if exact else 14 if firth or quantity.startswith("median") else TIME.size
    patients = make_patients(TWO if exact or firth else GROUP).take(np.arange(first))
    mine = estimate_cohort("x", patients, [6.0, 12.0], (1, 2, 3))
    tried = [
        record
        for record in mine
        if split_quantity(record["quantity"])[0] == quantity and record["value"] is not None
    ]
    assert tried
    for record in tried:
        assert confirm_records([record], patients) >= 1
        for shift in (1e-5, -1e-5):
            with pytest.raises(GraftlineError, match=record["quantity"]):
                confirm_records([{**record, "value": record["value"] + shift}], patients)


def test_thorough_check_of_survival_asks_lifelines_and_scipy_too():
    cohort = Cohort(TIME, STATUS)
    thorough = check_estimate("x", "km_survival", float(cohort.recount.survival(6)), cohort, 6.0)
    assert thorough == 3
    late = Cohort(TIME, STATUS, ENTRY)
    assert check_estimate("x", "km_survival", late.recount.survival(6), late, 6.0) == 2


def test_value_that_could_not_be_estimated_is_not_checked():
    assert check_estimate("x", "km_survival", None, Cohort(TIME, STATUS), 6.0) == 0


def test_infinity_and_nan_agree_with_nothing():
    for value in (np.nan, np.inf):
        with pytest.raises(GraftlineError, match="the number x"):
            check_estimate("x", "km_survival", value, Cohort(TIME, STATUS), 6.0)


def test_incidences_of_three_causes_and_survival_add_up_to_1():
    for cause in (1, 2, 3):
        ours, _ = incidence_by_sums(TIME, STATUS, ENTRY, cause, 12)
        check_incidence("x", ours, TIME, STATUS, ENTRY, cause, 12)
        with pytest.raises(GraftlineError, match="plain sums"):
            check_incidence("x", ours + 1e-8, TIME, STATUS, ENTRY, cause, 12)


def test_survival_of_too_many_patients_for_fractions_is_checked_in_floats():
    random = np.random.default_rng(1)
    time = random.integers(1, 50, 400)
    event = random.integers(0, 2, 400)
    check_survival("x", incidence_by_sums(time, event, None, 1, 20)[1], time, event, None, 20)
