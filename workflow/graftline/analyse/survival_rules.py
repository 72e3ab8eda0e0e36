"""Which rule of use holds for which estimate, and what is therefore declared of a comparison."""

from __future__ import annotations

from typing import Any

import pandas as pd

from graftline.numbers.rules import count_for_rules, find_refusal

# Where a study says nothing. A test by its large-sample distribution, and Cox's model, want ten events
# (Peduzzi et al., J Clin Epidemiol 1995;48:1503-10: of models with ten events a variable); the exact
# test goes over all allocations of the patients, which twenty allow.
DEFAULT_RULES: dict[str, dict[str, int]] = {
    "survival": {"patients": 2},
    "cumulative_incidence": {"patients": 2},
    "median": {"patients": 2},
    "follow_up": {"patients": 2},
    "log_rank": {"events": 10, "patients_per_group": 5},
    "exact_log_rank": {"events": 2, "patients_per_group": 2, "most_patients": 20},
    "gray": {"events": 10, "patients_per_group": 5},
    "cox": {"events": 10, "events_per_group": 5},
    "firth": {"events": 2, "patients_per_group": 2},
}


def rule_of(survival: dict[str, Any], quantity: str) -> dict[str, int]:
    """The study's rule for `quantity`, else the default one."""
    return (survival.get("rules") or {}).get(quantity, DEFAULT_RULES[quantity])


def _allows(survival: dict[str, Any], quantity: str, rows: pd.DataFrame, group: str) -> bool:
    return find_refusal(count_for_rules(rows, group), rule_of(survival, quantity)) is None


def choose_test(survival: dict[str, Any], rows: pd.DataFrame, group: str) -> str:
    """log_rank, or exact_log_rank where the rules allow that one alone.

    With delayed entry there is no exact test.
    """
    if rows["entry"].any():
        return "log_rank"
    allowed = {
        name: _allows(survival, name, rows, group) for name in ("log_rank", "exact_log_rank")
    }
    return "exact_log_rank" if allowed["exact_log_rank"] and not allowed["log_rank"] else "log_rank"


def choose_model(survival: dict[str, Any], rows: pd.DataFrame, group: str) -> str:
    """cox, or firth where the rules allow that one alone.

    With delayed entry there is no model of Firth's.
    """
    if rows["entry"].any():
        return "cox"
    allowed = {name: _allows(survival, name, rows, group) for name in ("cox", "firth")}
    return "firth" if allowed["firth"] and not allowed["cox"] else "cox"
