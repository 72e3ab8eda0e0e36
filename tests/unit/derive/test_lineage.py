"""Lineage: each derived row with the raw cells that it stands on."""

import pandas as pd
import pytest

from graftline.derive.lineage import LINEAGE_COLUMNS, concat_lineage, lineage_of


def source(lines, index=None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "src_file": pd.array([f"f{line}.csv" for line in lines], dtype="string[pyarrow]"),
            "src_line": pd.array(lines, dtype="Int64"),
        },
        index=index,
    )


KEYS = pd.Series(["a", "b", "c"], dtype="string[pyarrow]")


def test_each_row_has_its_cell_by_position_and_not_by_index():
    found = lineage_of("subjects", KEYS, source([7, 8, 9], index=[2, 1, 0]), "tx_date")
    assert found.values.tolist() == [
        ["subjects", "a", "decided", "f7.csv", 7, "tx_date"],
        ["subjects", "b", "decided", "f8.csv", 8, "tx_date"],
        ["subjects", "c", "decided", "f9.csv", 9, "tx_date"],
    ]


def test_a_row_without_a_source_has_no_lineage():
    found = lineage_of("subjects", KEYS, source([7, None, 9]), "tx_date", role="contributed")
    assert found["row_key"].tolist() == ["a", "c"]
    assert set(found["role"]) == {"contributed"}


def test_keys_and_source_of_different_length_are_refused():
    with pytest.raises(ValueError, match="3 row keys for 2 source rows"):
        lineage_of("subjects", KEYS, source([7, 8]), "tx_date")


@pytest.mark.parametrize("role", ["decide", "", "Decided", None])
def test_an_unknown_role_is_refused(role):
    with pytest.raises(ValueError, match="must be decided or contributed"):
        lineage_of("subjects", KEYS, source([7, 8, 9]), "tx_date", role=role)


def test_parts_are_one_sorted_table_with_each_row_once():
    one = lineage_of("t", KEYS, source([9, 8, 7]), "x")
    two = lineage_of("t", KEYS[:1], source([10]), "x", role="contributed")
    found = concat_lineage([two, one, one, lineage_of("t", KEYS[:0], source([]), "x")])
    assert found[["row_key", "role", "src_line"]].values.tolist() == [
        ["a", "contributed", 10],
        ["a", "decided", 9],
        ["b", "decided", 8],
        ["c", "decided", 7],
    ]
    assert found.index.tolist() == [0, 1, 2, 3]
    pd.testing.assert_frame_equal(concat_lineage([one, two]), found)


def test_lines_are_sorted_as_numbers():
    found = concat_lineage(
        [lineage_of("t", pd.Series(["a"] * 3), source([10, 9, 100]).assign(src_file="f"), "x")]
    )
    assert found["src_line"].tolist() == [9, 10, 100]


@pytest.mark.parametrize("parts", [[], [lineage_of("t", KEYS, source([None, None, None]), "x")]])
def test_without_rows_the_table_has_its_columns_and_types(parts):
    found = concat_lineage(parts)
    whole = concat_lineage([lineage_of("t", KEYS, source([7, 8, 9]), "x")])
    assert list(found) == list(whole) == LINEAGE_COLUMNS
    assert found.dtypes.tolist() == whole.dtypes.tolist()
    assert found.dtypes["src_line"] == "Int64"
    assert len(found) == 0
