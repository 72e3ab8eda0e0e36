"""The curves of one cohort or group: every value that is read off them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graftline.estimate.aalen_johansen import AalenJohansen, estimate_aalen_johansen
from graftline.estimate.kaplan_meier import (
    KaplanMeier,
    estimate_kaplan_meier,
    estimate_reverse_kaplan_meier,
)
from graftline.estimate.listing.columns import Patients
from graftline.estimate.listing.records import Records
from graftline.estimate.reasons import NO_EVENTS, NO_LIMIT, NOT_REACHED, why_not_at
from graftline.estimate.restricted_mean import estimate_restricted_mean

MEDIANS = ("median", "median_lower", "median_upper")


def list_curves(
    records: Records, patients: Patients, times: Sequence[float], causes: Sequence[int]
) -> None:
    """Add to `records` what Kaplan-Meier, its reverse and Aalen-Johansen give for `patients`.

    All are estimated from time 0 on; with entry some are estimated once more.
    """
    event, asked = patients.status > 0, np.asarray(times, dtype=float)
    curve = estimate_kaplan_meier(patients.time, event)
    _list_survival(records, curve, asked)
    _list_counts(records, curve, asked)
    _list_means(records, curve, asked)
    _list_medians(records, curve, MEDIANS)
    follow_up = estimate_reverse_kaplan_meier(patients.time, event)
    name = "followup_median_reverse_km"
    _list_medians(records, follow_up, (name, f"{name}_lower", f"{name}_upper"))
    competing = estimate_aalen_johansen(patients.time, patients.status, causes=causes)
    _list_incidences(records, competing, asked)
    if patients.entry is not None:
        entry = patients.entry if patients.entry.any() else None
        late = estimate_kaplan_meier(patients.time, event, entry)
        _list_survival(records, late, asked, entry=True)
        _list_medians(records, late, MEDIANS, entry=True)
        competing = estimate_aalen_johansen(patients.time, patients.status, entry, causes)
        _list_incidences(records, competing, asked, entry=True)


def _list_survival(records: Records, curve: KaplanMeier, asked, entry: bool = False) -> None:
    """Survival, its limits and the number at risk at each time."""
    at_risk, survival = curve.risk.count_at_risk(asked), curve.survival_at(asked)
    limits = dict(zip(("km_lower", "km_upper"), curve.limits_at(asked), strict=True))
    happened = bool(curve.events.any())
    for place, time in enumerate(asked.tolist()):
        why = why_not_at(curve.risk, time)
        at = {"time": time, "entry": entry}
        value = None if why else survival[place]
        records.add("km_survival", value, at_risk[place], reason=why, **at)
        for key, limit in limits.items():
            # R prints no limits of a curve without any event, and 1 of one before its first.
            value = None if why or not happened else limit[place]
            reason = why or (NO_LIMIT if happened else NO_EVENTS)
            records.add(key, value, at_risk[place], reason=reason, **at)
        records.add("at_risk", at_risk[place], at_risk[place], **at)


def _list_counts(records: Records, curve: KaplanMeier, asked) -> None:
    """Events and censorings up to each time."""
    at_risk = curve.risk.count_at_risk(asked)
    until = np.searchsorted(curve.risk.times, asked, side="right")
    for key, counts in (("events", curve.events), ("censored", curve.risk.censored)):
        total = np.concatenate([[0], np.cumsum(counts)])[until]
        for place, time in enumerate(asked.tolist()):
            records.add(key, total[place], at_risk[place], time=time)


def _list_means(records: Records, curve: KaplanMeier, asked) -> None:
    """Restricted mean to each time, and its error."""
    at_risk = curve.risk.count_at_risk(asked)
    for place, time in enumerate(asked.tolist()):
        why = why_not_at(curve.risk, time)
        found = (None, None) if why else estimate_restricted_mean(curve, time)
        for key, value in zip(("rmst", "rmst_se"), found, strict=True):
            records.add(key, value, at_risk[place], time=time, reason=why)


def _list_medians(records: Records, curve: KaplanMeier, names, entry: bool = False) -> None:
    """Median of a curve, and its limits."""
    for key, value in zip(names, curve.median(), strict=True):
        records.add(key, value, curve.risk.n, reason=NOT_REACHED, entry=entry)


def _list_incidences(records: Records, curve: AalenJohansen, asked, entry: bool = False) -> None:
    """Incidence of each cause at each time, its variance and limits."""
    at_risk = curve.risk.count_at_risk(asked)
    for cause in curve.causes:
        lower, upper = curve.limits_at(cause, asked)
        found = {
            "cif": curve.incidence_at(cause, asked),
            "cif_var_aalen": curve.variance_at(cause, asked),
            "cif_lower": lower,
            "cif_upper": upper,
        }
        for place, time in enumerate(asked.tolist()):
            why = why_not_at(curve.risk, time)
            for key, values in found.items():
                value = None if why else values[place]
                reason = why or NO_LIMIT
                at = {"time": time, "cause": cause, "entry": entry}
                records.add(key, value, at_risk[place], reason=reason, **at)
