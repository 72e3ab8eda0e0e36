"""From the graded observations back to the rows of the source tables that they are of."""

from __future__ import annotations

import pandas as pd

from graftline.validation.cohort import Cohort, equals
from graftline.validation.derived.stage import TOXICITY


def observations_of(cohort: Cohort, table: str, domain: str) -> pd.DataFrame:
    """The observations of `domain`, each with the position in `table` of the row it is of (`row`).

    Source lines are numbered within a patient where the source does so: a row is known by both.
    """
    toxicity = cohort[TOXICITY]
    rows = toxicity[equals(toxicity["domain"], domain)]
    line = rows["row_key"].str.extract(rf"/{domain}/([0-9]+)/")[0].astype("Int64")
    source = cohort[table][["subject_id", "src_line"]].astype({"src_line": "Int64"})
    source = source.assign(row=range(len(source)))
    return rows.assign(src_line=line).merge(source, on=["subject_id", "src_line"])
