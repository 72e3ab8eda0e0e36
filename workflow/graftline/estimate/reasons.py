"""Why there is no estimate, in words for whoever reads the number that is missing."""

from __future__ import annotations

from graftline.estimate.risk_set import RiskSets

NOBODY = "no patients to estimate it from"
PAST_FOLLOW_UP = "nobody was followed to this time"
BEFORE_ENTRY = "nobody was under observation yet at this time"
NOT_REACHED = "not reached"
NO_LIMIT = "the limit is not defined where the estimate is 0 or 1"
NO_EVENTS = "no events"
ONE_GROUP = "there is only one group"
NOTHING_TO_COMPARE = "no event happened while patients of two groups were at risk"
SINGULAR = "the variance of the test is singular: the groups cannot be told apart by these events"
NO_CONTRAST = "the covariates are constant or determine one another among the patients at risk"
MONOTONE = (
    "the likelihood has no maximum: it keeps rising as a coefficient goes to infinity, as where a "
    "group has no events; Firth's penalised estimate is finite"
)
NOT_CONVERGED = "the maximum of the likelihood was not found"
FIRTH_TAKES_NO_ENTRY = "Firth's penalised likelihood is not computed here with delayed entry"
FIRTH_TAKES_NO_STRATA = "Firth's penalised likelihood is not computed here with strata"


def why_not_at(risk: RiskSets, time: float) -> str | None:
    """Why nothing is estimated at `time`; None where something is."""
    if risk.n == 0:
        return NOBODY
    if time > risk.last_time:
        return PAST_FOLLOW_UP
    if risk.entries is not None and time <= risk.first_entry:
        return BEFORE_ENTRY
    return None
