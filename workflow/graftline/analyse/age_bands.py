"""Ages in bands: what may be told of patients whom their exact ages could name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from graftline.errors import GraftlineError

# From the youngest to the oldest age of a band, both included, in years.
Bands = Sequence[Sequence[int]]


def check_age_bands(bands: Bands) -> None:
    """Raise GraftlineError unless each of `bands` begins a year after the one before ends."""
    where = "study.yaml, baseline.age_bands"
    for first, last in bands:
        if first > last:
            raise GraftlineError(f"{where}: [{first}, {last}] ends before it begins")
    for (_, last), (first, _) in pairwise(bands):
        if first != last + 1:
            raise GraftlineError(
                f"{where}: the band after {last} begins with {first} and not with {last + 1}; list them "
                "in order, without a gap, so that each age is in one"
            )


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
