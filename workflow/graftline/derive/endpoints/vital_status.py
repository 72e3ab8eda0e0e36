"""Death and the last date alive, with the patients who are dead since nobody knows when."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from graftline.derive.endpoints.cells import (
    TEXT,
    concat_cells,
    no_cells,
    pick_cell,
    read_cells,
    refuse,
)
from graftline.derive.endpoints.evidence_of_life import SAMPLE_TOLERANCE
from graftline.derive.endpoints.partial_dates import (
    EARLIEST,
    IMPUTED,
    apply_bounds,
    choose_day,
    flag_precision,
)

UNDATED = "Death on an unknown day"
ALIVE_WORDS = ("Last date known alive", "Alive at the data cut")


def find_death(
    tables: Mapping[str, pd.DataFrame],
    subjects: pd.Index,
    alive: pd.Series,
    cut: pd.Timestamp,
    dates: str = IMPUTED,
) -> tuple[pd.DataFrame, pd.Series]:
    """Cells of the deaths that have a date, and which patients are dead without any date.

    `alive`: the latest evidence of life of each patient. Without its day a death is on the 15th, not
    before the last date alive nor after the cut; `dates` earliest or latest is the first or last
    such day, and then a death without any date is on the last date alive or on the cut. A death
    without its month is not imputed: it raises GraftlineError with its file and line, as two
    different dates of one patient do (both are errors of the first stage of checks).
    """
    if "followup" not in tables:
        return pick_cell(no_cells(), subjects), pd.Series(False, index=subjects)
    frame = tables["followup"]
    earliest, latest = frame["death_date_earliest"], frame["death_date_latest"]
    flag = flag_precision(earliest, latest)
    place = frame.assign(srcvar="death_date")
    refuse(place, flag.eq("M").fillna(False), "a date of death needs its month; ask the site")
    known_alive = frame["subject_id"].map(alive).clip(upper=cut)
    date = apply_bounds(
        choose_day(earliest, latest, flag, dates),
        earliest,
        latest,
        not_before=known_alive,
        not_after=pd.Series(cut, index=frame.index),
    )
    cells = read_cells(tables, "followup", "death_date", what="Death", date=date)
    cells["flag"] = flag[date.notna()].to_numpy()
    several = cells.groupby("subject_id")["date"].transform("nunique") > 1
    refuse(cells, several, "this patient has two different dates of death")

    # Reported dead by the cut; a report that comes later says nothing of the cut.
    reported = frame["vital_status"].eq("DEAD").fillna(False) & ~(frame["date_earliest"] > cut)
    reported &= ~frame["subject_id"].isin(cells["subject_id"])
    undated = pd.Series(subjects.isin(frame.loc[reported, "subject_id"]), index=subjects)
    if dates != IMPUTED:
        bound = known_alive if dates == EARLIEST else pd.Series(cut, index=frame.index)
        more = read_cells(
            tables, "followup", "vital_status", what=UNDATED, date=bound, where=reported
        )
        cells = concat_cells([cells, more.assign(flag="Y").astype({"flag": TEXT})])
    return pick_cell(cells, subjects), undated


def check_alive_before_death(tables, evidence: dict, subjects: pd.Index) -> None:
    """Raise GraftlineError where a patient is seen alive after the last day of a possible death."""
    if "followup" not in tables:
        return
    latest = tables["followup"].groupby("subject_id")["death_date_latest"].max().reindex(subjects)
    for (table, _), cells in evidence.items():
        tolerance = SAMPLE_TOLERANCE if table == "labs" else pd.Timedelta(0)
        refuse(
            cells,
            (cells["date"] > latest + tolerance).fillna(False),
            "this shows the patient alive after the recorded date of death; correct one of the two",
        )


def find_last_alive(
    evidence: dict, death: pd.DataFrame, subjects: pd.Index, cut: pd.Timestamp
) -> pd.DataFrame:
    """The latest evidence of life, not after the cut; the cut for a patient who died after it."""
    cells = concat_cells([part.reset_index() for part in evidence.values()])
    latest = pick_cell(cells.dropna(subset="date"), subjects, last=True)
    after_cut = death["date"] > cut
    latest = latest.where(~after_cut, death)
    reached = latest["date"] >= cut
    latest["date"] = latest["date"].mask(reached, cut)
    latest["flag"] = pd.NA
    latest["what"], words = ALIVE_WORDS
    latest.loc[reached, "what"] = words
    return latest


def find_raised(tables: Mapping[str, pd.DataFrame], last_alive: pd.DataFrame) -> pd.Series:
    """Which patients another table shows alive after the last contact that was recorded of them
    (LSTALV_RAISED)."""
    if "followup" not in tables:
        return pd.Series(False, index=last_alive.index)
    contact = tables["followup"].groupby("subject_id")["date_latest"].max()
    later = last_alive["date"] > contact.reindex(last_alive.index)
    return later & last_alive["srcdom"].ne("followup").fillna(False)
