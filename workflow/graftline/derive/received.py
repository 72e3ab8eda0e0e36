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
    aside = set_aside[set_aside["table_name"].eq(TABLE).fillna(False)]
    columns = [name for name in COLUMNS if name != "row_key"]
    types = dict.fromkeys(columns, "string[pyarrow]") | {"src_line": "Int64"}
    parts = [part.reindex(columns=columns).astype(types) for part in (subjects, aside)]
    frame = pd.concat(parts, ignore_index=True)
    line = frame["src_line"].astype("string[pyarrow]")
    frame.insert(0, "row_key", frame["subject_id"].fillna("") + "/" + line)
    frame = frame.sort_values(["src_file", "src_line"], kind="stable").reset_index(drop=True)
    return frame, concat_lineage([lineage_of("received", frame["row_key"], frame, "subject_id")])
