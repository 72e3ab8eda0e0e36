"""The last date on which each patient is known to have been alive, over all tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from graftline.derive.endpoints.cells import pick_cell, read_cells
from graftline.derive.endpoints.partial_dates import apply_bounds

# Table and column of each complete date that shows a living patient.
ALIVE_DATES = (
    ("transplant", "tx_date", "transplantation"),
    ("transplant", "anc500_date", "engraftment"),
    ("transplant", "plt20_date", "engraftment"),
    ("exposure", "start_date", "dose"),
    ("exposure", "end_date", "dose"),
    ("labs", "date", "laboratory sample"),
    ("vitals", "date", "visit"),
)
# Those that may be partial. Only complete dates count, but for a relapse and a contact (below).
PARTIAL_ALIVE_DATES = (
    ("ae", "start_date", "adverse event"),
    ("assessments", "date", "disease assessment"),
    ("new_therapy", "date", "new therapy"),
)
# A sample may be drawn or registered on the day after death.
SAMPLE_TOLERANCE = pd.Timedelta(days=1)


def _shows_life(table: str, frame: pd.DataFrame) -> pd.Series | None:
    """Which rows of a table show a living patient; None: all of them."""
    if table == "exposure":
        return frame["n_given"].isna() | (frame["n_given"] > 0)
    if table == "followup":
        # The date of a contact at which a patient is reported dead is not a date alive.
        return frame["vital_status"].ne("DEAD").fillna(True)
    return None


def find_evidence_of_life(
    tables: Mapping[str, pd.DataFrame],
    subjects: pd.Index,
    *,
    contact_until: pd.Series | None = None,
) -> dict[tuple[str, str], pd.DataFrame]:
    """(table, column) -> the latest cell of each patient that shows life, for each kind of cell.

    A partial date of contact or relapse counts from the first day it allows, so that follow-up
    is never overstated; other partial dates do not count. With `contact_until` (a day a patient) a
    partial date of contact counts from the last day that it allows up to then. Dates after the cut
    are kept: the caller bounds them. Contacts come first: of several kinds on one day they decide.
    """
    found = {}
    if "followup" in tables:
        frame = tables["followup"]
        where, date = _shows_life("followup", frame), frame["date_earliest"]
        if contact_until is not None:
            until = frame["subject_id"].map(contact_until)
            date = apply_bounds(frame["date_latest"], date, frame["date_latest"], not_after=until)
        cells = read_cells(tables, "followup", "date", what="contact", date=date, where=where)
        found["followup", "date"] = pick_cell(cells, subjects, last=True)
    for table, column, what in ALIVE_DATES:
        if table in tables:
            where = _shows_life(table, tables[table])
            cells = read_cells(tables, table, column, what=what, where=where)
            found[table, column] = pick_cell(cells, subjects, last=True)
    for table, column, what in PARTIAL_ALIVE_DATES:
        if table in tables:
            frame = tables[table]
            earliest, latest = frame[f"{column}_earliest"], frame[f"{column}_latest"]
            counts = earliest == latest
            if table == "assessments":
                counts |= frame["response"].isin(["REL", "PD"])
            cells = read_cells(tables, table, column, what=what, date=earliest, where=counts)
            found[table, column] = pick_cell(cells, subjects, last=True)
    return found
