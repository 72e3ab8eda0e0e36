"""What grade 4 and withdrawal of a drug must go with."""

from __future__ import annotations

import pandas as pd

from graftline.validation.cohort import Cohort, equals
from graftline.validation.derived.stage import TOXICITY, second_stage
from graftline.validation.findings import ERROR, WARNING
from graftline.validation.register import Flag

REACTION_DAYS = 14


def _grade_of_events(cohort: Cohort) -> pd.Series:
    """Grade that the pipeline gave each row of ae, its worst if there are several."""
    frame, toxicity = cohort["ae"], cohort[TOXICITY]
    rows = toxicity[equals(toxicity["domain"], "AE") & toxicity["grade"].notna()]
    line = rows["row_key"].str.extract(r"/AE/([0-9]+)/")[0].astype("Int64")
    worst = rows["grade"].astype("float64").groupby(line).max()
    return frame["src_line"].map(worst).astype("float64")


@second_stage(
    "E39",
    WARNING,
    "ae",
    TOXICITY,
    sentence="The event is of grade 4 and the dose was not changed; confirm action.",
)
def check_action_on_grade_4(cohort: Cohort):
    """Grade 4 has an action."""
    none = equals(cohort["ae"]["action"], "NONE")
    yield Flag("ae", (_grade_of_events(cohort) == 4) & none, "action")


@second_stage(
    "E39",
    WARNING,
    "ae",
    "exposure",
    sentence="The drug was withdrawn and no adverse event lies within 14 days; send the event or "
    "the reason.",
)
def check_withdrawal_has_event(cohort: Cohort):
    """WITHDRAW has an event that touches the 14 days before or after the last dose."""
    frame = cohort["exposure"]
    withdrawn = frame[equals(frame["action"], "WITHDRAW") & frame["end_date"].notna()]
    events = cohort["ae"][["subject_id", "start_date_earliest", "end_date_latest"]]
    pairs = withdrawn.assign(row=withdrawn.index)[["subject_id", "end_date", "row"]].merge(
        events, on="subject_id"
    )
    margin = pd.Timedelta(days=REACTION_DAYS)
    last = pairs["end_date_latest"].fillna(cohort.cut)
    near = (pairs["start_date_earliest"] <= pairs["end_date"] + margin) & (
        last >= pairs["end_date"] - margin
    )
    explained = pairs.loc[near, "row"]
    alone = withdrawn.index.difference(pd.Index(explained))
    yield Flag("exposure", frame.index.isin(alone), "action")


@second_stage(
    "E40",
    ERROR,
    "ae",
    TOXICITY,
    sentence="The event is of grade 4 and is not marked as serious; write serious Y.",
)
def check_grade_4_is_serious(cohort: Cohort):
    """Grade 4 is serious."""
    serious = equals(cohort["ae"]["serious"], "Y")
    yield Flag("ae", (_grade_of_events(cohort) == 4) & ~serious, "serious")
