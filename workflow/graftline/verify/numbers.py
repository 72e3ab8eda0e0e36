"""Whether the numbers of a results folder are what its derived tables give."""

from __future__ import annotations

import math
from typing import Any

from graftline.disclosure.policy import is_masked, read_policy
from graftline.numbers.collection import RELEASED_FIELDS
from graftline.numbers.display import format_number
from graftline.numbers.evaluation import recompute_all
from graftline.results_folder import ResultsFolder
from graftline.tables import read_json

# Values are written with 12 significant digits.
RELATIVE_TOLERANCE = 1e-11


# What a masked number does not tell; the study's policy decides that it is masked.
HIDDEN_BY_MASKING = ("value", "display", "format", "reason")


def same_value(written: Any, computed: Any) -> bool:
    """Whether a value as written in JSON is the value computed: text and counts exactly."""
    if isinstance(written, float) or isinstance(computed, float):
        return (
            isinstance(written, (int, float))
            and isinstance(computed, (int, float))
            and math.isclose(written, computed, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-300)
        )
    return written == computed


def verify_numbers(results: ResultsFolder) -> list[str]:
    """A sentence for each number that is not what its queries and statistic give, or that the
    released registry states otherwise than the full one. Empty where all is well."""
    problems = []
    computed = recompute_all(results.records.values(), results.frames)
    for number, record in results.records.items():
        if not same_value(record["value"], computed[number]):
            problems.append(
                f"{number}: the registry says {record['value']}, the rows give {computed[number]}"
            )
        printed = format_number(record["value"], **record["format"])
        if record["display"] != printed:
            problems.append(
                f"{number}: the registry prints {record['display']}, its value prints as {printed}"
            )
    released = {
        record["id"]: record for record in read_json(results.file("aggregate", "numbers.json"))
    }
    masking = read_policy(results.configuration["protocol"].get("disclosure")).is_masking
    for number in sorted(set(released) ^ set(results.records)):
        where = "numbers.json" if number in released else "numbers_full.json"
        problems.append(f"{number}: stands in {where} alone")
    for number in sorted(set(released) & set(results.records)):
        hidden = HIDDEN_BY_MASKING if masking and is_masked(released[number]) else ()
        for name in RELEASED_FIELDS:
            if name not in hidden and released[number].get(name) != results.records[number].get(
                name
            ):
                problems.append(
                    f"{number}: {name} differs between numbers.json and numbers_full.json"
                )
    return problems
