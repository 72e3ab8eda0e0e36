"""What of a comparison may leave: a number before may tell no more than the number now may.

Where a study's policy masks small counts of patients, a value before is masked if the number is masked
now or was masked in the previous cut. And where fewer patients than the policy shows moved any number,
all values before are: the difference of two values that are shown would be a small count, or give one
away together with others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from graftline.compare_cuts.declare import BEFORE, CHANGES, PATIENTS
from graftline.disclosure.policy import MASKED, Policy, is_masked

Record = dict[str, Any]
# A number of the comparison that stands on no patient of its own table.
ON_NOBODY = {"shows": [], "whole": None, "needs": [], "beside": None}
FOLLOWS = "masked: what it is compared with is masked"


def judge_records(
    records: Iterable[Mapping[str, Any]],
    moved: pd.DataFrame,
    earlier: Iterable[Mapping[str, Any]],
    policy: Policy,
) -> tuple[list[Record], list[str]]:
    """The comparison's `records` as the registry masks them, and the ids of those masked already.

    `earlier`: the analyses' records of the previous cut as they could have been released.
    """
    if not policy.is_masking:
        return [dict(record) for record in records], []
    hidden = {record["id"] for record in earlier if is_masked(record)}
    few = moved_by_few(moved, policy)
    judged, masked = [], []
    for record in records:
        # Counts of changes are counts of patients, and judged as all others.
        of_patients = record["table"] == CHANGES
        judged.append(record if of_patients else {**record, "stands_on": ON_NOBODY})
        number = record["id"].removeprefix(BEFORE).removeprefix(PATIENTS)
        if number != record["id"] and (few or number in hidden):
            masked.append(record["id"])
    return judged, masked


def moved_by_few(moved: pd.DataFrame, policy: Policy) -> bool:
    """Whether the values before would tell of fewer patients than the policy shows."""
    counts = moved["n_patients"].dropna()
    return policy.is_masking and bool(((counts > 0) & (counts < policy.threshold)).any())


def follow_masks(released: Iterable[Mapping[str, Any]]) -> list[Record]:
    """Records of which those of a comparison are masked where the number that they are about is."""
    released = [dict(record) for record in released]
    hidden = {record["id"] for record in released if is_masked(record)}
    for record in released:
        number = record["id"].removeprefix(BEFORE).removeprefix(PATIENTS)
        if number != record["id"] and number in hidden and record["id"] not in hidden:
            shown = {"display": MASKED, "decimals": 0}
            record |= {"value": None, "display": MASKED, "format": shown, "reason": FOLLOWS}
    return released
