"""Headline numbers again with partial dates at their earliest and latest days."""

from __future__ import annotations

from typing import Any

import pandas as pd

from graftline.analyse.survival_series import Series
from graftline.numbers import Declaration, select_rows

TABLE = "endpoints_bounds"
ENDS = ("earliest", "latest")
STEM = "survival.sensitivity"
LARGEST_CHANGE = f"{STEM}.largest_change"
WORDS = "with every partial date on its {} possible day"


class Headline:
    """One number that is computed again: an estimate at a fixed time, a median, or the follow-up."""

    def __init__(self, id: str, key: str, statistic: str, arguments: dict, label: str, shown: dict):
        self.id, self.key, self.statistic, self.arguments = id, key, statistic, arguments
        self.label, self.shown = label, shown

    @property
    def is_probability(self) -> bool:
        """Whether it is an estimate at a fixed time."""
        return "time" in self.arguments

    def number(self, which: str) -> str:
        """`survival.sensitivity.os.survival.365.earliest`."""
        return f"{STEM}.{self.id}.{which}"

    def as_argument(self) -> dict[str, Any]:
        """The estimate as `find_largest_change` takes it."""
        return {"endpoint": self.key, "statistic": self.statistic, "arguments": self.arguments}


def list_headlines(
    bounds: pd.DataFrame,
    series: list[Series],
    followed: Series,
    survival: dict[str, Any],
    origins: dict[str, Any],
) -> list[Headline]:
    """Estimates of all patients, at fixed times and medians, of the endpoints in `bounds`."""
    unit = survival["time_unit"]
    length = {"unit": f"{unit}s", "display": "decimal", "decimals": 0 if unit == "day" else 1}
    changed, found = set(bounds["endpoint"].unique()), []
    for one in series:
        if one.suffix or one.key not in changed:
            continue
        name = f"{one.label} from {origins[one.endpoint['origin']]['label']}"
        statistic = "aalen_johansen" if one.is_incidence else "km"
        cause = {"cause": 1} if one.is_incidence else {}
        share = {"unit": "probability", "display": "percent_of_one", "decimals": one.decimals}
        for item in survival["times"]:
            arguments = {"what": one.estimate, "time": item["time"], **cause}
            id, label = one.id(one.estimate, item["time"]), f"{name}, {item['label']}"
            found.append(Headline(id, one.key, statistic, arguments, label, share))
        if not one.is_incidence:
            arguments, label = {"what": "median"}, f"{name}, median in {unit}s"
            found.append(Headline(one.id("median"), one.key, statistic, arguments, label, length))
    if followed.key in changed:
        label = f"Follow-up, median in {unit}s"
        arguments = {"what": "median"}
        found.append(
            Headline("followup.median", followed.key, "reverse_km", arguments, label, length)
        )
    return found


def _declare(id: str, method: str, statistic: str, arguments: dict, shown: dict, **rows):
    return Declaration(
        id=id,
        population="patients at risk of the endpoint",
        method=method,
        table=TABLE,
        selected=select_rows(TABLE, **rows, in_risk_set=True),
        considered=select_rows(TABLE, **rows),
        statistic=statistic,
        arguments=arguments,
        **shown,
    )


def declare_sensitivity(headlines: list[Headline]) -> list[Declaration]:
    """Each headline at both ends with its largest change, and the largest of all probabilities."""
    numbers = []
    for one in headlines:
        for end in ENDS:
            method = f"{one.label}, {WORDS.format(end)}."
            rows = {"endpoint": one.key, "dates": end}
            numbers.append(
                _declare(one.number(end), method, one.statistic, one.arguments, one.shown, **rows)
            )
        method = f"{one.label}: largest change {WORDS.format('earliest or latest')}."
        arguments, shown = {"of": [one.as_argument()]}, dict(one.shown)
        if one.is_probability:
            shown["display"], shown["unit"] = "percent_of_one_bare", "percentage points"
        number = one.number("change")
        numbers.append(
            _declare(number, method, "largest_change", arguments, shown, endpoint=one.key)
        )
    shares = [one for one in headlines if one.is_probability]
    if shares:
        method = f"Largest change of a probability {WORDS.format('earliest or latest')}."
        shown = {**shares[0].shown, "display": "percent_of_one_bare", "unit": "percentage points"}
        arguments = {"of": [one.as_argument() for one in shares]}
        numbers.append(_declare(LARGEST_CHANGE, method, "largest_change", arguments, shown))
    return numbers
