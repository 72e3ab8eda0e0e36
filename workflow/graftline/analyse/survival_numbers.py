"""Declarations of the numbers of survival: what is estimated, of whom, when."""

from __future__ import annotations

from graftline.analyse.survival_rules import rule_of
from graftline.analyse.survival_series import Series, slug
from graftline.numbers import Declaration, select_rows

METHODS = {
    "survival": "Kaplan-Meier estimate{entry} at {at} {unit}s.",
    "cuminc": "Aalen-Johansen estimate{entry} of the cumulative incidence at {at} {unit}s.",
}
LIMITS = {
    "survival": (
        "{side} 95% limit by Greenwood's formula on the log(-log) scale at {at} {unit}s; before "
        "the first event the exact binomial limit of the patients not censored before."
    ),
    "cuminc": (
        "{side} 95% limit by Aalen's variance on the log(-log) scale at {at} {unit}s; before "
        "the first event the exact binomial limit of the patients not censored before."
    ),
}


def _population(series: Series) -> str:
    population = "patients at risk of the endpoint"
    return f"{population}, {series.label}" if series.suffix else population


def _count(series: Series, name: str, method: str, **conditions) -> Declaration:
    rows = {"endpoint": series.key, **series.condition}
    return Declaration(
        id=series.id(name),
        population=_population(series),
        method=method,
        table="endpoints",
        selected=select_rows("endpoints", **rows, **conditions),
        considered=select_rows("endpoints", **rows),
        statistic="count",
        unit="patients",
    )


def declare_counts(series: Series) -> list[Declaration]:
    """Patients, events, competing events, censored by reason, and those never at risk."""
    at_risk = {"in_risk_set": True}
    # Every reason is of a censored patient: said so, reasons are seen to add up where counts are masked.
    event_free = {**at_risk, "status": 0}
    numbers = [
        _count(series, "n", "Number of patients who came under observation.", **at_risk),
        _count(series, "n_events", "Number of events.", **at_risk, status=1),
        _count(series, "n_censored", "Number of patients without an event.", **event_free),
        _count(series, "n_lost", "Number last seen too long before the cut.", **event_free, cnsr=2),
        _count(series, "n_unassessed", "Number censored at the origin.", **event_free, cnsr=3),
        _count(series, "n_died_undated", "Number dead, nobody knows when.", **event_free, cnsr=6),
        _count(
            series, "n_imputed", "Number of events on a day that was imputed.",
            **at_risk, status=[1, 2] if series.is_incidence else 1, adtf=("!=", None),
        ),
        _count(
            series, "n_excluded", "Number of patients who left before they came under observation.",
            in_risk_set=False,
        ),
    ]  # fmt: skip
    stops = set(series.endpoint.get("censorings") or [])
    if stops & {"new_therapy", "second_transplant"}:
        method = "Number censored before new treatment."
        numbers.append(_count(series, "n_new_treatment", method, **event_free, cnsr=4))
    if "missed_assessments" in stops:
        method = "Number of events not counted, because assessments before them were missed."
        numbers.append(_count(series, "n_missed", method, **event_free, cnsr=7))
    if series.is_incidence:
        numbers.append(
            _count(series, "n_competing", "Number of competing events.", **at_risk, status=2)
        )
    return numbers


def declare_undated() -> list[Declaration]:
    """Patients who are dead on an unknown day, so that a date of an endpoint is not known."""
    return [
        Declaration(
            id="survival.died_undated.n",
            population="patients of the endpoints",
            method="Number of patients dead on an unknown day.",
            table="endpoints",
            selected=select_rows("endpoints", cnsr=6),
            considered=select_rows("endpoints"),
            statistic="count_distinct",
            arguments={"column": "subject_id"},
            unit="patients",
        )
    ]


def _estimate(
    series: Series,
    id: str,
    method: str,
    arguments: dict,
    statistic: str | None = None,
    rule: dict[str, int] | None = None,
    **display,
) -> Declaration:
    rows = {"endpoint": series.key, **series.condition}
    if series.is_incidence:
        statistic, arguments = "aalen_johansen", {"cause": 1, **arguments}
    if rule:
        arguments = {**arguments, "rule": rule}
    return Declaration(
        id=id,
        population=_population(series),
        method=method,
        table="endpoints",
        selected=select_rows("endpoints", **rows, in_risk_set=True),
        considered=select_rows("endpoints", **rows),
        statistic=statistic or "km",
        arguments=arguments,
        **display,
    )


def declare_at_time(series: Series, at: float, survival: dict) -> list[Declaration]:
    """The estimate at `at` with its limits."""
    name, unit = series.estimate, survival["time_unit"]
    entry = " with delayed entry" if series.endpoint.get("entry") else ""
    shown = {"decimals": series.decimals, "unit": "probability"}
    quantity = "cumulative_incidence" if series.is_incidence else "survival"
    shown["rule"] = rule_of(survival, quantity)
    numbers = [
        _estimate(
            series, series.id(name, at), METHODS[name].format(entry=entry, at=slug(at), unit=unit),
            {"what": name, "time": at}, display="percent_of_one", **shown,
        )
    ]  # fmt: skip
    for side in ("lower", "upper"):
        method = LIMITS[name].format(side=side.capitalize(), at=slug(at), unit=unit)
        numbers.append(
            _estimate(
                series, f"{series.id(name, at)}.{side}", method, {"what": side, "time": at},
                display="percent_of_one_bare", **shown,
            )
        )  # fmt: skip
    return numbers


def declare_at_risk(series: Series, at: float, unit: str) -> list[Declaration]:
    """Patients at risk at `at`; events, competing events and patients censored up to then."""
    when = f"{slug(at)} {unit}s"
    found = [
        ("at_risk", f"Number of patients at risk at {when}.", {"what": "at_risk"}),
        ("events", f"Number of events up to {when}.", {"what": "events"}),
        ("censored", f"Number of patients censored up to {when}.", {"what": "censored"}),
    ]
    if series.is_incidence:
        method = f"Number of competing events up to {when}."
        found.insert(2, ("competing", method, {"what": "events", "cause": 2}))
    return [
        _estimate(series, series.id(name, at), method, {**asked, "time": at}, unit="patients")
        for name, method, asked in found
    ]


def declare_median(series: Series, survival: dict) -> list[Declaration]:
    """Median time to the event, with its limits."""
    rule = rule_of(survival, "median")
    return _declare_median(
        series, survival["time_unit"], series.id("median"), "km", "Kaplan-Meier", rule
    )


def declare_restricted_mean(series: Series, survival: dict) -> list[Declaration]:
    """Mean time to the event up to the study's horizon, with standard error and limits."""
    unit, horizon = survival["time_unit"], survival["restricted_mean_until"]
    stem = series.id("restricted_mean", horizon)
    subject = f"Restricted mean to {slug(horizon)} {unit}s, the area under the Kaplan-Meier curve"
    numbers = []
    for end, what, words in (
        ("", "restricted_mean", subject),
        (".error", "restricted_mean_error", "Its standard error by Greenwood's formula"),
        (".lower", "restricted_mean_lower", "Lower 95% limit on the normal scale"),
        (".upper", "restricted_mean_upper", "Upper 95% limit on the normal scale"),
    ):
        shown = {"unit": f"{unit}s", "display": "decimal", "decimals": 0 if unit == "day" else 1}
        asked = {"what": what, "time": horizon}
        rule = rule_of(survival, "survival")
        numbers.append(_estimate(series, stem + end, f"{words}.", asked, None, rule, **shown))
    return numbers


def declare_follow_up(series: Series, survival: dict) -> list[Declaration]:
    """Median follow-up with its limits, and its range in the patients without an event.

    The range is without the patients who are dead on an unknown day.
    """
    event_free = {"status": 0, "cnsr": ("!=", 6)}
    unit = survival["time_unit"]
    return [
        *declare_median_follow_up(series, survival),
        *declare_extremes(series, unit, "followup.{}_alive", "time", **event_free),
    ]


def declare_median_follow_up(series: Series, survival: dict) -> list[Declaration]:
    """Median follow-up with its limits; of a group, `followup.median.<group>`."""
    method = "reverse Kaplan-Meier, from the origin on"
    unit, rule = survival["time_unit"], rule_of(survival, "follow_up")
    id = f"followup.median{series.suffix}"
    return _declare_median(series, unit, id, "reverse_km", method, rule)


def _declare_median(
    series: Series, unit: str, id: str, statistic: str, words: str, rule: dict[str, int]
) -> list[Declaration]:
    numbers = []
    for end, what in (("", "median"), (".lower", "median_lower"), (".upper", "median_upper")):
        subject = "Median" if not end else f"{end[1:].capitalize()} 95% limit of the median"
        method = f"{subject} by {words}; limits by inversion of those of the curve."
        shown = {"unit": f"{unit}s", "display": "decimal", "decimals": 0 if unit == "day" else 1}
        numbers.append(
            _estimate(series, id + end, method, {"what": what}, statistic, rule, **shown)
        )
    return numbers


def declare_extremes(
    series: Series, unit: str, name: str, column: str, **conditions
) -> list[Declaration]:
    """Least and greatest value of `column` in the rows that meet `conditions`."""
    rows = {"endpoint": series.key, **series.condition, "in_risk_set": True, **conditions}
    return [
        Declaration(
            id=name.format(which),
            population=_population(series),
            method=f"{which.capitalize()} of {column}.",
            table="endpoints",
            selected=select_rows("endpoints", **rows),
            considered=select_rows("endpoints", endpoint=series.key, **series.condition),
            statistic=which,
            arguments={"column": column},
            unit=f"{unit}s",
            display="decimal",
            decimals=0 if unit == "day" else 1,
        )
        for which in ("minimum", "maximum")
    ]
