"""Comparisons of groups as the registry makes them, against R, and where there is none."""

import pandas as pd
import pytest

from graftline.errors import GraftlineError
from graftline.numbers.comparisons import fit_comparison, query_comparison

# Nine patients of the reconstruction from the start of treatment: days, death, arm (5 and 4).
NINE = pd.DataFrame(
    {
        "time": [1618.0, 381, 281, 1268, 1219, 1065, 329, 806, 497],
        "entry": 0.0,
        "status": [0, 1, 1, 0, 0, 0, 1, 0, 1],
        "arm": list("HHHHHEEEE"),
    }
)


def ask(rows, statistic, group, *, what, level=None, **model):
    comparison = fit_comparison(statistic, rows, group=group, **model)
    return query_comparison(comparison, what=what, **({"level": level} if level else {}))


def value(*args, **more):
    return ask(*args, **more)[0]


@pytest.fixture(scope="module")
def scrucca():
    """Thirty-five patients: 1 transplant-related death, 2 relapse; 0 ALL, 1 AML."""
    features, outcome = pytest.importorskip("sksurv.datasets").load_bmt()
    status, time = (outcome[name] for name in outcome.dtype.names)
    disease = features["dis"].astype(str).map({"0": "ALL", "1": "AML"}).to_numpy()
    rows = {"time": time.astype(float), "entry": 0.0, "status": status.astype(int)}
    return pd.DataFrame(rows | {"diagnosis": disease})


def test_grays_test_of_the_published_cohort(scrucca):
    """R's cmprsk: deaths 1.301635, P 0.25391; relapse 7.082278, P 0.0077850."""
    for cause, statistic, p in ((1, 1.301635, 0.25391), (2, 7.082278, 0.0077850)):
        asked = scrucca, "gray", "diagnosis"
        assert value(*asked, what="statistic", cause=cause) == pytest.approx(statistic, abs=5e-7)
        assert value(*asked, what="p", cause=cause) == pytest.approx(p, abs=5e-6)


def test_log_rank_and_its_exact_form_of_the_nine():
    assert value(NINE, "log_rank", "arm", what="statistic") == pytest.approx(0.01626, abs=5e-6)
    assert value(NINE, "exact_log_rank", "arm", what="p") == pytest.approx(0.921, abs=5e-4)


def test_hazard_ratios_of_the_nine():
    """R: Cox 0.880 (0.123 to 6.27), coxphf 0.880 (0.135 to 5.72); the first group is E."""
    for method, lower, upper in (("cox", 0.123, 6.27), ("firth", 0.135, 5.72)):
        asked = {"level": "H", "method": method}
        found = [value(NINE, "hazard_ratio", "arm", what=w, **asked) for w in ("ratio", "lower")]
        assert found == pytest.approx([0.880, lower], abs=5e-4)
        upper_found = value(NINE, "hazard_ratio", "arm", what="upper", **asked)
        assert upper_found == pytest.approx(upper, abs=5e-3)
        assert 0.85 < value(NINE, "hazard_ratio", "arm", what="p", **asked) < 0.95


def test_of_competing_events_a_hazard_ratio_is_that_of_one_cause(scrucca):
    of_relapse = scrucca.assign(status=scrucca["status"].map({0: 0, 1: 0, 2: 1}))
    asked = {"level": "AML", "what": "ratio"}
    found = value(scrucca, "hazard_ratio", "diagnosis", cause=2, **asked)
    assert found == value(of_relapse, "hazard_ratio", "diagnosis", **asked)
    assert found < 0.3


def test_with_delayed_entry_what_cannot_take_it_has_a_reason():
    late = NINE.assign(entry=[0.0] * 8 + [10.0])
    for statistic, model in (("gray", {}), ("exact_log_rank", {})):
        found, reason = ask(late, statistic, "arm", what="p", **model)
        assert found is None and "no delayed entry" in reason
    found, reason = ask(late, "hazard_ratio", "arm", what="ratio", level="H", method="firth")
    assert found is None and "delayed entry" in reason
    assert value(late, "log_rank", "arm", what="p") is not None
    assert value(late, "hazard_ratio", "arm", what="ratio", level="H") is not None


def test_without_events_or_groups_there_is_a_reason_and_no_number():
    none = NINE.assign(status=0)
    one = NINE.assign(arm="H")
    for rows in (none, one):
        for statistic in ("log_rank", "gray", "exact_log_rank"):
            found, reason = ask(rows, statistic, "arm", what="p")
            # With no event every allocation is as extreme as the one that was made.
            assert (found is None and reason) or (statistic == "exact_log_rank" and found == 1)
        found, reason = ask(rows, "hazard_ratio", "arm", what="ratio", level="H")
        assert found is None and reason


def test_a_group_without_events_has_no_cox_estimate_and_a_firth_one():
    apart = NINE.assign(arm=["H" if died else "E" for died in NINE["status"]])
    found, reason = ask(apart, "hazard_ratio", "arm", what="ratio", level="H")
    assert found is None and "Firth" in reason
    assert value(apart, "hazard_ratio", "arm", what="ratio", level="H", method="firth") > 1


def test_patients_without_a_group_are_refused():
    with pytest.raises(GraftlineError, match="leave them out"):
        ask(NINE.assign(arm=[None, *list("HHHHEEEE")]), "log_rank", "arm", what="p")


def test_too_many_allocations_have_a_reason():
    many = pd.concat([NINE] * 4, ignore_index=True)
    found, reason = ask(many, "exact_log_rank", "arm", what="p")
    assert found is None and "too many allocations" in reason
