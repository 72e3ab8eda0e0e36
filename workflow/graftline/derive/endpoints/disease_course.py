"""Relapse and progression, and the assessments that show a patient free of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from graftline.derive.endpoints.cells import concat_cells, no_cells, pick_cell, read_cells
from graftline.derive.endpoints.partial_dates import (
    IMPUTED,
    apply_bounds,
    choose_day,
    flag_precision,
)

RESPONSES = {"REL": "Relapse", "PD": "Progression"}
DISEASE_DEATHS = {"RELAPSE": "REL", "PROGRESSION": "PD"}
# Event -> the responses that are one.
RESPONSES_OF = {"relapse": ("REL", "PD"), "relapse_only": ("REL",), "progression": ("PD",)}
DISEASE_FREE_RESPONSES = ["CR", "VGPR", "PR", "SD", "CP"]  # free of relapse or progression
FIRST_AT_DEATH = ", first recorded as cause of death"


def find_disease_free(
    tables: Mapping[str, pd.DataFrame], until: pd.Series | None = None
) -> pd.DataFrame:
    """Cells of all adequate assessments free of relapse and progression.

    A partial date counts from the first day it allows, so that freedom is never overstated; with
    `until` (a day a patient), from the last day that it allows up to then.
    """
    if "assessments" not in tables:
        return no_cells()
    frame = tables["assessments"]
    date = frame["date_earliest"]
    if until is not None:
        not_after = frame["subject_id"].map(until)
        date = apply_bounds(frame["date_latest"], date, frame["date_latest"], not_after=not_after)
    where = frame["adequate"].eq("Y").fillna(False) & frame["response"].isin(DISEASE_FREE_RESPONSES)
    return read_cells(
        tables,
        "assessments",
        "date",
        what="Last adequate disease assessment",
        date=date,
        where=where,
    )


def find_relapse(
    tables: Mapping[str, pd.DataFrame],
    subjects: pd.Index,
    event: str,
    *,
    death: pd.DataFrame,
    last_alive: pd.Series,
    free: pd.DataFrame,
    dates: str = IMPUTED,
) -> pd.DataFrame:
    """Cell of each patient's first `event`: relapse (or progression), relapse_only, progression.

    A death of it without an earlier record counts on its day. A partial date lies after the last
    assessment free of disease (cells `free`), and not after death or last contact.
    """
    responses, parts = RESPONSES_OF[event], []
    if "assessments" in tables:
        frame = tables["assessments"]
        frame = frame[frame["response"].isin(responses)]
        earliest, latest = frame["date_earliest"], frame["date_latest"]
        flag = flag_precision(earliest, latest)
        of_them = free[free["subject_id"].isin(frame["subject_id"])]
        not_after = last_alive.where(death["date"].isna(), death["date"])
        date = apply_bounds(
            choose_day(earliest, latest, flag, dates),
            earliest,
            latest,
            not_before=_last_free_before(of_them, frame) + pd.Timedelta(days=1),
            not_after=frame["subject_id"].map(not_after),
        )
        cells = read_cells({"assessments": frame}, "assessments", "date", what="", date=date)
        kept = date.notna()
        cells["flag"] = flag[kept].to_numpy()
        cells["what"] = frame.loc[kept, "response"].map(RESPONSES).to_numpy()
        parts.append(cells)
    if "followup" in tables:
        cause = tables["followup"]["death_cause"].map(DISEASE_DEATHS)
        died = tables["followup"]["subject_id"].map(death["date"])
        known = cause.isin(responses)
        cells = read_cells(tables, "followup", "death_cause", what="", date=died, where=known)
        cells["what"] = (cause[known & died.notna()].map(RESPONSES) + FIRST_AT_DEATH).array
        cells["flag"] = cells["subject_id"].map(death["flag"]).array
        parts.append(cells)
    return pick_cell(concat_cells(parts), subjects)


def _last_free_before(free: pd.DataFrame, relapses: pd.DataFrame) -> pd.Series:
    """Date of the last assessment free of disease before the last day that each relapse allows."""
    pairs = relapses[["subject_id", "date_latest"]].reset_index(names="row")
    pairs = pairs.merge(free[["subject_id", "date"]], on="subject_id")
    pairs = pairs[pairs["date"] < pairs["date_latest"]]
    return pairs.groupby("row")["date"].max().reindex(relapses.index)
