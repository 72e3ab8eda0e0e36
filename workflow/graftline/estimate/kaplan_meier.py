"""The Kaplan-Meier estimator with Greenwood log-log limits and delayed entry, and its reverse."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from graftline.estimate.median import invert_curve
from graftline.estimate.risk_set import RiskSets, count_risk_sets, step_value


@dataclass(frozen=True)
class KaplanMeier:
    """A fitted curve. All arrays have the shape of `risk.times`.

    `greenwood` is the sum of d / (n (n - d)); the variance of S is S**2 times it. `lower` and
    `upper` are NaN where the limits are not estimable (once S is 0).
    """

    risk: RiskSets
    survival: np.ndarray
    greenwood: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    confidence: float

    @property
    def events(self) -> np.ndarray:
        """Number of events at each time."""
        return self.risk.events[0]

    def survival_at(self, at) -> np.ndarray:
        """S at each time of `at`, whatever the follow-up: 1 before the first time."""
        return step_value(self.risk.times, self.survival, at, 1.0)

    def limits_at(self, at) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper limit of S at each time of `at`."""
        times = self.risk.times
        return step_value(times, self.lower, at, 1.0), step_value(times, self.upper, at, 1.0)

    def median(self) -> tuple[float, float, float]:
        """Median and its limits (Brookmeyer and Crowley, Biometrics 1982;38:29-41); NaN: not
        reached. The limits are those times at which the limits of S cross one half."""
        return tuple(
            invert_curve(self.risk.times, curve)
            for curve in (self.survival, self.lower, self.upper)
        )


def _loglog_limits(survival, greenwood, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """exp(exp(-/+ theta) ln S), theta = z sqrt(greenwood) / ln S (Kalbfleisch and Prentice 2002).

    (1, 1) while S is 1, as in R, though nothing is known of the variance then; NaN once S is 0.
    """
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    inside = (survival > 0) & (survival < 1)
    log_survival = np.log(np.where(inside, survival, 0.5))
    theta = z * np.sqrt(greenwood) / log_survival
    outside = np.where(survival == 1, 1.0, np.nan)
    # With a survival within rounding of 1 or 0 exp overflows to the right limit; no warning needed.
    with np.errstate(over="ignore", under="ignore"):
        lower = np.exp(np.exp(-theta) * log_survival)
        upper = np.exp(np.exp(theta) * log_survival)
    return np.where(inside, lower, outside), np.where(inside, upper, outside)


def estimate_kaplan_meier(time, event, entry=None, confidence: float = 0.95) -> KaplanMeier:
    """Kaplan-Meier survival (J Am Stat Assoc 1958;53:457-81) from times and event indicators.

    `time` and `entry` in any one unit, `event` true or 1 for the event; one value a patient. With
    `entry` the curve is survival given survival to the first entry, at risk on (entry, time].
    S is a product of ratios of counts, never a sum of logarithms, so that 1/2 is 1/2.
    Raises GraftlineError for times that make no sense; no patients give empty arrays.
    """
    risk = count_risk_sets(time, np.asarray(event, dtype=bool).astype(int), entry)
    n, d = risk.at_risk.astype(float), risk.events[0]
    has_event = d > 0
    survival = np.cumprod(np.divide(n - d, n, out=np.ones(n.size), where=has_event))
    increments = np.divide(d, n * (n - d), out=np.zeros(n.size), where=has_event & (n > d))
    greenwood = np.cumsum(increments)
    lower, upper = _loglog_limits(survival, greenwood, confidence)
    return KaplanMeier(risk, survival, greenwood, lower, upper, confidence)


def estimate_reverse_kaplan_meier(time, event, confidence: float = 0.95) -> KaplanMeier:
    """Kaplan-Meier of the follow-up: censoring is the event, the event censors (Schemper and
    Smith, Control Clin Trials 1996;17:343-6).

    The indicator is simply flipped, as in R and SAS, so that on one day a censoring precedes a
    death. It takes no entry: potential follow-up starts at the origin for everybody.
    """
    return estimate_kaplan_meier(time, ~np.asarray(event, dtype=bool), confidence=confidence)
