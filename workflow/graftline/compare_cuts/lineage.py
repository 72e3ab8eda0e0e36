"""Which raw cells, of either cut, each change and each number that moved stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from graftline.compare_cuts.declare import CHANGES, MOVED
from graftline.derive.lineage import LINEAGE_COLUMNS, concat_lineage, lineage_of, lineage_of_cells

# Of a patient's derived row, the cells that say how he is and until when he was seen.
OF_THE_COURSE = ["date", "vital_status", "death_date", "death_cause", "final_status"]


def list_wanted(changes: pd.DataFrame, responsible: pd.DataFrame) -> pd.DataFrame:
    """The derived rows on which rows of the comparison stand: row_key, table_name, derived_key and
    `of`, the comparison's table. `responsible`: those because of which numbers moved."""
    derived = changes[changes["derived_key"].notna()]
    return pd.concat(
        [
            derived[["row_key", "table_name", "derived_key"]].assign(of=CHANGES),
            responsible.rename(columns={"number": "row_key", "derived_table": "table_name"}).assign(
                of=MOVED
            ),
        ]
    ).drop_duplicates()


def trace_changes(
    changes: pd.DataFrame, wanted: pd.DataFrame, lineages: Iterable[pd.DataFrame]
) -> pd.DataFrame:
    """Lineage of both tables of the comparison.

    A change of a raw record stands on its cell; what stands on derived rows (`wanted`), on the cells
    that decided them, in both cuts (`lineages`).
    """
    raw = changes[changes["src_line"].notna()]
    parts = lineage_of_cells(CHANGES, raw, "column")
    for lineage in lineages:
        decided = lineage[lineage["role"].eq("decided")]
        joined = wanted.merge(
            decided.rename(columns={"row_key": "cell_of"}),
            left_on=["table_name", "derived_key"],
            right_on=["derived_table", "cell_of"],
        )
        course = joined["src_column"].isin(OF_THE_COURSE)
        joined = joined[course | joined["table_name"].ne("subjects") | joined["of"].eq(MOVED)]
        parts.append(joined.assign(derived_table=joined["of"])[LINEAGE_COLUMNS])
    return concat_lineage(parts)


def trace_cuts(
    frames: Mapping[str, pd.DataFrame], cells: pd.DataFrame, sums: Iterable[str]
) -> pd.DataFrame:
    """`cells`, the lineage so far, and of the rows in `frames` that it has none of, the cuts as wholes.

    The comparison itself, and a number that is new because there are more times to print, come of no
    patient's cell: they stand on the files `sums` (SHA256SUMS) of both cuts.
    """
    parts = [cells]
    for table, frame in frames.items():
        traced = cells.loc[cells["derived_table"].eq(table), "row_key"]
        rest = frame["row_key"][~frame["row_key"].isin(traced)]
        for file in sums:
            source = pd.DataFrame({"src_file": file, "src_line": 1}, index=rest.index)
            parts.append(lineage_of(table, rest, source, "value"))
    return concat_lineage(parts)
