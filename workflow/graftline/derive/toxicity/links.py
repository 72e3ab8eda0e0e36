"""Which raw cells the rows of the derived tables stand on, beside those that graded them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.derive.toxicity.cells import Cells
from graftline.derive.toxicity.columns import TEXT
from graftline.derive.toxicity.period import BEFORE, given_doses
from graftline.derive.toxicity.worst import ANY, ANY_CTC, items_for_signs
from graftline.grading.scale import Scale


def _position_of(subjects: pd.DataFrame, subject: pd.Series) -> np.ndarray:
    """The position in `subjects` of each row's patient."""
    positions = pd.Series(subjects.index, index=subjects["subject_id"])
    return subject.map(positions).to_numpy(np.int64)


def _positions_of_period(exposure: pd.DataFrame) -> dict[str, pd.Series]:
    """The dose whose start, and that whose end, make a patient's period; of several, the first
    line."""
    given = given_doses(exposure)
    lines = ["src_file", "src_line"]
    ends = given.assign(end_date=given["end_date"].fillna(pd.Timestamp("2262-01-01")))
    found = {
        "start_date": given.sort_values(["start_date", *lines]),
        "end_date": ends.sort_values(["end_date", *lines], ascending=[False, True, True]),
    }
    return {
        column: frame.drop_duplicates("subject_id").reset_index().set_index("subject_id")["index"]
        for column, frame in found.items()
    }


def link_patients(
    cells: Cells, rows, subject: pd.Series, exposure: pd.DataFrame, subjects: pd.DataFrame
) -> list[np.ndarray]:
    """Links of the `rows`, each of the patient `subject`, to the doses that begin and end the
    patient's treatment, and to the arm, by which rows are counted."""
    rows = np.asarray(rows)
    parts = [cells.link(rows, "subjects", _position_of(subjects, subject), "arm")]
    for column, positions in _positions_of_period(exposure).items():
        position = subject.map(positions).to_numpy(float, na_value=np.nan)
        known = ~np.isnan(position)
        parts.append(cells.link(rows[known], "exposure", position[known], column))
    return parts


def _members(toxicity: pd.DataFrame, scales: list[Scale], signs) -> pd.DataFrame:
    """The rows of `toxicity` that each row of toxicity_worst is made of: subject_id, scale, item,
    and member, observed (grade) and on_treatment."""
    before = (toxicity["period"] == BEFORE).fillna(False)
    counted = toxicity["on_treatment"] | toxicity["is_baseline"] | before
    used = toxicity.loc[
        toxicity["item"].notna() & counted,
        ["subject_id", "scale", "item", "grade", "on_treatment"],
    ]
    used = used.rename_axis("member").reset_index().rename(columns={"grade": "observed"})
    parts = [used, used.assign(item=ANY)]
    if len(scales) > 1:
        main = scales[0].scale
        of_signs = used["item"].isin(items_for_signs(scales, signs))
        taken = (used["scale"] == main) | ((used["scale"] == scales[1].scale) & of_signs)
        parts.append(used[taken].assign(item=ANY_CTC, scale=main))
    # Without a row, a text that is assigned has no type of its own.
    texts = dict.fromkeys(["scale", "item"], TEXT)
    return pd.concat([part.astype(texts) for part in parts], ignore_index=True)


def link_worst(
    cells: Cells,
    worst: pd.DataFrame,
    toxicity: pd.DataFrame,
    links: np.ndarray,
    subjects: pd.DataFrame,
    scales: list[Scale],
    signs,
) -> np.ndarray:
    """Links of toxicity_worst, whose rows are made of those of `toxicity`, which have `links`.

    Rows of the worst grade decided it; others on treatment or before it contributed: to an item
    with all their cells, to the patient's row with those that gave their grades and those that
    placed them in time. Without any observation, the patient's row in subjects decided.
    """
    rows = worst[["subject_id", "scale", "item", "grade"]].rename_axis("new").reset_index()
    members = _members(toxicity, scales, signs).merge(rows, on=["subject_id", "scale", "item"])
    same = (members["observed"] == members["grade"]).fillna(False) | members["grade"].isna()
    deciding = same.to_numpy(bool) & members["on_treatment"].to_numpy(bool)
    whole = deciding | ~members["item"].isin([ANY, ANY_CTC]).to_numpy(bool)
    new, member = members["new"].to_numpy(), members["member"].to_numpy()
    few = cells.that_decided_or_date(links)
    position = _position_of(subjects, worst["subject_id"])
    lonely = ~np.isin(worst.index, new[deciding])
    return cells.unite(
        [
            cells.inherit(links, new[whole], member[whole], deciding[whole]),
            cells.inherit(few, new[~whole], member[~whole], deciding[~whole]),
            cells.link(
                worst.index[lonely], "subjects", position[lonely], "subject_id", decided=True
            ),
            cells.link(worst.index, "subjects", position, "arm"),
        ]
    )


def link_signs(
    cells: Cells, signs: pd.DataFrame, toxicity: pd.DataFrame, links: np.ndarray, subjects
) -> np.ndarray:
    """Links of signs: the records' terms decided; their grades and dates contributed. A sign that
    is absent was decided by the patient's row in subjects, since there is no record to point
    at. `toxicity` has position, that of a record in ae."""
    records = toxicity[(toxicity["domain"] == "AE") & toxicity["on_treatment"]]
    found = (
        records[["subject_id", "pt", "position"]]
        .rename_axis("member")
        .reset_index()
        .merge(
            signs[["subject_id", "pt"]].rename_axis("new").reset_index(), on=["subject_id", "pt"]
        )
    )
    position = _position_of(subjects, signs["subject_id"])
    absent = ~signs["present"].to_numpy(bool)
    return cells.unite(
        [
            cells.link(found["new"], "ae", found["position"], "pt", decided=True),
            cells.inherit(links, found["new"], found["member"], np.zeros(len(found), bool)),
            cells.link(
                signs.index[absent], "subjects", position[absent], "subject_id", decided=True
            ),
            cells.link(signs.index, "subjects", position, "arm"),
        ]
    )
