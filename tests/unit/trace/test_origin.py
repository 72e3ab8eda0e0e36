"""The function that a trace names is the one that computes the statistic."""

from importlib import import_module

import pytest

from graftline.numbers.evaluation import ESTIMATED
from graftline.numbers.statistics import STATISTICS
from graftline.results_folder import ResultsFolder
from graftline.trace.origin import FUNCTIONS, describe_function, describe_rule, describe_table
from tests.unit.small_results import write_results


def test_each_statistic_has_a_function_that_is_there():
    assert set(FUNCTIONS) == set(ESTIMATED)
    for module, function in FUNCTIONS.values():
        assert callable(getattr(import_module(f"graftline.numbers.{module}"), function))


@pytest.fixture
def results(tmp_path):
    return ResultsFolder(write_results(tmp_path))


def test_a_statistic_of_the_table_of_statistics_is_named_there(results):
    assert "median" in STATISTICS
    told = describe_function(results, "median")
    assert told["name"] == 'STATISTICS["median"]'
    assert told["file"] == "workflow/graftline/numbers/statistics.py"


def test_a_rule_is_told_with_its_script_and_the_script_s_sha256(results):
    told = describe_rule(results, "summarise_cohort")
    assert told["script"] == {
        "file": "workflow/scripts/summarise_cohort.py",
        "sha256": "summarise_cohort as sha256",
    }
    assert list(told["inputs"]) == ["read"]


def test_a_derived_table_is_told_by_the_rule_that_made_it(results):
    assert describe_table(results, "subjects")["rule"] == "derive_subjects"
    assert describe_table(results, "unknown") is None
