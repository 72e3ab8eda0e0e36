"""A second opinion on every survival estimate: lifelines where it is right, plain sums elsewhere.

lifelines' Kaplan-Meier (0.30.3) is right, with entry too, but stops where an early risk set
empties; its Aalen-Johansen moves tied times at random, and its median and restricted mean have
defects, so that none of these is used here.
"""

from __future__ import annotations

import numpy as np

from graftline.errors import GraftlineError

AGREEMENT = 1e-9
IDENTITY = 1e-12


def survival_by_lifelines(time, event, entry, at: float) -> float | None:
    """Kaplan-Meier survival at `at` by lifelines; None where lifelines cannot compute it."""
    before = np.geterr()
    try:
        from lifelines import KaplanMeierFitter
        from lifelines.exceptions import StatError

        fitter = KaplanMeierFitter()
        try:
            fitter.fit(time, event_observed=event, entry=entry)
        except StatError:
            return None
        return float(fitter.survival_function_at_times(at).iloc[0])
    finally:
        np.seterr(**before)  # lifelines silences numpy for the whole process


def incidence_by_sums(time, status, entry, cause: int, at: float) -> tuple[float, float]:
    """Cumulative incidence of `cause`, and survival free of any, at `at`: the textbook's sum over
    distinct event times, counting the patients at risk anew at each."""
    time, status = np.asarray(time, dtype=float), np.asarray(status, dtype=int)
    entry = np.full(time.size, -np.inf) if entry is None else np.asarray(entry, dtype=float)
    survival, incidence = 1.0, 0.0
    for moment in sorted(set(time[(status > 0) & (time <= at)].tolist())):
        at_risk = int(((time >= moment) & (entry < moment)).sum())
        here = status[time == moment]
        incidence += survival * int((here == cause).sum()) / at_risk
        survival *= 1 - int((here > 0).sum()) / at_risk
    return incidence, survival


def _assert_close(name: str, ours: float, theirs: float, how: str, tolerance: float) -> None:
    if not abs(ours - theirs) <= tolerance:
        raise GraftlineError(
            f"the number {name} is {ours!r} by our estimator and {theirs!r} by {how}; "
            "nothing is reported before the two agree"
        )


def check_survival(name: str, ours: float, time, event, entry, at: float) -> None:
    """Raise GraftlineError if lifelines (or, where it cannot, plain sums) differs by over 1e-9."""
    _, summed = incidence_by_sums(time, np.asarray(event).astype(int), entry, 1, at)
    _assert_close(name, ours, summed, "a plain product", AGREEMENT)
    theirs = survival_by_lifelines(time, event, entry, at)
    if theirs is not None:
        _assert_close(name, ours, theirs, "lifelines", AGREEMENT)


def check_incidence(name: str, ours: float, time, status, entry, cause: int, at: float) -> None:
    """Raise GraftlineError if a plain sum differs, or if the incidences of both causes and the
    survival free of any do not add up to 1."""
    summed, survival = incidence_by_sums(time, status, entry, cause, at)
    other, _ = incidence_by_sums(time, status, entry, 3 - cause, at)
    _assert_close(name, ours, summed, "a plain sum", AGREEMENT)
    _assert_close(name, ours + other + survival, 1.0, "the sum of all outcomes", IDENTITY)
