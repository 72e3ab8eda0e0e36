"""Rules of use: from how many patients and events a quantity is estimated at all."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

KINDS = {
    "patients": "patients",
    "events": "events",
    "patients_per_group": "patients in one of the groups",
    "events_per_group": "events in one of the groups",
}


def count_for_rules(rows: pd.DataFrame, group: str | None = None) -> dict[str, int]:
    """What rules speak of, counted in `rows` (status 1 is the event) by the column `group`.

    The counts per group are those of the smallest; without groups they are 0.
    """
    happened = rows["status"].eq(1).fillna(False)
    counts = {"patients": len(rows), "events": int(happened.sum())}
    sizes = events = pd.Series([0])
    if group is not None and len(rows):
        by_group = happened.groupby(rows[group])
        sizes, events = by_group.size(), by_group.sum()
    return counts | {
        "patients_per_group": int(sizes.min()),
        "events_per_group": int(events.min()),
    }


def find_refusal(counts: Mapping[str, int], rule: Mapping[str, int]) -> str | None:
    """Why `rule` refuses an estimate from so many patients and events (`count_for_rules`); None where
    it does not.

    `rule` has least numbers of patients, events, patients_per_group and events_per_group, and
    most_patients.
    """
    for name, words in KINDS.items():
        if counts[name] < rule.get(name, 0):
            return f"the study's rule asks for {rule[name]} {words} or more"
    most = rule.get("most_patients")
    if most is not None and counts["patients"] > most:
        return f"the study's rule allows it for {most} patients at the most"
    return None
