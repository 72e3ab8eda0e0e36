"""The dates that declarations of endpoints speak of: transplant, relapse, last_alive and so on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from graftline.derive.endpoints.cells import (
    concat_cells,
    no_cells,
    pick_cell,
    read_cells,
    refuse,
)
from graftline.derive.endpoints.evidence_of_life import SAMPLE_TOLERANCE, find_evidence_of_life
from graftline.derive.endpoints.partial_dates import apply_bounds, flag_precision, impute_middle

RELAPSE_RESPONSES = {"REL": "Relapse", "PD": "Progression"}
DISEASE_FREE_RESPONSES = ["CR", "VGPR", "PR", "SD", "CP"]  # free of relapse or progression
DISEASE_DEATHS = {"RELAPSE": "Relapse", "PROGRESSION": "Progression"}

ORIGINS = ("transplant", "treatment_start")
EVENTS = ("relapse", "death", "second_transplant", "new_therapy")
CENSORINGS = ("last_alive", "last_assessment", "cut")


@dataclass(frozen=True)
class NamedDates:
    """Cells by name, each one row a patient in the order of `subjects`.

    `evidence` holds the latest cell of each kind that showed life; `died_undated` is true for the
    patients who are dead without a date.
    """

    subjects: pd.Index
    cells: dict[str, pd.DataFrame]
    evidence: dict[tuple[str, str], pd.DataFrame]
    died_undated: pd.Series


def _transplants(tables, subjects) -> dict[str, pd.DataFrame]:
    if "transplant" not in tables:
        return {}
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


def _new_therapy(tables, subjects) -> pd.DataFrame:
    if "new_therapy" not in tables:
        return pick_cell(no_cells(), subjects)
    frame = tables["new_therapy"]
    earliest, latest = frame["date_earliest"], frame["date_latest"]
    flag = flag_precision(earliest, latest)
    date = impute_middle(earliest, latest, flag)
    cells = read_cells(tables, "new_therapy", "date", what="New therapy", date=date)
    return pick_cell(
        cells.assign(flag=flag.reindex(frame.index[date.notna()]).to_numpy()), subjects
    )


def _death(tables, subjects, alive: pd.Series, cut: pd.Timestamp) -> pd.DataFrame:
    """Date of death; without its day the 15th, not before the last date alive nor after the cut.

    A death without its month is not imputed: it raises GraftlineError with its file and line.
    """
    if "followup" not in tables:
        return pick_cell(no_cells(), subjects)
    frame = tables["followup"]
    earliest, latest = frame["death_date_earliest"], frame["death_date_latest"]
    flag = flag_precision(earliest, latest)
    place = frame.assign(srcvar="death_date")
    refuse(place, flag.eq("M").fillna(False), "a date of death needs its month; ask the site")
    date = apply_bounds(
        impute_middle(earliest, latest, flag),
        earliest,
        latest,
        not_before=frame["subject_id"].map(alive).clip(upper=cut),
        not_after=pd.Series(cut, index=frame.index),
    )
    cells = read_cells(tables, "followup", "death_date", what="Death", date=date)
    cells["flag"] = flag[date.notna()].to_numpy()
    several = cells.groupby("subject_id")["date"].transform("nunique") > 1
    refuse(cells, several, "this patient has two different dates of death")
    return pick_cell(cells, subjects)


def _check_alive_before_death(evidence, death: pd.DataFrame, death_latest: pd.Series) -> None:
    """Raise GraftlineError where a patient is seen alive after the last day of a possible death."""
    for (table, _), cells in evidence.items():
        tolerance = SAMPLE_TOLERANCE if table == "labs" else pd.Timedelta(0)
        refuse(
            cells,
            (cells["date"] > death_latest + tolerance).fillna(False),
            "this shows the patient alive after the recorded date of death; correct one of the two",
        )


def _relapse(tables, subjects, death, last_alive, last_free) -> pd.DataFrame:
    """First relapse or progression; a death of it without an earlier record counts on its day.

    A partial date is imputed in the middle, after the last assessment free of disease, not after
    death or last contact.
    """
    parts = []
    if "assessments" in tables:
        frame = tables["assessments"]
        frame = frame[frame["response"].isin(list(RELAPSE_RESPONSES))]
        earliest, latest = frame["date_earliest"], frame["date_latest"]
        flag = flag_precision(earliest, latest)
        free = last_free[last_free["subject_id"].isin(frame["subject_id"])]
        not_after = last_alive.where(death["date"].isna(), death["date"])
        date = apply_bounds(
            impute_middle(earliest, latest, flag),
            earliest,
            latest,
            not_before=_last_free_before(free, frame) + pd.Timedelta(days=1),
            not_after=frame["subject_id"].map(not_after),
        )
        cells = read_cells({"assessments": frame}, "assessments", "date", what="", date=date)
        kept = date.notna()
        cells["flag"] = flag[kept].to_numpy()
        cells["what"] = frame.loc[kept, "response"].map(RELAPSE_RESPONSES).to_numpy()
        parts.append(cells)
    if "followup" in tables:
        cause = tables["followup"]["death_cause"]
        died = tables["followup"]["subject_id"].map(death["date"])
        known = cause.isin(list(DISEASE_DEATHS))
        cells = read_cells(tables, "followup", "death_cause", what="", date=died, where=known)
        kept = known & died.notna()
        cells["what"] = (
            cause[kept].map(DISEASE_DEATHS) + ", first recorded as cause of death"
        ).array
        cells["flag"] = cells["subject_id"].map(death["flag"]).array
        parts.append(cells)
    return pick_cell(concat_cells(parts), subjects)


def _last_free_before(free: pd.DataFrame, relapses: pd.DataFrame) -> pd.Series:
    """Date of the last assessment free of disease before the last day that each relapse allows."""
    pairs = relapses[["subject_id", "date_latest"]].reset_index(names="row")
    pairs = pairs.merge(free[["subject_id", "date"]], on="subject_id")
    pairs = pairs[pairs["date"] < pairs["date_latest"]]
    return pairs.groupby("row")["date"].max().reindex(relapses.index)


def _disease_free(tables) -> pd.DataFrame:
    """Cells of adequate assessments free of relapse and progression; a partial date counts from
    the first day it allows."""
    if "assessments" not in tables:
        return no_cells()
    frame = tables["assessments"]
    where = frame["adequate"].eq("Y").fillna(False) & frame["response"].isin(DISEASE_FREE_RESPONSES)
    return read_cells(
        tables,
        "assessments",
        "date",
        what="Last adequate disease assessment",
        date=frame["date_earliest"],
        where=where,
    )


def _last_alive(evidence, death, subjects, cut: pd.Timestamp) -> pd.DataFrame:
    """The latest evidence of life, not after the cut; the cut for a patient who died after it."""
    cells = concat_cells([part.reset_index() for part in evidence.values()])
    latest = pick_cell(cells.dropna(subset="date"), subjects, last=True)
    after_cut = death["date"] > cut
    latest = latest.where(~after_cut, death)
    reached = latest["date"] >= cut
    latest["date"] = latest["date"].mask(reached, cut)
    latest["flag"] = pd.NA
    latest["what"] = "Last date known alive"
    latest.loc[reached, "what"] = "Alive at the data cut"
    return latest


def _died_undated(tables, death: pd.DataFrame) -> pd.Series:
    """Which patients are recorded dead without any date of death."""
    dead = pd.Series(False, index=death.index)
    if "followup" in tables:
        frame = tables["followup"]
        reported = frame.loc[frame["vital_status"].eq("DEAD").fillna(False), "subject_id"]
        dead = pd.Series(death.index.isin(reported), index=death.index)
    return dead & death["date"].isna()


def find_named_dates(tables: Mapping[str, pd.DataFrame], cut: pd.Timestamp) -> NamedDates:
    """All named dates of the patients of `tables["subjects"]`, known at `cut`.

    `tables` are validated tables by name. Raises GraftlineError, with file, line and column, where
    dates contradict each other: alive after death, relapse on or before transplantation, relapse
    after death, treatment before transplantation, two dates of death.
    """
    subjects = pd.Index(tables["subjects"]["subject_id"].sort_values(), name="subject_id")
    cells = _transplants(tables, subjects)
    transplant = cells.get("transplant", pick_cell(no_cells(), subjects))
    start = _treatment_start(tables, subjects)
    refuse(start, start["date"] < transplant["date"], "treatment starts before transplantation")

    evidence = find_evidence_of_life(tables, subjects)
    alive = pd.concat([part["date"] for part in evidence.values()], axis=1).max(axis=1)
    death = _death(tables, subjects, alive, cut)
    death_latest = death["date"]
    if "followup" in tables:
        latest = tables["followup"].groupby("subject_id")["death_date_latest"].max()
        death_latest = latest.reindex(subjects)
    _check_alive_before_death(evidence, death, death_latest)

    last_alive = _last_alive(evidence, death, subjects, cut)
    free = _disease_free(tables)
    relapse = _relapse(tables, subjects, death, last_alive["date"], free)
    refuse(relapse, relapse["date"] <= transplant["date"], "relapse on or before transplantation")
    refuse(relapse, relapse["date"] > death["date"], "relapse after the recorded date of death")
    free = free[free["date"] <= free["subject_id"].map(last_alive["date"])]

    cells |= {
        "transplant": transplant,
        "treatment_start": start,
        "relapse": relapse,
        "death": death,
        "second_transplant": cells.get("second_transplant", pick_cell(no_cells(), subjects)),
        "new_therapy": _new_therapy(tables, subjects),
        "last_alive": last_alive,
        "last_assessment": pick_cell(free, subjects, last=True),
        "cut": pick_cell(no_cells(), subjects).assign(date=cut, what="Data cut"),
    }
    return NamedDates(subjects, cells, evidence, _died_undated(tables, death))
