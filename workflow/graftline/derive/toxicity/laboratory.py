"""Laboratory values: each graded on every item that its test feeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from graftline.derive.toxicity.baselines import REFERENCE, Labs, find_baselines, in_unit
from graftline.derive.toxicity.cells import Cells
from graftline.derive.toxicity.columns import TEXT
from graftline.derive.toxicity.observed import Observed, as_observed, join, keys_of
from graftline.derive.toxicity.period import mark_last_before
from graftline.errors import GraftlineError
from graftline.grading.laboratory import grade_laboratory
from graftline.grading.scale import Item, Scale
from graftline.grading.units import Units

RANGES = ("lln", "uln")
# What is the same of a laboratory value on all items.
NEEDED = ["subject_id", "src_line", "date", "time", "test", "value", "unit"]
NEEDED += ["period", "on_treatment", "before_treatment", "after_first_dose"]


def check_units(labs: pd.DataFrame, scales: Sequence[Scale], units: Units) -> None:
    """Raise GraftlineError if the unit of a value is none in which its analyte is measured.

    The sentence names file and line of the first such row, and says how many there are.
    """
    given = labs[labs["value"].notna() & (labs["unit"].str.strip() != "").fillna(False)]
    wrong = []
    for test, unit in given[["test", "unit"]].drop_duplicates().itertuples(index=False):
        code = units.resolve(unit)
        fed = [item for scale in scales for item in scale.items_of_test.get(test, ())]
        if any(
            code is None or units.convert(i.analyte, code, i.printed_units) is None for i in fed
        ):
            wrong.append((given["test"] == test) & (given["unit"] == unit))
    if not wrong:
        return
    rows = given[np.logical_or.reduce(wrong)].sort_values(["src_file", "src_line"])
    first = rows.iloc[0]
    more = f" ({len(rows)} such rows)" if len(rows) > 1 else ""
    raise GraftlineError(
        f"{first['src_file']}, line {first['src_line']}, column unit: {first['test']} is not "
        f"measured in this unit{more}. Correct the unit, or add it to config/units.yaml"
    )


def _with_baselines(
    labs: Labs, item: Item, units: Units, rows: np.ndarray, baselines: np.ndarray
) -> pd.DataFrame:
    """The `rows` of labs as the grader takes them: value, ranges, baseline and its ranges, all in
    the row's own unit."""
    given = {name: labs.columns[name][rows] for name in ("value", *RANGES, "below_limit")}
    # What precedes treatment, and what was measured without treatment, has no baseline.
    given["on_normal_range"] = ~labs.after[rows]
    given["unit"] = labs.unit.take(rows)
    there = baselines >= 0
    for name in REFERENCE if there.any() else ():
        found = np.full(len(rows), np.nan)
        values = labs.columns[REFERENCE[name]][baselines[there]]
        source = labs.unit.codes[baselines[there]]
        found[there] = in_unit(units, item, labs, values, source, labs.unit.codes[rows[there]])
        given[name] = found
    return pd.DataFrame(given)


def _link_item(
    cells: Cells, item: Item, numbers: np.ndarray, rows: np.ndarray, baselines: np.ndarray
) -> list[np.ndarray]:
    """The cells that the grades of `rows` on `item` stand on, as links of `numbers`."""
    deciding = ["value", "unit", *(name for name in RANGES if name in item.inputs)]
    parts = [cells.link(numbers, "labs", rows, name, decided=True) for name in deciding]
    parts += [
        cells.link(numbers, "labs", rows, name) for name in ("test", "date", "time", "below_limit")
    ]
    there = baselines >= 0
    needed = [REFERENCE[name] for name in REFERENCE if name in item.inputs]
    if there.any():
        needed += ["unit", "date", "time"]
    return parts + [cells.link(numbers[there], "labs", baselines[there], name) for name in needed]


def _grade_item(
    labs: Labs, units: Units, item: Item, rows: np.ndarray, baselines: np.ndarray
) -> pd.DataFrame:
    """Grades of `rows` on `item`, and the ranges and baselines that they stand on."""
    given = _with_baselines(labs, item, units, rows, baselines)
    graded = grade_laboratory(item, given, units)
    found = {
        "item": np.full(len(rows), item.code, dtype=object),
        "grade": graded["grade"],
        "grade_rule_b": grade_laboratory(item, given, units, rule="B")["grade"],
        "limit": graded["limit"],
    }
    for name in ("reason", "conversion"):
        found[name] = graded[name].astype(TEXT)
    # A range that the item has nothing to do with is not shown as if the grade stood on it.
    for name in (*RANGES, "baseline"):
        used = name in item.inputs and name in given
        found[name] = given[name] if used else np.full(len(rows), np.nan)
    return pd.DataFrame(found)


def grade_labs(cells: Cells, labs: Labs, units: Units, scale: Scale) -> Observed:
    """A row for each laboratory value and each item of `scale` that its test feeds; tests of no
    item are left out."""
    graded, positions, links, count = [], [], [], 0
    for item in scale.items.values():
        rows = labs.rows_of(item)
        if not len(rows):
            continue
        baselines = np.full(len(rows), -1)
        if "baseline" in item.inputs:
            baselines = find_baselines(labs, item, units, rows)
        graded.append(_grade_item(labs, units, item, rows, baselines))
        links += _link_item(cells, item, count + np.arange(len(rows)), rows, baselines)
        positions.append(rows)
        count += len(rows)
    if not graded:
        return join(cells, [])
    position = np.concatenate(positions)
    frame = labs.marked[NEEDED].take(position).reset_index(drop=True)
    frame = pd.concat([frame, pd.concat(graded, ignore_index=True)], axis=1)
    frame = frame.assign(domain="LB", scale=scale.scale, position=position)
    frame["observed"] = labs.observed.take(position).to_numpy()
    frame["is_baseline"] = mark_last_before(
        frame, ["subject_id", "test", "item"], frame["grade"].notna()
    )
    frame["date_earliest"] = frame["date"]
    frame["row_key"] = keys_of(frame, frame["item"])
    return as_observed(frame, cells.unite(links))
