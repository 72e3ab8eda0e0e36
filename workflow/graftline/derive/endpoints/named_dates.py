"""The dates that declarations of endpoints speak of: transplant, relapse, last_alive and so on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from graftline.derive.endpoints.cells import no_cells, pick_cell, read_cells, refuse
from graftline.derive.endpoints.declarations import DISEASE_EVENTS
from graftline.derive.endpoints.declared_events import find_dated_event, find_declared_event
from graftline.derive.endpoints.disease_course import find_disease_free, find_relapse
from graftline.derive.endpoints.evidence_of_life import find_evidence_of_life
from graftline.derive.endpoints.partial_dates import IMPUTED, LATEST
from graftline.derive.endpoints.vital_status import (
    check_alive_before_death,
    find_death,
    find_last_alive,
    find_raised,
)


@dataclass(frozen=True)
class NamedDates:
    """Cells by name, each one row a patient in the order of `subjects`.

    `evidence` holds the latest cell of each kind that showed life; `disease_free` all cells of
    assessments free of disease, up to the last date alive; `own` all cells of the study's own events.
    `died_undated` is true for the patients
    who are dead without a date, `raised` for those whom another table shows alive after their last
    contact.
    """

    subjects: pd.Index
    cells: dict[str, pd.DataFrame]
    evidence: dict[tuple[str, str], pd.DataFrame]
    disease_free: pd.DataFrame
    own: dict[str, pd.DataFrame]
    died_undated: pd.Series
    raised: pd.Series


def _transplants(tables, subjects) -> dict[str, pd.DataFrame]:
    """First and second transplantation."""
    if "transplant" not in tables:
        return dict.fromkeys(("transplant", "second_transplant"), pick_cell(no_cells(), subjects))
    number = tables["transplant"]["tx_no"]
    found = {
        name: read_cells(tables, "transplant", "tx_date", what=what, where=where)
        for name, what, where in (
            ("transplant", "Transplantation", number == 1),
            ("second_transplant", "Second transplantation", number > 1),
        )
    }
    first = found["transplant"]
    refuse(first, first["subject_id"].duplicated(), "this patient has a first transplant twice")
    return {name: pick_cell(cells, subjects) for name, cells in found.items()}


def _treatment_start(tables, subjects) -> pd.DataFrame:
    """The first dose of any study drug; a cycle of which nothing was given does not start it."""
    if "exposure" not in tables:
        return pick_cell(no_cells(), subjects)
    given = tables["exposure"]["n_given"]
    cells = read_cells(
        tables, "exposure", "start_date", what="First dose", where=given.isna() | (given > 0)
    )
    return pick_cell(cells, subjects)


def _enrolment(tables, subjects) -> pd.DataFrame:
    """The day of consent."""
    if "consent_date" not in tables["subjects"]:
        return pick_cell(no_cells(), subjects)
    return pick_cell(read_cells(tables, "subjects", "consent_date", what="Consent"), subjects)


def find_named_dates(
    tables: Mapping[str, pd.DataFrame],
    cut: pd.Timestamp,
    *,
    events: Iterable[str] = (),
    declared: Mapping[str, Mapping[str, Any]] | None = None,
    dates: str = IMPUTED,
) -> NamedDates:
    """All named dates of the patients of `tables["subjects"]`, known at `cut`.

    `tables` are validated tables by name. `events` names those wanted beside relapse and death;
    `declared` are the study's own. `dates`: which day a partial date stands for (`partial_dates`).
    Raises GraftlineError, with file, line and column, where dates contradict each other: alive after
    death, relapse on or before transplantation, relapse after death, treatment before
    transplantation, two dates of death. Each of these is an error of the first stage of checks,
    which lists all of them; none gets here in a run.
    """
    subjects = pd.Index(tables["subjects"]["subject_id"].sort_values(), name="subject_id")
    cells = _transplants(tables, subjects)
    cells["treatment_start"] = start = _treatment_start(tables, subjects)
    cells["enrolment"] = _enrolment(tables, subjects)
    transplant = cells["transplant"]["date"]
    refuse(start, start["date"] < transplant, "treatment starts before transplantation")

    evidence = find_evidence_of_life(tables, subjects)
    alive = pd.Series(pd.NaT, index=subjects, dtype="datetime64[ns]")
    for part in evidence.values():
        alive = alive.where(alive >= part["date"], part["date"]).fillna(alive)
    death, undated = find_death(tables, subjects, alive, cut, dates)
    check_alive_before_death(tables, evidence, subjects)
    if dates == LATEST:
        until = death["date"].fillna(cut).clip(upper=cut)
        evidence = find_evidence_of_life(tables, subjects, contact_until=until)
    last_alive = find_last_alive(evidence, death, subjects, cut)
    cells |= {"death": death, "last_alive": last_alive}
    cells["cut"] = pick_cell(no_cells(), subjects).assign(date=cut, what="Data cut")

    course = {"death": death, "last_alive": last_alive["date"], "dates": dates}
    free = find_disease_free(tables)
    for name in ("relapse", *(name for name in DISEASE_EVENTS[1:] if name in events)):
        cells[name] = cell = find_relapse(tables, subjects, name, free=free, **course)
        refuse(cell, cell["date"] <= transplant, "relapse on or before transplantation")
        refuse(cell, cell["date"] > death["date"], "relapse after the recorded date of death")
    if dates == LATEST:
        free = find_disease_free(tables, last_alive["date"])
    free = free[free["date"] <= free["subject_id"].map(last_alive["date"])]
    cells["last_assessment"] = pick_cell(free, subjects, last=True)

    not_after = last_alive["date"].where(death["date"].isna(), death["date"])
    bounded = {"not_after": not_after, "dates": dates}
    therapy = no_cells()
    if "new_therapy" in tables:
        therapy = find_dated_event(
            tables["new_therapy"], "new_therapy", "date", what="New therapy", **bounded
        )
    cells["new_therapy"] = pick_cell(therapy, subjects)
    own = {
        name: find_declared_event(tables, name, event, **bounded)
        for name, event in (declared or {}).items()
        if name in events
    }
    cells |= {name: pick_cell(found, subjects) for name, found in own.items()}
    raised = find_raised(tables, last_alive)
    return NamedDates(subjects, cells, evidence, free, own, undated, raised)
