"""Survival and competing risks: numbers, table, facts and what the figures draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from graftline.analyse.survival_comparisons import Compared, list_comparisons
from graftline.analyse.survival_numbers import (
    declare_at_risk,
    declare_at_time,
    declare_counts,
    declare_extremes,
    declare_follow_up,
    declare_median,
    declare_median_follow_up,
    declare_restricted_mean,
    declare_undated,
)
from graftline.analyse.survival_sensitivity import (
    LARGEST_CHANGE,
    Headline,
    declare_sensitivity,
    list_headlines,
)
from graftline.analyse.survival_series import Series, list_levels, list_series
from graftline.derive.endpoints.declarations import is_dated
from graftline.disclosure.curves import coarsen_curve
from graftline.disclosure.policy import NOTHING_MASKED, Policy
from graftline.errors import GraftlineError
from graftline.estimate.aalen_johansen import AalenJohansen
from graftline.estimate.kaplan_meier import KaplanMeier
from graftline.numbers.declaration import Declaration
from graftline.numbers.estimators import fit_aj, fit_km

SMALL_RISK_SET = 5
EVENT_WORDS = {"relapse_only": "relapse", "second_transplant": "second transplantation"}
NICE_STEPS = {
    "day": (7, 30, 90, 180, 365, 730, 1825, 3650),
    "week": (1, 4, 13, 26, 52, 104, 260, 520),
    "month": (1, 3, 6, 12, 24, 60, 120),
    "year": (1, 2, 5, 10, 20),
}
MOST_TICKS = 6


class SurvivalAnalysis:
    """One study's survival: `series`, `levels` and `ticks` decide what is declared and drawn.

    `endpoints` is the derived table, `bounds` the one of partial dates at their ends (none where no
    estimate depends on one); `declared`, `origins`, `survival`, `labels`, `arms` and `events` are sections
    of study.yaml.
    """

    def __init__(
        self,
        endpoints: pd.DataFrame,
        declared,
        origins,
        survival,
        labels,
        arms,
        bounds: pd.DataFrame | None = None,
        events: dict[str, Any] | None = None,
        policy: Policy = NOTHING_MASKED,
    ):
        self.endpoints, self.declared, self.origins = endpoints, declared, origins
        self.survival, self.unit = survival, survival["time_unit"]
        self.horizon = survival.get("restricted_mean_until")
        self.events, self.policy = events or {}, policy
        self.levels = list_levels(endpoints, survival, labels, arms)
        self.series = list_series(endpoints, declared, self.levels)
        self.followed = self._followed()
        self.comparisons: list[Compared] = list_comparisons(
            self.series, endpoints, self.levels, survival
        )
        self.headlines: list[Headline] = []
        if bounds is not None and len(bounds):
            self.headlines = list_headlines(bounds, self.series, self.followed, survival, origins)
        self.ticks = choose_ticks(endpoints["time"].max(), self.unit)
        self.fits: dict[str, KaplanMeier | AalenJohansen] = {
            one.id("fit"): (fit_aj if one.is_incidence else fit_km)(one.rows(endpoints)).curve
            for one in self.series
        }

    def _followed(self) -> Series:
        key = self.survival.get("followup_of")
        found = [one for one in self.series if one.key == key and not one.suffix]
        if not found or found[0].is_incidence:
            raise GraftlineError(
                f"study.yaml, survival.followup_of: {key!r} is not an endpoint with the estimator "
                "kaplan_meier"
            )
        return found[0]

    def fit(self, series: Series) -> KaplanMeier | AalenJohansen:
        """The fitted curve of `series`."""
        return self.fits[series.id("fit")]

    def curve_to_draw(self, series: Series) -> KaplanMeier | AalenJohansen:
        """The curve of `series` as the study's disclosure policy lets it be drawn."""
        times = [item["time"] for item in self.survival["times"]]
        return coarsen_curve(self.fit(series), self.policy, [*self.ticks, *times])

    def is_drawn(self, series: Series) -> bool:
        """Whether the figures show `series`: those from the first origin that are in the main text."""
        return series.endpoint["origin"] == self.first_origin and series.report == "main"

    def of_origin(self, origin: str, *, incidence: bool | None = None) -> list[Series]:
        """Series of the endpoints from `origin`, of one estimator if `incidence` says which."""
        return [
            one
            for one in self.series
            if one.endpoint["origin"] == origin and incidence in (None, one.is_incidence)
        ]

    @property
    def first_origin(self) -> str:
        """The origin of the endpoint declared first, from which the figures are drawn."""
        return next(iter(self.declared.values()))["origin"]

    def declare(self) -> list[Declaration]:
        """All numbers of the analysis."""
        times = [item["time"] for item in self.survival["times"]]
        numbers = declare_follow_up(self.followed, self.survival)
        for one in self.series:
            if one.key == self.followed.key and one.suffix:
                numbers += declare_median_follow_up(one, self.survival)
        numbers += declare_undated()
        for one in self.series:
            numbers += declare_counts(one)
            for at in times:
                numbers += declare_at_time(one, at, self.survival)
            for at in sorted({*times, *(self.ticks if self.is_drawn(one) else [])}):
                numbers += declare_at_risk(one, at, self.unit)
            if not one.is_incidence:
                numbers += declare_median(one, self.survival)
                if self.horizon:
                    numbers += declare_restricted_mean(one, self.survival)
            if one.endpoint.get("entry") and not one.suffix:
                numbers += declare_extremes(one, self.unit, one.key + ".entry_{}", "entry")
            if not one.suffix:
                happened = {"status": [1, 2]}
                name = one.key + ".event_{}"
                numbers += declare_extremes(one, self.unit, name, "time", **happened)
        for compared in self.comparisons:
            numbers += compared.declare()
        return numbers + declare_sensitivity(self.headlines)

    def name_event(self, name: str) -> str:
        """An event in words."""
        own = self.events.get(name)
        return own["label"] if own else EVENT_WORDS.get(name, name.replace("_", " "))

    def facts(self) -> dict[str, Any]:
        """What prose needs to know to say the right sentence."""
        followed = self.followed.endpoint
        has_shares = any(one.is_probability for one in self.headlines)
        return {
            "survival": {
                "time_unit": self.unit,
                "times": [{**item, "key": f"{item['time']:g}"} for item in self.survival["times"]],
                "followup_of": self.followed.key,
                "followup_in": "alive" if followed["events"] == ["death"] else "event-free",
                "groups": self.levels,
                "restricted_mean": self.followed.id("restricted_mean", self.horizon)
                if self.horizon
                else None,
                "endpoints": [
                    self._facts_of(one)
                    for one in self.series
                    if not one.suffix and one.report == "main"
                ],
                "dated": any(is_dated(one) for one in self.declared.values()),
                "dates_matter": bool(self.headlines),
                # The number's id, where a probability depends on a partial date.
                "largest_change": LARGEST_CHANGE if has_shares else None,
                "tests": sorted({one.test for one in self.comparisons}),
                "models": sorted({one.model for one in self.comparisons if one.levels[1:]}),
                "origins": {key: origin["label"] for key, origin in self.origins.items()},
            }
        }

    def _facts_of(self, one: Series) -> dict[str, Any]:
        curve, rows = self.fit(one), one.rows(self.endpoints)
        happened = curve.risk.events.sum(axis=0) > 0
        first_event = curve.risk.times[happened].min() if happened.any() else np.inf
        return {
            "key": one.key,
            "label": one.label,
            "origin": one.endpoint["origin"],
            "estimator": one.endpoint["estimator"],
            "sentence": one.endpoint["sentence"],
            "delayed_entry": bool(one.endpoint.get("entry")),
            "no_events": not happened.any(),
            "small_risk_set": bool((curve.risk.at_risk[happened] < SMALL_RISK_SET).any()),
            "events_after_last_entry": not rows["entry"].any()
            or bool(first_event > rows["entry"].max()),
            "median_reached": not one.is_incidence and bool(np.isfinite(curve.median()[0])),
        }


def choose_ticks(longest: float, unit: str) -> list[int]:
    """Times from 0 to `longest` at the smallest usual step that gives at most seven of them."""
    steps = NICE_STEPS[unit]
    longest = 0 if np.isnan(longest) else longest
    step = next((step for step in steps if longest / step <= MOST_TICKS), steps[-1])
    return list(range(0, int(longest) + 1, step))
