"""Cox regression with Firth's penalty, for few events and for likelihoods without a maximum."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from graftline.estimate.efron import evaluate_efron, prepare_efron
from graftline.estimate.penalised import maximise_penalised
from graftline.estimate.reasons import (
    FIRTH_TAKES_NO_ENTRY,
    FIRTH_TAKES_NO_STRATA,
    NO_CONTRAST,
    NO_EVENTS,
    NOBODY,
    NOT_CONVERGED,
)
from graftline.estimate.risk_set import count_risk_sets

MOST_STEPS = 300
# Where to stop: the gradient and the step, and the distance of the profile from its target.
PRECISION = 1e-10
# Steps are first taken as they are (halving them until the likelihood rises fails next to the maximum,
# where it rises by less than a float can tell), then halved (or they swing about it for ever).
HALVINGS = (0, 20)


@dataclass(frozen=True)
class FirthFit:
    """Logarithms of hazard ratios (p,), their 95% profile-likelihood limits and P of the penalised
    likelihood-ratio test of each; NaN, and `reason`, where there are none. `fitted_by` says by what.
    """

    coefficients: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    p_values: np.ndarray
    fitted_by: str
    reason: str | None = None


def _nothing(covariates: int, reason: str) -> FirthFit:
    empty = np.full(covariates, np.nan)
    return FirthFit(empty, empty, empty, empty, "", reason)


def _why_not(time, event, covariates, entry, strata) -> str | None:
    if entry is not None:
        return FIRTH_TAKES_NO_ENTRY
    if strata is not None:
        return FIRTH_TAKES_NO_STRATA
    count_risk_sets(time, event.astype(int))  # refuses impossible times
    if not event.any():
        return NO_EVENTS if event.size else NOBODY
    size = covariates.shape[1]
    at_null = evaluate_efron(prepare_efron(time, event, covariates), np.zeros(size)).information
    smallest = np.linalg.eigvalsh(at_null)[0] if size else 0.0
    return None if smallest > 1e-9 * max(np.trace(at_null), 1e-9) else NO_CONTRAST


def estimate_firth_cox(time, event, covariates, entry=None, strata=None) -> FirthFit:
    """Firth-penalised Cox regression (Heinze and Schemper, Biometrics 2001;57:114-9), Breslow's ties.

    `covariates` has shape (n, p), `event` is true or 1 for the event. The estimate is finite where
    Cox's is not. firthmodels fits it, or `penalised` where that does not converge. Wald's limits are
    not given, since they fail where the penalty is needed. Entry and strata are refused by a
    `reason`, as are data without events or contrast.
    """
    event, covariates = np.asarray(event, dtype=bool), np.asarray(covariates, dtype=float)
    size = covariates.shape[1]
    reason = _why_not(time, event, covariates, entry, strata)
    if reason:
        return _nothing(size, reason)
    time = np.asarray(time, dtype=float)
    for halvings in HALVINGS:
        found = _fit(time, event, covariates, halvings)
        if found is not None:
            return found
    found = maximise_penalised(time, event, covariates)
    if not np.isfinite(found).all():
        return _nothing(size, NOT_CONVERGED)
    return FirthFit(*found, fitted_by="a penalised likelihood written out")


def _fit(time, event, covariates, halvings: int) -> FirthFit | None:
    """What firthmodels finds; None where any of it does not converge."""
    from firthmodels import FirthCoxPH

    # numba, which tests bring, would give other last digits.
    model = FirthCoxPH(
        backend="numpy",
        max_iter=MOST_STEPS,
        max_step=0.5,
        max_halfstep=halvings,
        gtol=PRECISION,
        xtol=PRECISION,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what does not converge, which is looked at below
        try:
            p_values = model.fit(covariates, (event, time)).lrt().lrt_pvalues_
            limits = model.conf_int(method="pl", max_iter=MOST_STEPS, tol=PRECISION)
        except np.linalg.LinAlgError:
            return None
    if not (model.converged_ and np.isfinite(limits).all() and np.isfinite(p_values).all()):
        return None
    return FirthFit(model.coef_, limits[:, 0], limits[:, 1], p_values, "firthmodels")
