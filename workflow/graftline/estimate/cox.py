"""Cox regression with Efron's treatment of ties and delayed entry."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from graftline.estimate.efron import EfronData, evaluate_efron, prepare_efron, solve_efron
from graftline.estimate.reasons import MONOTONE, NO_CONTRAST, NO_EVENTS, NOBODY
from graftline.estimate.risk_set import count_risk_sets

# Above so many patients lifelines takes seconds, with delayed entry minutes.
MOST_FOR_LIFELINES = 20_000
MOST_FOR_LIFELINES_WITH_ENTRY = 3_000
# The information about a coefficient has vanished if it is below this share of that at 0.
VANISHED = 1e-6


@dataclass(frozen=True)
class CoxFit:
    """Logarithms of hazard ratios (p,); NaN, and `reason`, where there is no maximum.

    `p_values` are Wald's, `likelihood_ratio_p` is that of all coefficients together. `fitted_by` is
    lifelines or Newton's method of `estimate.efron`.
    """

    coefficients: np.ndarray
    standard_errors: np.ndarray
    p_values: np.ndarray
    likelihood_ratio_p: float
    covariance: np.ndarray
    fitted_by: str
    reason: str | None = None


def fits_lifelines(patients: int, with_entry: bool) -> bool:
    """Whether lifelines fits so many patients in a few seconds."""
    return patients <= (MOST_FOR_LIFELINES_WITH_ENTRY if with_entry else MOST_FOR_LIFELINES)


def coefficients_by_lifelines(time, event, covariates, entry=None):
    """Coefficients and their covariance by lifelines' CoxPHFitter; (None, None) without a maximum.

    It stops when half the square of the step, weighed by the information, is below `precision`:
    1e-20 leaves an error below 1e-8. Its baseline hazard is never used: it ignores entry.
    """
    import pandas as pd
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError, ConvergenceWarning

    covariates = np.asarray(covariates, dtype=float)
    names = [f"x{index}" for index in range(covariates.shape[1])]
    frame = pd.DataFrame(covariates, columns=names)
    frame["time"], frame["event"] = np.asarray(time, dtype=float), np.asarray(event, dtype=bool)
    late = {}
    if entry is not None:
        frame["entry"], late = np.asarray(entry, dtype=float), {"entry_col": "entry"}
    before = np.geterr()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", ConvergenceWarning)
            fitted = CoxPHFitter().fit(
                frame, "time", "event", fit_options={"precision": 1e-20, "r_precision": 0.0}, **late
            )
    except (ConvergenceError, ConvergenceWarning):
        return None, None
    finally:
        np.seterr(**before)  # lifelines silences numpy for the whole process
    return fitted.params_.to_numpy(float), fitted.variance_matrix_.to_numpy(float)


def coefficients_by_newton(data: EfronData):
    """Coefficients and their covariance by `efron.solve_efron`; (None, None) without a maximum."""
    found = solve_efron(data)
    information = None if found is None else evaluate_efron(data, found).information
    if found is None or not np.isfinite(np.linalg.cond(information)):
        return None, None
    return found, np.linalg.inv(information)


def _nothing(covariates: int, reason: str) -> CoxFit:
    empty = np.full(covariates, np.nan)
    return CoxFit(empty, empty, empty, np.nan, np.full((covariates,) * 2, np.nan), "", reason)


def _vanished(information: np.ndarray, at_null: np.ndarray) -> bool:
    """Whether a direction is left about which nothing is known, in units of what was known at 0."""
    if not np.isfinite(information).all():
        return True
    scale = 1 / np.sqrt(np.diag(at_null))
    values = np.linalg.eigvalsh(information * scale[:, None] * scale)
    return not values[0] > VANISHED


def _search(data: EfronData, arguments, at_null):
    """The coefficients and their covariance (None if the likelihood has no maximum), and by what."""
    time, _, _, entry = arguments
    # Far out, where there is no maximum, nothing is left of a risk set.
    with np.errstate(all="ignore"):
        if fits_lifelines(len(time), entry is not None):
            by, (found, covariance) = "lifelines", coefficients_by_lifelines(*arguments)
        else:
            by, (found, covariance) = "Newton's method", coefficients_by_newton(data)
        if found is None or _vanished(evaluate_efron(data, found).information, at_null):
            return None, None, by
    return found, covariance, by


def estimate_cox(time, event, covariates, entry=None) -> CoxFit:
    """Cox regression (J R Stat Soc B 1972;34:187-220), Efron's ties, at risk on (entry, time].

    `covariates` has shape (n, p), such as `contrasts.make_indicators` gives; `event` true or 1 for
    the event. lifelines fits it (Newton's method of this package where that would take minutes).
    There are no coefficients, and `reason` says why, without events, for covariates that are
    constant or collinear in the risk sets, and for a likelihood without a maximum: there lifelines
    stops at some -17 with a standard error of thousands. Raises GraftlineError for impossible times.
    """
    from scipy.special import chdtrc, ndtr

    covariates = np.asarray(covariates, dtype=float)
    size = covariates.shape[1]
    event = np.asarray(event, dtype=bool)
    count_risk_sets(time, event.astype(int), entry)  # refuses impossible times
    if not event.size or not event.any():
        return _nothing(size, NO_EVENTS if event.size else NOBODY)
    if size == 0:
        return _nothing(size, NO_CONTRAST)
    data = prepare_efron(time, event, covariates, entry)
    null = evaluate_efron(data, np.zeros(size))
    known = np.diag(null.information) > 1e-12 * (1 + np.square(covariates).max())
    if not known.all() or _vanished(null.information, null.information):
        return _nothing(size, NO_CONTRAST)
    found, covariance, by = _search(data, (time, event, covariates, entry), null.information)
    if found is None:
        return _nothing(size, MONOTONE)
    errors = np.sqrt(np.diag(covariance))
    best = evaluate_efron(data, found).log_likelihood
    ratio = max(2 * (best - null.log_likelihood), 0.0)
    wald = 2 * ndtr(-np.abs(found / errors))
    return CoxFit(found, errors, wald, float(chdtrc(size, ratio)), covariance, by)
