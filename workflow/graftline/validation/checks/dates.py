"""Partial dates. Dates that do not parse are found when cells are read."""

from __future__ import annotations

from graftline.validation.cohort import RELAPSES, Cohort
from graftline.validation.findings import WARNING
from graftline.validation.register import Flag, check
from schemas.raw import RAW_SCHEMAS


def _partial_dates(cohort: Cohort):
    """Table, column and rows of all dates of which a part is unknown."""
    for table in cohort.tables:
        for column, declared in RAW_SCHEMAS[table].columns.items():
            if declared.metadata["kind"] == "partial_date":
                frame = cohort[table]
                yield table, column, frame[f"{column}_earliest"] < frame[f"{column}_latest"]


def _is_event(cohort: Cohort, table: str, column: str):
    """Rows of which the date is that of a death or a relapse."""
    frame = cohort[table]
    if (table, column) == ("assessments", "date"):
        return frame["response"].isin(RELAPSES)
    return frame["subject_id"].notna() & ((table, column) == ("followup", "death_date"))


@check(
    "E53",
    WARNING,
    sentence="The date is partial, and a day is assumed where one is needed; find the day.",
)
def check_partial_dates(cohort: Cohort):
    """All partial dates but those of events."""
    for table, column, partial in _partial_dates(cohort):
        yield Flag(table, partial & ~_is_event(cohort, table, column), column)


@check(
    "E53",
    WARNING,
    sentence="The date of a death or relapse is partial, so that the results depend on the day "
    "assumed; find the day.",
)
def check_partial_event_dates(cohort: Cohort):
    """Partial dates of deaths and relapses."""
    for table, column, partial in _partial_dates(cohort):
        yield Flag(table, partial & _is_event(cohort, table, column), column)
