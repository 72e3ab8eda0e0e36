"""One estimate as a record, and the words of its method."""

from __future__ import annotations

from typing import Any

import numpy as np

ENTRY = "_entry"
WITH_ENTRY = "at risk from after entry on"
WITHOUT_ENTRY = "everybody from time 0 on, entry left out of account"
CURVES = {
    "km_survival": "Kaplan-Meier estimate",
    "km_lower": "lower 95% limit of the Kaplan-Meier estimate: Greenwood's variance, log(-log) scale",
    "km_upper": "upper 95% limit of the Kaplan-Meier estimate: Greenwood's variance, log(-log) scale",
    "at_risk": "number at risk just before the time",
    "events": "number of events of any cause up to and including the time",
    "censored": "number of censored patients up to and including the time",
    "median": "time at which the Kaplan-Meier estimate reaches one half",
    "median_lower": "time at which the lower 95% limit (log(-log) scale) reaches one half",
    "median_upper": "time at which the upper 95% limit (log(-log) scale) reaches one half",
    "followup_median_reverse_km": "median of the reverse Kaplan-Meier estimate: censoring is the event",
    "followup_median_reverse_km_lower": "lower 95% limit (log(-log) scale) of the median follow-up",
    "followup_median_reverse_km_upper": "upper 95% limit (log(-log) scale) of the median follow-up",
    "rmst": "restricted mean: area under the Kaplan-Meier estimate up to the time",
    "rmst_se": "standard error of the restricted mean, by Greenwood's variance",
    "cif": "Aalen-Johansen estimate of the cumulative incidence of cause {cause}",
    "cif_var_aalen": "Aalen's variance of the cumulative incidence of cause {cause}",
    "cif_lower": "lower 95% limit of the cumulative incidence of cause {cause}: Aalen's variance, "
    "log(-log) scale; 0 before its first event",
    "cif_upper": "upper 95% limit of the cumulative incidence of cause {cause}: Aalen's variance, "
    "log(-log) scale; before its first event the exact binomial limit of the patients not censored",
}
COMPARISONS = {
    "logrank_chisq": "log-rank chi-squared of all groups, hypergeometric variance",
    "logrank_p": "P of the log-rank test of all groups",
    "logrank_exact_p": "P of the log-rank test among all allocations to groups of these sizes",
    "gray_stat": "Gray's chi-squared of cause {cause}, all groups, rho 0",
    "gray_p": "P of Gray's test of cause {cause}, all groups",
    "cox_efron_coef": "log hazard ratio by Cox regression, Efron's ties, {contrast}",
    "cox_efron_se": "standard error of the log hazard ratio by Cox regression, Efron's ties, {contrast}",
    "cox_firth_coef": "log hazard ratio by Firth-penalised Cox regression, Breslow's ties, {contrast}",
    "cox_firth_lower": "lower 95% profile-likelihood limit by Firth-penalised Cox regression, {contrast}",
    "cox_firth_upper": "upper 95% profile-likelihood limit by Firth-penalised Cox regression, {contrast}",
    "cox_firth_p": "P of the penalised likelihood-ratio test, {contrast}",
}
METHODS = CURVES | COMPARISONS


def name_quantity(key: str, cause: int | None = None, entry: bool = False) -> str:
    """The name of a quantity in the output: of `cif_var_aalen` and 2 it is `cif2_var_aalen`."""
    stem, _, rest = key.partition("_")
    name = key if cause is None else "_".join([f"{stem}{cause}", *([rest] if rest else [])])
    return name + ENTRY if entry else name


class Records:
    """The records of one cohort, or of one group of it, as they are estimated.

    `has_entry`: the file has a column entry, so that every method says what became of it.
    """

    def __init__(self, cohort: str | None, group: str | None, has_entry: bool):
        self.cohort, self.group, self.has_entry = cohort, group, has_entry
        self.found: list[dict[str, Any]] = []

    def add(
        self,
        key: str,
        value: float | None,
        at_risk: int,
        *,
        time: float | None = None,
        reason: str | None = None,
        cause: int | None = None,
        entry: bool = False,
        group: str | None = None,
        contrast: str = "",
    ) -> None:
        """Add one record; a value that is None or NaN is null, with its `reason`."""
        missing = value is None or bool(np.isnan(value))
        method = METHODS[key].format(cause=cause, contrast=contrast)
        if self.has_entry:
            method += f"; {WITH_ENTRY if entry else WITHOUT_ENTRY}"
        whole = not missing and isinstance(value, (int, np.integer))
        record = {
            "cohort": self.cohort,
            "group": group or self.group,
            "quantity": name_quantity(key, cause, entry),
            "time": time,
            "value": None if missing else int(value) if whole else float(value),
            "method": method,
            "at_risk": int(at_risk),
        }
        if missing:
            record["reason"] = reason
        self.found.append(record)
