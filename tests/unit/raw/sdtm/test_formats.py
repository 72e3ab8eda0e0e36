"""Files of SDTM domains: what their cells are as text, whatever the format."""

import json
from datetime import date, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from graftline.raw.sdtm.formats import READERS, Found, Unreadable, format_numbers

CELLS = {
    "USUBJID": ["01-701", "01-702", "01-702"],
    "VSSEQ": [1.0, 1.0, 2.0],
    "VSORRES": ["098.6", "", "é"],
    "VSSTRESN": [37.0, np.nan, 6.08188],
}
TEXTS = {
    "USUBJID": ["01-701", "01-702", "01-702"],
    "VSSEQ": ["1", "1", "2"],
    "VSORRES": ["098.6", "", "é"],
    "VSSTRESN": ["37", "", "6.08188"],
}


def parquet(table):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(table), sink)
    return sink.getvalue().to_pybytes()


def head(**more):
    columns = [{"itemOID": f"IT.{n}", "name": n, "label": n, "dataType": "string"} for n in CELLS]
    return {"datasetJSONVersion": "1.1.0", "name": "VS", "records": 3, "columns": columns} | more


def rows():
    missing = [[None if cell != cell else cell for cell in of_name] for of_name in CELLS.values()]
    return [list(row) for row in zip(*missing, strict=True)]


def dataset_json(**more):
    return json.dumps(head(rows=rows()) | more, ensure_ascii=False).encode()


def ndjson(lines):
    return "\n".join(json.dumps(line) for line in lines).encode() + b"\n"


def xport(folder, frame=None, version=5):
    path = folder / "vs.xpt"
    frame = pd.DataFrame(CELLS) if frame is None else frame
    pyreadstat.write_xport(frame, str(path), file_format_version=version, table_name="VS")
    return path.read_bytes()


def read(suffix, content):
    """The cells as text, what was reported (rule, line), and how many records were lost."""
    reported = []

    def report(rule, line, message, **more):
        reported.append((rule, line))

    found = Found(report)
    frame = READERS[suffix](content, found)
    return frame, reported, found.lost_rows


def test_a_table_is_the_same_in_all_four_formats(tmp_path):
    contents = {
        ".parquet": parquet(CELLS | {"VSSTRESN": pa.array(CELLS["VSSTRESN"], from_pandas=True)}),
        ".xpt": xport(tmp_path),
        ".json": dataset_json(),
        ".ndjson": ndjson([head(), *rows()]),
    }
    assert set(contents) == set(READERS)
    for suffix, content in contents.items():
        frame, reported, lost = read(suffix, content)
        assert frame.to_dict("list") == TEXTS, suffix
        assert (reported, lost) == ([], 0)
        assert all(str(kind) == "string" for kind in frame.dtypes)


def test_both_versions_of_xport_are_read(tmp_path):
    for version in (5, 8):
        assert read(".xpt", xport(tmp_path, version=version))[0].to_dict("list") == TEXTS


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (38.0, "38"),
        (0.1 + 0.2, "0.3"),  # 15 digits, as SAS prints them
        (-2.5, "-2.5"),
        (1e-7, "1e-07"),
        (123456789012345.0, "123456789012345"),
        (np.nan, ""),
    ],
)
def test_numbers_are_written_with_the_digits_they_have(number, text):
    assert format_numbers(np.array([number])).tolist() == [text]


def test_dates_of_parquet_are_iso_and_whole_numbers_stay_whole():
    frame, reported, _ = read(
        ".parquet",
        parquet(
            {
                "DAY": pa.array([date(2014, 1, 2), None]),
                "TIME": pa.array([datetime(2014, 1, 2, 14, 45), None], pa.timestamp("us")),
                "SEQ": pa.array([3, None], pa.int32()),
                "CODE": pa.array(["Y", None]).dictionary_encode(),
                "LIST": pa.array([[1], [2]]),
            }
        ),
    )
    assert frame.to_dict("list") == {
        "DAY": ["2014-01-02", ""],
        "TIME": ["2014-01-02T14:45:00", ""],
        "SEQ": ["3", ""],
        "CODE": ["Y", ""],
    }
    assert reported == [("R10", None)]  # the list is neither text nor number


def test_dates_of_xport_are_iso(tmp_path):
    frame = pd.DataFrame({"DAY": [date(2014, 1, 2), date(1960, 1, 1)]})
    assert read(".xpt", xport(tmp_path, frame))[0]["DAY"].tolist() == ["2014-01-02", "1960-01-01"]


@pytest.mark.parametrize("suffix", list(READERS))
@pytest.mark.parametrize("content", [b"hello", b"\x00" * 300, b"{", b"[]", b'{"rows": []}'])
def test_a_file_that_is_not_what_its_name_says_is_refused(suffix, content):
    with pytest.raises(Unreadable):
        read(suffix, content)


@pytest.mark.parametrize("suffix", [".parquet", ".xpt", ".json"])
def test_a_file_that_was_cut_off_is_refused(tmp_path, suffix):
    content = {".parquet": parquet(CELLS), ".xpt": xport(tmp_path), ".json": dataset_json()}[suffix]
    with pytest.raises(Unreadable):
        read(suffix, content[: len(content) // 3])


def test_an_xport_file_that_lost_its_last_bytes_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="cut off"):
        read(".xpt", xport(tmp_path)[:-1])


def test_json_of_another_version_is_refused():
    with pytest.raises(Unreadable, match="version"):
        read(".json", dataset_json(datasetJSONVersion="1.0.0"))
    assert len(read(".json", dataset_json(datasetJSONVersion="1.1.7"))[0]) == 3


def test_text_that_is_not_utf_8_is_refused():
    content = dataset_json().replace("é".encode(), b"\xe9")
    with pytest.raises(Unreadable, match="UTF-8"):
        read(".json", content)


def test_a_row_with_other_cells_than_columns_is_lost_and_named():
    frame, reported, lost = read(".ndjson", ndjson([head(), *rows()[:2], rows()[2][:3]]))
    assert len(frame) == 2
    assert (reported, lost) == ([("R05", 3)], 1)
    content = ndjson([head(), rows()[0]]) + b'["cut o\n' + ndjson([rows()[2]])
    frame, reported, lost = read(".ndjson", content)
    assert frame["VSORRES"].tolist() == ["098.6", "é"]
    assert (reported, lost) == ([("R05", 2)], 1)


@pytest.mark.parametrize(("suffix"), [".json", ".ndjson"])
def test_fewer_records_than_stated_are_reported(suffix):
    content = {
        ".json": dataset_json(rows=rows()[:2]),
        ".ndjson": ndjson([head(), *rows()[:2]]),
    }[suffix]
    frame, reported, _ = read(suffix, content)
    assert (len(frame), reported) == (2, [("R11", None)])


def test_numbers_of_json_are_numbers_and_decimals_in_text_stay_as_they_are():
    content = dataset_json().replace(b"6.08188", b"6.081880").replace(b"37.0", b'"37.0"')
    assert read(".json", content)[0]["VSSTRESN"].tolist() == ["37.0", "", "6.08188"]
    with pytest.raises(Unreadable):
        read(".json", dataset_json().replace(b"6.08188", b"NaN"))


def test_a_domain_without_records_has_its_columns(tmp_path):
    empty = pd.DataFrame(CELLS).iloc[:0]
    contents = {
        ".parquet": parquet({name: pa.array([], pa.string()) for name in CELLS}),
        ".xpt": xport(tmp_path, empty.astype({"VSORRES": str, "USUBJID": str})),
        ".json": dataset_json(rows=[], records=0),
        ".ndjson": ndjson([head(records=0)]),
    }
    for suffix, content in contents.items():
        frame, reported, _ = read(suffix, content)
        assert (list(frame), len(frame), reported) == (list(CELLS), 0, []), suffix
