"""What the notification command is given, and what is said when it fails."""

import json
import sys

import pytest

from graftline.scheduled_run.summary import Summary, notify

WRITE = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())"


def test_the_command_gets_the_summary_as_json(tmp_path):
    summary = Summary(1, "the data have 2 errors", "s", "2020-01-01", {"errors": 2})
    assert notify([sys.executable, "-c", WRITE, str(tmp_path / "said")], summary) is None
    assert json.loads((tmp_path / "said").read_text()) == {
        "status": 1,
        "outcome": "data errors",
        "message": "the data have 2 errors",
        "study": "s",
        "cut": "2020-01-01",
        "errors": 2,
    }


def test_no_shell_reads_the_arguments(tmp_path):
    said = tmp_path / "$(touch made);said"
    assert notify([sys.executable, "-c", WRITE, str(said)], Summary(0, "released")) is None
    assert said.exists() and not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ([], None),
        (["/nowhere/notify"], "cannot be run: No such file"),
        ([sys.executable, "-c", "raise SystemExit(4)"], "ended with status 4"),
    ],
)
def test_a_command_that_fails_is_said_and_nothing_more(command, problem):
    found = notify(command, Summary(3, "nothing new"))
    assert found is None if problem is None else problem in found
