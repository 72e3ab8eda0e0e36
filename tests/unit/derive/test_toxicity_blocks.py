"""A cohort in blocks of patients has the rows, the lineage and the errors of the whole."""

import pandas as pd
import pytest

from graftline.derive.toxicity import derive_in_blocks
from graftline.derive.toxicity.blocks import split_patients
from graftline.errors import GraftlineError
from tests.unit.derive.toxicity_tables import (
    CTCAE,
    CUT,
    PROTOCOL,
    UNITS,
    WHO,
    derive,
    lab,
    nine_patients,
    tables,
)


def in_blocks(given, most_rows):
    return list(derive_in_blocks(given, [WHO, CTCAE], UNITS, PROTOCOL, CUT, most_rows))


@pytest.mark.parametrize("most_rows", [1, 250, 10_000])
def test_the_blocks_one_after_the_other_are_the_whole(most_rows):
    whole = derive(nine_patients(), scales=[WHO, CTCAE])
    blocks = in_blocks(nine_patients(), most_rows)
    assert len(blocks) == {1: 9, 250: 4, 10_000: 1}[most_rows]  # a patient has about 105 rows
    for name in ("toxicity", "toxicity_worst", "signs"):
        joined = pd.concat([block[name] for block in blocks], ignore_index=True)
        pd.testing.assert_frame_equal(joined, whole[name])
    lineage = pd.concat([block["lineage"] for block in blocks])
    columns = list(lineage.columns)
    pd.testing.assert_frame_equal(
        lineage.sort_values(columns).reset_index(drop=True),
        whole["lineage"].sort_values(columns).reset_index(drop=True),
    )


def test_blocks_are_sorted_as_keys_are():
    # "A-1/..." comes before "A/...", since "-" comes before "/".
    subjects = [{"subject_id": name} for name in ("B", "A", "A-1")]
    labs = [lab("HGB", 9.0, "1994-01-10", "g/dL", subject=name) for name in ("A", "A-1", "B")]
    blocks = in_blocks(tables(subjects=subjects, labs=labs), 1)
    keys = [key for block in blocks for key in block["toxicity_worst"]["row_key"]]
    assert keys == sorted(keys)
    assert [block["signs"]["subject_id"].iloc[0] for block in blocks] == ["A-1", "A", "B"]


def test_a_cohort_without_a_patient_has_a_block_without_rows():
    blocks = in_blocks(tables(subjects=[]), 1)
    assert [len(block["toxicity_worst"]) for block in blocks] == [0]


def test_a_patient_is_never_split():
    labs = [lab("HGB", 9.0, "1994-01-10", "g/dL", subject=name) for name in "AAAB"]
    subjects = [{"subject_id": "A"}, {"subject_id": "B"}]
    given = tables(subjects=subjects, labs=labs)
    assert [len(block["labs"]) for block in split_patients(given, 2)] == [3, 1]


def test_wrong_units_are_counted_over_all_blocks():
    labs = [lab("HGB", 9.0, "1994-01-10", "U/L", subject=name) for name in "AB"]
    given = tables(subjects=[{"subject_id": "A"}, {"subject_id": "B"}], labs=labs)
    with pytest.raises(GraftlineError, match=r"line 2.*2 such rows"):
        in_blocks(given, 1)
