"""Adverse events: each record graded by its finding, or by what was measured while it lasted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from graftline.derive.toxicity.cells import Cells
from graftline.derive.toxicity.columns import TEXT
from graftline.derive.toxicity.observed import Observed, as_observed, keys_of
from graftline.grading import reasons
from graftline.grading.clinical import grade_findings
from graftline.grading.scale import Item, Scale

# What an item is read from -> the reason of a record while which none was taken.
MEASURED = {"fever": reasons.NO_TEMPERATURE, "weight_loss": reasons.NO_WEIGHT}
# Grade 5 of a scale that has it is death; an item that nobody dies of has other text there.
LETHAL_GRADE, DEATH = 5, "Death"
SHOWN = ["value", "unit", "observed", "limit", "baseline"]


def pair_episodes(events: pd.DataFrame, measured: pd.DataFrame, cut: pd.Timestamp) -> pd.DataFrame:
    """Records paired with what was measured of their item while they lasted: event and measurement
    (index values).

    An episode runs from its earliest start to its latest end; without an end, to the end of the
    on-treatment period, or to the cut where it began after that. An episode that began before the
    first dose counts on treatment with what was measured after it alone.
    """
    ends = events["period_end"].where(events["on_treatment"], cut).clip(upper=cut)
    ends = ends.where(~(events["start_date_latest"] > ends), events["start_date_latest"])
    began_on = (events["start_date_earliest"] >= events["first_dose"]) | ~events["on_treatment"]
    episodes = pd.DataFrame(
        {
            "event": events.index,
            "subject_id": events["subject_id"],
            "item": events["item"],
            "start": events["start_date_earliest"].fillna(pd.Timestamp("1900-01-01")),
            "end": events["end_date_latest"].fillna(ends),
            "any_time": began_on,
        }
    )
    taken = measured[["subject_id", "item", "date_earliest", "after_first_dose"]]
    both = episodes.merge(taken.rename_axis("measurement").reset_index(), on=["subject_id", "item"])
    inside = (both["date_earliest"] >= both["start"]) & (both["date_earliest"] <= both["end"])
    return both.loc[
        inside & (both["any_time"] | both["after_first_dose"]), ["event", "measurement"]
    ]


def _assign_items(frame: pd.DataFrame, scale: Scale) -> pd.Series:
    """The item of each record: by its preferred term, else by a mark that an item takes."""
    code_of_term = {term: item.code for term, item in scale.item_of_term.items()}
    item = frame["pt"].map(code_of_term).astype(TEXT)
    for flag, flagged in scale.item_of_flag.items():
        item = item.mask(item.isna() & (frame[flag] == "Y").fillna(False), flagged.code)
    return item


def _is_measured(item: Item) -> bool:
    """Whether the item is read from vital signs."""
    return item.kind in MEASURED


def _is_lethal(item: Item) -> bool:
    """Whether a grade of the item is death."""
    return item.text_of_grade.get(LETHAL_GRADE) == DEATH


def _needs_therapy(frame: pd.DataFrame, scale: Scale) -> np.ndarray:
    """Which rows have a finding whose grade depends on therapy_given."""
    words = [
        f"{code}\t{finding.finding}"
        for code, item in scale.items.items()
        for grade in item.grades
        for finding in grade.findings
        if finding.therapy_given
    ]
    return (frame["item"] + "\t" + frame["finding"]).isin(words).to_numpy(bool)


def _of_items(frame: pd.DataFrame, scale: Scale, condition: Callable[[Item], bool]) -> np.ndarray:
    """Which rows are of an item of which `condition` is true."""
    codes = [code for code, item in scale.items.items() if condition(item)]
    return frame["item"].isin(codes).to_numpy(bool)


def _grade_records(frame: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """grade and reason of each record by its own cells."""
    reason = pd.Series(reasons.NOT_IN_SCALE, index=frame.index, dtype=TEXT)
    # A finding under a term of no item could not be placed: that is wrong, and not just beyond it.
    reason = reason.mask(frame["finding"].notna(), reasons.FINDING_NOT_OF_ITEM)
    graded = pd.DataFrame(
        {
            "grade": pd.array([pd.NA] * len(frame), dtype="Int64"),
            "reason": reason.mask(frame["pt"].isna(), reasons.TERM_MISSING),
        },
        index=frame.index,
    )
    for code in frame["item"].dropna().unique():
        item, rows = scale.items[code], frame["item"] == code
        of_item = grade_findings(item, frame[rows])
        missing = of_item["reason"] == reasons.FINDING_MISSING
        if item.kind == "laboratory":
            of_item["reason"] = of_item["reason"].mask(missing, reasons.FROM_LABORATORY)
        elif item.kind in MEASURED:
            of_item["reason"] = of_item["reason"].mask(missing, MEASURED[item.kind])
        graded.loc[rows, ["grade", "reason"]] = of_item
    return graded


def _take_measured(frame: pd.DataFrame, episodes: pd.DataFrame, measured: pd.DataFrame) -> pd.Index:
    """Give each record of `frame` the worst grade measured while it lasted, unless its own is
    worse; the records to which it was given.

    The measurement that a record shows is the most extreme of those with its worst grade.
    """
    taken = measured.loc[
        episodes["measurement"], ["grade", "reason", *SHOWN, "extreme"]
    ].reset_index(drop=True)
    taken["event"] = episodes["event"].to_numpy()
    taken["order"] = taken["grade"].fillna(-1)
    worst = taken.sort_values(["event", "order", "extreme", "observed"], kind="stable")
    worst = worst.drop_duplicates("event", keep="last").set_index("event")
    own = frame.loc[worst.index, "grade"].fillna(-1)
    worst = worst[(worst["order"] >= own).to_numpy(bool)]
    # A finding that could not be placed may be worse than what was measured.
    unplaced = (frame.loc[worst.index, "reason"] == reasons.FINDING_NOT_OF_ITEM).fillna(False)
    worst["reason"] = worst["reason"].mask(unplaced, reasons.FINDING_NOT_OF_ITEM)
    frame.loc[worst.index, ["grade", "reason", *SHOWN]] = worst[["grade", "reason", *SHOWN]]
    return worst.index


def _link_events(
    cells: Cells, frame: pd.DataFrame, scale: Scale, episodes: pd.DataFrame, measured: Observed
) -> np.ndarray:
    """The cells that each record stands on: the finding decided, or the term where there is none
    and nothing was measured, or what decided the measurement."""

    def own(some, columns, decided=False):
        rows = frame.index[np.asarray(some, dtype=bool)]
        return [cells.link(rows, "ae", rows, column, decided=decided) for column in columns]

    of_measures = _of_items(frame, scale, _is_measured)
    has_finding = frame["finding"].notna().to_numpy(bool)
    by_finding = (frame["item"].notna().to_numpy(bool) & ~of_measures) | has_finding
    with_measures = frame.index.isin(episodes["event"])
    everywhere = np.ones(len(frame), dtype=bool)
    parts = own(by_finding, ["finding"], decided=True)
    parts += own(_needs_therapy(frame, scale), ["therapy_given"], decided=True)
    parts += own(frame["died"], ["outcome"], decided=True)
    parts += own(_of_items(frame, scale, _is_lethal), ["outcome"])
    parts += own(~by_finding & ~with_measures, ["pt"], decided=True)
    parts += own(everywhere, ["pt", "start_date", "end_date"])
    parts += own(everywhere, ["related", "infection", "serious", "severity"])
    # Those without a grade decided it where there is none.
    grade, of_measure = (
        part.fillna(-1).to_numpy(np.int64)
        for part in (
            frame["grade"].loc[episodes["event"]],
            measured.frame["grade"].loc[episodes["measurement"]],
        )
    )
    deciding = grade == of_measure
    parts.append(
        cells.inherit(measured.links, episodes["event"], episodes["measurement"], deciding)
    )
    return cells.unite(parts)


def grade_events(
    cells: Cells, marked: pd.DataFrame, scale: Scale, measured: Observed, cut: pd.Timestamp
) -> Observed:
    """A row for each adverse event, graded on `scale`.

    `marked` are the records with the marks of `mark_events`, numbered from 0; `measured` the graded
    temperatures and weights of the scale. Terms that the scale does not have are kept without a
    grade, with the reason.
    """
    frame = marked.assign(domain="AE", scale=scale.scale, position=marked.index)
    frame["item"] = _assign_items(frame, scale)
    frame[["grade", "reason"]] = _grade_records(frame, scale)
    frame["observed"] = frame["finding"].fillna(frame["pt"]).fillna(frame["term"])
    frame["unit"] = pd.array([pd.NA] * len(frame), dtype=TEXT)
    frame[["value", "limit", "baseline"]] = np.nan

    of_measures = _of_items(frame, scale, _is_measured)
    episodes = pair_episodes(frame[of_measures], measured.frame, cut)
    given = _take_measured(frame, episodes, measured.frame)
    fatal = (frame["outcome"] == "FATAL").fillna(False).to_numpy(bool)
    frame["died"] = fatal & _of_items(frame, scale, _is_lethal)
    frame["grade"] = frame["grade"].mask(frame["died"], LETHAL_GRADE)
    frame["reason"] = frame["reason"].mask(frame["died"])
    # What was measured after the first dose tells no baseline; what was before it has its own row.
    frame["is_baseline"] = frame["began_before"] & ~frame.index.isin(given)
    frame["date_earliest"] = frame["start_date_earliest"]
    frame["row_key"] = keys_of(frame, frame["item"].fillna(frame["pt"]))
    return as_observed(frame, _link_events(cells, frame, scale, episodes, measured))
