"""The comparison as it may leave: made of the released numbers and of nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# As in graftline.compare_cuts.declare, which would import pandas.
BEFORE, PATIENTS = "changes.before.", "changes.patients."


def release_comparison(
    released: Iterable[Mapping[str, Any]], *, cut: str, compared: bool, data_label: str | None
) -> dict[str, Any]:
    """The counts of the comparison and what each number that moved was and is.

    `released`: the records of aggregate/numbers.json; what is masked there is null here. `compared` is
    False where the previous cut has errors and was not compared.
    """
    records = {record["id"]: record for record in released}
    stood = [number.removeprefix(BEFORE) for number in records if number.startswith(BEFORE)]
    numbers = []
    for number in sorted(stood):
        now, before = records[number], records[BEFORE + number]
        masked = now["value"] is None or before["value"] is None
        patients = records.get(PATIENTS + number)
        numbers.append(
            {
                "id": number,
                "before": before["value"],
                "before_display": before["display"],
                "now": now["value"],
                "now_display": now["display"],
                "moved": None if masked else now["value"] != before["value"],
                "patients": patients["value"] if patients else None,
            }
        )
    counts = {
        number.removeprefix("changes."): record["value"]
        for number, record in records.items()
        if number.startswith("changes.")
        and number.endswith(".n")
        and not number.startswith((BEFORE, PATIENTS))
    }
    return {
        "cut": cut,
        "previous_cut": records["changes.previous_cut"]["value"],
        "compared": compared,
        "counts": counts,
        "numbers": numbers,
        "data_label": data_label,
    }
