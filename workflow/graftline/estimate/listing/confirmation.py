"""Each record of a cohort, computed a second time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from graftline.estimate.cross_check import Cohort, check_estimate
from graftline.estimate.listing.columns import Patients
from graftline.estimate.listing.records import COMPARISONS, ENTRY

# Of cif2_var_aalen: the stem, the cause, and the rest.
_WITH_CAUSE = re.compile(r"(cif|gray)(\d+)(.*)")


def split_quantity(name: str) -> tuple[str, int | None, bool]:
    """The key, the cause and whether entry counts, of the name of a quantity."""
    entry = name.endswith(ENTRY)
    name = name.removesuffix(ENTRY)
    found = _WITH_CAUSE.fullmatch(name)
    return (found[1] + found[3], int(found[2]), entry) if found else (name, None, entry)


def confirm_records(records: Sequence[dict[str, Any]], patients: Patients) -> int:
    """Raise GraftlineError where a second implementation disagrees; returns how many agreed."""
    cohorts: dict[tuple, Cohort] = {}
    checked = 0
    for record in records:
        key, which, entry = split_quantity(record["quantity"])
        group = record["group"]
        if key in COMPARISONS:
            # A record of a comparison that names a group is about that group's contrast.
            if key.startswith("cox"):
                which = _contrast(patients, group)
            group = None
        if (group, entry) not in cohorts:
            cohorts[group, entry] = _select(patients, group, entry)
        label = f"{record['quantity']} of cohort {record['cohort']}, group {record['group']}"
        cohort = cohorts[group, entry]
        checked += check_estimate(
            label, key, record["value"], cohort, record["time"], which, thorough=False
        )
    return checked


def _contrast(patients: Patients, group: str | None) -> int:
    """The number of the covariate of `group` (None: the second group's)."""
    if group is None:
        return 0
    present = np.unique(patients.group).tolist()
    return present.index(patients.groups.index(group)) - 1


def _select(patients: Patients, group: str | None, entry: bool) -> Cohort:
    if group is not None:
        patients = patients.take(patients.group == patients.groups.index(group))
    late = patients.entry if entry and patients.entry.any() else None
    return Cohort(patients.time, patients.status, late, patients.group)
