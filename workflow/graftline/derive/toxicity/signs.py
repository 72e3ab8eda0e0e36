"""The signs that a study lists, present or not."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from graftline.derive.toxicity.columns import SIGN_COLUMNS, TEXT, finish
from graftline.grading.scale import Scale


def _grades(records: pd.DataFrame, scale: Scale) -> pd.Series:
    """Worst grade on `scale` of the `records` on treatment, by patient and preferred term."""
    rows = records[records["scale"] == scale.scale]
    return rows.groupby(["subject_id", "pt"])["grade"].max()


def derive_signs(
    toxicity: pd.DataFrame,
    subjects: pd.DataFrame,
    treated: pd.Index,
    signs: Mapping[str, str],
    scales: list[Scale],
) -> pd.DataFrame:
    """A row for each patient and preferred term of `signs` (term -> name in print), present or not.

    A sign is present if a record of it is on treatment, whatever its grade. who_item is missing
    for a sign that the main scale does not have, and worst_grade with it; ctc_item and ctc_grade
    are those of the scale after the main one, if the study has one.
    """
    terms = pd.DataFrame({"pt": list(signs), "sign": list(signs.values())}, dtype=TEXT)
    frame = subjects[["subject_id", "arm"]].merge(terms, how="cross")
    of_event = (toxicity["domain"] == "AE") & toxicity["on_treatment"]
    records = toxicity[of_event & toxicity["pt"].notna()]
    of_main = records[records["scale"] == scales[0].scale]
    found = {"n_episodes": of_main.groupby(["subject_id", "pt"]).size()}
    for item, grade, scale in zip(
        ("who_item", "ctc_item"), ("worst_grade", "ctc_grade"), scales[:2], strict=False
    ):
        code_of_term = {term: one.code for term, one in scale.item_of_term.items()}
        frame[item] = frame["pt"].map(code_of_term)
        found[grade] = _grades(records, scale)
    frame = frame.merge(
        pd.DataFrame(found).rename_axis(["subject_id", "pt"]).reset_index(),
        on=["subject_id", "pt"],
        how="left",
    )
    frame["n_episodes"] = frame["n_episodes"].astype("Int64").fillna(0)
    frame["present"] = frame["n_episodes"] > 0
    frame["treated"] = frame["subject_id"].isin(treated)
    frame["row_key"] = frame["subject_id"] + "/" + frame["pt"]
    return finish(frame, SIGN_COLUMNS)
