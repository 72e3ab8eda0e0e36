"""What the survival figures draw: fitted curves, and the printed numbers of the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graftline.analyse.survival import SurvivalAnalysis
from graftline.analyse.survival_series import Series

INCIDENCE = "Cumulative incidence of "


def capitalise(label: str) -> str:
    """`label` with its first letter as a capital, the rest as it is."""
    return label[:1].upper() + label[1:]


def lower_first(label: str) -> str:
    """`label` with a small first letter, unless it begins with an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


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


def _say(analysis: SurvivalAnalysis, one: Series, printed: Mapping[str, str]) -> str:
    """Patients, events, censored and follow-up of a curve, in words."""

    def count(name: str, noun: str = "") -> str:
        shown = printed[one.id(name)]
        return f"{shown} {noun}{'' if shown == '1' else 's'}" if noun else shown

    said = [f"n = {count('n')}", count("n_events", "event")]
    if one.is_incidence:
        said.append(count("n_competing", "competing event"))
    followed = printed[f"followup.median{one.suffix}"]
    said += [f"{count('n_censored')} censored", f"median follow-up {followed} {analysis.unit}s"]
    return ", ".join(said)


def _texts(
    analysis: SurvivalAnalysis, one: Series, what: str, printed: Mapping[str, str]
) -> list[str]:
    """What the registry prints of a curve at each tick."""
    return [printed[one.id(what, at)] for at in analysis.ticks]


def list_kaplan_meier_panels(
    analysis: SurvivalAnalysis, printed: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One panel an endpoint from the first origin; `printed` is what the registry prints by id."""
    series = _drawn(analysis, incidence=False)
    keys = dict.fromkeys(one.key for one in series)
    panels = [
        {
            "title": analysis.declared[key]["label"],
            "curves": [
                {
                    "curve": analysis.curve_to_draw(one),
                    "label": (f"{capitalise(one.label)}: " if one.suffix else "")
                    + _say(analysis, one, printed),
                    **{
                        what: _texts(analysis, one, what, printed)
                        for what in ("at_risk", "events", "censored")
                    },
                }
                for one in _shown(analysis, series)
                if one.key == key and analysis.fit(one).risk.n
            ],
        }
        for key in keys
    ]
    # So few events that the disclosure policy shows no step leave nothing to draw.
    return [
        panel for panel in panels if any(one["curve"].risk.times.size for one in panel["curves"])
    ]


def _name_causes(analysis: SurvivalAnalysis, series: list[Series]) -> list[str]:
    """The two causes of the first of `series`, and what is left without either.

    A cause has the name of the endpoint whose events it is, without the words for its estimate.
    """
    first = series[0].endpoint
    names = []
    for events in (first["events"], first["competing"]):
        label = next(
            (one.endpoint["label"] for one in series if one.endpoint["events"] == events),
            " or ".join(analysis.name_event(event) for event in events),
        )
        names.append(capitalise(label.removeprefix(INCIDENCE)))
    dead = "death" in (*first["events"], *first["competing"])
    return [*names, "Alive without either" if dead else "Without either"]


def list_incidence_panels(
    analysis: SurvivalAnalysis, printed: Mapping[str, str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """One panel a group of the first endpoint with competing events, and the names of its causes
    and of what is left without either."""
    series = _drawn(analysis, incidence=True)
    if not series:
        return [], []
    causes = _name_causes(analysis, series)
    headings = {
        "at_risk": "Patients at risk",
        "events": f"Events: {lower_first(causes[0])}",
        "competing": f"Events: {lower_first(causes[1])}",
        "censored": "Censored",
    }
    panels = [
        {
            "title": one.label if one.suffix else "",
            "about": _say(analysis, one, printed),
            "curve": analysis.curve_to_draw(one),
            "rows": [
                {"heading": heading, "texts": _texts(analysis, one, what, printed)}
                for what, heading in headings.items()
            ],
        }
        for one in _shown(analysis, series)
        if one.key == series[0].key and analysis.fit(one).risk.n
    ]
    return panels, causes
