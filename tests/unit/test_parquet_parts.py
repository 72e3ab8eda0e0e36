"""Tables written a part at a time: whole or not there, and read as they were."""

import pandas as pd
import pyarrow.parquet as pq
import pytest

from graftline import tables
from graftline.parquet_parts import write_parquet_parts


def part(*texts):
    return {
        "a": pd.DataFrame(
            {
                "text": pd.array(texts, dtype="string[pyarrow]"),
                "whole": pd.array([1] * len(texts), dtype="Int64"),
                "day": pd.to_datetime(["1994-01-03"] * len(texts)).astype("datetime64[ns]"),
            }
        )
    }


def test_parts_are_one_table_in_their_order(tmp_path):
    path = tmp_path / "new" / "a.parquet"
    parts = [part("x", None), part(), part("y")]
    write_parquet_parts({"a": path}, parts, data_label="MADE UP")
    whole = pd.concat([one["a"] for one in parts if len(one["a"])], ignore_index=True)
    pd.testing.assert_frame_equal(tables.read_parquet(path), whole)
    assert pq.read_schema(path).metadata == {b"data_label": b"MADE UP"}


def test_one_part_is_what_write_parquet_writes(tmp_path):
    write_parquet_parts({"a": tmp_path / "parts"}, [part("x", "y")])
    tables.write_parquet(tmp_path / "whole", part("x", "y")["a"])
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes()


def test_nothing_appears_and_what_was_there_stays_if_a_part_fails(tmp_path):
    def parts():
        yield part("x")
        raise ValueError("the second part")

    (tmp_path / "old").write_text("old")
    with pytest.raises(ValueError, match="the second part"):
        write_parquet_parts({"a": tmp_path / "new"}, parts())
    with pytest.raises(ValueError, match="the second part"):
        write_parquet_parts({"a": tmp_path / "old"}, parts())
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_text() == "old"
