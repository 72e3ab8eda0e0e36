"""Grades of clinical findings: the item's own words, each with its grade."""

from __future__ import annotations

import pandas as pd

from graftline.grading.reasons import FINDING_MISSING, FINDING_NOT_OF_ITEM, THERAPY_MISSING
from graftline.grading.scale import Item

TEXT = "string[pyarrow]"
# What therapy_given is in the keys of a finding whose grade does not depend on it, and one that is
# not given.
ANY, UNKNOWN = "any", "unknown"


def _grades(item: Item) -> dict[tuple[str, str], tuple[int | None, str | None]]:
    """(finding, therapy_given) to its grade and what is unknown of it.

    Of a finding whose grade depends on therapy, and of which therapy is not known, the least that
    it can be is known, if it has a grade with therapy and without.
    """
    found: dict[tuple[str, str], tuple[int | None, str | None]] = {}
    for grade in item.grades:
        for finding in grade.findings:
            word, therapy = finding.finding, finding.therapy_given
            found[word, therapy or ANY] = (grade.grade, None)
            if therapy is not None:
                # Grades rise from one to the next: that which was found before is the lesser.
                lesser = found.get((word, "N" if therapy == "Y" else "Y"), (None, None))[0]
                found[word, UNKNOWN] = (lesser, THERAPY_MISSING)
    return found


def grade_findings(item: Item, frame: pd.DataFrame) -> pd.DataFrame:
    """Grades of adverse-event rows of one item, from the columns finding and therapy_given.

    Returns, on the same index, grade (Int64) and reason: finding_missing; finding_not_of_item for a
    finding that is not one of the item's words, or not with this therapy_given, of which no grade
    is guessed; therapy_missing, beside the least grade that the finding can have, where the grade
    depends on therapy and that is not known.
    """
    known = _grades(item)
    plain = {finding for finding, therapy in known if therapy == ANY}
    finding = frame["finding"].astype(TEXT)
    therapy = frame["therapy_given"].astype(TEXT).fillna(UNKNOWN)
    therapy = therapy.mask(finding.isin(plain).to_numpy(bool), ANY)
    # One text of both: distinct combinations are few, rows may be many.
    both = finding + "\t" + therapy
    grades = {"\t".join(key): grade for key, (grade, _) in known.items() if grade is not None}
    unknown = {"\t".join(key): what for key, (_, what) in known.items() if what}
    grade = both.map(grades).astype("Float64").astype("Int64")
    reason = both.map(unknown).astype(TEXT)
    stray = finding.notna() & grade.isna() & reason.isna()
    reason = reason.mask(stray.to_numpy(bool), FINDING_NOT_OF_ITEM)
    reason = reason.mask(finding.isna().to_numpy(bool), FINDING_MISSING)
    return pd.DataFrame({"grade": grade, "reason": reason}, index=frame.index)
