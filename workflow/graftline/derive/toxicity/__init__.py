"""Toxicity: what was observed, graded on the study's scales, with the cells that each grade stands
on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from graftline.derive.toxicity import links
from graftline.derive.toxicity.baselines import Labs
from graftline.derive.toxicity.blocks import MOST_ROWS, split_patients
from graftline.derive.toxicity.cells import Cells
from graftline.derive.toxicity.columns import COLUMNS, READ, TEXT, read_columns
from graftline.derive.toxicity.events import grade_events
from graftline.derive.toxicity.laboratory import check_units, grade_labs
from graftline.derive.toxicity.observed import Observed, join
from graftline.derive.toxicity.period import mark_events, treatment_periods
from graftline.derive.toxicity.signs import derive_signs
from graftline.derive.toxicity.vitals import grade_vitals, mark_vitals
from graftline.derive.toxicity.worst import derive_worst
from graftline.grading.scale import Scale
from graftline.grading.units import Units

__all__ = ["READ", "derive_in_blocks", "derive_toxicity"]


def _grade_all(
    cells: Cells,
    sources: Mapping[str, pd.DataFrame],
    periods: pd.DataFrame,
    scales: Sequence[Scale],
    units: Units,
    fever: Mapping[str, Any],
    cut: pd.Timestamp,
) -> Observed:
    """All observations on all scales."""
    labs = Labs(sources["labs"], periods)
    vitals = mark_vitals(sources["vitals"], periods, fever)
    events = mark_events(sources["ae"], periods)
    parts = []
    for scale in scales:
        measured = grade_vitals(cells, vitals, scale)
        parts += [grade_labs(cells, labs, units, scale), measured]
        parts.append(grade_events(cells, events, scale, measured, cut))
    return join(cells, parts)


def _criteria(frame: pd.DataFrame, scales: Sequence[Scale]) -> pd.Series:
    """The text of each row's grade, on its scale and item; missing where there is none."""
    texts = [
        (scale.scale, item.code, grade, text)
        for scale in scales
        for item in scale.items.values()
        for grade, text in item.text_of_grade.items()
    ]
    keys = ["scale", "item", "grade"]
    known = pd.DataFrame(texts, columns=[*keys, "criterion"])
    known = known.astype(dict.fromkeys(["scale", "item", "criterion"], TEXT) | {"grade": "Int64"})
    merged = frame[keys].merge(known, on=keys, how="left")
    return merged["criterion"].set_axis(frame.index)


def _complete(
    observed: pd.DataFrame, subjects: pd.DataFrame, scales: Sequence[Scale]
) -> pd.DataFrame:
    """The observations with what is the same for all rows of a patient or an item, sorted by
    key; their index says where they stood."""
    frame = observed.copy(deep=False)
    frame["arm"] = frame["subject_id"].map(subjects.set_index("subject_id")["arm"])
    labels = {(s.scale, i.code): i.label for s in scales for i in s.items.values()}
    known = pd.DataFrame(
        [(*key, label) for key, label in labels.items()], columns=["scale", "item", "item_label"]
    ).astype(TEXT)
    merged = frame[["scale", "item"]].merge(known, on=["scale", "item"], how="left")
    frame["item_label"] = merged["item_label"].set_axis(frame.index)
    frame["criterion"] = _criteria(frame, scales)
    frame["grade_rule_b"] = frame["grade_rule_b"].where(frame["domain"] == "LB", frame["grade"])
    frame["on_treatment"] = frame["on_treatment"].fillna(False)
    return frame.sort_values("row_key", kind="stable")


def derive_toxicity(
    tables: Mapping[str, pd.DataFrame],
    scales: Sequence[Scale],
    units: Units,
    protocol: Mapping[str, Any],
    cut: str,
) -> dict[str, pd.DataFrame]:
    """Grades of all observations, worst grades, signs and their lineage.

    `tables` maps subjects and those of exposure, ae, labs, vitals that the study has to validated
    tables; `scales` are those of the study, the main one first; `protocol` is the section toxicity
    of study.yaml (days_after_last_dose, fever, signs); `cut` the date of the data cut. Returns
    toxicity, a row for each observation and item of a scale, graded or with the reason why not;
    toxicity_worst, a row for each patient, scale and item observed on treatment, a row ANY for each
    patient and scale, and with several scales a row ANY_CTC for each patient; signs, a row for each
    patient and listed sign; and lineage. Each patient's rows depend on that patient alone. Raises
    GraftlineError, naming file and line, for a unit that cannot be converted.
    """
    return _derive(
        {name: read_columns(tables, name) for name in READ}, scales, units, protocol, cut
    )


def _derive(
    sources: Mapping[str, pd.DataFrame],
    scales: Sequence[Scale],
    units: Units,
    protocol: Mapping[str, Any],
    cut: str,
) -> dict[str, pd.DataFrame]:
    check_units(sources["labs"], scales, units)
    subjects, exposure, day = sources["subjects"], sources["exposure"], pd.Timestamp(cut)
    signs = protocol.get("signs") or {}
    periods = treatment_periods(exposure, protocol["days_after_last_dose"], day)
    cells = Cells(sources)
    observed = _grade_all(cells, sources, periods, scales, units, protocol["fever"], day)

    whole = _complete(observed.frame, subjects, scales)
    toxicity = whole.reset_index(drop=True)
    worst = derive_worst(toxicity, subjects, periods.index, scales, signs)
    listed = derive_signs(toxicity, subjects, periods.index, signs, scales)

    place = np.empty(len(whole), dtype=np.int64)
    place[whole.index.to_numpy()] = np.arange(len(whole))
    of_patients = links.link_patients(
        cells, toxicity.index, toxicity["subject_id"], exposure, subjects
    )
    linked = cells.unite([cells.renumber(observed.links, place), *of_patients])
    of_worst = links.link_worst(cells, worst, toxicity, linked, subjects, scales, signs)
    of_signs = links.link_signs(cells, listed, toxicity, linked, subjects)
    lineage = [
        cells.print_lineage("signs", listed["row_key"], of_signs),
        cells.print_lineage("toxicity", toxicity["row_key"], linked),
        cells.print_lineage("toxicity_worst", worst["row_key"], of_worst),
    ]
    return {
        "toxicity": toxicity[list(COLUMNS)],
        "toxicity_worst": worst,
        "signs": listed,
        "lineage": pd.concat(lineage, ignore_index=True),
    }


def derive_in_blocks(
    tables: Mapping[str, pd.DataFrame],
    scales: Sequence[Scale],
    units: Units,
    protocol: Mapping[str, Any],
    cut: str,
    most_rows: int = MOST_ROWS,
) -> Iterator[dict[str, pd.DataFrame]]:
    """What `derive_toxicity` gives, for blocks of patients of about `most_rows` observed rows.

    The blocks' tables, one after the other, are sorted as the whole is, the lineage within a block.
    """
    sources = {name: read_columns(tables, name) for name in READ}
    # Before the first block, so that all rows with a wrong unit are counted.
    check_units(sources["labs"], scales, units)
    for block in split_patients(sources, most_rows):
        renumbered = {name: frame.reset_index(drop=True) for name, frame in block.items()}
        yield _derive(renumbered, scales, units, protocol, cut)
