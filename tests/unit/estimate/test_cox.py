"""Cox regression with Efron's ties: published values, entry, and likelihoods without a maximum."""

import numpy as np
import pytest

from graftline.errors import GraftlineError
from graftline.estimate import cox, efron
from graftline.estimate.contrasts import make_indicators
from graftline.estimate.cox import coefficients_by_lifelines, coefficients_by_newton, estimate_cox
from graftline.estimate.efron import evaluate_efron, prepare_efron, solve_efron
from graftline.estimate.log_rank import estimate_log_rank

# Two deaths at once of three at risk, then one of one: x is 1 for the first and the third.
TIED = [1, 1, 2], [1, 1, 0], [[1.0], [0.0], [1.0]]


def test_likelihood_of_tied_deaths_by_hand():
    # Efron: numerator e**b, denominators (2 e**b + 1) and (2 e**b + 1) - (e**b + 1) / 2.
    data = prepare_efron(*TIED)
    for b in (-1.0, 0.0, 0.7):
        risk = 2 * np.exp(b) + 1
        expected = b - np.log(risk) - np.log(risk - (np.exp(b) + 1) / 2)
        assert evaluate_efron(data, [b]).log_likelihood == pytest.approx(expected)


def test_slope_and_curvature_are_those_of_the_likelihood():
    random = np.random.default_rng(2)
    time, event = random.integers(1, 9, 30), random.integers(0, 2, 30)
    x = random.normal(size=(30, 2))
    entry = np.maximum(time - random.integers(1, 9, 30), 0)
    for data in (prepare_efron(time, event, x), prepare_efron(time, event, x, entry)):
        b, step = np.array([0.3, -0.2]), 1e-5
        here = evaluate_efron(data, b)
        for j in range(2):
            move = step * (np.arange(2) == j)
            up, down = evaluate_efron(data, b + move), evaluate_efron(data, b - move)
            slope = (up.log_likelihood - down.log_likelihood) / (2 * step)
            assert here.score[j] == pytest.approx(slope, abs=1e-6)
            assert here.information[j] == pytest.approx(
                (down.score - up.score) / (2 * step), abs=1e-6
            )


@pytest.mark.parametrize("late", [False, True])
def test_patterns_and_individuals_have_the_same_risk_sets(monkeypatch, late):
    random = np.random.default_rng(5)
    time, event = random.integers(2, 9, 40), random.integers(0, 2, 40)
    x = random.integers(0, 2, (40, 2)).astype(float)
    entry = time // 2 if late else None
    few = solve_efron(prepare_efron(time, event, x, entry))
    monkeypatch.setattr(efron, "MOST_PATTERNS", 0)
    each = solve_efron(prepare_efron(time, event, x, entry))
    np.testing.assert_allclose(few, each, rtol=0, atol=1e-10)


@pytest.mark.parametrize("late", [False, True])
def test_newtons_method_finds_what_lifelines_finds(late):
    random = np.random.default_rng(11)
    time, event = random.integers(2, 12, 50), random.integers(0, 2, 50)
    x, entry = random.normal(size=(50, 3)), time // 3 if late else None
    ours, covariance = coefficients_by_newton(prepare_efron(time, event, x, entry))
    theirs, their_covariance = coefficients_by_lifelines(time, event, x, entry)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-8)
    np.testing.assert_allclose(covariance, their_covariance, rtol=0, atol=1e-8)


def test_cohort_too_large_for_lifelines_is_fitted_by_newtons_method(monkeypatch):
    time, event, x = [1, 3, 4, 6, 7], [1, 1, 0, 1, 1], [[0.0], [1.0], [0.0], [1.0], [0.0]]
    small = estimate_cox(time, event, x)
    monkeypatch.setattr(cox, "MOST_FOR_LIFELINES", 4)
    large = estimate_cox(time, event, x)
    assert (small.fitted_by, large.fitted_by) == ("lifelines", "Newton's method")
    assert large.coefficients == pytest.approx(small.coefficients, abs=1e-8)
    assert large.standard_errors == pytest.approx(small.standard_errors, abs=1e-8)


def test_score_at_0_is_the_log_rank_test_without_ties():
    time, event = np.array([1, 2, 3, 4, 5, 6, 7]), np.array([1, 1, 0, 1, 1, 0, 1])
    group = np.array(list("ABABBAA"))
    here = evaluate_efron(prepare_efron(time, event, make_indicators(group)[1]), [0.0])
    statistic = here.score[0] ** 2 / here.information[0, 0]
    assert statistic == pytest.approx(estimate_log_rank(time, event, group).statistic)


def test_entry_on_the_day_of_an_event_is_not_at_risk():
    # The third patient enters on day 2 and plays no part in the death of that day.
    entered = estimate_cox([2, 5, 6, 7], [1, 1, 1, 0], [[0], [1], [0], [1]], entry=[0, 0, 2, 0])
    later = estimate_cox([2, 5, 6, 7], [1, 1, 1, 0], [[0], [1], [0], [1]], entry=[0, 0, 2.5, 0])
    sooner = estimate_cox([2, 5, 6, 7], [1, 1, 1, 0], [[0], [1], [0], [1]], entry=[0, 0, 1.5, 0])
    assert entered.coefficients == pytest.approx(later.coefficients, abs=1e-8)
    assert abs(entered.coefficients[0] - sooner.coefficients[0]) > 0.1


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    ("time", "event", "group"),
    [
        ([1, 2, 3, 4], [1, 1, 0, 0], list("AABB")),  # B has no events
        ([1, 2, 3, 4], [1, 1, 1, 1], list("BBAA")),  # all of B before the first of A
        ([1, 2, 3, 9, 9], [1, 0, 1, 1, 0], list("AABBC")),  # of three groups one has no events
    ],
)
def test_likelihood_without_a_maximum_has_a_reason_and_no_number(
    monkeypatch, time, event, group, large
):
    if large:
        monkeypatch.setattr(cox, "MOST_FOR_LIFELINES", 0)
    found = estimate_cox(time, event, make_indicators(group)[1])
    assert "no maximum" in found.reason
    assert np.isnan(found.coefficients).all() and np.isnan(found.standard_errors).all()
    assert np.isnan(found.likelihood_ratio_p)


def test_strong_effect_with_a_maximum_is_estimated():
    # But for one of B all of A die first: without that one there would be no maximum.
    group = np.array(["A"] * 11 + ["B", "A"] + ["B"] * 11)
    found = estimate_cox(np.arange(1, 25), np.ones(24), make_indicators(group)[1])
    assert found.reason is None and found.coefficients[0] < -3


@pytest.mark.parametrize(
    ("time", "event", "x", "word"),
    [
        ([], [], np.zeros((0, 1)), "no patients"),
        ([4], [1], [[1.0]], "constant"),
        ([4, 5], [1, 1], np.zeros((2, 0)), "constant"),  # one group has no indicator
        ([4, 5], [0, 0], [[0.0], [1.0]], "no events"),
        ([4, 5], [1, 1], [[1.0], [1.0]], "constant"),
        ([4, 5, 6], [1, 1, 1], [[0.0, 0.0], [1.0, 2.0], [0.0, 0.0]], "determine one another"),
        ([1, 4, 5], [0, 1, 1], [[0.0], [1.0], [1.0]], "among the patients at risk"),
    ],
)
def test_without_an_answer_there_is_a_reason(time, event, x, word):
    found = estimate_cox(time, event, x)
    assert word in found.reason and np.isnan(found.coefficients).all()
    assert found.coefficients.shape == (np.asarray(x).shape[1],)


def test_everybody_failing_at_once_is_no_difference():
    # Efron: b - log(1 + e**b) - log((1 + e**b) / 2) is greatest at 0, with information 1/2.
    found = estimate_cox([4, 4], [1, 1], [[0.0], [1.0]])
    assert found.coefficients[0] == pytest.approx(0, abs=1e-9)
    assert found.standard_errors[0] == pytest.approx(2**0.5)


def test_impossible_times_are_refused():
    with pytest.raises(GraftlineError, match="enter on or after"):
        estimate_cox([4, 5], [1, 1], [[0.0], [1.0]], entry=[4, 0])
    with pytest.raises(GraftlineError, match="negative"):
        estimate_cox([-4, 5], [1, 1], [[0.0], [1.0]])


def test_numpy_warns_after_a_fit_as_it_did_before():
    before = np.geterr()
    estimate_cox([1, 3, 4, 6], [1, 1, 0, 1], [[0.0], [1.0], [0.0], [1.0]])
    assert np.geterr() == before


def test_indicators_are_of_all_groups_but_the_first_in_sorted_order():
    levels, matrix = make_indicators(["B", "A", "C", "A"])
    assert levels == ("A", "B", "C")
    assert matrix.tolist() == [[1, 0], [0, 0], [0, 1], [0, 0]]
    assert make_indicators([])[1].shape == (0, 0)
