"""How often something happened: records of an event, or runs of graded measurements."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.grading.scale import Scale

KEYS = ["subject_id", "scale", "item"]


def count_runs(measured: pd.DataFrame) -> pd.Series:
    """Runs of consecutive days with a grade above 0, by patient, scale and item.

    `measured` has subject_id, scale, item, grade and date_earliest. Days without a graded
    measurement are not days; of several measurements on a day, also by several tests of the item,
    the worst counts. The order of lines decides nothing.
    """
    graded = measured[measured["grade"].notna() & measured["date_earliest"].notna()]
    days = graded.groupby([*KEYS, "date_earliest"], sort=True)["grade"].max().reset_index()
    high = (days["grade"] > 0).to_numpy(bool)
    same = (days[KEYS] == days[KEYS].shift()).fillna(False).all(axis=1).to_numpy(bool)
    begins = high & ~(same & np.append(False, high[:-1])[: len(high)])
    return days.assign(begins=begins).groupby(KEYS)["begins"].sum().astype("Int64")


def count_records(events: pd.DataFrame) -> pd.Series:
    """Records of adverse events by patient, scale and item; not those of grade 0."""
    counted = events[~(events["grade"] == 0).fillna(False).to_numpy(bool)]
    return counted.groupby(KEYS).size().astype("Int64")


def count_episodes(observed: pd.DataFrame, scales: list[Scale]) -> pd.Series:
    """Number of episodes by patient, scale and item, of the observations `observed`.

    An item of the laboratory is counted by its runs, any other by its records, or by runs where
    there are none, so that one fever is not counted as a record and as temperatures.
    """
    laboratory = {
        (scale.scale, item.code)
        for scale in scales
        for item in scale.items.values()
        if item.kind == "laboratory"
    }
    of_event = observed["domain"] == "AE"
    runs, records = count_runs(observed[~of_event]), count_records(observed[of_event])
    is_laboratory = [key[1:] in laboratory for key in records.index]
    records = records[~np.array(is_laboratory, dtype=bool)]
    return records[records > 0].combine_first(runs).astype("Int64")
