"""What a scheduled run sees in the data before it builds, and says after it."""

import json

import pytest

from graftline.config.yaml_lines import read_yaml
from graftline.scheduled_run import run as scheduled
from graftline.scheduled_run.build import Built
from graftline.scheduled_run.run import run_scheduled
from graftline.scheduled_run.summary import DATA_ERRORS, FAILED
from tests.unit.test_pipeline import root

__all__ = ["root"]  # a fixture: a project with two cuts of il2-ifn


@pytest.fixture
def run(root, monkeypatch):
    """Runs with a build that finds errors in the data; gives the summary, and what was told."""
    stopped = Built(1, root / "queries.csv", errors=2)
    monkeypatch.setattr(scheduled, "build", lambda *given, **more: stopped)

    def one(**changes):
        config, _ = read_yaml(root / "config" / "config.yaml")
        told = []
        summary = run_scheduled(root, config | changes, settings=[], cores=1, tell=told.append)
        return summary, told

    return one


def test_a_half_copied_folder_is_told_to_people_and_programs(root, run):
    (root / "data/il2-ifn/1998-12-31").mkdir()
    summary, told = run()
    said = ["not a cut yet, left alone: data/il2-ifn/1998-12-31 has no SHA256SUMS"]
    assert (summary.status, told) == (DATA_ERRORS, said)
    assert json.loads(summary.as_json())["notices"] == said


def test_without_one_nothing_is_told(run):
    summary, told = run()
    assert told == [] and "notices" not in json.loads(summary.as_json())


def test_a_released_cut_that_is_no_longer_there_stops_the_run(root, run):
    (root / "releases/il2-ifn/1998-12-31/1").mkdir(parents=True)
    summary, _ = run()
    assert summary.status == FAILED
    assert "the cut 1998-12-31 of il2-ifn was released and is no longer among" in summary.message
    assert run(cut="1997-12-31")[0].status == DATA_ERRORS
