"""What every kind of observation has in common: its rows, and the cells that they stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from graftline.derive.toxicity.cells import Cells
from graftline.derive.toxicity.columns import COLUMNS, TEXT

# What a row has beside the columns of the table: its position in its source, whether it tells the
# baseline, whether it came after the first dose, and how bad a measurement is, for its order.
BESIDE = {"position": "int64", "is_baseline": "bool", "after_first_dose": "boolean"}
TYPES = COLUMNS | BESIDE | {"extreme": "float64"}


@dataclass(frozen=True)
class Observed:
    """Graded rows, numbered from 0, with the columns of TYPES; those that are the same for all rows
    of a patient or an item are filled in at the end. `links`, sorted, lead from these numbers to
    raw cells."""

    frame: pd.DataFrame
    links: np.ndarray


def as_observed(frame: pd.DataFrame, links: np.ndarray) -> Observed:
    """`frame` in the columns and types that all observations have."""
    types = {name: kind for name, kind in TYPES.items() if name in frame}
    return Observed(
        frame[list(types)].astype(types).reindex(columns=list(TYPES)).astype(TYPES), links
    )


def join(cells: Cells, parts: Sequence[Observed]) -> Observed:
    """All `parts` as one, in their order."""
    starts = np.cumsum([0, *(len(part.frame) for part in parts)])
    links = [cells.shift(part.links, start) for part, start in zip(parts, starts, strict=False)]
    nothing = pd.DataFrame({name: [] for name in TYPES}).astype(TYPES)
    frames = [part.frame for part in parts if len(part.frame)] or [nothing]
    # Links of each part are sorted, and those of a part come before those of the next.
    return Observed(
        pd.concat(frames, ignore_index=True), np.concatenate([np.empty(0, np.int64), *links])
    )


def text_of(values: pd.Series) -> pd.Series:
    """Numbers as text, as short as they were written."""
    return values.astype(TEXT).str.removesuffix(".0")


def keys_of(frame: pd.DataFrame, what: pd.Series) -> pd.Series:
    """subject_id/domain/src_line/scale/what of each row; "none" for a missing part."""
    parts = [frame[name].astype(TEXT) for name in ("subject_id", "domain", "src_line", "scale")]
    key = parts[0]
    for part in (*parts[1:], what.astype(TEXT)):
        key = key + "/" + part.fillna("none")
    return key
