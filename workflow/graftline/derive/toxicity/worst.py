"""The worst grade of each patient on each item of each scale, and of each patient."""

from __future__ import annotations

import pandas as pd

from graftline.derive.toxicity.columns import TEXT, WORST_COLUMNS, finish
from graftline.derive.toxicity.episodes import KEYS, count_episodes
from graftline.derive.toxicity.period import AFTER, BEFORE, DURING
from graftline.grading.scale import Scale

ANY, ANY_CTC = "ANY", "ANY_CTC"
GRADES = ["grade", "baseline_grade", "grade_before", "grade_during", "grade_after"]


def items_for_signs(scales: list[Scale], signs) -> list[str]:
    """Items of the first scale after the main one for the terms `signs` that the main one lacks."""
    if len(scales) < 2:
        return []
    main, other = scales[0].item_of_term, scales[1].item_of_term
    return sorted({other[term].code for term in signs if term not in main and term in other})


def _worst_of_items(toxicity: pd.DataFrame, scales: list[Scale]) -> pd.DataFrame:
    """A row for each patient, scale and item observed on treatment."""
    of_item = toxicity[toxicity["item"].notna()]
    on = of_item[of_item["on_treatment"]]
    before = (of_item["period"] == BEFORE).fillna(False) | of_item["is_baseline"]

    def worst(rows: pd.DataFrame) -> pd.Series:
        return rows.groupby(KEYS)["grade"].max()

    items = pd.DataFrame({"grade": worst(on)})
    parts = {
        "baseline_grade": worst(of_item[of_item["is_baseline"]]),
        "grade_before": worst(of_item[before]),
        "grade_during": worst(on[on["period"] == DURING]),
        "grade_after": worst(on[on["period"] == AFTER]),
        "n_episodes": count_episodes(on, scales),
    }
    for name, part in parts.items():
        items[name] = part.reindex(items.index).astype("Int64")
    items["n_episodes"] = items["n_episodes"].fillna(0)
    emergent = items["grade"] > items["baseline_grade"].fillna(0)
    items["treatment_emergent"] = emergent.fillna(False).astype("boolean")
    return items.reset_index()


def _worst_of_patients(items: pd.DataFrame, subjects: pd.DataFrame, name: str) -> pd.DataFrame:
    """A row `name` for each patient and scale of `subjects`: the highest of the `items`."""
    groups = items.groupby(["subject_id", "scale"])
    whole = groups[GRADES].max()
    whole["n_episodes"] = groups["n_episodes"].sum()
    whole["treatment_emergent"] = groups["treatment_emergent"].any()
    rows = subjects.assign(item=name).join(whole, on=["subject_id", "scale"])
    rows["n_episodes"] = rows["n_episodes"].astype("Int64").fillna(0)
    rows["treatment_emergent"] = rows["treatment_emergent"].astype("boolean").fillna(False)
    return rows


def derive_worst(
    toxicity: pd.DataFrame, subjects: pd.DataFrame, treated: pd.Index, scales: list[Scale], signs
) -> pd.DataFrame:
    """Worst grades on treatment: a row for each patient, scale and item observed on treatment, a
    row ANY for each patient and scale, and where there is more than one scale a row ANY_CTC for
    each patient.

    ANY (WHO_MAX) is the highest over graded items of the scale on treatment: missing items are
    ignored, and it is missing if none is graded. The scale has no overall grade; this is a
    convention. ANY_CTC (WHO_MAX*) also takes the grades of the `signs` that the main scale lacks,
    on the scale after it. baseline_grade is that of the last observation before treatment; a grade
    is treatment-emergent if it is above the baseline's, of the patient if that of any item is.
    `toxicity` carries is_baseline beside its own columns.
    """
    items = _worst_of_items(toxicity, scales)
    main = scales[0].scale
    everyone = [subjects[["subject_id"]].assign(scale=scale.scale) for scale in scales]
    parts = [items, _worst_of_patients(items, pd.concat(everyone, ignore_index=True), ANY)]
    if len(scales) > 1:
        of_signs = items["item"].isin(items_for_signs(scales, signs))
        taken = (items["scale"] == main) | ((items["scale"] == scales[1].scale) & of_signs)
        parts.append(_worst_of_patients(items[taken].assign(scale=main), everyone[0], ANY_CTC))
    texts = dict.fromkeys(["scale", "item"], TEXT)
    worst = pd.concat([part.astype(texts) for part in parts], ignore_index=True)
    worst["arm"] = worst["subject_id"].map(subjects.set_index("subject_id")["arm"])
    worst["treated"] = worst["subject_id"].isin(treated)
    worst["row_key"] = worst["subject_id"] + "/" + worst["scale"] + "/" + worst["item"]
    return finish(worst, WORST_COLUMNS)
