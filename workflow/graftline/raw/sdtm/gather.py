"""Long to wide: records of one test each gathered into one row a patient, day, time and visit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from graftline.raw.sources import LINE

TEXT = pd.StringDtype("pyarrow")


def gather(keys: pd.DataFrame, frame: pd.DataFrame, rule: dict[str, Any], report) -> pd.DataFrame:
    """One row for each distinct row of `keys` (its columns but `src_line`), measurements beside it.

    `frame` has the records of the domain, on the index of `keys`. `rule`: `test`, `value` and `unit`,
    the variables that hold them, and `to`, canonical column -> {test, unit}. A measurement's record is
    named in `<column>_line`, the row's first record in `src_line`. Reports tests that go nowhere (E03, a
    warning), other units than the stated one (E24) and repeated results (E27: a warning where
    they are alike and the first is kept, else an error).
    """
    tests = frame[rule["test"]]
    of_test = {entry["test"]: column for column, entry in rule["to"].items()}
    for test in sorted(set(tests.unique()) - set(of_test)):
        message = f"{rule['test']} {test} goes to no column and was not read; see sdtm.yaml."
        report("E03", message, severity="W", column=rule["test"], value=test)

    names = [name for name in keys if name != "src_line"]
    chosen = tests.isin(list(of_test)).to_numpy(dtype=bool)
    keys, frame = keys[chosen].reset_index(drop=True), frame[chosen].reset_index(drop=True)
    group = keys.groupby(names, sort=False, dropna=False).ngroup().to_numpy()
    first = pd.Series(group).drop_duplicates().index
    wide = keys.loc[first, names].reset_index(drop=True)
    wide["src_line"] = keys["src_line"].groupby(group).min().astype("Int64").array

    columns: dict[str, Any] = {}
    for column, entry in rule["to"].items():
        rows = frame[rule["test"]].eq(entry["test"]).to_numpy(dtype=bool)
        value, unit = frame[rule["value"]], frame[rule["unit"]]
        given = value.ne("").to_numpy(dtype=bool)
        wrong = rows & given & unit.ne(entry["unit"]).to_numpy(dtype=bool)
        message = f"The unit of {entry['test']} is not {entry['unit']}; correct it. The value was not read."
        _flag(report, keys, wrong, "E24", rule["unit"], unit, message)
        rows &= given & ~wrong
        columns |= _spread(column, keys, group, value, np.flatnonzero(rows), len(wide), report)
    return wide.assign(**columns)


def _spread(
    column: str,
    keys: pd.DataFrame,
    group: np.ndarray,
    value: pd.Series,
    rows: np.ndarray,
    length: int,
    report,
) -> dict[str, Any]:
    """The cells of one measurement in the wide rows, and their records."""
    again = pd.Series(group[rows]).duplicated().to_numpy()
    kept, repeats = rows[~again], rows[again]
    cells = np.full(length, "", dtype=object)
    cells[group[kept]] = value.iloc[kept]
    lines = pd.array([pd.NA] * length, dtype="Int64")
    lines[group[kept]] = keys["src_line"].iloc[kept].array
    alike = cells[group[repeats]] == value.iloc[repeats].to_numpy(dtype=object)
    flagged = np.zeros(len(keys), dtype=bool)
    flagged[repeats[alike]] = True
    message = "The record repeats an earlier one and was left out; delete it."
    _flag(report, keys, flagged, "E27", column, value, message, severity="W")
    flagged[:] = False
    flagged[repeats[~alike]] = True
    message = "There is another result at the same visit; keep the one that is right."
    _flag(report, keys, flagged, "E27", column, value, message)
    return {column: pd.array(cells, TEXT), f"{column}{LINE}": lines}


def _flag(
    report,
    keys: pd.DataFrame,
    rows: np.ndarray,
    rule: str,
    column: str,
    value: pd.Series,
    message: str,
    **more: Any,
) -> None:
    for at in np.flatnonzero(rows):
        subject = keys["subject_id"].iloc[at] if "subject_id" in keys else None
        report(
            rule,
            message,
            line=int(keys["src_line"].iloc[at]),
            column=column,
            subject_id=subject,
            value=value.iloc[at],
            **more,
        )
