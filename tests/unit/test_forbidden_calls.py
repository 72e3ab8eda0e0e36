"""Calls of other libraries that give wrong answers and must not come back."""

import re
from pathlib import Path

import pytest

WORKFLOW = Path(__file__).parents[2] / "workflow"
FORBIDDEN = {
    r"AalenJohansenFitter": "moves tied times at random and reseeds numpy",
    r"\brestricted_mean_survival_time\b": "its variance is not that of the mean",
    r"\bmedian_survival_times\b": "its upper limit is too small after a last event",
    r"\bcumulative_incidence_competing_risks\b": "fails without events of a cause",
    r"\bsksurv\b": "the tests' own data sets only",
    r"\bSurvfuncRight\b": "its quantile compares strictly",
    r"\bstatsmodels\b.*\bquantile\b": "compares strictly",
    r"baseline_(cumulative_)?hazard_|baseline_survival_": "lifelines' ignores delayed entry",
    r"(import|from) comprisk": "0 and P = 1 where the variance is singular; tests only",
    r"pa\.(memory_map|OSFile)|pyarrow\.(dataset|fs)|pq\.read_table\(path": "opens a file below Python, unseen",
    r"method=.wald": "Wald's limits fail where Firth's penalty is needed",
}
FILES = sorted(WORKFLOW.rglob("*.py"))


def find_calls(text, pattern):
    return [line for line in text.splitlines() if re.search(pattern, line)]


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_forbidden_call_does_not_occur(pattern):
    assert len(FILES) > 10
    found = [str(path) for path in FILES if find_calls(path.read_text("utf-8"), pattern)]
    assert not found, f"{pattern}: {FORBIDDEN[pattern]}"


def test_forbidden_call_would_be_found():
    line = "from lifelines import AalenJohansenFitter"
    assert find_calls(line, r"AalenJohansenFitter") == [line]


def test_lifelines_is_imported_for_cox_models_and_the_cross_check_alone():
    importing = [
        path.name
        for path in FILES
        if find_calls(path.read_text("utf-8"), r"import lifelines|from lifelines")
    ]
    assert importing == ["cox.py", "libraries.py"]
