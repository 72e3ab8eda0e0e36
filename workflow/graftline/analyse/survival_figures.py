"""What the survival figures draw: fitted curves, and the printed numbers of the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graftline.analyse.survival import SurvivalAnalysis
from graftline.analyse.survival_series import Series


def _drawn(analysis: SurvivalAnalysis, *, incidence: bool) -> list[Series]:
    """Series of the figures, of all patients and of levels."""
    return [
        one for one in analysis.series if analysis.is_drawn(one) and one.is_incidence == incidence
    ]


def _shown(analysis: SurvivalAnalysis, series: list[Series]) -> list[Series]:
    """Curves to draw: the levels where a study has them, else everybody."""
    return [one for one in series if bool(one.suffix) == bool(analysis.levels)]


def label_time(analysis: SurvivalAnalysis) -> str:
    """Label of the time axis."""
    origin = analysis.origins[analysis.first_origin]["label"]
    return f"{analysis.unit.capitalize()}s since {origin}"


def list_kaplan_meier_panels(
    analysis: SurvivalAnalysis, printed: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One panel an endpoint from the first origin; `printed` is what the registry prints by id."""
    series = _drawn(analysis, incidence=False)
    keys = dict.fromkeys(one.key for one in series)
    return [
        {
            "title": analysis.declared[key]["label"],
            "curves": [
                {
                    "curve": analysis.fit(one),
                    "label": one.label,
                    "texts": [
                        f"{printed[one.id('at_risk', at)]} ({printed[one.id('events', at)]}, "
                        f"{printed[one.id('censored', at)]})"
                        for at in analysis.ticks
                    ],
                }
                for one in _shown(analysis, series)
                if one.key == key and analysis.fit(one).risk.n
            ],
        }
        for key in keys
    ]


def list_incidence_panels(
    analysis: SurvivalAnalysis, printed: Mapping[str, str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """One panel a group of the first endpoint with competing events, and the names of its causes.

    The second cause has the name of the endpoint whose events are the first one's competing ones.
    """
    series = _drawn(analysis, incidence=True)
    if not series:
        return [], []
    first = series[0].endpoint
    mirror = [one.endpoint for one in series if one.endpoint["events"] == first["competing"]]
    names = [
        " or ".join(analysis.name_event(event) for event in first[which])
        for which in ("events", "competing")
    ]
    labels = [name[:1].upper() + name[1:] for name in names]
    if mirror:
        labels = [first["label"], mirror[0]["label"]]
    panels = [
        {
            "title": one.label if one.suffix else "",
            "curve": analysis.fit(one),
            "texts": [printed[one.id("at_risk", at)] for at in analysis.ticks],
            "counts": [
                ", ".join(printed[one.id(what, at)] for what in ("events", "competing", "censored"))
                for at in analysis.ticks
            ],
        }
        for one in _shown(analysis, series)
        if one.key == series[0].key and analysis.fit(one).risk.n
    ]
    return panels, labels
