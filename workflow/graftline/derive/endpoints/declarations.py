"""What a study may declare of its endpoints: names of origins, events, censorings and populations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.errors import GraftlineError

ORIGINS = ("transplant", "treatment_start", "enrolment")
# Relapse is the first of relapse and progression, as the definitions of the EBMT have it.
DISEASE_EVENTS = ("relapse", "relapse_only", "progression")
EVENTS = ("death", *DISEASE_EVENTS, "second_transplant", "new_therapy")
# How long a patient without an event is known to be without it.
FINAL_CENSORINGS = ("last_assessment", "last_alive", "cut")
# What ends observation before that, and before an event that follows.
STOPS = ("new_therapy", "second_transplant", "missed_assessments")
CENSORINGS = (*STOPS, *FINAL_CENSORINGS)
# Columns that a population may be chosen by, and their tables; of transplant the first one.
POPULATION_COLUMNS = {
    **dict.fromkeys(("diagnosis", "status_at_tx"), "disease"),
    **dict.fromkeys(("arm", "sex", "site_id"), "subjects"),
    **dict.fromkeys(("graft", "tbi"), "transplant"),
}


def is_dated(endpoint: Mapping[str, Any]) -> bool:
    """Whether the endpoint is made of dates, and not of durations that came as such."""
    return endpoint.get("source", "dates") != "outcomes"


def list_events(endpoint: Mapping[str, Any]) -> list[str]:
    """Events and competing events of an endpoint, as listed."""
    return [*endpoint["events"], *(endpoint.get("competing") or [])]


def order_events(endpoint: Mapping[str, Any]) -> list[str]:
    """Events and competing events in the order in which they decide on one day.

    As listed, but relapse and progression always before death: non-relapse mortality is death in
    the absence of relapse, and a patient who relapsed on the day of death had relapsed.
    """
    listed = list_events(endpoint)
    if "death" in listed:
        late = [name for name in listed[listed.index("death") :] if name in DISEASE_EVENTS]
        listed = [name for name in listed if name not in late]
        place = listed.index("death")
        listed[place:place] = late
    return listed


def order_of_censorings(endpoint: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The endpoint's stops and its final censorings, each as listed."""
    listed = endpoint["censorings"]
    return (
        [name for name in listed if name in STOPS],
        [name for name in listed if name in FINAL_CENSORINGS],
    )


def list_families(endpoints: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """Endpoints that must add up to 1: one without competing events, and those that part its events
    among them, each competing with the others (progression-free survival, relapse, death without it).

    All have the same clock, entry, population, censorings and source.
    """

    def frame_of(endpoint: Mapping[str, Any]) -> tuple:
        population = endpoint.get("population") or {}
        return (
            *(endpoint["origin"], endpoint.get("entry"), is_dated(endpoint)),
            tuple(endpoint.get("censorings") or []),
            tuple(sorted((column, tuple(sorted(values))) for column, values in population.items())),
        )

    families = []
    for key, whole in endpoints.items():
        left, parts = set(whole["events"]), []
        for name, part in endpoints.items():
            own = set(part["events"])
            if (
                part.get("competing")
                and set(list_events(part)) == set(whole["events"])
                and frame_of(part) == frame_of(whole)
                and own <= left
            ):
                parts.append(name)
                left -= own
        if not whole.get("competing") and parts and not left:
            families.append((key, parts))
    return families


def _find_problem(endpoint: dict, origins: dict, survival: dict, events: dict) -> str | None:
    """What is wrong with one declaration, if anything."""
    clocks = [endpoint["origin"], *([endpoint["entry"]] if endpoint.get("entry") else [])]
    for name in clocks:
        if name not in origins:
            return f"origin {name!r} is not among origins"
        if origins[name]["event"] not in ORIGINS:
            return (
                f"origin {name!r} starts at {origins[name]['event']!r}; known: {', '.join(ORIGINS)}"
            )
    named, known = list_events(endpoint), (*EVENTS, *events)
    for name in named:
        if name not in known:
            return f"event {name!r}; known: {', '.join(known)}"
    if len(set(named)) < len(named):
        return "an event is listed twice"
    if bool(endpoint.get("competing")) != (endpoint.get("estimator") == "aalen_johansen"):
        return "competing events and the estimator aalen_johansen go together"
    if not is_dated(endpoint):
        return "outcomes have no entry" if endpoint.get("entry") else None
    listed = endpoint.get("censorings") or []
    unknown = [name for name in listed if name not in CENSORINGS]
    if unknown:
        return f"censoring {unknown[0]!r}; known: {', '.join(CENSORINGS)}"
    if not set(listed) & set(FINAL_CENSORINGS):
        return f"censorings must end with one of {', '.join(FINAL_CENSORINGS)}"
    both = sorted(set(listed) & set(named))
    if both:
        return f"{both[0]!r} cannot be an event and a censoring"
    if "missed_assessments" in listed and not survival.get("assessment_interval_days"):
        return "missed_assessments needs survival.assessment_interval_days"
    if survival["time_unit"] != "day":
        return "dates are counted in days; survival.time_unit must be day"
    return None


def check_declarations(endpoints: dict, origins: dict, survival: dict, events: dict) -> None:
    """Raise GraftlineError where an endpoint speaks of something that does not exist."""
    for name in events:
        if name in (*EVENTS, *CENSORINGS):
            raise GraftlineError(
                f"study.yaml, events.{name}: this event is built in; use another name"
            )
    for key, endpoint in endpoints.items():
        problem = _find_problem(endpoint, origins, survival, events)
        if problem:
            raise GraftlineError(f"study.yaml, endpoints.{key}: {problem}")


def find_population(tables: Mapping[str, pd.DataFrame], endpoint: Mapping[str, Any]) -> pd.Index:
    """Patients the endpoint is defined for, sorted: all, or those who in each column that
    `population` names have one of the values listed (relapse-free survival: those in remission).

    A patient without a value is not among them. Raises GraftlineError for a column that a
    population cannot be chosen by, and for a table that the study does not have.
    """
    subjects = pd.Index(tables["subjects"]["subject_id"].dropna(), name="subject_id").sort_values()
    for column, values in (endpoint.get("population") or {}).items():
        table = POPULATION_COLUMNS.get(column)
        if table not in tables:
            known = ", ".join(name for name, of in POPULATION_COLUMNS.items() if of in tables)
            raise GraftlineError(
                f"study.yaml, endpoints: a population cannot be chosen by {column!r} in this "
                f"study; known: {known}"
            )
        frame = tables[table]
        if table == "transplant":
            frame = frame[frame["tx_no"].eq(1).fillna(False).astype(bool)]
        subjects = subjects[subjects.isin(frame.loc[frame[column].isin(values), "subject_id"])]
    return subjects
