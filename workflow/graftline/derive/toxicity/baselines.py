"""Laboratory values as arrays, and the baseline of each: the last value before the first dose."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.derive.toxicity.observed import text_of
from graftline.derive.toxicity.period import mark_last_before, mark_measurements
from graftline.grading.scale import Item
from graftline.grading.units import Units

# What the grader takes of a baseline, and the column of labs that has it.
REFERENCE = {"baseline": "value", "baseline_lln": "lln", "baseline_uln": "uln"}


class Labs:
    """The rows of labs, numbered from 0, with their marks in time (`marked`), and as arrays what is
    needed for each item: `columns`, `unit`, `test` (codes of `tests`), `after` the first dose, and
    `usable`, those that may be a baseline."""

    def __init__(self, labs: pd.DataFrame, periods: pd.DataFrame):
        self.marked = mark_measurements(labs, periods, ["subject_id", "test"])
        below = (self.marked["below_limit"] == "Y").fillna(False).to_numpy(bool)
        self.columns = {
            name: self.marked[name].to_numpy(float) for name in ("value", "lln", "uln")
        } | {"below_limit": below}
        self.after = self.marked["after_first_dose"].to_numpy(bool)
        self.unit = pd.Categorical(self.marked["unit"])
        test = pd.Categorical(self.marked["test"])
        self.tests, self.test = list(test.categories), test.codes.astype(np.int64)
        subject = pd.Categorical(self.marked["subject_id"]).codes.astype(np.int64)
        # One number for each patient and test.
        self.series = subject * (len(self.tests) + 1) + self.test
        # Of a value under the assay's limit no multiple is known.
        usable = self.marked["value"].notna() & ~below
        self.usable = mark_last_before(self.marked, ["subject_id", "test"], usable).to_numpy(bool)
        as_found = self.marked["test"] + " " + text_of(self.marked["value"])
        as_found = as_found.str.cat(self.marked["unit"].fillna(""), sep=" ").str.rstrip()
        self.observed = as_found.mask(below, as_found + ", below the assay's limit")

    def rows_of(self, item: Item) -> np.ndarray:
        """Positions of the rows whose test feeds `item`."""
        wanted = [code for code, test in enumerate(self.tests) if test in item.tests]
        return np.flatnonzero(np.isin(self.test, wanted)) if wanted else np.empty(0, np.int64)


def in_unit(
    units: Units, item: Item, labs: Labs, values: np.ndarray, unit: np.ndarray, target: np.ndarray
) -> np.ndarray:
    """`values` of the item's analyte in the unit `unit` of each, in the unit `target` (codes of
    labs.unit); NaN where that is unknown."""
    spelt = [units.resolve(name) for name in labs.unit.categories]
    size = len(spelt) + 1  # and a last code, -1, for no unit
    factors = np.full((size, size), np.nan)
    np.fill_diagonal(factors, 1.0)
    pairs = unit.astype(np.int64) * size + target
    for pair in np.unique(pairs[(unit != target) & (unit >= 0) & (target >= 0)]):
        one, other = spelt[pair // size], spelt[pair % size]
        known = one is not None and other is not None
        factor = units.factor(item.analyte, one, other) if known else None
        factors[pair // size, pair % size] = np.nan if factor is None else factor
    return values * factors[unit, target]


def find_baselines(labs: Labs, item: Item, units: Units, rows: np.ndarray) -> np.ndarray:
    """The position in labs of the baseline of each of the `rows`; -1 where there is none.

    The baseline of a test is its last usable value before the first dose. Of several at that moment
    the worse for the item counts, whatever its unit; of equal ones the first line.
    """
    candidates = rows[labs.usable[rows]]
    value, unit = labs.columns["value"][candidates], labs.unit.codes[candidates]
    value = in_unit(units, item, labs, value, unit, np.full_like(unit, unit.max(initial=-1)))
    worse = value if item.direction == "low" else -value
    lines = labs.marked["src_line"].to_numpy(np.int64)[candidates]
    order = np.lexsort((lines, worse, labs.series[candidates]))
    ordered = candidates[order]
    first = np.append(True, np.diff(labs.series[ordered]) != 0)[: len(ordered)]
    found = np.full(labs.series.max(initial=0) + 1, -1, dtype=np.int64)
    found[labs.series[ordered[first]]] = ordered[first]
    return np.where(labs.after[rows], found[labs.series[rows]], -1)
