"""Graded observations: laboratory values, temperatures and adverse events, one row each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.derive.toxicity.period import mark_events, mark_last_before, mark_measurements
from graftline.errors import GraftlineError
from graftline.grading.clinical import grade_findings
from graftline.grading.fever import TEMPERATURE_MISSING, grade_temperatures, pair_pressures
from graftline.grading.laboratory import grade_laboratory
from graftline.grading.scale import Scale

TERM_MISSING = "preferred term missing"
FROM_LABORATORY = "graded from laboratory values"
TEXT = "string[pyarrow]"


def not_in_scale(scale: Scale) -> str:
    """Why a record whose term no item has gets no grade."""
    return f"{scale.label} has no such item"


def _text_of(values: pd.Series) -> pd.Series:
    """Numbers as text, as short as they were written."""
    return values.astype(TEXT).str.removesuffix(".0")


def _row_keys(frame: pd.DataFrame, domain: str, what: pd.Series) -> pd.Series:
    parts = [frame["subject_id"], f"/{domain}/", frame["src_line"].astype(TEXT), "/", what]
    key = parts[0].astype(TEXT)
    for part in parts[1:]:
        key = key + (part if isinstance(part, str) else part.astype(TEXT).fillna("none"))
    return key


def grade_labs(labs: pd.DataFrame, periods: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """A row for each laboratory value whose test feeds an item; tests of no item are left out."""
    code_of_test = {test: item.code for test, item in scale.item_of_test.items()}
    frame = labs.assign(item=labs["test"].map(code_of_test).astype(TEXT), domain="LB")
    frame = frame[frame["item"].notna()].reset_index(drop=True)
    frame = mark_measurements(frame, periods, ["subject_id", "test"])
    as_found = frame["test"] + " " + _text_of(frame["value"]) + " " + frame["unit"]
    frame["observed"] = as_found.mask(
        frame["below_limit"] == "Y", as_found + ", below the assay's limit"
    )
    graded = [
        grade_laboratory(item, frame[frame["item"] == item.code])
        for item in scale.items.values()
        if item.tests
    ]
    frame[["value", "unit", "uln", "grade", "reason"]] = pd.concat(graded).reindex(frame.index)
    frame["baseline"] = mark_last_before(frame, ["subject_id", "test"], frame["grade"].notna())
    return frame.assign(date_earliest=frame["date"], row_key=_row_keys(frame, "LB", frame["item"]))


def grade_vitals(
    vitals: pd.DataFrame, periods: pd.DataFrame, scale: Scale, fever: dict
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A row for each temperature, all of `vitals` with its marks, and the pairs with pressures."""
    marked = mark_measurements(vitals.reset_index(drop=True), periods, ["subject_id"])
    marked["baseline_sbp"] = mark_last_before(marked, ["subject_id"], marked["sbp_mmhg"].notna())
    # Of several pressures at the last moment before treatment the highest counts: any fall shows.
    baseline = marked[marked["baseline_sbp"]].groupby("subject_id")["sbp_mmhg"].max()
    pairs = pair_pressures(marked, baseline, fever)
    item = scale.fever_item
    if item is None:  # a scale that does not read fever from temperatures
        marked["temp_cel"], pairs = np.nan, pairs.iloc[:0]
    code, unit = (item.code, item.unit) if item else ("", "")
    frame = marked[marked["temp_cel"].notna()].copy()
    hypotension = pd.Series(
        frame.index.isin(pairs.loc[pairs["low"].astype(bool), "temperature"]), frame.index
    )
    frame["grade"] = (
        grade_temperatures(item, frame["temp_cel"], hypotension) if item else pd.array([], "Int64")
    )
    frame = frame.assign(item=code, domain="VS", value=frame["temp_cel"], unit=unit)
    frame["observed"] = _text_of(frame["temp_cel"]) + " " + unit
    frame.loc[hypotension, "observed"] += ", with low systolic pressure"
    frame["baseline"] = mark_last_before(frame, ["subject_id"], frame["grade"].notna())
    frame = frame.assign(date_earliest=frame["date"], row_key=_row_keys(frame, "VS", frame["item"]))
    return frame, marked, pairs


def pair_episodes(
    events: pd.DataFrame, temperatures: pd.DataFrame, cut: pd.Timestamp
) -> pd.DataFrame:
    """Fever episodes paired with the temperatures taken in them: event and temperature (index
    values).

    An episode runs from its earliest start to its latest end; without an end, to the end of the
    on-treatment period, or to the cut where it began after that. An episode that began before the
    first dose counts on treatment with the temperatures taken after it alone.
    """
    ends = events["period_end"].where(events["on_treatment"], cut).clip(upper=cut)
    ends = ends.where(~(events["start_date_latest"] > ends), events["start_date_latest"])
    began_on = (events["start_date_earliest"] >= events["first_dose"]) | ~events["on_treatment"]
    episodes = pd.DataFrame(
        {
            "event": events.index,
            "subject_id": events["subject_id"],
            "start": events["start_date_earliest"].fillna(pd.Timestamp("1900-01-01")),
            "end": events["end_date_latest"].fillna(ends),
            "any_time": began_on,
        }
    )
    taken = (
        temperatures[["subject_id", "date", "after_first_dose"]]
        .rename_axis("temperature")
        .reset_index()
    )
    both = episodes.merge(taken, on="subject_id")
    inside = (both["date"] >= both["start"]) & (both["date"] <= both["end"])
    return both.loc[
        inside & (both["any_time"] | both["after_first_dose"]), ["event", "temperature"]
    ]


def _assign_items(frame: pd.DataFrame, scale: Scale) -> pd.Series:
    """The item of each record: by its preferred term, else by a mark that an item takes."""
    code_of_term = {term: item.code for term, item in scale.item_of_term.items()}
    item = frame["pt"].map(code_of_term).astype(TEXT)
    for flag, flagged in scale.item_of_flag.items():
        item = item.mask(item.isna() & (frame[flag] == "Y").fillna(False), flagged.code)
    stray = item.isna() & frame["finding"].notna()
    if stray.any():
        row = frame[stray].iloc[0]
        raise GraftlineError(
            f"{row['src_file']}, line {row['src_line']}, column finding: a finding is given, but "
            f"the preferred term belongs to no item of {scale.label} ({int(stray.sum())} such "
            f"rows). Correct the term, or add it to its item in config/scales/{scale.scale}.yaml"
        )
    return item


def grade_events(
    ae: pd.DataFrame,
    periods: pd.DataFrame,
    scale: Scale,
    temperatures: pd.DataFrame,
    cut: pd.Timestamp,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A row for each adverse event, and the fever episodes paired with their temperatures.

    Terms that the scale does not have are kept without a grade, with the reason.
    """
    frame = mark_events(ae.reset_index(drop=True), periods).assign(domain="AE")
    frame["item"] = _assign_items(frame, scale)
    frame["grade"] = pd.array([pd.NA] * len(frame), dtype="Int64")
    reason = pd.Series(not_in_scale(scale), index=frame.index, dtype=TEXT)
    frame["reason"] = reason.mask(frame["pt"].isna(), TERM_MISSING)
    for code in frame["item"].dropna().unique():
        item, rows = scale.items[code], frame["item"] == code
        graded = grade_findings(item, frame[rows])
        if item.kind == "laboratory":
            graded["reason"] = graded["reason"].mask(graded["grade"].isna(), FROM_LABORATORY)
        frame.loc[rows, ["grade", "reason"]] = graded
    frame["observed"] = frame["finding"].fillna(frame["pt"]).fillna(frame["term"])
    frame = frame.assign(value=np.nan, unit=pd.array([pd.NA] * len(frame), dtype=TEXT))

    fevers = frame[frame["item"] == (scale.fever_item.code if scale.fever_item else "")]
    episodes = pair_episodes(fevers, temperatures, cut)
    taken = temperatures.loc[episodes["temperature"], ["grade", "value", "observed"]].reset_index(
        drop=True
    )
    taken["event"] = episodes["event"].to_numpy()
    # The temperature that an episode shows is the highest of those with its worst grade.
    shown = taken.sort_values(["event", "grade", "value"], kind="stable").groupby("event").tail(1)
    shown = shown.set_index("event").reindex(fevers.index)
    worst = pd.concat([fevers["grade"], shown["grade"]], axis=1).max(axis=1).astype("Int64")
    frame.loc[fevers.index, "grade"] = worst
    frame.loc[fevers.index, "reason"] = pd.Series(
        TEMPERATURE_MISSING, fevers.index, dtype=TEXT
    ).mask(worst.notna())
    measured = shown.index[shown["value"].notna()]
    frame.loc[measured, ["value", "observed"]] = shown.loc[measured, ["value", "observed"]]
    frame.loc[measured, "unit"] = scale.fever_item.unit if scale.fever_item else pd.NA
    frame["baseline"] = frame["began_before"]
    frame["date_earliest"] = frame["start_date_earliest"]
    return frame.assign(row_key=_row_keys(frame, "AE", frame["item"].fillna(frame["pt"]))), episodes
