"""Ages in bands: what may be told of patients whom their exact ages could name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

# From the youngest to the oldest age of a band, both included, in years; in order and without a gap,
# as `graftline.config.study` has checked.
Bands = Sequence[Sequence[int]]


def list_age_bands(bands: Bands, ages: pd.Series) -> list[tuple[str, str, list, str]]:
    """Id, label, condition and description of each of `bands`, and of younger and older patients where
    `ages` has some; an age is in one of them, unless it is not known.

    A band's label has the ids of the protocol's own numbers.
    """
    if not bands:
        return []
    listed: list[tuple[str, str, list[Any], str]] = []
    for place, (first, last) in enumerate(bands):
        stem = f"config.baseline.age_bands.{place}"
        listed.append(
            (
                f"from_{first}",
                f"{{{stem}.0}}–{{{stem}.1}}",
                [(">=", first), ("<=", last)],
                f"aged {first} to {last} years",
            )
        )
    youngest, oldest = bands[0][0], bands[-1][1]
    if (ages < youngest).fillna(False).any():
        listed.insert(
            0, ("younger", "younger", [("<", youngest)], f"younger than {youngest} years")
        )
    if (ages > oldest).fillna(False).any():
        listed.append(("older", "older", [(">", oldest)], f"older than {oldest} years"))
    return listed
