"""The table of endpoints, and the captions of the survival figures; all numbers by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graftline.analyse.survival import SurvivalAnalysis
from graftline.analyse.survival_sensitivity import ENDS, Headline
from graftline.analyse.survival_series import Series
from graftline.disclosure.shown import Shown

KAPLAN_MEIER = "survival by Kaplan-Meier with Greenwood's variance"
AALEN_JOHANSEN = "cumulative incidence by Aalen-Johansen with Aalen's variance"
LIMITS = (
    "; ninety-five per cent confidence intervals on the log(-log) scale. "
    "Before the first event the limit away from the estimate is the exact binomial one."
)
NOT_ESTIMABLE = (
    "CI: confidence interval. NE: not estimable, because nobody was followed so long or the value was not "
    "reached."
)
# The rules are those of the figures (`graftline.figures.survival`, `find_end_of_curve`).
FEW_CURVES = 2
MANY_MARKS = "A curve with more than a hundred days of censoring has no ticks."
WHERE_CURVES_END = (
    "Curves end where fewer than a tenth of the patients, or of thirty or more patients fewer than "
    "five, are still at risk."
)
TESTS = {"log_rank": "log-rank", "exact_log_rank": "exact log-rank", "gray": "Gray"}
MODELS = {"cox": "Cox", "firth": "Cox, Firth"}


COARSE = (
    " So that no patient is told by it, each step joins the events of several patients and stands at a "
    "round time, and censorings are not marked."
)


def _tabulated(series: list[Series]) -> list[Series]:
    """Those that the manuscript shows."""
    return [one for one in series if one.report != "registry"]


def _with_limits(id: str) -> str:
    return f"{{{id}}} ({{{id}.lower}}–{{{id}.upper}})"


def _rows_of(one: Series, times: list[dict], indent: int) -> list[dict[str, Any]]:
    estimates = [_with_limits(one.id(one.estimate, item["time"])) for item in times]
    at_risk = [f"{{{one.id('at_risk', item['time'])}}}" for item in times]
    median = "" if one.is_incidence else _with_limits(one.id("median"))
    label = one.label[0].upper() + one.label[1:]
    counts = [f"{{{one.id('n')}}}", f"{{{one.id('n_events')}}}"]
    return [
        {"label": label, "indent": indent, "cells": [*counts, *estimates, median]},
        {"label": "patients at risk", "indent": indent + 1, "cells": ["", "", *at_risk, ""]},
    ]


def _name_estimators(analysis: SurvivalAnalysis) -> str:
    """The estimators that the study's endpoints use."""
    kinds = {one.is_incidence for one in _tabulated(analysis.series)}
    names = [
        name for kind, name in ((False, KAPLAN_MEIER), (True, AALEN_JOHANSEN)) if kind in kinds
    ]
    text = ", ".join(names)
    return text[0].upper() + text[1:] + LIMITS


def lay_out_endpoints(analysis: SurvivalAnalysis) -> dict[str, Any]:
    """Table of endpoints: patients, events, estimates at the study's times, median."""
    times, unit = analysis.survival["times"], analysis.unit
    rows = []
    for key, origin in analysis.origins.items():
        series = _tabulated(analysis.of_origin(key))
        if not series:
            continue
        rows.append({"label": f"From {origin['label']}", "indent": 0, "cells": []})
        for one in series:
            rows += _rows_of(one, times, 1 + bool(one.suffix))
    follow_up = ["{" + analysis.followed.id("n") + "}", ""]
    follow_up += [""] * len(times) + [_with_limits("followup.median")]
    rows.append({"label": "Follow-up (reverse Kaplan-Meier)", "indent": 0, "cells": follow_up})
    notes = [_name_estimators(analysis), NOT_ESTIMABLE]
    entered = [
        one for one in _tabulated(analysis.series) if one.endpoint.get("entry") and not one.suffix
    ]
    if entered:
        one = entered[0]
        label = analysis.origins[one.endpoint["entry"]]["label"]
        notes.append(
            f"From {analysis.origins[one.endpoint['origin']]['label']}, patients are at risk only "
            f"after the {label}, {{{one.key}.entry_minimum}} to {{{one.key}.entry_maximum}} "
            f"{unit}s later; follow-up is counted from the origin."
        )
    notes += _note_left_out(analysis)
    columns = ["Endpoint", "Patients", "Events"]
    columns += [item["label"][0].upper() + item["label"][1:] for item in times]
    return {
        "caption": "Endpoints at fixed times: probability (95% CI), and median.",
        "columns": [*columns, f"Median, {unit}s"],
        "rows": rows,
        "footnotes": notes,
    }


def _name(analysis: SurvivalAnalysis, one: Series) -> str:
    """A series in a note: its endpoint, its origin, and its group."""
    origin = analysis.origins[one.endpoint["origin"]]["label"]
    label = one.endpoint["label"]
    group = f" in {one.label}" if one.suffix else ""
    return f"{label[0].lower()}{label[1:]} from {origin}{group}"


def _note_left_out(analysis: SurvivalAnalysis) -> list[str]:
    """Notes on patients who are not counted, or of whom a date is not known."""
    notes, shown = [], _tabulated(analysis.series)
    left = [one for one in shown if len(one.rows(analysis.endpoints)) < _n_declared(analysis, one)]
    if left:
        counts = [f"{_name(analysis, one)} {{{one.id('n_excluded')}}}" for one in left]
        notes.append(
            "Patients who left before they came under observation, or had the event before, and are "
            f"not counted: {', '.join(counts)}."
        )
    dead = [one for one in shown if one.rows(analysis.endpoints)["cnsr"].eq(6).any()]
    if dead:
        counts = [f"{_name(analysis, one)} {{{one.id('n_died_undated')}}}" for one in dead]
        notes.append(
            f"Patients dead on an unknown day: {', '.join(counts)}. They are censored when last known "
            "to be without the event, which overstates the probability of being alive; the bounds "
            "count their deaths on the first and on the last possible day."
        )
    return notes


def lay_out_sensitivity(
    analysis: SurvivalAnalysis, values: Mapping[str, float | None]
) -> dict[str, Any]:
    """Table of the headline numbers with partial dates as imputed, at their earliest and latest:
    those of which one differs, by the registry's `values`."""

    def moves(one: Headline) -> bool:
        found = {values[one.id], *(values[one.number(end)] for end in ENDS)}
        return len(found) > 1

    rows = [
        {
            "label": one.label,
            "indent": 0,
            "cells": [
                f"{{{one.id}}}",
                *(f"{{{one.number(which)}}}" for which in ("earliest", "latest", "change")),
            ],
        }
        for one in analysis.headlines
        if moves(one)
    ]
    return {
        "caption": "Estimates with every date of which a part is unknown as imputed, and on its earliest and latest "
        "possible day.",
        "columns": ["Estimate", "As imputed", "Earliest", "Latest", "Largest change"],
        "rows": rows,
        "footnotes": [
            "Possible days lie within what is known: a relapse after the last assessment free of it "
            "and not after death, a death not before the last sign of life nor after the data cut. "
            "Changes of probabilities are in percentage points. Estimates that are not listed do not "
            "change.",
            NOT_ESTIMABLE,
        ],
    }


def lay_out_comparisons(analysis: SurvivalAnalysis) -> dict[str, Any]:
    """Table of the comparisons of groups: test, and hazard ratio of each group against the first."""
    rows = []
    for one in analysis.comparisons:
        test = [TESTS[one.test], f"{{{one.test_id('p')}}}"]
        for place, level in enumerate(one.levels[1:]):
            ratio = one.ratio_id(level)
            label = f"{one.series.label}, {level['label']} against {one.levels[0]['label']}"
            cells = [*(test if place == 0 else ["", ""]), MODELS[one.model]]
            cells += [_with_limits(ratio), f"{{{ratio}.p}}"]
            rows.append({"label": label, "indent": 0, "cells": cells})
    return {
        "caption": "Comparison of groups.",
        "columns": ["Endpoint", "Test", "P", "Model", "Hazard ratio", "P"],
        "rows": rows,
        "footnotes": [
            "Hazard ratios with ninety-five per cent confidence intervals: by Wald's method for Cox "
            "models, by the profile likelihood with Firth's penalty. Those of events that compete are "
            "cause-specific. " + NOT_ESTIMABLE,
        ],
    }


def _n_declared(analysis: SurvivalAnalysis, one: Series) -> int:
    rows = analysis.endpoints[analysis.endpoints["endpoint"] == one.key]
    for column, value in one.condition.items():
        rows = rows[rows[column].eq(value).fillna(False)]
    return len(rows)


def _state_follow_up(analysis: SurvivalAnalysis) -> str:
    return f"Median follow-up {{followup.median}} {analysis.unit}s."


def describe_kaplan_meier(analysis: SurvivalAnalysis) -> dict[str, str]:
    """Caption and alternative text of the Kaplan-Meier figure."""
    origin = analysis.origins[analysis.first_origin]["label"]
    series = [one for one in analysis.series if analysis.is_drawn(one) and not one.is_incidence]
    names = " and ".join(one.label.lower() for one in series if not one.suffix)
    few = len(analysis.levels) <= FEW_CURVES
    counted = "cumulative events and patients censored" if few else "cumulative events"
    caption = (
        f"{names[:1].upper()}{names[1:]} from {origin}, by Kaplan-Meier with ninety-five per cent "
        "confidence bands. Ticks mark censored patients; below, patients at risk and "
        f"{counted} so far. {MANY_MARKS} {WHERE_CURVES_END} {_state_follow_up(analysis)}"
    )
    entered = [one for one in series if one.endpoint.get("entry")]
    if entered:
        label = analysis.origins[entered[0].endpoint["entry"]]["label"]
        caption += (
            f" Patients are at risk after the {label} only; curves begin with the first of them."
        )
    if analysis.levels:
        caption += " One curve for each group."
    return {"caption": caption, "alt": f"Step curves of {names} against time since {origin}."}


def describe_cumulative_incidence(analysis: SurvivalAnalysis) -> dict[str, str]:
    """Caption and alternative text of the figure of stacked incidences."""
    origin = analysis.origins[analysis.first_origin]["label"]
    series = [one for one in analysis.series if analysis.is_drawn(one) and one.is_incidence]
    names = " and ".join(dict.fromkeys(one.endpoint["label"].lower() for one in series))
    caption = (
        f"{names[:1].upper()}{names[1:]} from {origin}, by Aalen-Johansen, stacked: what lies "
        "above is the probability of neither. Below, patients at risk, and cumulative events of either "
        f"kind and patients censored so far. {WHERE_CURVES_END} {_state_follow_up(analysis)}"
    )
    if analysis.levels:
        caption += " One panel for each group."
    return {
        "caption": caption,
        "alt": f"Stacked step areas of {names} against time since {origin}.",
    }


def note_masking(texts: dict[str, str], seen: Shown) -> dict[str, str]:
    """A figure's caption and alternative text, with what its curves and numbers leave out."""
    if not seen.policy.is_masking:
        return texts
    caption = texts["caption"].replace("Ticks mark censored patients; below", "Below")
    return texts | {"caption": caption + COARSE + seen.note}


def lay_out_tables(
    analysis: SurvivalAnalysis, values: Mapping[str, float | None]
) -> dict[str, dict[str, Any]]:
    """All tables of the analysis by name, those that have rows; `values` of the registry by id."""
    tables = {"endpoints": lay_out_endpoints(analysis)}
    if analysis.comparisons:
        tables["comparisons"] = lay_out_comparisons(analysis)
    if analysis.headlines:
        layout = lay_out_sensitivity(analysis, values)
        tables |= {"sensitivity": layout} if layout["rows"] else {}
    return tables
