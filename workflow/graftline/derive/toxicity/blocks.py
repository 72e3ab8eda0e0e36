"""Blocks of patients: an observation stands on a dozen cells, so that the lineage of a large cohort
is derived and written some patients at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

OBSERVED = ("labs", "vitals", "ae")
MOST_ROWS = 50_000


def split_patients(
    tables: Mapping[str, pd.DataFrame], most_rows: int = MOST_ROWS
) -> Iterator[dict[str, pd.DataFrame]]:
    """The `tables`, some patients at a time, in the order of the derived tables' keys.

    A block ends with the patient with whom it has `most_rows` observed rows; a patient is never
    split. There is at least one block.
    """
    subjects = tables["subjects"]["subject_id"]
    ordered = (subjects + "/").sort_values().str.slice(0, -1)
    counts = [tables[name]["subject_id"].value_counts() for name in OBSERVED if name in tables]
    rows = sum((ordered.map(count).fillna(0).to_numpy(float) for count in counts), np.zeros(1))
    before = np.cumsum(rows) - rows
    block = np.broadcast_to((before // most_rows).astype(np.int64), len(ordered))
    block_of = pd.Series(np.unique(block, return_inverse=True)[1], index=ordered.to_numpy())
    n_blocks = int(block_of.max()) + 1 if len(block_of) else 1
    if n_blocks == 1:
        yield dict(tables)
        return
    parts = {name: _split(frame, block_of, n_blocks) for name, frame in tables.items()}
    for number in range(n_blocks):
        yield {name: part[number] for name, part in parts.items()}


def _split(frame: pd.DataFrame, block_of: pd.Series, n_blocks: int) -> list[pd.DataFrame]:
    """The rows of `frame` by the block of their patient, in the order in which they stand."""
    block = frame["subject_id"].map(block_of).to_numpy(float, na_value=-1)
    order = np.argsort(block, kind="stable")
    bounds = np.searchsorted(block[order], np.arange(n_blocks + 1))
    return [frame.take(order[start:end]) for start, end in zip(bounds, bounds[1:], strict=False)]
