"""What checks look at: the study's validated tables and what is known of each patient from them.

Dates of a patient are missing where a cell that decides them could not be read, so that no check
builds on the rest.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from graftline.raw.cells import TypedTable

RELAPSES = ("REL", "PD")


class Cohort:
    """The tables of a study at a cut, with its arms, drugs and regimens as study.yaml has them.

    `options`: what some checks need and a study may set: `lost_to_follow_up_days` (183),
    `assessment_interval_days` (no default: the check of the interval is not made), and of the key
    `checks` of study.yaml `body_surface_m2` ({allowed: [1.2, 2.6]}) and `normal_ranges`
    ({depend_on: []}).
    """

    def __init__(
        self,
        tables: dict[str, TypedTable],
        *,
        cut: str,
        arms: dict[str, Any] | None = None,
        drugs: dict[str, Any] | None = None,
        regimens: dict[str, Any] | None = None,
        signs: dict[str, str] | None = None,
        options: dict[str, Any] | None = None,
    ):
        self._tables = tables
        self.cut = pd.Timestamp(cut)
        self.arms, self.drugs = arms or {}, drugs or {}
        self.regimens, self.signs = regimens or {}, signs or {}
        self.options = options or {}

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self._tables[table].frame

    @property
    def tables(self) -> list[str]:
        """The names of the tables."""
        return list(self._tables)

    def has(self, table: str) -> bool:
        """Whether the study has the table."""
        return table in self._tables

    def has_all_rows(self, table: str) -> bool:
        """Whether every row of the table was read and names its patient."""
        one = self._tables[table]
        return not one.lost_rows and not one.has_failed("subject_id").any()

    def is_blank(self, table: str, column: str) -> np.ndarray:
        """Which cells are empty in the file (and not merely unreadable)."""
        one = self._tables[table]
        return one.frame[column].isna().to_numpy() & ~one.has_failed(column)

    def is_unsure(self, table: str, *columns: str) -> pd.Series:
        """Which rows belong to a patient of whom a cell of these columns could not be read."""
        one = self._tables[table]
        failed = np.zeros(len(one.frame), dtype=bool)
        for column in columns:
            failed |= one.has_failed(column)
        subjects = one.frame["subject_id"]
        return subjects.isin(subjects[failed].dropna())

    def of_subject(self, table: str, values: pd.Series) -> pd.Series:
        """`values`, indexed by subject_id, for each row of a table."""
        at = values.index.get_indexer(self[table]["subject_id"])
        if not len(values):
            return pd.Series(values.array[:0], dtype=values.dtype).reindex(range(len(at)))
        taken = values.array.take(at, allow_fill=True)
        return pd.Series(taken, index=self[table].index)

    def _extreme(self, table: str, column: str, how: str, source: str | None = None) -> pd.Series:
        """Smallest or largest date a patient; missing where one of them could not be read."""
        frame = self[table]
        known = ~self.is_unsure(table, source or column) & frame["subject_id"].notna()
        return frame[known].groupby("subject_id")[column].agg(how).dropna()

    @cached_property
    def transplant_date(self) -> pd.Series:
        """Day of the index transplant."""
        frame = self["transplant"]
        index = frame[equals(frame["tx_no"], 1) & frame["subject_id"].notna()]
        return index.groupby("subject_id")["tx_date"].first().dropna()

    @cached_property
    def first_dose(self) -> pd.Series:
        """Day of the first dose of any drug."""
        return self._extreme("exposure", "start_date", "min")

    @cached_property
    def last_dose(self) -> pd.Series:
        """Day of the last dose of any drug."""
        return self._extreme("exposure", "end_date", "max")

    @cached_property
    def death_earliest(self) -> pd.Series:
        """First day on which the patient may have died."""
        return self._extreme("followup", "death_date_earliest", "min", "death_date")

    @cached_property
    def death_latest(self) -> pd.Series:
        """Last day on which the patient may have died."""
        return self._extreme("followup", "death_date_latest", "max", "death_date")

    @cached_property
    def contact_earliest(self) -> pd.Series:
        """First day that the last contact may mean."""
        return self._extreme("followup", "date_earliest", "max", "date")

    @cached_property
    def contact_latest(self) -> pd.Series:
        """Last day that the last contact may mean."""
        return self._extreme("followup", "date_latest", "max", "date")

    def _relapse(self, column: str) -> pd.Series:
        frame = self["assessments"]
        unsure = self.is_unsure("assessments", "date", "response")
        relapse = frame["response"].isin(RELAPSES) & ~unsure & frame["subject_id"].notna()
        return frame[relapse].groupby("subject_id")[column].min().dropna()

    @cached_property
    def relapse_earliest(self) -> pd.Series:
        """First day that the first relapse or progression may mean."""
        return self._relapse("date_earliest")

    @cached_property
    def relapse_latest(self) -> pd.Series:
        """Last day that the first relapse or progression may mean."""
        return self._relapse("date_latest")

    def column_of(self, table: str, column: str) -> pd.Series:
        """A column of a table with one row a patient, indexed by subject_id."""
        frame = self[table].dropna(subset=["subject_id"]).drop_duplicates("subject_id")
        return frame.set_index("subject_id")[column].dropna()

    @cached_property
    def arm(self) -> pd.Series:
        """Arm of each patient."""
        return self.column_of("subjects", "arm")

    @cached_property
    def diagnosis(self) -> pd.Series:
        """Diagnosis of each patient."""
        return self.column_of("disease", "diagnosis")


def first_of_subject(frame: pd.DataFrame, rows: pd.Series) -> pd.Series:
    """The first of the `rows` of each patient."""
    rows = rows.fillna(False).astype(bool)
    return rows & ~frame["subject_id"].where(rows).duplicated()


def equals(cells: pd.Series, code: object) -> pd.Series:
    """Which cells are `code`; a missing one is not. The result has plain truth values."""
    return cells.eq(code).fillna(False).astype(bool)
