"""Partial dates. Dates that do not parse are found when cells are read."""

from __future__ import annotations

from graftline.validation.cohort import RELAPSES, Cohort
from graftline.validation.findings import ERROR, WARNING
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


def _lacks_month(frame, column: str):
    """Rows with a date of which the month is not known."""
    earliest, latest = frame[f"{column}_earliest"], frame[f"{column}_latest"]
    return earliest.notna() & (earliest.dt.month != latest.dt.month)


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
    ERROR,
    "followup",
    sentence="The date of death is a year alone; the results need its month at least: find it.",
)
def check_death_has_month(cohort: Cohort):
    """A date of death has its month; the day alone may be assumed."""
    frame = cohort["followup"]
    yield Flag("followup", _lacks_month(frame, "death_date"), "death_date")


@check(
    "E53",
    WARNING,
    sentence="The date of a death or relapse is partial, so that the results depend on the day "
    "assumed; find the day.",
)
def check_partial_event_dates(cohort: Cohort):
    """Partial dates of deaths and relapses, but for a death without its month (an error)."""
    for table, column, partial in _partial_dates(cohort):
        if column == "death_date":
            partial &= ~_lacks_month(cohort[table], column)
        yield Flag(table, partial & _is_event(cohort, table, column), column)
