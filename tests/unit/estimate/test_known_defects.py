"""Calls of other libraries that are still wrong.

A test that fails here says that a library has been mended: its call may then come off the list of
docs/reference/estimators.md and of tests/unit/test_forbidden_calls.py. The names are those of that list.
"""

import re
import warnings
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from graftline.estimate.aalen_johansen import estimate_aalen_johansen
from graftline.estimate.cross_check import SECOND_IMPLEMENTATIONS
from graftline.estimate.gray import estimate_gray
from graftline.estimate.kaplan_meier import estimate_kaplan_meier
from graftline.estimate.restricted_mean import estimate_restricted_mean

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "estimators.md"
# A text-book cohort of nine: 4 events on days on which others are censored.
NINE = np.array([3.0, 3, 5, 5, 8, 8, 11, 11, 36])
KIND = np.array([1, 0, 1, 2, 1, 0, 2, 0, 0])


@pytest.fixture(autouse=True)
def quiet():
    """Warnings of the libraries are theirs; lifelines also silences numpy and reseeds it."""
    before, state = np.geterr(), np.random.get_state()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    np.seterr(**before)
    np.random.set_state(state)


def incidence_by_lifelines(time, status, **arguments):
    lifelines = pytest.importorskip("lifelines")
    fitter = lifelines.AalenJohansenFitter(seed=arguments.pop("seed", 1))
    return fitter.fit(time, status, event_of_interest=1, **arguments)


def last(fitter):
    return float(fitter.cumulative_density_.iloc[-1, 0])


def test_versions_are_those_whose_defects_are_listed():
    text = PAGE.read_text(encoding="utf-8")
    for library in ("lifelines", "scikit-survival", "firthmodels", "comprisk"):
        try:
            version = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
        assert f"{library} {version}" in text


def test_every_defect_that_is_listed_is_tested_and_the_other_way_round():
    section = PAGE.read_text(encoding="utf-8").partition("## Known defects")[2]
    listed = set(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE))
    tested = set(re.findall(r"^def test_defect_(\w+)\(", Path(__file__).read_text(), re.MULTILINE))
    assert listed == tested and len(tested) > 10


def test_every_quantity_and_its_second_implementation_is_on_the_page():
    table = PAGE.read_text(encoding="utf-8").partition("## Compared with R")[0]
    assert set(re.findall(r"`([a-z_]+)`", table)) >= set(SECOND_IMPLEMENTATIONS)


def test_defect_lifelines_aj_ties():
    truth = float(estimate_aalen_johansen(NINE, KIND).incidence_at(1, 36))
    found = {round(last(incidence_by_lifelines(NINE, KIND, seed=seed)), 9) for seed in range(6)}
    assert len(found) > 1 and max(abs(one - truth) for one in found) > 1e-3


def test_defect_lifelines_aj_seed():
    np.random.seed(1)
    expected = np.random.uniform()
    np.random.seed(1)
    incidence_by_lifelines(NINE, KIND, seed=5)
    assert np.random.uniform() != expected


def test_defect_lifelines_aj_limits():
    fitted = incidence_by_lifelines([1.0, 2, 3, 4], [1, 0, 2, 1])
    row = fitted.confidence_interval_.iloc[1]
    upper = row[[name for name in row.index if "upper" in name][0]]
    lower = row[[name for name in row.index if "lower" in name][0]]
    assert upper < lower


def test_defect_lifelines_aj_first():
    found = float(incidence_by_lifelines([0.0, 3, 5, 7], [1, 2, 1, 0]).cumulative_density_.loc[5])
    assert float(estimate_aalen_johansen([0, 3, 5, 7], [1, 2, 1, 0]).incidence_at(1, 5)) == 0.5
    assert found == pytest.approx(0.25)


def test_defect_lifelines_aj_timeline():
    time, status = [1.0, 2, 3, 4, 5], [1, 0, 2, 1, 0]
    whole = float(incidence_by_lifelines(time, status).cumulative_density_.loc[4].iloc[0])
    assert whole == pytest.approx(float(estimate_aalen_johansen(time, status).incidence_at(1, 4)))
    some = incidence_by_lifelines(time, status, timeline=[0, 2, 4, 6])
    assert not abs(float(some.cumulative_density_.loc[4].iloc[0]) - whole) < 1e-6


def test_defect_lifelines_aj_entry():
    # The third patient enters on the day of the first event and is not at risk on it: 1/2.
    time, status, entry = [5.0, 8, 9], [1, 2, 0], [0.0, 4, 5]
    assert float(estimate_aalen_johansen(time, status, entry).incidence_at(1, 9)) == 0.5
    found = last(incidence_by_lifelines(time, status, entry=entry))
    assert found == pytest.approx(1 / 3)


def test_defect_lifelines_aj_variance():
    fitted = incidence_by_lifelines([1.0, 2, 3], [1, 2, 1])
    assert np.isnan(fitted.variance_.iloc[-1])
    assert np.isfinite(estimate_aalen_johansen([1, 2, 3], [1, 2, 1]).variance_at(1, 3))


@pytest.mark.parametrize("n", [4, 6, 8])
def test_defect_lifelines_median(n):
    from lifelines import KaplanMeierFitter

    found = KaplanMeierFitter().fit(np.arange(1, n + 1)).median_survival_time_
    assert found != n / 2 + 0.5
    assert estimate_kaplan_meier(np.arange(1, n + 1), np.ones(n)).median()[0] == n / 2 + 0.5


def test_defect_lifelines_median_limits():
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times

    fitted = KaplanMeierFitter().fit([1, 2, 3, 36], [1, 1, 1, 1])
    assert float(median_survival_times(fitted.confidence_interval_).iloc[0, 1]) == 36
    assert np.isnan(estimate_kaplan_meier([1, 2, 3, 36], [1, 1, 1, 1]).median()[2])


def test_defect_lifelines_restricted_mean():
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    fitted = KaplanMeierFitter().fit([2, 4], [1, 1])
    mean, variance = restricted_mean_survival_time(fitted, t=3, return_variance=True)
    ours = estimate_restricted_mean(estimate_kaplan_meier([2, 4], [1, 1]), 3)
    assert mean == pytest.approx(ours[0])
    # That of min(T, 3), which is 2 or 3, and not the 1/8 of the mean.
    assert variance == pytest.approx(0.25) and ours[1] ** 2 == pytest.approx(0.125)


def test_defect_lifelines_cox_baseline():
    from lifelines import CoxPHFitter

    frame = pd.DataFrame({"t": [3.0, 5, 6, 8, 9], "d": 1, "x": [0, 1, 0, 1, 1.0]})
    frame["e"] = [0.0, 4, 4, 4, 4]
    fitted = CoxPHFitter().fit(frame, "t", "d", entry_col="e")
    # On day 3 one patient is at risk: the hazard is all of it, 1 over that patient's own risk.
    alone = 1 / float(fitted.predict_partial_hazard(frame.iloc[:1]).iloc[0])
    assert float(fitted.baseline_hazard_.iloc[0, 0]) < 0.9 * alone


def test_defect_lifelines_cox_monotone():
    from lifelines import CoxPHFitter

    frame = pd.DataFrame(
        {"t": np.arange(1.0, 10), "d": [1, 1, 1, 1] + [0] * 5, "x": [0.0] * 5 + [1.0] * 4}
    )
    fitted = CoxPHFitter().fit(frame, "t", "d")
    assert fitted.params_.iloc[0] < -10 and fitted.standard_errors_.iloc[0] > 100


def test_defect_lifelines_km_empty():
    from lifelines import KaplanMeierFitter
    from lifelines.exceptions import StatError

    with pytest.raises(StatError):
        KaplanMeierFitter().fit([2, 5, 6], [1, 1, 0], entry=[0, 3, 3])
    assert estimate_kaplan_meier([2, 5, 6], [1, 1, 0], [0, 3, 3]).survival_at(6) == 0


def test_defect_lifelines_numpy_errors():
    np.seterr(invalid="warn", divide="warn")
    from lifelines import KaplanMeierFitter

    KaplanMeierFitter().fit([1, 2], [1, 1])
    assert np.geterr()["divide"] == np.geterr()["invalid"] == "ignore"


def test_defect_sksurv_cif_absent_cause():
    nonparametric = pytest.importorskip("sksurv.nonparametric")
    for status in ([1, 0, 1, 0], [2, 0, 2, 0]):
        with pytest.raises(ValueError):
            nonparametric.cumulative_incidence_competing_risks(
                np.array(status), np.array([1.0, 2, 3, 4])
            )
    assert estimate_aalen_johansen([1, 2, 3, 4], [2, 0, 2, 0]).incidence_at(1, 4) == 0


def test_defect_sksurv_cif_limits():
    nonparametric = pytest.importorskip("sksurv.nonparametric")
    status, time = np.array([1, 0, 2, 1, 0]), np.array([1.0, 2, 3, 4, 5])
    _, _, limits = nonparametric.cumulative_incidence_competing_risks(
        status, time, conf_type="log-log"
    )
    assert limits[0, 0, 1] > limits[0, 1, 1]  # of all causes, the lower limit above the upper


def test_defect_sksurv_cif_dinse():
    nonparametric = pytest.importorskip("sksurv.nonparametric")
    status, time = np.array([1, 0, 2, 1]), np.array([1.0, 2, 3, 4])
    _, found, limits = nonparametric.cumulative_incidence_competing_risks(
        status, time, conf_type="log-log", var_type="Dinse"
    )
    # The last patient at risk fails, and the limits of all times fall on the estimate.
    assert np.array_equal(limits[1], np.array([found[1], found[1]]))


def test_defect_firthmodels_wald():
    FirthCoxPH = pytest.importorskip("firthmodels").FirthCoxPH
    time = np.array([1715.0, 492, 406, 1358, 1330, 1169, 440, 903, 601])
    died = np.array([0, 1, 1, 0, 0, 0, 1, 0, 1], dtype=bool)
    x = np.isin(time, [1715, 1358, 1330, 1169]).astype(float)[:, None]
    fitted = FirthCoxPH(backend="numpy").fit(x, (died, time))
    assert fitted.conf_int(method="wald")[0, 1] > 0 > fitted.conf_int(method="pl")[0, 1]


def test_defect_firthmodels_search():
    FirthCoxPH = pytest.importorskip("firthmodels").FirthCoxPH
    x, event = np.array([[0.0], [1.0], [1.0]]), np.array([True, False, False])
    fitted = FirthCoxPH(backend="numpy", max_iter=1000).fit(x, (event, np.array([4.0, 5, 6])))
    assert not fitted.converged_ or abs(fitted.coef_[0] - np.log(1 / 6)) > 1e-8


def test_defect_comprisk_gray_singular():
    gray_test = pytest.importorskip("comprisk").gray_test
    time, status = np.array([4, 4, 8, 12, 17, 18.0]), np.array([1, 1, 0, 2, 1, 0])
    group = np.array([1, 1, 0, 0, 0, 0])
    found = gray_test(time, status, group, cause=2)
    assert found.stat == 0 and found.pvalue == 1
    assert np.isnan(estimate_gray(time, status, group, 2).statistic)
