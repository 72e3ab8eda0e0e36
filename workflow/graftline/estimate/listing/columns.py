"""The rows of a file of patients as arrays, and what is wrong with them, by line."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np
import pandas as pd

from graftline.errors import GraftlineError

REQUIRED = ("subject_id", "time", "status")
OPTIONAL = ("entry", "group", "cohort")
MOST_LINES_SHOWN = 10
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def check_columns(
    names: Sequence[str], file: str, line: int, required=REQUIRED, optional=OPTIONAL
) -> None:
    """Raise GraftlineError, naming `file` and `line`, unless the header `names` the right columns."""
    where, known = f"{file}, line {line}", [*required, *optional]
    for name in names:
        if name not in known:
            near = get_close_matches(name.strip().lower(), known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the columns are {', '.join(known)}"
            raise GraftlineError(f"{where}: unknown column {name!r}; {hint}")
        if list(names).count(name) > 1:
            raise GraftlineError(f"{where}: the column {name} stands twice; keep one of them")
    for name in required:
        if name not in names:
            raise GraftlineError(f"{where}: the column {name} is missing; add it to the header")


@dataclass
class Faults:
    """What is wrong in `file`: for each complaint the lines that it is about."""

    file: str
    lines: dict[str, list[int]] = field(default_factory=dict)

    def add(self, complaint: str, wrong: np.ndarray, lines: np.ndarray) -> None:
        """Note `complaint` of those of `lines` that are `wrong`."""
        if wrong.any():
            self.lines.setdefault(complaint, []).extend(lines[wrong].tolist())

    def raise_any(self) -> None:
        """Raise GraftlineError with every complaint and its first lines."""
        if self.lines:
            told = [f"{name_lines(found)}: {what}" for what, found in self.lines.items()]
            raise GraftlineError(f"{self.file}, {'; '.join(told)}")


def name_lines(lines: Sequence[int]) -> str:
    """`line 3`, `lines 3 and 5`, and the number of those that there is no room for."""
    shown = [str(line) for line in sorted(lines)[:MOST_LINES_SHOWN]]
    more = len(lines) - len(shown)
    if more:
        shown.append(f"{more} more")
    if len(shown) == 1:
        return f"line {shown[0]}"
    return f"lines {', '.join(shown[:-1])} and {shown[-1]}"


def read_numbers(cells: pd.Series) -> np.ndarray:
    """The numbers of text `cells`; NaN for what is none (a decimal comma, `NA`, `inf`)."""
    codes, distinct = pd.factorize(cells)
    texts = [text.strip() for text in distinct]
    found = [float(text) if _NUMBER.fullmatch(text) else math.nan for text in texts]
    return np.array([number if math.isfinite(number) else math.nan for number in found])[codes]


@dataclass(frozen=True)
class Patients:
    """Patients of one or several cohorts: arrays of one value a patient.

    `cohort` and `group` are positions among `cohorts` (in order of appearance) and `groups` (sorted);
    `group` is None without that column, and `cohorts` is then (None,) without that one. `entry` is
    None without delayed entry.
    """

    time: np.ndarray
    status: np.ndarray
    entry: np.ndarray | None
    cohort: np.ndarray
    cohorts: tuple
    group: np.ndarray | None
    groups: tuple

    def of_cohort(self) -> list[tuple[str | None, Patients]]:
        """Each cohort's name and patients."""
        order = np.argsort(self.cohort, kind="stable")
        edges = np.searchsorted(self.cohort[order], np.arange(len(self.cohorts) + 1))
        return [
            (name, self.take(order[edges[index] : edges[index + 1]]))
            for index, name in enumerate(self.cohorts)
        ]

    def take(self, rows) -> Patients:
        """Those patients that `rows` selects."""
        return Patients(
            self.time[rows],
            self.status[rows],
            None if self.entry is None else self.entry[rows],
            self.cohort[rows],
            self.cohorts,
            None if self.group is None else self.group[rows],
            self.groups,
        )


def read_rows(frame: pd.DataFrame, causes: Sequence[int], faults: Faults) -> pd.DataFrame:
    """Typed columns of the text columns of `frame` (with src_line), what is wrong noted in `faults`.

    Text is trimmed; time and entry are float, status int.
    """
    lines, typed = frame["src_line"].to_numpy(), {"src_line": frame["src_line"].to_numpy()}
    for name in ("subject_id", "cohort", "group"):
        if name in frame:
            typed[name] = frame[name].str.strip()
            faults.add(f"{name} is empty", (typed[name] == "").to_numpy(bool), lines)
    for name in ("time", "status", "entry"):
        if name in frame:
            typed[name] = read_numbers(frame[name])
    time, status = typed["time"], typed["status"]
    faults.add("time is not a number", np.isnan(time), lines)
    faults.add("time is negative", time < 0, lines)
    allowed = (0, *causes)
    unknown = f"status is not one of {', '.join(str(value) for value in allowed)}"
    faults.add(unknown, ~np.isin(status, allowed), lines)
    typed["status"] = np.nan_to_num(status).astype(int)
    if "entry" in typed:
        entry = typed["entry"]
        faults.add("entry is not a number", np.isnan(entry), lines)
        faults.add("entry is negative", entry < 0, lines)
        faults.add("entry is not before time", entry >= time, lines)
    return pd.DataFrame(typed)


def _sorted_labels(labels: Sequence[str]) -> list[str]:
    """Labels in the order of their numbers if all are numbers, otherwise of their letters."""
    if all(_NUMBER.fullmatch(label) for label in labels):
        return sorted(labels, key=lambda label: (float(label), label))
    return sorted(labels)


def join_rows(rows: Sequence[pd.DataFrame], faults: Faults) -> Patients:
    """All rows together. Raises GraftlineError for any fault, and for a patient who stands twice in
    one cohort."""
    table = pd.concat(rows, ignore_index=True)
    if table.empty:
        raise GraftlineError(f"{faults.file}: there are no patients; add rows below the header")
    key = [name for name in ("cohort", "subject_id") if name in table]
    repeated = table.duplicated(key, keep=False).to_numpy(bool)
    if "subject_id is empty" not in faults.lines:
        faults.add("a patient stands more than once", repeated, table["src_line"].to_numpy())
    faults.raise_any()
    codes, names = np.zeros(len(table), dtype=int), (None,)
    if "cohort" in table:
        codes, distinct = pd.factorize(table["cohort"])
        names = tuple(str(name) for name in distinct)
    group, labels = None, ()
    if "group" in table:
        found, distinct = pd.factorize(table["group"])
        labels = tuple(_sorted_labels([str(name) for name in distinct]))
        place = {label: index for index, label in enumerate(labels)}
        group = np.array([place[str(name)] for name in distinct])[found]
    entry = table["entry"].to_numpy(float) if "entry" in table else None
    time, status = table["time"].to_numpy(float), table["status"].to_numpy(int)
    return Patients(time, status, entry, codes, names, group, labels)
