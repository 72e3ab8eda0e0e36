"""The records of a cohort: which there are, what they say, and where there is nothing to say."""

import numpy as np
import pytest

from graftline.estimate.listing.columns import Patients
from graftline.estimate.listing.confirmation import confirm_records, split_quantity
from graftline.estimate.listing.estimates import estimate_cohort
from graftline.estimate.listing.records import name_quantity


def patients_of(time, status, entry=None, group=None, groups=()):
    late = None if entry is None else np.array(entry, dtype=float)
    member = None if group is None else np.array(group, dtype=int)
    cohort = np.zeros(len(time), dtype=int)
    return Patients(
        np.array(time, dtype=float),
        np.array(status, dtype=int),
        late,
        cohort,
        ("x",),
        member,
        groups,
    )


def ask(patients, times, causes=(1, 2)):
    records = estimate_cohort("x", patients, times, causes)
    confirm_records(records, patients)
    return {(one["quantity"], one["time"], one["group"]): one for one in records}


# S: 3/4 from 2, 3/8 from 6. Incidence of cause 1: 1/4 at 2; of cause 2: 3/4 x 1/2 at 6.
FOUR = patients_of([2, 4, 6, 8], [1, 0, 2, 0])


def test_values_and_number_at_risk_of_a_small_cohort():
    found = ask(FOUR, [6])
    assert found["km_survival", 6, None]["value"] == 0.375
    assert found["cif1", 6, None]["value"] == 0.25
    assert found["cif2", 6, None]["value"] == 0.375
    assert found["at_risk", 6, None]["value"] == 2
    assert found["events", 6, None]["value"] == 2 and found["censored", 6, None]["value"] == 1
    assert found["rmst", 6, None]["value"] == 5  # 2 + 4 x 3/4
    assert found["median", None, None]["value"] == 6
    assert {one["at_risk"] for (_, time, _), one in found.items() if time == 6} == {2}
    assert {one["at_risk"] for (_, time, _), one in found.items() if time is None} == {4}


def test_records_have_the_keys_that_were_promised():
    found = ask(FOUR, [6])
    keys = ["cohort", "group", "quantity", "time", "value", "method", "at_risk"]
    assert all(list(one)[:7] == keys for one in found.values())
    assert all(("reason" in one) == (one["value"] is None) for one in found.values())
    assert all(one["reason"] for one in found.values() if "reason" in one)


def test_past_the_last_follow_up_nothing_is_estimated():
    found = ask(patients_of([2, 4], [1, 1], entry=[0, 1], group=[0, 1], groups=("A", "B")), [9])
    for (quantity, time, _), one in found.items():
        if time == 9 and split_quantity(quantity)[0] not in ("at_risk", "events", "censored"):
            assert one["value"] is None and one["reason"] == "nobody was followed to this time"
            assert one["at_risk"] == 0
    assert found["rmst", 9, "A"]["value"] is None
    # At the last follow-up itself there is an answer, though only in the group followed so far.
    found = ask(patients_of([2, 4], [0, 1], group=[0, 1], groups=("A", "B")), [4])
    assert found["km_survival", 4, None]["value"] == found["km_survival", 4, "B"]["value"] == 0
    assert found["km_survival", 4, "A"]["value"] is None


def test_limits_of_a_curve_without_any_event_are_not_given_and_before_the_first_event_are_1():
    nothing = ask(patients_of([3, 5], [0, 0]), [4])
    assert nothing["km_survival", 4, None]["value"] == 1
    assert nothing["km_lower", 4, None]["reason"] == "no events"
    later = ask(patients_of([3, 5], [0, 1]), [4])
    assert later["km_lower", 4, None]["value"] == later["km_upper", 4, None]["value"] == 1
    ended = ask(patients_of([3, 5], [0, 1]), [5])
    assert "not defined" in ended["km_lower", 5, None]["reason"]


def test_absent_cause_is_0_with_an_exact_limit():
    found = ask(patients_of([2, 4, 6], [1, 0, 0]), [5])
    assert found["cif2", 5, None]["value"] == 0 and found["cif2_lower", 5, None]["value"] == 0
    # Two of three not censored before 5: 1 - 0.025 ** (1/2).
    assert found["cif2_upper", 5, None]["value"] == pytest.approx(1 - 0.025**0.5)


def test_three_causes():
    found = ask(patients_of([1, 2, 3, 4], [1, 3, 2, 3]), [3, 4], causes=(1, 2, 3))
    # Each event takes a quarter, as nobody is censored.
    assert [found[f"cif{cause}", 4, None]["value"] for cause in (1, 2, 3)] == pytest.approx(
        [0.25, 0.25, 0.5]
    )
    assert found["cif3_var_aalen", 3, None]["value"] > 0


def test_without_entry_nothing_is_said_of_it_and_with_it_everything_says_what_became_of_it():
    assert not [key for key in ask(FOUR, [6]) if key[0].endswith("_entry")]
    late = patients_of([2, 4, 6, 8], [1, 0, 2, 0], entry=[0, 1, 2, 3])
    found = ask(late, [6])
    for (quantity, _, _), one in found.items():
        said = "entry left out of account" in one["method"]
        assert said != quantity.endswith("_entry")
    # At 2 only those entered before are at risk: the first two.
    assert found["km_survival_entry", 6, None]["value"] == 0.25
    assert found["km_survival", 6, None]["value"] == 0.375
    assert found["at_risk_entry", 6, None]["value"] == 2


def test_entry_of_0_for_everybody_changes_nothing_but_the_words():
    found = ask(patients_of([2, 4, 6, 8], [1, 0, 2, 0], entry=[0, 0, 0, 0]), [0, 6])
    for key in ("km_survival", "km_lower", "cif1", "cif1_var_aalen"):
        for time in (0, 6):
            assert found[f"{key}_entry", time, None]["value"] == found[key, time, None]["value"]


def test_before_the_first_entry_nothing_is_estimated_with_entry():
    found = ask(patients_of([5, 8], [1, 0], entry=[2, 3]), [2])
    assert found["km_survival_entry", 2, None]["value"] is None
    assert "under observation" in found["km_survival_entry", 2, None]["reason"]
    assert found["km_survival", 2, None]["value"] == 1


TWO_GROUPS = patients_of(
    [1, 3, 2, 5, 6, 7], [1, 1, 1, 2, 0, 1], None, [0, 0, 1, 1, 0, 1], ("A", "B")
)


def test_second_group_is_compared_with_the_first():
    found = ask(TWO_GROUPS, [4])
    assert "B against A" in found["cox_efron_coef", None, None]["method"]
    # Median of A 3, of B 5: B lives longer.
    assert found["cox_efron_coef", None, None]["value"] < 0
    assert found["km_survival", 4, "A"]["value"] == pytest.approx(1 / 3)
    assert not [key for key in found if key[0].startswith(("logrank", "gray", "cox")) and key[2]]


def test_of_three_groups_each_is_compared_with_the_first():
    three = patients_of(
        [1, 3, 2, 5, 6, 7], [1, 1, 1, 2, 1, 1], None, [0, 1, 2, 0, 1, 2], ("A", "B", "C")
    )
    found = ask(three, [4])
    coefficients = {key[2]: one for key, one in found.items() if key[0] == "cox_efron_coef"}
    assert set(coefficients) == {None, "B", "C"}
    assert coefficients[None]["value"] == coefficients["B"]["value"]
    assert "C against A" in coefficients["C"]["method"]
    assert ("logrank_exact_p", None, None) not in found


def test_one_group_has_nothing_to_be_compared_with():
    found = ask(patients_of([1, 3, 4], [1, 2, 0], None, [0, 0, 0], ("A",)), [2])
    for quantity in ("logrank_chisq", "logrank_p", "gray1_stat", "gray2_p", "cox_efron_coef"):
        assert found[quantity, None, None]["reason"] == "there is only one group"


def test_firths_estimate_is_given_with_few_events_and_without_a_maximum():
    few = ask(TWO_GROUPS, [4])
    assert few["cox_firth_coef", None, None]["value"] is not None
    many = patients_of(range(1, 25), [1] * 24, None, [0, 1] * 12, ("A", "B"))
    assert ("cox_firth_coef", None, None) not in ask(many, [4])
    separated = patients_of(range(1, 25), [1, 0] * 12, None, [0, 1] * 12, ("A", "B"))
    found = ask(separated, [4])
    assert "no maximum" in found["cox_efron_coef", None, None]["reason"]
    assert found["cox_firth_coef", None, None]["value"] < 0


@pytest.mark.parametrize(
    ("time", "status"),
    [([5], [0]), ([5], [1]), ([5], [2]), ([5, 5], [1, 1]), ([5, 5], [1, 2]), ([0], [1])],
)
@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("late", [False, True])
def test_one_patient_and_everybody_at_once_are_an_answer_or_a_reason(time, status, grouped, late):
    if late and time == [0]:
        return  # cannot have entered before
    group = list(range(len(time))) if grouped else None
    entry = [1] * len(time) if late else None
    found = ask(patients_of(time, status, entry, group, ("A", "B")), [0, 3, 5, 6])
    for one in found.values():
        assert one["value"] is None or np.isfinite(one["value"])
        assert one["value"] is not None or one["reason"]


def test_names_of_quantities():
    assert name_quantity("cif_var_aalen", 2, entry=True) == "cif2_var_aalen_entry"
    assert name_quantity("cif", 1) == "cif1" and name_quantity("gray_stat", 3) == "gray3_stat"
    for name in ("cif2_var_aalen_entry", "gray12_p", "km_lower", "logrank_p_entry"):
        key, cause, entry = split_quantity(name)
        assert name_quantity(key, cause, entry) == name
