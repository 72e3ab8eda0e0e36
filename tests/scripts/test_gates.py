"""gate_raw, gate_derived and gate_comparison: errors stop the run with two lines, warnings do not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from graftline.validation.gate import has_passed

ROOT = Path(__file__).parents[2]
GATES = ["gate_raw", "gate_derived", "gate_comparison"]


class Gate:
    """A gate as its rule calls it, in a project of its own."""

    def __init__(self, script: str, folder: Path):
        self.script, self.folder, self.flag = script, folder, folder / "gate.json"

    def run(self, *, stops=True, before='{"passed": true}', **counts):
        (self.folder / "findings.json").write_text(
            json.dumps({"data_label": None, "by_rule": {}} | counts)
        )
        (self.folder / "before.json").write_text(before)
        more = {
            "gate_raw": [str(int(stops))],
            "gate_derived": [str(int(stops)), "before.json"],
            "gate_comparison": [],
        }[self.script]
        script = str(ROOT / "workflow" / "scripts" / f"{self.script}.py")
        return subprocess.run(
            [sys.executable, "-S", script, "findings.json", "out/queries.csv"]
            + [*more, "gate.json", "gate.log"],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT / "workflow")},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(params=GATES)
def gate(request, tmp_path):
    return Gate(request.param, tmp_path)


def test_warnings_pass_and_are_counted(gate):
    done = gate.run(errors=0, warnings=7, files_with_errors=0)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(gate.flag.read_text())["warnings"] == 7


def test_errors_stop_the_run_with_their_number_and_where_to_look(gate):
    done = gate.run(errors=3, warnings=1, files_with_errors=2)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert "3 errors in 2 files" in lines[0]
    assert lines[1] == "see out/queries.csv"
    assert not gate.flag.exists()


def test_one_error_is_said_in_the_singular(gate):
    assert "1 error in 1 file:" in gate.run(errors=1, warnings=0, files_with_errors=1).stderr


@pytest.mark.parametrize("script", ["gate_raw", "gate_derived"])
def test_a_cut_that_is_only_compared_with_stops_nothing_and_is_said_not_to_have_passed(
    script, tmp_path
):
    gate = Gate(script, tmp_path)
    assert gate.run(errors=2, warnings=0, files_with_errors=1, stops=False).returncode == 0
    assert not has_passed(gate.flag)


@pytest.mark.parametrize("before", ["", '{"passed": false}'])
def test_behind_a_gate_that_did_not_pass_no_other_does(before, tmp_path):
    gate = Gate("gate_derived", tmp_path)
    assert gate.run(errors=0, warnings=0, files_with_errors=0, before=before).returncode == 0
    assert gate.flag.read_bytes() == b"" and not has_passed(gate.flag)
