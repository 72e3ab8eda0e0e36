"""A release is computed again by its own copy of the code, and nothing is written beside it."""

from pathlib import Path

from graftline.sealed_folder import list_all_files
from graftline.verify.own_code import recompute_with_own_code
from tests.unit.small_results import RECORDS, write_registries, write_results

PROJECT = Path(__file__).parents[3]


def test_the_code_of_a_project_computes_results_again(tmp_path):
    results = write_results(tmp_path)
    wrong = [RECORDS[0] | {"value": 3, "display": "3"}, *RECORDS[1:]]
    write_registries(results, wrong)
    before = list_all_files(PROJECT / "workflow" / "graftline" / "verify")

    found = recompute_with_own_code(PROJECT, results)

    assert found["problems"] == ["cohort.alive.n: the registry says 3, the rows give 2"]
    assert found["numbers"] == 3
    assert list_all_files(PROJECT / "workflow" / "graftline" / "verify") == before


def test_code_that_fails_says_of_what_kind_and_quotes_nothing(tmp_path):
    package = tmp_path / "workflow" / "graftline"
    (package / "verify").mkdir(parents=True)
    for folder in (package, package / "verify"):
        (folder / "__init__.py").touch()
    (package / "verify" / "recompute.py").write_text("raise ValueError('patient P01')\n")

    (problem,) = recompute_with_own_code(tmp_path, tmp_path)["problems"]

    assert "the copied code fails here (ValueError)" in problem and "P01" not in problem


def test_code_from_before_this_command_says_so_too(tmp_path):
    (tmp_path / "workflow").mkdir()
    found = recompute_with_own_code(tmp_path, tmp_path)
    assert found["numbers"] == 0 and "could not be computed again" in found["problems"][0]
