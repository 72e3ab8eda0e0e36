"""The worst grade of each patient and item, of each patient, and the signs that a study lists."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from graftline.grading.scale import Scale

ANY = "ANY"
TEXT = "string[pyarrow]"


def derive_worst(
    toxicity: pd.DataFrame, subjects: pd.DataFrame, periods: pd.DataFrame
) -> pd.DataFrame:
    """Worst grades on treatment: a row for each patient and item observed on treatment, and a row
    ANY for each patient.

    The patient's worst grade (WHO_MAX) is the highest over graded items of the scale on treatment:
    missing items are ignored, and it is missing if none is graded. The scale has no overall grade;
    this is a convention. baseline_grade is that of the last observation before treatment; a grade
    is treatment-emergent if it is above the baseline's, of the patient if that of any item is.
    `toxicity` carries the column baseline beside its own.
    """
    of_scale = toxicity[toxicity["item"].notna()]
    keys = ["subject_id", "item"]
    on = of_scale[of_scale["on_treatment"]]
    items = on.groupby(keys)["grade"].max().rename("grade").reset_index()
    baseline = of_scale[of_scale["baseline"]].groupby(keys)["grade"].max().rename("baseline_grade")
    items = items.merge(baseline.reset_index(), on=keys, how="left")
    emergent = items["grade"] > items["baseline_grade"].fillna(0)
    items["treatment_emergent"] = emergent.fillna(False).astype("boolean")

    by_subject = items.groupby("subject_id")
    whole = pd.DataFrame(
        {
            "grade": by_subject["grade"].max(),
            "baseline_grade": baseline.groupby("subject_id").max(),
            "treatment_emergent": by_subject["treatment_emergent"].any(),
        }
    )
    patients = subjects[["subject_id"]].assign(item=ANY).join(whole, on="subject_id")
    patients["treatment_emergent"] = patients["treatment_emergent"].astype("boolean").fillna(False)

    worst = pd.concat([items, patients], ignore_index=True)
    worst["arm"] = worst["subject_id"].map(subjects.set_index("subject_id")["arm"])
    worst["treated"] = worst["subject_id"].isin(periods.index).astype("boolean")
    worst["row_key"] = worst["subject_id"] + "/" + worst["item"]
    types = {"row_key": TEXT, "subject_id": TEXT, "arm": TEXT, "item": TEXT, "grade": "Int64"}
    types |= {"baseline_grade": "Int64", "treatment_emergent": "boolean", "treated": "boolean"}
    return (
        worst[list(types)]
        .astype(types)
        .sort_values("row_key", kind="stable")
        .reset_index(drop=True)
    )


def derive_signs(
    toxicity: pd.DataFrame,
    subjects: pd.DataFrame,
    periods: pd.DataFrame,
    signs: Mapping[str, str],
    scale: Scale,
) -> pd.DataFrame:
    """A row for each patient and preferred term of `signs` (term -> name in print), present or not.

    A sign is present if a record of it is on treatment, whatever its grade. who_item is missing
    for a sign that the scale does not have, and worst_grade with it.
    """
    code_of_term = {term: item.code for term, item in scale.item_of_term.items()}
    terms = pd.DataFrame({"pt": list(signs), "sign": list(signs.values())}, dtype=TEXT)
    frame = subjects[["subject_id", "arm"]].merge(terms, how="cross")
    records = toxicity[(toxicity["domain"] == "AE") & toxicity["on_treatment"]]
    by_sign = records.groupby(["subject_id", "pt"])
    found = pd.DataFrame({"n_episodes": by_sign.size(), "worst_grade": by_sign["grade"].max()})
    frame = frame.merge(found.reset_index(), on=["subject_id", "pt"], how="left")
    frame["n_episodes"] = frame["n_episodes"].astype("Int64").fillna(0)
    frame["present"] = (frame["n_episodes"] > 0).astype("boolean")
    frame["who_item"] = frame["pt"].map(code_of_term)
    frame["treated"] = frame["subject_id"].isin(periods.index)
    frame["row_key"] = frame["subject_id"] + "/" + frame["pt"]
    types = {"row_key": TEXT, "subject_id": TEXT, "arm": TEXT, "pt": TEXT, "sign": TEXT}
    types |= {"present": "boolean", "n_episodes": "Int64", "who_item": TEXT, "worst_grade": "Int64"}
    types |= {"treated": "boolean"}
    return (
        frame[list(types)]
        .astype(types)
        .sort_values("row_key", kind="stable")
        .reset_index(drop=True)
    )
