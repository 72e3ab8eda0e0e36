"""Tables and JSON: the same bytes for the same content, whole files only, nothing a spreadsheet runs."""

import csv
import json
import os
import subprocess
import sys
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graftline import tables

# JSON


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.1 + 0.2, "0.3"),  # 0.30000000000000004 is 0.3 in 12 digits
        (2 / 3, "0.666666666667"),
        (1e-7, "1e-07"),
        (-0.0, "0.0"),  # zero has one form
        (-1e-300, "-1e-300"),
        (5.0, "5.0"),
        (1234567890123456, "1234567890123456"),  # whole numbers are never cut to 12 digits
        (float("nan"), "null"),
        (float("inf"), "null"),
        (True, "true"),
        (None, "null"),
        ("é", '"é"'),
        (np.float64(0.1) + np.float64(0.2), "0.3"),
        (np.int64(7), "7"),
        (np.bool_(False), "false"),
        ((1, 2), "[\n 1,\n 2\n]"),
    ],
)
def test_a_value_has_one_form_in_json(value, written):
    assert tables.format_json(value) == written + "\n"


def test_keys_are_sorted_at_every_depth():
    assert tables.format_json({"b": {"z": 1, "a": 2}, "a": 3}) == (
        '{\n "a": 3,\n "b": {\n  "a": 2,\n  "z": 1\n }\n}\n'
    )


@pytest.mark.parametrize("value", [pd.NA, np.array([3.0]), {1, 2}, pd.Timestamp("2020-01-02")])
def test_what_json_does_not_have_is_refused_and_not_guessed(value):
    with pytest.raises(TypeError):
        tables.format_json({"key": value})


def test_json_reads_back_as_written(tmp_path):
    tables.write_json(tmp_path / "a.json", {"é": [1, 0.5, None]})
    assert tables.read_json(tmp_path / "a.json") == {"é": [1, 0.5, None]}


# Whole files


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    target = tmp_path / "a.txt"
    tables.write_text(target, "old")

    def fail(descriptor):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        tables.write_text(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_two_processes_that_write_one_file_do_not_share_a_temporary_name(tmp_path, monkeypatch):
    names = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda old, new: (names.append(str(old)), replace(old, new)))
    tables.write_text(tmp_path / "a.txt", "one")
    monkeypatch.setattr(os, "getpid", lambda: -1)  # another process
    tables.write_text(tmp_path / "a.txt", "two")
    assert len(set(names)) == 2


def test_folders_are_made_as_needed(tmp_path):
    tables.write_text(tmp_path / "a" / "b" / "c.txt", "x")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == b"x"


# CSV


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "-1+2", "\t=1", "--1", "-", "=", "\n=1"]
)
def test_a_cell_that_a_spreadsheet_would_run_is_escaped(text):
    assert tables.escape_formula(text) == "'" + text


@pytest.mark.parametrize("text", ["-3.5", "+5", "-1e-3", "0", "", "a=1", "1-2", " =1", "−3"])
def test_a_plain_number_and_harmless_text_stay_as_they_are(text):
    assert tables.escape_formula(text) == text


def test_csv_bytes_are_fixed(tmp_path):
    frame = pd.DataFrame(
        {
            "text": pd.array(["=1", None, "a,b"], dtype="string[pyarrow]"),
            "whole": pd.array([1, None, 3], dtype="Int64"),
            "real": [0.1 + 0.2, -0.0, np.nan],
            "day": pd.to_datetime(["2020-02-29", None, "1997-12-31"]),
            "yes": pd.array([True, None, False], dtype="boolean"),
        }
    )
    tables.write_csv(tmp_path / "a.csv", frame, data_label="NOT REAL")
    assert (tmp_path / "a.csv").read_bytes() == (
        b"text,whole,real,day,yes,data_label\n"
        b"'=1,1,0.3,2020-02-29,True,NOT REAL\n"
        b",,0,,,NOT REAL\n"
        b'"a,b",3,,1997-12-31,False,NOT REAL\n'
    )
    assert list(frame.columns) == ["text", "whole", "real", "day", "yes"], (
        "the frame is not changed"
    )


def test_csv_without_label_has_no_label_column(tmp_path):
    tables.write_csv(tmp_path / "a.csv", pd.DataFrame({"a": ["x"]}))
    assert (tmp_path / "a.csv").read_bytes() == b"a\nx\n"


@pytest.mark.parametrize("dtype", ["object", "string[pyarrow]", "category"])
def test_text_of_every_type_is_escaped(tmp_path, dtype):
    tables.write_csv(tmp_path / "a.csv", pd.DataFrame({"a": pd.Series(["=1"], dtype=dtype)}))
    assert (tmp_path / "a.csv").read_bytes() == b"a\n'=1\n"


def test_line_breaks_in_a_cell_do_not_break_the_row(tmp_path):
    frame = pd.DataFrame({"a": ["one\rtwo", "one\r\ntwo", 'say "x"\ny'], "b": ["x", "y", "z"]})
    tables.write_csv(tmp_path / "a.csv", frame)
    with open(tmp_path / "a.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [["a", "b"], ["one\ntwo", "x"], ["one\ntwo", "y"], ['say "x"\ny', "z"]]


def test_numbers_among_text_have_12_digits_too(tmp_path):
    frame = pd.DataFrame({"a": pd.Series([0.1 + 0.2, -0.0, "x", None, 3], dtype=object)})
    tables.write_csv(tmp_path / "a.csv", frame)
    # csv writes a row of one empty cell as ""
    assert (tmp_path / "a.csv").read_bytes() == b'a\n0.3\n0\nx\n""\n3\n'


# Parquet


def sample() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "text": pd.array(["001", None, "NA"], dtype="string[pyarrow]"),
            "whole": pd.array([1, None, 3], dtype="Int64"),
            "real": [0.1, None, -1.5],
            "yes": pd.array([True, None, False], dtype="boolean"),
            "day": pd.to_datetime(["2020-02-29", None, "1997-12-31"]),
        }
    )


def test_a_table_reads_back_with_its_types(tmp_path):
    tables.write_parquet(tmp_path / "a.parquet", sample())
    pd.testing.assert_frame_equal(tables.read_parquet(tmp_path / "a.parquet"), sample())


def test_a_table_without_rows_keeps_its_types(tmp_path):
    tables.write_parquet(tmp_path / "a.parquet", sample().iloc[:0])
    pd.testing.assert_frame_equal(tables.read_parquet(tmp_path / "a.parquet"), sample().iloc[:0])


@pytest.mark.parametrize("kind", [pa.int8(), pa.int16(), pa.int32(), pa.uint8(), pa.uint32()])
def test_whole_numbers_of_any_width_come_back_as_whole_numbers(tmp_path, kind):
    pq.write_table(pa.table({"a": pa.array([1, None], kind)}), tmp_path / "a.parquet")
    assert tables.read_parquet(tmp_path / "a.parquet")["a"].dtype == "Int64"


def test_days_come_back_as_dates_of_the_project(tmp_path):
    frame = pd.DataFrame({"a": [date(2020, 2, 29), None]})
    tables.write_parquet(tmp_path / "a.parquet", frame)
    back = tables.read_parquet(tmp_path / "a.parquet")["a"]
    assert back.dtype == "datetime64[ns]"
    assert back[0] == pd.Timestamp("2020-02-29")
    assert pd.isna(back[1])


def test_a_day_that_nanoseconds_cannot_hold_is_refused_and_not_wrapped(tmp_path):
    # datetime64[ns] ends in 2262; a silent overflow would give a date in the past.
    days = pa.array([date(9999, 12, 31)])
    pq.write_table(pa.table({"a": days}), tmp_path / "a.parquet")
    with pytest.raises((ValueError, pa.ArrowInvalid)):
        tables.read_parquet(tmp_path / "a.parquet")


def test_the_label_is_in_the_metadata_and_pandas_version_is_not(tmp_path):
    tables.write_parquet(tmp_path / "a.parquet", sample(), data_label="NOT REAL")
    tables.write_parquet(tmp_path / "b.parquet", sample())
    assert pq.read_schema(tmp_path / "a.parquet").metadata == {b"data_label": b"NOT REAL"}
    assert not pq.read_schema(tmp_path / "b.parquet").metadata
    assert b"pandas_version" not in (tmp_path / "b.parquet").read_bytes()


def test_a_folder_name_with_an_equals_sign_adds_no_column(tmp_path):
    tables.write_parquet(tmp_path / "run=1" / "a.parquet", sample())
    assert list(tables.read_parquet(tmp_path / "run=1" / "a.parquet")) == list(sample())


def test_only_the_columns_asked_for_are_read(tmp_path):
    tables.write_parquet(tmp_path / "a.parquet", sample())
    assert list(tables.read_parquet(tmp_path / "a.parquet", columns=["whole"])) == ["whole"]


WRITE = """
import sys
sys.path[:0] = {path!r}
import pandas as pd
from graftline import tables
frame = pd.DataFrame({{"a": pd.array(["x", None, "z"] * 50, dtype="string[pyarrow]"), "b": [0.1] * 150}})
tables.write_parquet(sys.argv[1] + "/a.parquet", frame)
tables.write_csv(sys.argv[1] + "/a.csv", frame)
tables.write_json(sys.argv[1] + "/a.json", {{"set": sorted({{"q", "r", "s"}}), "x": 1 / 3}})
"""


def test_bytes_are_the_same_in_two_processes_two_folders_and_two_hash_seeds(tmp_path):
    contents = []
    for seed in ("1", "2"):
        folder = tmp_path / f"folder {seed}"
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-c", WRITE.format(path=sys.path), str(folder)],
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": f"UTC+{seed}"},
        )
        contents.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert set(contents[0]) == {"a.parquet", "a.csv", "a.json"}
    assert contents[0] == contents[1]
    assert json.loads(contents[0]["a.json"])["x"] == 0.333333333333
