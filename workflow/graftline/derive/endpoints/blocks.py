"""Endpoints a block of patients at a time, so that memory does not grow with the cohort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from graftline.derive.endpoints.bounds import derive_bounds, has_partial_dates, no_bounds
from graftline.derive.endpoints.derive import derive_endpoints
from graftline.derive.lineage import concat_lineage

# Lineage has about a hundred cells a patient.
MOST_PATIENTS = 20_000


def _split_patients(
    tables: Mapping[str, pd.DataFrame], most_patients: int
) -> Iterator[dict[str, pd.DataFrame]]:
    """The tables of at most `most_patients` patients each, in the order of their identifiers."""
    subjects = tables["subjects"]["subject_id"].sort_values().reset_index(drop=True)
    if len(subjects) <= most_patients:
        yield dict(tables)
        return
    block = pd.Series(range(len(subjects))) // most_patients
    number = pd.Series(block.to_numpy(), index=subjects.to_numpy())
    groups = {
        name: frame.groupby(frame["subject_id"].map(number), sort=True)
        for name, frame in tables.items()
    }
    for index in range(int(block.iloc[-1]) + 1):
        yield {
            name: (
                group.get_group(index) if index in group.groups else tables[name].iloc[:0]
            ).reset_index(drop=True)
            for name, group in groups.items()
        }


def derive_in_blocks(
    tables: Mapping[str, pd.DataFrame],
    *,
    events: dict[str, dict[str, Any]] | None = None,
    most_patients: int = MOST_PATIENTS,
    **sections: Any,
) -> Iterator[dict[str, pd.DataFrame]]:
    """Tables `endpoints`, `endpoints_bounds` and `lineage` of one block of patients after the other.

    Arguments as those of `derive_endpoints`. The bounds have no rows where no date of the whole study
    is partial, and nothing is computed for them.
    """
    partial = has_partial_dates(tables, events or {})
    for block in _split_patients(tables, most_patients):
        imputed = derive_endpoints(block, events=events, **sections)
        bounds = no_bounds(imputed)
        if partial:
            bounds = derive_bounds(block, imputed, events=events, **sections)
        lineage = concat_lineage([imputed[1], bounds[1]]) if partial else imputed[1]
        yield {"endpoints": imputed[0], "endpoints_bounds": bounds[0], "lineage": lineage}
