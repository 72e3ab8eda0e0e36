"""All numbers of a study in one registry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graftline.disclosure.policy import Policy
from graftline.errors import GraftlineError

# What a record says to anyone; the full record adds how many rows it stands on.
RELEASED_FIELDS = (
    "id",
    "value",
    "display",
    "unit",
    "population",
    "method",
    "statistic",
    "table",
    "selected_sql",
    "considered_sql",
    "format",
    "reason",
    "rule",
    "data_label",
)
# How many rows a number is made of, and of how many: a count that masking has not seen, so that it is
# told only where nothing is masked.
ROW_COUNTS = ("n_selected", "n_considered")


def collect_records(parts: Iterable[tuple[str, list[dict[str, Any]]]]) -> list[dict[str, Any]]:
    """The records of all parts (rule, records), sorted by id, each with the rule that made it.

    Raises GraftlineError for an id that two rules declare, and for a record without its queries.
    """
    collected: dict[str, dict[str, Any]] = {}
    for rule, records in parts:
        for record in records:
            if record["id"] in collected:
                other = collected[record["id"]]["rule"]
                raise GraftlineError(
                    f"the number {record['id']} is made by both {other} and {rule}"
                )
            if not (record["table"] and record["selected_sql"] and record["considered_sql"]):
                raise GraftlineError(f"the number {record['id']} of {rule} has no source")
            collected[record["id"]] = record | {"rule": rule}
    return [collected[number] for number in sorted(collected)]


# For masking alone: on which patients a record stands.
UNRECORDED = "stands_on"


def record_fully(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records with all that is recorded of a number."""
    return [
        {name: value for name, value in record.items() if name != UNRECORDED} for record in records
    ]


def release_records(
    records: Iterable[dict[str, Any]],
    policy: Policy,
    *,
    pinned: Iterable[str] = (),
    masked: Iterable[str] = (),
) -> list[dict[str, Any]]:
    """The records as they may leave by `policy` (see `graftline.disclosure.masking.mask_records`), with
    `ROW_COUNTS` where nothing is masked."""
    if policy.is_masking:
        from graftline.compare_cuts.masked import follow_masks
        from graftline.disclosure.masking import mask_records

        records = follow_masks(mask_records(records, policy, pinned=pinned, masked=masked))
    told = () if policy.is_masking else ROW_COUNTS
    hidden = dict.fromkeys(ROW_COUNTS)
    return [
        hidden | {name: record[name] for name in (*RELEASED_FIELDS, *told)} for record in records
    ]
