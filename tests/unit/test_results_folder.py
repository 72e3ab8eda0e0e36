"""A results folder that is not there, or not whole, is answered with one sentence."""

import pytest

from graftline.errors import GraftlineError
from graftline.results_folder import ResultsFolder, find_results
from tests.unit.small_results import write_results


def test_a_folder_without_results_is_named(tmp_path):
    with pytest.raises(GraftlineError, match=r"nothing.here: there are no finished results here"):
        ResultsFolder(tmp_path / "nothing" / "here")


def test_tables_and_numbers_are_read_once(tmp_path):
    results = ResultsFolder(write_results(tmp_path))
    assert set(results.records) == {"cohort.alive.n", "cohort.alive.age", "cohort.age.maximum"}
    assert results.frames["subjects"]["row_key"].tolist() == ["P01", "P02", "P03"]
    assert results.frames is results.frames


@pytest.mark.parametrize(
    ("file", "read"),
    [
        ("patient_level/derived/subjects.parquet", lambda results: results.frames),
        ("audit/configuration.json", lambda results: results.configuration),
        ("audit/build.json", lambda results: results.build),
        ("audit/rules.json", lambda results: results.rules),
    ],
)
def test_a_missing_file_is_named(tmp_path, file, read):
    results = ResultsFolder(write_results(tmp_path))
    (tmp_path / file).unlink()
    with pytest.raises(GraftlineError) as caught:
        read(results)
    assert file.rpartition("/")[2].partition(".")[0] in str(caught.value)
    assert "missing" in str(caught.value)


def test_missing_lineage_is_said(tmp_path):
    results = ResultsFolder(write_results(tmp_path))
    for file in (tmp_path / "patient_level/derived").glob("lineage_*"):
        file.unlink()
    with pytest.raises(GraftlineError, match="lineage of the derived tables is missing"):
        _ = results.lineage_files


def test_the_newest_cut_that_was_built_is_found(tmp_path):
    for cut in ("1996-12-31", "1997-12-31"):
        write_results(tmp_path / "made-up" / cut)
    (tmp_path / "made-up" / "1998-12-31" / "patient_level").mkdir(parents=True)  # not finished
    write_results(tmp_path / "other" / "1999-12-31")
    assert find_results(tmp_path, "made-up") == tmp_path / "made-up" / "1997-12-31"


def test_a_study_that_was_never_built_is_named(tmp_path):
    with pytest.raises(GraftlineError, match="made-up: no cut has been built; run snakemake first"):
        find_results(tmp_path, "made-up")
