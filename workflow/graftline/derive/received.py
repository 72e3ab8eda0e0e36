"""Every record of the table of subjects as it was received, also those that the study sets aside."""

from __future__ import annotations

import pandas as pd

from graftline.derive.lineage import concat_lineage, lineage_of

COLUMNS = ["row_key", "subject_id", "src_file", "src_line", "reason"]
TABLE = "subjects"


def list_received(
    subjects: pd.DataFrame, set_aside: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`received`, one row a record of the subjects' file, and its lineage.

    `subjects` are the validated ones, `set_aside` what the study sets aside of all tables; `reason`
    is why a record is, and missing for those that entered the study.
    """
    place = ["subject_id", "src_file", "src_line"]
    aside = set_aside.loc[set_aside["table_name"].eq(TABLE).fillna(False), [*place, "reason"]]
    frame = pd.concat([subjects[place], aside], ignore_index=True)
    line = frame["src_line"].astype("string[pyarrow]")
    frame["row_key"] = frame["subject_id"].fillna("") + "/" + line
    text = [column for column in COLUMNS if column != "src_line"]
    types = dict.fromkeys(text, "string[pyarrow]") | {"src_line": "Int64"}
    frame = frame.reindex(columns=COLUMNS).astype(types)
    frame = frame.sort_values(["src_file", "src_line"], kind="stable").reset_index(drop=True)
    return frame, concat_lineage([lineage_of("received", frame["row_key"], frame, "subject_id")])
