"""Deaths, follow-up, events, grades and statuses that are new: from the derived tables of both cuts.

Only patients who are in both cuts are compared; all of a new patient is new.
"""

from __future__ import annotations

import pandas as pd

from graftline.compare_cuts.changes import concat_changes, make_changes
from graftline.validation.findings import as_text

DEAD = "DEAD"
NO_ITEM = ("ANY", "ANY_CTC")  # the worst of all items, and with signs of another scale


def compare_outcomes(
    before: dict[str, pd.DataFrame],
    after: dict[str, pd.DataFrame],
    explanations: pd.DataFrame,
    scale: str | None = None,
) -> pd.DataFrame:
    """The changes of `subjects`, `endpoints` and `toxicity_worst`, as far as a study has them.

    `scale`: the toxicity scale whose grades are compared; without it all are.
    """
    parts = _compare_subjects(before["subjects"], after["subjects"], explanations)
    if "endpoints" in before and "endpoints" in after:
        parts += _compare_endpoints(before["endpoints"], after["endpoints"], after["subjects"])
    if "toxicity_worst" in before and "toxicity_worst" in after:
        parts += _compare_grades(before["toxicity_worst"], after["toxicity_worst"], scale)
    return concat_changes(parts)


def _pair(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows whose keys are in both, in one order."""
    old, new = before.set_index("row_key", drop=False), after.set_index("row_key", drop=False)
    both = new.index.intersection(old.index)
    return old.loc[both].reset_index(drop=True), new.loc[both].reset_index(drop=True)


def _changed(was: pd.Series, now: pd.Series) -> pd.Series:
    """Whether two cells differ, missing ones being alike."""
    return (was.ne(now).fillna(False) & was.notna() & now.notna()) | (was.isna() != now.isna())


def _rows(
    kind: str,
    table: str,
    chosen: pd.Series,
    old: pd.DataFrame,
    new: pd.DataFrame,
    column: str,
    shown: str | None = None,
    **more,
) -> pd.DataFrame:
    """A change of `kind` for each chosen pair of rows: `column` before and after."""
    rows = chosen.to_numpy(dtype=bool)
    old, new = old[rows], new[rows]
    return make_changes(
        kind,
        len(new),
        subject_id=new["subject_id"].to_numpy(),
        table_name=table,
        record_key=(new[shown] if shown else new["row_key"]).to_numpy(),
        derived_key=new["row_key"].to_numpy(),
        column=column,
        before=as_text(old[column], len(old)),
        after=as_text(new[column], len(new)),
        **{name: values[rows].to_numpy() for name, values in more.items()},
    )


def _compare_subjects(before, after, explanations) -> list[pd.DataFrame]:
    old, new = _pair(before, after)
    was_dead, is_dead = (frame["vital_status"].eq(DEAD).fillna(False) for frame in (old, new))
    of_death = explanations[
        explanations["table"].eq("followup")
        & explanations["column"].isin(["vital_status", "death_date"])
    ]
    lines = of_death.groupby("subject_id")["correction_line"].max()
    explained = new["subject_id"].map(lines)
    for frame in (old, new):
        frame["end"] = frame["death_date"].fillna(frame["last_alive_date"])
    died, undone = is_dead & ~was_dead, was_dead & ~is_dead
    others = ~died & ~undone
    # A death on another day is a changed value, and not a longer or shorter follow-up.
    alive = others & ~was_dead
    grown = alive & (new["end"] > old["end"]).fillna(False)
    shorter = alive & (new["end"] < old["end"]).fillna(False)
    status = others & _changed(old["vital_status"], new["vital_status"])
    final = others & _changed(old["final_status"], new["final_status"])
    return [
        _rows("death", "subjects", died, old, new, "vital_status"),
        _rows(
            *("death_undone", "subjects", undone, old, new, "vital_status"),
            correction_line=explained,
        ),
        _rows("followup_grown", "subjects", grown, old, new, "end"),
        _rows("followup_shorter", "subjects", shorter, old, new, "end"),
        _rows("status", "subjects", status, old, new, "vital_status"),
        _rows("status", "subjects", final, old, new, "final_status"),
    ]


def _compare_endpoints(before, after, subjects) -> list[pd.DataFrame]:
    old, new = _pair(before, after)
    was, now = old["status"].gt(0).fillna(False), new["status"].gt(0).fillna(False)
    other = was & now & _changed(old["status"], new["status"])
    moved = was & now & ~other & _changed(old["time"], new["time"])
    return [
        _rows("event", "endpoints", (now & ~was) | other, old, new, "status", "endpoint"),
        _rows("event_undone", "endpoints", was & ~now, old, new, "status", "endpoint"),
        _rows("event_moved", "endpoints", moved, old, new, "time", "endpoint"),
    ]


def _compare_grades(before, after, scale) -> list[pd.DataFrame]:
    before, after = (frame[~frame["item"].isin(NO_ITEM)] for frame in (before, after))
    if scale:
        before, after = (frame[frame["scale"].eq(scale)] for frame in (before, after))
    both = set(before["subject_id"]) & set(after["subject_id"])
    old, new = _pair(before, after)
    parts = [
        _rows(
            "grade",
            "toxicity_worst",
            _changed(old["grade"], new["grade"]),
            old,
            new,
            "grade",
            "item",
        )
    ]
    for one, other, side in ((after, before, "after"), (before, after, "before")):
        alone = one[~one["row_key"].isin(other["row_key"]) & one["grade"].gt(0).fillna(False)]
        alone = alone[alone["subject_id"].isin(both)]
        parts.append(
            make_changes(
                "grade",
                len(alone),
                subject_id=alone["subject_id"].to_numpy(),
                table_name="toxicity_worst",
                record_key=alone["item"].to_numpy(),
                derived_key=alone["row_key"].to_numpy(),
                column="grade",
                **{side: as_text(alone["grade"], len(alone))},
            )
        )
    return parts
