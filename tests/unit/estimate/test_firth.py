"""Firth's penalised Cox regression: values known from R, several groups, and refusals."""

import math

import numpy as np
import pytest

from graftline.estimate.contrasts import make_indicators
from graftline.estimate.firth import estimate_firth_cox
from graftline.estimate.penalised import maximise_penalised

# Nine patients: days, death, and whether one of the four who live longest of the five alive.
OS = np.array([1715, 492, 406, 1358, 1330, 1169, 440, 903, 601])
DIED = np.array([0, 1, 1, 0, 0, 0, 1, 0, 1])
NO_DEATHS = np.isin(OS, [1715, 1358, 1330, 1169]).astype(float)[:, None]


def test_group_without_events_has_a_finite_estimate_as_in_r():
    # R, maximising the penalised likelihood: -2.45385 (profile -7.349 to -0.181), P 0.0318. Wald's
    # limits, -5.76 to 0.86, would say the opposite.
    found = estimate_firth_cox(OS, DIED, NO_DEATHS)
    assert round(found.coefficients[0], 5) == -2.45385
    assert (round(found.lower[0], 3), round(found.upper[0], 3)) == (-7.349, -0.182)
    assert round(found.p_values[0], 4) == 0.0318


def test_without_separation_it_is_near_cox():
    # By arm, from start of treatment: hazard ratio 0.880, 0.135 to 5.72.
    entry = np.array([97, 111, 125, 90, 111, 104, 111, 97, 104])
    high = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0], dtype=float)[:, None]
    found = estimate_firth_cox(OS - entry, DIED, high)
    ratio = np.exp([found.coefficients[0], found.lower[0], found.upper[0]])
    assert ratio[0] == pytest.approx(0.880, abs=5e-4)
    assert ratio[1] == pytest.approx(0.135, abs=5e-4)
    assert ratio[2] == pytest.approx(5.72, abs=5e-3)


@pytest.mark.parametrize("seed", range(4))
def test_several_groups_with_ties_are_those_of_a_likelihood_written_out(seed):
    random = np.random.default_rng(seed)
    time, event = random.integers(1, 8, 18), random.integers(0, 2, 18)
    _, design = make_indicators(np.arange(18) % 3)
    found = estimate_firth_cox(time, event, design)
    plain = maximise_penalised(time, event, design)
    ours = np.array([found.coefficients, found.lower, found.upper, found.p_values])
    np.testing.assert_allclose(ours, plain, rtol=0, atol=1e-8)


def test_search_that_would_swing_between_two_values_converges():
    # Group B dies late: a search with long steps jumps between 0 and -5 for ever.
    time, event = [3, 3, 7, 14, 14, 17, 21, 22, 27], [0, 1, 1, 0, 0, 0, 1, 1, 0]
    _, design = make_indicators(list("AAABBBBBB"))
    found = estimate_firth_cox(time, event, design)
    plain = maximise_penalised(time, event, design)
    assert found.reason is None
    np.testing.assert_allclose(found.coefficients, plain[0], rtol=0, atol=1e-8)


def test_where_firthmodels_does_not_converge_the_written_out_likelihood_stands_in():
    # One event, of A, with one of A and two of B at risk: b/2 - 2 log(1 + 2 e**b) is greatest where
    # e**b is 1/6. A search by the information alone overshoots by as much as it was away.
    found = estimate_firth_cox([4, 5, 6], [1, 0, 0], [[0.0], [1.0], [1.0]])
    assert found.fitted_by == "a penalised likelihood written out"
    assert found.coefficients[0] == pytest.approx(np.log(1 / 6), abs=1e-9)
    # P: log(1/6) / 2 - 2 log(4/3) against -2 log(3).
    ratio = 2 * (np.log(1 / 6) / 2 - 2 * np.log(4 / 3) + 2 * np.log(3))
    assert found.p_values[0] == pytest.approx(math.erfc(math.sqrt(ratio / 2)), abs=1e-9)
    for limit in (found.lower[0], found.upper[0]):
        fallen = (limit / 2 - 2 * np.log(1 + 2 * np.exp(limit))) - (
            np.log(1 / 6) / 2 - 2 * np.log(4 / 3)
        )
        assert 2 * fallen == pytest.approx(-3.841458820694124, abs=1e-9)


@pytest.mark.parametrize(
    ("time", "event", "x", "word"),
    [
        ([], [], np.zeros((0, 1)), "no patients"),
        ([4], [1], [[1.0]], "constant"),
        ([4, 5], [0, 0], [[0.0], [1.0]], "no events"),
        ([4, 5], [1, 1], [[1.0], [1.0]], "constant"),
        ([1, 4, 5], [0, 1, 1], [[0.0], [1.0], [1.0]], "constant"),
    ],
)
def test_without_an_answer_there_is_a_reason(time, event, x, word):
    found = estimate_firth_cox(time, event, x)
    assert word in found.reason and np.isnan(found.coefficients).all()


def test_everybody_failing_at_once_is_no_difference():
    # Breslow's likelihood of two deaths at once is that of two draws: 0 is its maximum.
    found = estimate_firth_cox([4, 4], [1, 1], [[0.0], [1.0]])
    assert found.coefficients[0] == pytest.approx(0, abs=1e-9)
    assert found.p_values[0] == pytest.approx(1)


def test_entry_and_strata_are_refused_with_a_reason():
    two = ([4, 5, 6], [1, 1, 0], [[0.0], [1.0], [1.0]])
    assert "delayed entry" in estimate_firth_cox(*two, entry=[0, 1, 2]).reason
    assert "strata" in estimate_firth_cox(*two, strata=[0, 1, 1]).reason
    assert estimate_firth_cox(*two).reason is None
