"""Who is at risk when: the counts that every estimator here is made of.

A patient is at risk on (entry, exit]: after the day of entry, up to and including the day of exit.
On one day events come before censorings, so a patient censored on day t is still at risk at t, and
a patient who enters on day t is not (Andersen, Borgan, Gill, Keiding 1993, section III.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from graftline.errors import GraftlineError

CENSORED = 0


@dataclass(frozen=True)
class RiskSets:
    """Counts at each distinct exit time, and what is needed to count at any other time.

    `times`, `censored`: shape (T,). `events`: shape (causes, T). `exits`, `entries` and
    `censored_exits` are sorted; `entries` is None when everybody is followed from the origin on.
    """

    times: np.ndarray
    events: np.ndarray
    censored: np.ndarray
    exits: np.ndarray
    entries: np.ndarray | None
    censored_exits: np.ndarray

    @property
    def n(self) -> int:
        """Number of patients."""
        return self.exits.size

    @cached_property
    def at_risk(self) -> np.ndarray:
        """Number of patients at risk at each of `times`."""
        return self.count_at_risk(self.times)

    @property
    def last_time(self) -> float:
        """The longest follow-up; NaN without patients."""
        return float(self.exits[-1]) if self.n else np.nan

    @property
    def first_entry(self) -> float:
        """When the first patient comes under observation: 0 without delayed entry."""
        return float(self.entries[0]) if self.entries is not None and self.n else 0.0

    def count_entered(self, at) -> np.ndarray:
        """Number of patients who entered before each time of `at`."""
        at = np.asarray(at, dtype=float)
        if self.entries is None:
            return np.full(at.shape, self.n)
        return np.searchsorted(self.entries, at, side="left")

    def count_at_risk(self, at) -> np.ndarray:
        """Number of patients at risk at each time of `at`."""
        return self.count_entered(at) - np.searchsorted(self.exits, at, side="left")

    def count_not_censored_before(self, at) -> np.ndarray:
        """Number of patients who entered before each time and were not censored before it."""
        return self.count_entered(at) - np.searchsorted(self.censored_exits, at, side="left")


def _check(time: np.ndarray, status: np.ndarray, entry: np.ndarray | None) -> None:
    if time.shape != status.shape or (entry is not None and entry.shape != time.shape):
        raise ValueError("time, status and entry have different lengths")
    if not np.isfinite(time).all() or (time < 0).any():
        raise GraftlineError(
            f"{int((~np.isfinite(time) | (time < 0)).sum())} of {time.size} times are missing, "
            "infinite or negative; look for an end before its origin in the endpoints table"
        )
    if entry is None:
        return
    if not np.isfinite(entry).all():
        raise GraftlineError(
            f"{int((~np.isfinite(entry)).sum())} of {time.size} entry times are missing; "
            "leave out the patients who never entered"
        )
    wrong = int((entry >= time).sum())
    if wrong:
        raise GraftlineError(
            f"{wrong} of {time.size} patients enter on or after the day they leave; such a patient "
            "is never at risk and must be left out and counted (column in_risk_set)"
        )


def count_risk_sets(time, status, entry=None, causes: Sequence[int] = (1,)) -> RiskSets:
    """Count patients at risk, events by cause and censorings at each distinct exit time.

    `time`, `status`, `entry`: one value a patient; status 0 is censored, other values are causes.
    `entry` None: everybody is followed from the origin on, so that an exit at 0 is allowed.
    Raises GraftlineError for times that are missing or negative, and for an entry >= exit.
    """
    time = np.asarray(time, dtype=float)
    status = np.asarray(status, dtype=int)
    entry = None if entry is None else np.asarray(entry, dtype=float)
    _check(time, status, entry)
    unknown = sorted(set(np.unique(status).tolist()) - {CENSORED, *causes})
    if unknown:
        raise GraftlineError(f"the status has the values {unknown}; expected 0 and {list(causes)}")
    times, position = np.unique(time, return_inverse=True)
    events = np.array(
        [np.bincount(position[status == cause], minlength=times.size) for cause in causes],
        dtype=int,
    ).reshape(len(causes), times.size)
    is_censored = status == CENSORED
    return RiskSets(
        times=times,
        events=events,
        censored=np.bincount(position[is_censored], minlength=times.size),
        exits=np.sort(time),
        entries=None if entry is None else np.sort(entry),
        censored_exits=np.sort(time[is_censored]),
    )


def step_value(times: np.ndarray, values: np.ndarray, at, before: float) -> np.ndarray:
    """Value at each time of `at` of the right-continuous step function with `values` at `times`.

    `before` is its value before the first of `times`.
    """
    index = np.searchsorted(times, np.asarray(at, dtype=float), side="right")
    return np.concatenate([[before], values])[index]
