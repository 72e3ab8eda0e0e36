"""Exact limits and tests agree with scipy.stats, which computes them in another way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact

from graftline.estimate.exact import clopper_pearson, fisher_exact_p

COUNT = st.integers(0, 40)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(COUNT, COUNT)
def test_clopper_pearson_limits(with_event, without):
    patients = with_event + without
    if not patients:
        return
    expected = binomtest(with_event, patients).proportion_ci(0.95, "exact")
    assert clopper_pearson(with_event, patients) == pytest.approx(
        (expected.low, expected.high), rel=1e-9, abs=1e-12
    )


@settings(derandomize=True, max_examples=200, deadline=None)
@given(COUNT, COUNT, COUNT, COUNT)
def test_fisher_p(a, b, c, d):
    expected = fisher_exact([(a, b), (c, d)]).pvalue
    assert fisher_exact_p([(a, b), (c, d)]) == pytest.approx(expected, rel=1e-9)


def test_both_hold_for_a_registry():
    assert clopper_pearson(3, 1_000_000)[1] == pytest.approx(
        binomtest(3, 1_000_000).proportion_ci(0.95, "exact").high, rel=1e-9
    )
    table = [(300, 99_700), (220, 99_780)]
    assert fisher_exact_p(table) == pytest.approx(fisher_exact(table).pvalue, rel=1e-6)
