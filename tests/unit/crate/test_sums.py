"""The sha256 of the outputs of a run."""

import hashlib

import pytest

from graftline.crate.sums import hash_outputs, list_outputs, name_sums, sum_other_cuts
from graftline.errors import GraftlineError


def rule(*outputs):
    return {"outputs": {"made": [f"results/s/{path}" for path in outputs]}}


RULES = {"one": rule("2000-12-31/b", "2000-12-31/c/d"), "two": rule("2000-12-31/a", "1999-12-31/e")}


def test_outputs_are_those_of_the_cut_relative_to_its_folder(tmp_path):
    assert list_outputs(RULES, tmp_path / "s" / "2000-12-31") == ["a", "b", "c/d"]
    assert list_outputs(RULES, tmp_path / "s" / "1999-12-31") == ["e"]


def test_of_a_folder_that_is_an_output_the_files_count(tmp_path):
    results = tmp_path / "s" / "2000-12-31"
    for name in ("a/one.csv", "a/deep/two.csv", "a/.snakemake_timestamp"):
        (results / name).parent.mkdir(parents=True, exist_ok=True)
        (results / name).touch()
    assert list_outputs({"two": RULES["two"]}, results) == ["a/deep/two.csv", "a/one.csv"]


def test_each_is_hashed(tmp_path):
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "d").write_bytes(b"content")
    assert hash_outputs(tmp_path, ["c/d"]) == {"c/d": hashlib.sha256(b"content").hexdigest()}


def test_one_that_is_not_there_is_named(tmp_path):
    with pytest.raises(GraftlineError, match="nothing is not there, although the run"):
        hash_outputs(tmp_path, ["nothing"])


def test_every_file_that_was_read_has_the_name_that_rules_know_it_by():
    sums = name_sums(
        {"aggregate/a": "1"},
        {"code": {"Snakefile": "2"}, "parts": {"lock": "3"}},
        {"study": "s", "cut": "2000-12-31", "files": {"study.yaml": "4"}},
        {"files": {"ae.csv": "5"}},
    )
    assert sums == {
        "results/s/2000-12-31/aggregate/a": "1",
        "Snakefile": "2",
        "requirements.lock": "3",
        "config/s/study.yaml": "4",
        "data/s/2000-12-31/ae.csv": "5",
    }


def test_what_was_made_of_another_cut_and_its_raw_files_are_summed_too(tmp_path):
    earlier = tmp_path / "s" / "1999-12-31"
    (earlier / "audit").mkdir(parents=True)
    (earlier / "e").write_bytes(b"content")
    (earlier / "audit" / "cut_manifest.json").write_text('{"files": {"ae.csv": "5"}}')
    found = sum_other_cuts({"1999-12-31": RULES}, tmp_path / "s" / "2000-12-31")
    assert found == {
        "results/s/1999-12-31/e": hashlib.sha256(b"content").hexdigest(),
        "data/s/1999-12-31/ae.csv": "5",
    }
