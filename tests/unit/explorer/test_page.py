"""The explorer's page: what it holds, and that nothing from data is more than text."""

import html
import json
import re

import pandas as pd
import pytest

from graftline.explorer import content as content_module
from graftline.explorer.content import make_content
from graftline.explorer.page import embed_json, render_explorer
from graftline.tables import write_parquet

EVIL = "</script><img src=x onerror=alert(1)>{{SCRIPT}}&amp;"


def record(id, table="subjects", selected="SELECT row_key FROM subjects"):
    return {
        "id": id,
        "value": 2,
        "display": "2",
        "unit": "patients",
        "population": "all",
        "method": "Number of patients.",
        "table": table,
        "rule": "summarise_cohort",
        "reason": None,
        "selected_sql": selected,
        "considered_sql": "SELECT row_key FROM subjects",
        "n_selected": 2,
        "n_considered": 2,
    }


@pytest.fixture
def made(tmp_path):
    (tmp_path / "subjects.csv").write_text(f"id,note\nP2,{EVIL}\nP1,b\n")
    subjects = pd.DataFrame(
        {"subject_id": ["P1", "P2"], "row_key": ["P1/s", "P2/s"], "age": [40.0, None]}
    )
    lineage = pd.DataFrame(
        [
            ("subjects", "P1/s", "decided", "data/subjects.csv", 3, "id"),
            ("subjects", "P2/s", "decided", "data/subjects.csv", 2, "id"),
            ("subjects", "P2/s", "contributed", "data/subjects.csv", 2, "note"),
        ],
        columns=["derived_table", "row_key", "role", "src_file", "src_line", "src_column"],
    )
    write_parquet(tmp_path / "subjects.parquet", subjects)
    write_parquet(tmp_path / "lineage.parquet", lineage)
    return {
        "records": [
            record("cohort.n"),
            record("cohort.old.n", selected="SELECT row_key FROM subjects WHERE age > 30"),
        ],
        "derived": {"subjects": tmp_path / "subjects.parquet"},
        "lineage": [tmp_path / "lineage.parquet"],
        "raw": {"data/subjects.csv": tmp_path / "subjects.csv"},
        "rules": {
            "summarise_cohort": {
                "message": "Summarising",
                "script": "s.py",
                "place": 1,
                "inputs": {"a": ["x"]},
                "outputs": {"b": ["y"]},
            }
        },
        "tables_in_csv": {"queries.csv": [["table"], ["ae"]]},
        "about": {"study": "s", "cut": "2020-01-01", "data_label": None, "build_digest": "d"},
    }


def test_a_number_leads_to_its_rows_and_these_to_raw_lines(made):
    content = make_content(**made)
    assert [number["rows"] for number in content["numbers"]] == [[0, 1], [0]]
    assert content["tables"]["subjects"] == {
        "columns": ["row_key", "subject_id", "age"],
        "rows": [["P1/s", "P1", "40"], ["P2/s", "P2", ""]],
    }
    lineage = content["lineage"]
    assert lineage["files"] == ["data/subjects.csv"] and lineage["columns"] == ["id", "note"]
    assert lineage["rows"]["subjects"] == [[[0, 3, 0, 1]], [[0, 2, 0, 1], [0, 2, 1, 0]]]
    assert content["raw"]["data/subjects.csv"][2] == "P1,b"


@pytest.mark.parametrize(("limit", "left_out"), [(2, False), (1, True)])
def test_beyond_its_size_no_row_is_on_the_page(made, monkeypatch, limit, left_out):
    monkeypatch.setattr(content_module, "MOST_ROWS", limit)
    content = make_content(**made)
    assert content["rows_left_out"] == left_out
    assert bool(content["tables"]) != left_out and bool(content["raw"]) != left_out
    assert all(("rows" in number) != left_out for number in content["numbers"])
    assert ("P2" in json.dumps(content)) != left_out


def test_beyond_its_size_no_row_is_even_read(made, monkeypatch):
    monkeypatch.setattr(content_module, "MOST_CELLS", 2)
    monkeypatch.delattr(content_module, "read_parquet")
    assert make_content(**made)["about"]["cells"] == 3


def test_a_file_that_is_no_text_has_no_lines(made):
    made["raw"]["data/subjects.csv"].write_bytes(b"PAR1\0\0")
    assert make_content(**made)["raw"] == {"data/subjects.csv": None}


def test_text_of_the_data_neither_ends_the_script_nor_is_taken_for_a_place_of_the_page(made):
    template = '<meta content="{{POLICY}}"><h1>{{TITLE}}</h1>{{LABEL}}<style>{{STYLE}}</style>'
    template += '<script type="application/json">{{CONTENT}}</script><script>{{SCRIPT}}</script>'
    page = render_explorer(make_content(**made), template, "run()", "a{}")
    assert page.count("</script>") == 2 and "<img" not in page
    embedded = re.search(r'json">(.*?)</script>', page)[1]
    assert json.loads(embedded)["raw"]["data/subjects.csv"][1] == f"P2,{EVIL}"
    assert page.endswith("<script>run()</script>")


def test_the_policy_names_the_script_and_the_style_by_what_they_are():
    about = {"about": {"study": "s", "cut": "c", "data_label": "<b>"}}
    page = render_explorer(about, "{{POLICY}}|{{LABEL}}", "run()", "a{}")
    policy, label = html.unescape(page.split("|")[0]), page.split("|")[1]
    # printf 'run()' | openssl dgst -sha256 -binary | base64
    assert "script-src 'sha256-AvyuiL0SD1mVY3NNxR+V2uo+lhk6RMFrytWmRt6CrJQ='" in policy
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert label == "&lt;b&gt;"


def test_json_in_a_page_is_the_same_json():
    value = {"a": ["<!--", "</script>", "&", "\u2028", "ü"]}
    assert json.loads(embed_json(value)) == value
    assert not set("<>&") & set(embed_json(value))
