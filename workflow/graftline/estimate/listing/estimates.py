"""Every estimate of every cohort, as records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from graftline.estimate.listing.columns import Patients
from graftline.estimate.listing.comparisons import list_comparisons
from graftline.estimate.listing.curves import list_curves
from graftline.estimate.listing.records import Records


def estimate_cohort(
    name: str | None, patients: Patients, times: Sequence[float], causes: Sequence[int] = (1, 2)
) -> list[dict[str, Any]]:
    """Records of one cohort: of everybody (group None), of the groups compared, and of each group.

    Each has cohort, group, quantity, time, value, method and at_risk (at the time, or the number of
    patients); where `value` is None, also reason.
    """
    has_entry = patients.entry is not None
    pooled = Records(name, None, has_entry)
    list_curves(pooled, patients, times, causes)
    found = pooled.found
    if patients.group is None:
        return found
    list_comparisons(pooled, patients, causes)
    for index in np.unique(patients.group):
        one = Records(name, patients.groups[index], has_entry)
        list_curves(one, patients.take(patients.group == index), times, causes)
        found = found + one.found
    return found


def estimate_cohorts(
    patients: Patients,
    times_of: Callable[[str | None], Sequence[float]],
    causes: Sequence[int] = (1, 2),
) -> Iterator[tuple[str | None, Patients, list[dict[str, Any]]]]:
    """Each cohort's name, patients and records, in order of appearance, one after the other."""
    for name, members in patients.of_cohort():
        yield name, members, estimate_cohort(name, members, times_of(name), causes)
