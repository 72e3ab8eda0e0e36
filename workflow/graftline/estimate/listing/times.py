"""At which times the estimates are asked for: the same for all cohorts, or each cohort's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from graftline.errors import GraftlineError
from graftline.estimate.listing.columns import Faults, read_numbers

COLUMNS = ("cohort", "time")


def parse_times(text: str) -> tuple[float, ...]:
    """The times of a list such as 12,24,36. Raises GraftlineError for what is no time."""
    numbers = read_numbers(pd.Series(text.split(","), dtype="string[pyarrow]"))
    if not (numbers >= 0).all():
        raise GraftlineError(f"--times {text}: give numbers of 0 or more, separated by commas")
    return tuple(dict.fromkeys(numbers.tolist()))


def read_times(rows: Sequence[pd.DataFrame], file: str) -> dict[str, tuple[float, ...]]:
    """Each cohort's times, of the rows (text cohort and time, src_line) of a file."""
    table, faults = pd.concat(rows, ignore_index=True), Faults(file)
    lines, time = table["src_line"].to_numpy(), read_numbers(table["time"])
    cohort = table["cohort"].str.strip()
    faults.add("cohort is empty", (cohort == "").to_numpy(bool), lines)
    faults.add("time is not a number of 0 or more", ~(time >= 0), lines)
    faults.raise_any()
    found: dict[str, dict[float, None]] = {}
    for name, moment in zip(cohort.tolist(), time.tolist(), strict=True):
        found.setdefault(name, {})[moment] = None
    return {name: tuple(moments) for name, moments in found.items()}


def match_times(
    times: Mapping[str, Sequence[float]], cohorts: Sequence[str | None], file: str, times_file: str
) -> None:
    """Raise GraftlineError unless every cohort has times and every time a cohort."""
    if cohorts == (None,):
        raise GraftlineError(f"{file}: there is no column cohort for {times_file} to refer to")
    absent = [name for name in cohorts if name not in times]
    if absent:
        raise GraftlineError(
            f"{times_file}: no time for {len(absent)} of the {len(cohorts)} cohorts of {file}, "
            f"the first of them {absent[0]!r}; add a row for each"
        )
    unknown = [name for name in times if name not in set(cohorts)]
    if unknown:
        raise GraftlineError(
            f"{times_file}: {unknown[0]!r} is no cohort of {file}; correct the name or leave it out"
        )
