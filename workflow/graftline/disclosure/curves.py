"""Curves that may be drawn: no step, mark or end of one is a single patient's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from graftline.disclosure.policy import Policy
from graftline.estimate.risk_set import RiskSets


def _choose_steps(risk: RiskSets, threshold: int, ticks: Sequence[float]) -> np.ndarray:
    """Places of the times by which at least `threshold` more events have happened, while as many
    patients are at risk.

    A step tells how many events of each cause have happened by then: since the step before, and from
    there to each of `ticks`, at which they are printed, and to the end, none has or as many as that.
    """
    total = np.cumsum(risk.events, axis=1)
    last = np.searchsorted(risk.times, np.asarray(ticks, dtype=float), side="right") - 1
    printed = [total[:, place] for place in np.unique(last[last >= 0])] + [total[:, -1:].ravel()]

    def tells(place: int, counts: np.ndarray) -> bool:
        between = np.abs(total[:, place] - counts)
        return bool(((between > 0) & (between < threshold)).any())

    enough = risk.at_risk >= threshold
    kept, before = [], np.zeros(total.shape[0], dtype=int)
    for place in range(risk.times.size):  # times are days or months: few, however many patients
        if (
            enough[place]
            and (total[:, place] > before).any()
            and not any(tells(place, counts) for counts in (before, *printed))
        ):
            kept.append(place)
            before = total[:, place]
    return np.array(kept, dtype=int)


def _round_up(times: np.ndarray) -> np.ndarray:
    """`times` rounded up to twentieths of the power of ten below the last, so that none is a patient's."""
    if not times.size or times[-1] <= 0:
        return times
    step = 10.0 ** np.floor(np.log10(times[-1])) / 20
    return np.ceil(times / step) * step


def coarsen_curve(curve: Any, policy: Policy, ticks: Sequence[float] = ()) -> Any:
    """A Kaplan-Meier or Aalen-Johansen curve as the policy lets it be drawn; `ticks` are times at which
    its events are printed.

    Each step joins the events of at least threshold patients of each cause that it raises, and stands
    behind the last of them, at a round time (see `_choose_steps`); censorings are not marked; the curve
    ends at its last such step, and begins when threshold patients are under observation. Its values at
    the steps are those of the whole curve.
    """
    if not policy.is_masking:
        return curve
    risk, threshold = curve.risk, policy.threshold
    kept = _choose_steps(risk, threshold, ticks)
    times = _round_up(risk.times[kept])
    last = np.append(times[1:] != times[:-1], True)[: kept.size]  # of steps at one time
    kept, times = kept[last], times[last]
    end, shown_end = (risk.times[kept[-1]], times[-1]) if kept.size else (0.0, 0.0)
    entries = risk.entries
    if entries is not None and entries.size:
        entries = np.maximum(entries, entries[min(threshold, entries.size) - 1])
    coarse = replace(
        risk,
        times=times,
        events=risk.events[:, kept],
        censored=np.zeros(kept.size, dtype=int),
        exits=np.where(risk.exits >= end, shown_end, risk.exits),
        entries=entries,
        censored_exits=np.minimum(risk.censored_exits, shown_end),
    )
    arrays = {
        one.name: getattr(curve, one.name)[..., kept]
        for one in fields(curve)
        if isinstance(getattr(curve, one.name), np.ndarray)
        and getattr(curve, one.name).shape[-1:] == risk.times.shape
    }
    return replace(curve, risk=coarse, **arrays)
