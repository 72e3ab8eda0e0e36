"""Grades that the sites reported, against what the pipeline graded from measurements."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.validation.cohort import Cohort, equals
from graftline.validation.derived.observed import observations_of
from graftline.validation.derived.stage import TOXICITY, second_stage
from graftline.validation.findings import ERROR, WARNING
from graftline.validation.register import Flag

# Loss of weight against baseline, in percent, from which grades 1, 2 and 3 begin: NCI-CTC 1988 and
# CTCAE 3 to 5.
WEIGHT_LOSS = (5.0, 10.0, 20.0)
# Reported scale -> the scale that the pipeline grades on; a study has some of them.
SCALES = {"WHO1981": "who-1981", "CTCAE403": "ctcae-4.03", "CTCAE5": "ctcae-5.0"}
SCALES |= {"CTCAE6": "ctcae-6.0"}
# WHO has one item for both transaminases.
ITEMS = {("WHO1981", "AST"): "AST/ALT", ("WHO1981", "ALT"): "AST/ALT"}


@second_stage(
    "E32",
    ERROR,
    "ae",
    sentence="The scale has no such grade, or grade 5 without death at the event's end; correct it.",
)
def check_reported_grade(cohort: Cohort):
    """WHO 0..4, others 0..5; 5 only for a fatal event that ends with death."""
    frame = cohort["ae"]
    grade = frame["reported_grade"].astype("float64")
    most = np.where(equals(frame["reported_scale"], "WHO1981"), 4, 5)
    outside = (grade < 0) | (grade > most)
    ends_with_death = pd.Series(False, index=frame.index)
    if cohort.has("followup"):
        earliest = cohort.of_subject("ae", cohort.death_earliest)
        latest = cohort.of_subject("ae", cohort.death_latest)
        ends_with_death = (frame["end_date_earliest"] <= latest) & (
            frame["end_date_latest"] >= earliest
        )
    fatal = equals(frame["outcome"], "FATAL") & ends_with_death
    yield Flag("ae", outside | (equals(grade, 5) & ~outside & ~fatal), "reported_grade")


def _reported(cohort: Cohort) -> pd.DataFrame:
    """Rows of ae with a reported grade of an item, with the pipeline's names of scale and item."""
    frame = cohort["ae"]
    item = frame["reported_item"].astype(object)
    for (scale, code), own in ITEMS.items():
        here = equals(frame["reported_scale"], scale) & equals(frame["reported_item"], code)
        item = item.mask(here, own)
    frame = frame.assign(scale=frame["reported_scale"].map(SCALES), item=item)
    known = frame["reported_grade"].notna() & frame["scale"].notna() & frame["item"].notna()
    return frame[known]


def _worst_within(cohort: Cohort, events: pd.DataFrame, graded: pd.DataFrame) -> pd.Series:
    """Worst of the `graded` (subject_id, scale, item, grade, date) of each event's item on its
    scale during the event.

    `events`: rows of ae with `scale` and `item`; an event without an end lasts to the cut. Indexed
    like them.
    """
    events = events.assign(
        row=events.index, last=events["end_date_latest"].fillna(cohort.cut)
    ).dropna(subset=["start_date_earliest"])
    keys = ["subject_id", "scale", "item"]
    pairs = events.astype(dict.fromkeys(keys, object)).merge(
        graded.astype(dict.fromkeys(keys, object)), on=keys, how="inner"
    )
    within = pairs["date"].between(pairs["start_date_earliest"], pairs["last"])
    return pairs[within].groupby("row")["grade"].max()


def _graded(cohort: Cohort, domain: str, unit: str | None = None) -> pd.DataFrame:
    """Observations of `domain` with a grade, of vital signs those in `unit`."""
    toxicity = cohort[TOXICITY]
    rows = equals(toxicity["domain"], domain) & toxicity["grade"].notna()
    if unit is not None:
        rows &= equals(toxicity["unit"], unit)
    graded = toxicity.loc[rows, ["subject_id", "scale", "item", "grade", "date_earliest"]]
    return graded.rename(columns={"date_earliest": "date"}).astype({"grade": "float64"})


def _distance(cohort: Cohort, worst: pd.Series) -> pd.Series:
    """How far each reported grade is from the `worst` of its row of ae; missing without one."""
    reported = cohort["ae"]["reported_grade"].astype("float64")
    return (reported - worst.reindex(reported.index)).abs()


@second_stage(
    "E34",
    WARNING,
    "ae",
    TOXICITY,
    sentence="The grade of fever that the site reported is not that of the temperature and pressure "
    "measured during the event; check both. The reported grade is not used.",
)
def check_fever_grade(cohort: Cohort):
    """Reported grades of fever are those of the vital signs, on the scale of the report."""
    worst = _worst_within(cohort, _reported(cohort), _graded(cohort, "VS", "Cel"))
    yield Flag("ae", _distance(cohort, worst) > 0, "reported_grade")


@second_stage(
    "E35",
    WARNING,
    "ae",
    "vitals",
    "exposure",
    sentence="The grade of weight loss that the site reported is not that of the weights measured; "
    "check both. The reported grade is not used.",
)
def check_weight_loss_grade(cohort: Cohort):
    """Reported grades of weight loss are those of the lowest weight during the event, against the
    last one on or before the day of the first dose."""
    frame, vitals = cohort["ae"], cohort["vitals"]
    weights = vitals.loc[vitals["weight_kg"].notna(), ["subject_id", "date", "weight_kg"]]
    weights = weights.sort_values("date", kind="stable")
    first = weights["subject_id"].map(cohort.first_dose)
    baseline = weights[weights["date"] <= first].groupby("subject_id")["weight_kg"].last()
    events = frame[equals(frame["pt"], "Weight decreased") & frame["reported_grade"].notna()]
    loss = weights.assign(
        # Positive: percent of the baseline weight that is lost.
        grade=(100 * (1 - weights["weight_kg"] / weights["subject_id"].map(baseline))).round(9),
        scale="any",
        item="loss",
    ).dropna(subset=["grade"])
    worst = _worst_within(cohort, events.assign(scale="any", item="loss"), loss)
    expected = pd.Series(np.searchsorted(WEIGHT_LOSS, worst, side="right"), index=worst.index)
    differs = frame["reported_grade"].astype("float64").reindex(worst.index) != expected
    yield Flag("ae", differs.reindex(frame.index, fill_value=False), "reported_grade")


@second_stage(
    "E36",
    WARNING,
    "ae",
    TOXICITY,
    sentence="The grade that the site reported differs by 2 or more from that of the laboratory "
    "values during the event; check both. The reported grade is not used.",
)
def check_laboratory_grade(cohort: Cohort):
    """Reported grades of laboratory items are near those of the laboratory values."""
    worst = _worst_within(cohort, _reported(cohort), _graded(cohort, "LB"))
    yield Flag("ae", _distance(cohort, worst) >= 2, "reported_grade")


@second_stage(
    "E63",
    WARNING,
    "ae",
    TOXICITY,
    sentence="The grade that the site reported is not that of the finding; check both. The reported "
    "grade is not used.",
)
def check_finding_grade(cohort: Cohort):
    """Reported grades of clinical items are those of the record's own finding."""
    graded = observations_of(cohort, "ae", "AE")
    # What was measured during the event is compared above.
    graded = graded[graded["grade"].notna() & graded["value"].isna()]
    keys = ["row", "scale", "item"]
    reported = _reported(cohort).rename_axis("row").reset_index()[keys]
    both = reported.astype({"scale": object, "item": object}).merge(
        graded[[*keys, "grade"]].astype({"scale": object, "item": object}), on=keys
    )
    worst = both.astype({"grade": "float64"}).set_index("row")["grade"]
    yield Flag("ae", _distance(cohort, worst) > 0, "reported_grade")
