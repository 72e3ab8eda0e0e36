"""What a grade must go with, and what could not be graded because it cannot be placed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.grading.reasons import FINDING_NOT_OF_ITEM, NOT_IN_SCALE, TERM_MISSING, UNIT_MISSING
from graftline.validation.cohort import Cohort, equals
from graftline.validation.derived.observed import observations_of
from graftline.validation.derived.stage import TOXICITY, second_stage
from graftline.validation.findings import ERROR, WARNING
from graftline.validation.register import Flag

REACTION_DAYS = 14
# A finding given with one of these has no grade on the scale.
UNPLACED = (FINDING_NOT_OF_ITEM, NOT_IN_SCALE, TERM_MISSING)


def _grade_of_events(cohort: Cohort) -> np.ndarray:
    """Grade that the pipeline gave each row of ae, the worst of the study's scales."""
    rows = observations_of(cohort, "ae", "AE")
    worst = rows.groupby("row")["grade"].max()
    return worst.reindex(range(len(cohort["ae"]))).to_numpy(float, na_value=np.nan)


def _unplaced_findings(cohort: Cohort) -> pd.DataFrame:
    """Records with a finding, each with its scale and whether the finding could not be placed."""
    rows = observations_of(cohort, "ae", "AE")
    given = cohort["ae"]["finding"].notna().to_numpy(bool)
    rows = rows[given[rows["row"].to_numpy()]]
    return rows.assign(unplaced=rows["reason"].isin(UNPLACED).to_numpy(bool))


def _at(cohort: Cohort, table: str, rows) -> np.ndarray:
    """Truth values for `table`: those at the positions `rows` are true."""
    return np.isin(np.arange(len(cohort[table])), np.asarray(rows, dtype=np.int64))


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
    sentence="The event is of grade 4 or 5 and is not marked as serious; write serious Y.",
)
def check_grade_4_is_serious(cohort: Cohort):
    """Grades 4 and 5 are serious, on whichever scale."""
    serious = equals(cohort["ae"]["serious"], "Y")
    yield Flag("ae", (_grade_of_events(cohort) >= 4) & ~serious, "serious")


@second_stage(
    "E61",
    ERROR,
    "ae",
    TOXICITY,
    sentence="The finding is not one of the words of the item that the preferred term belongs to, "
    "or the term belongs to no item: it has no grade. Write one of the item's words, or correct "
    "the term.",
)
def check_finding_can_be_placed(cohort: Cohort):
    """A finding is a word of its item on one of the study's scales."""
    everywhere = _unplaced_findings(cohort).groupby("row")["unplaced"].all()
    yield Flag("ae", _at(cohort, "ae", everywhere.index[everywhere]), "finding")


@second_stage(
    "E61",
    WARNING,
    "ae",
    TOXICITY,
    sentence="The finding is not one of the words of the item on the study's main scale, and has a "
    "grade on another scale alone; confirm the finding.",
)
def check_finding_on_main_scale(cohort: Cohort):
    """A finding under a term of the main scale is one of that scale's words."""
    rows = _unplaced_findings(cohort)
    elsewhere = ~rows.groupby("row")["unplaced"].transform("all")
    main = equals(rows["scale"], cohort.options.get("main_scale"))
    wrong = equals(rows["reason"], FINDING_NOT_OF_ITEM) & rows["item"].notna()
    yield Flag("ae", _at(cohort, "ae", rows.loc[main & wrong & elsewhere, "row"]), "finding")


@second_stage(
    "E62",
    ERROR,
    "labs",
    TOXICITY,
    sentence="The value has no unit, and the limits that it would be compared with are in units: it "
    "has no grade. Send the unit.",
)
def check_value_has_unit(cohort: Cohort):
    """A laboratory value that is compared with limits in units has a unit."""
    rows = observations_of(cohort, "labs", "LB")
    without = equals(rows["reason"], UNIT_MISSING)
    yield Flag("labs", _at(cohort, "labs", rows.loc[without, "row"]), "unit")
