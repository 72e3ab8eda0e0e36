"""Which row of the source a cell stands in, where that is not the source row of the whole row.

A canonical row may be gathered from several records: SDTM keeps each vital sign of a visit in a record
of its own. Such a cell has its source row in `<column>_line`; `src_line` is then the first of them.
"""

from __future__ import annotations

import pandas as pd

LINE = "_line"


def at_cell(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """`frame` with `src_line` that of the cells of `column`."""
    lines = f"{column}{LINE}"
    if lines not in frame or frame[lines].isna().all():
        return frame
    return frame.assign(src_line=frame[lines].fillna(frame["src_line"]))
