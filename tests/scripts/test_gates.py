"""gate_raw and gate_derived: errors stop the run with two lines, warnings do not."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from graftline.errors import GraftlineError
from graftline.validation.gate import has_passed

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "workflow" / "scripts"


@pytest.fixture(params=["gate_raw", "gate_derived", "gate_comparison"])
def gate(request, tmp_path):
    """Runs a gate on counts; gives the path of its flag."""
    main = runpy.run_path(str(SCRIPTS / f"{request.param}.py"))["main"]

    def run(**counts):
        findings, flag = tmp_path / "findings.json", tmp_path / "gate.json"
        findings.write_text(json.dumps({"data_label": None, "by_rule": {}} | counts))
        main(
            {"findings": str(findings)}, {"gate": str(flag)}, params={"queries": "out/queries.csv"}
        )
        return flag

    run.flag = tmp_path / "gate.json"
    return run


def test_warnings_pass_and_are_counted(gate):
    flag = gate(errors=0, warnings=7, files_with_errors=0)
    assert json.loads(flag.read_text())["warnings"] == 7


def test_errors_stop_the_run_with_their_number_and_where_to_look(gate):
    with pytest.raises(GraftlineError) as caught:
        gate(errors=3, warnings=1, files_with_errors=2)
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert "3 errors in 2 files" in lines[0]
    assert "out/queries.csv" in lines[1]
    assert not gate.flag.exists()


def test_one_error_is_said_in_the_singular(gate):
    with pytest.raises(GraftlineError, match="1 error in 1 file:"):
        gate(errors=1, warnings=0, files_with_errors=1)


@pytest.mark.parametrize("script", ["gate_raw", "gate_derived"])
def test_a_cut_that_is_only_compared_with_stops_nothing_and_is_said_not_to_have_passed(
    script, tmp_path
):
    findings, flag = tmp_path / "findings.json", tmp_path / "gate.json"
    findings.write_text(
        json.dumps({"data_label": None, "errors": 2, "warnings": 0, "files_with_errors": 1})
    )
    main = runpy.run_path(str(SCRIPTS / f"{script}.py"))["main"]
    main({"findings": str(findings)}, {"gate": str(flag)}, params={"queries": "q"}, stops=False)
    assert not has_passed(flag)


def test_an_empty_flag_stands_for_one_that_did_not_pass(tmp_path):
    (tmp_path / "gate.json").write_bytes(b"")
    assert not has_passed(tmp_path / "gate.json")


@pytest.mark.parametrize("script", ["gate_raw", "gate_derived", "gate_comparison"])
def test_a_gate_does_not_wait_for_pandas(script):
    code = (
        f"import runpy, sys; runpy.run_path({str(SCRIPTS / script) + '.py'!r}); "
        "sys.exit(any(name in sys.modules for name in ('pandas', 'pandera', 'pyarrow', 'numpy')))"
    )
    environment = {"PYTHONPATH": f"{ROOT / 'workflow'}:{ROOT}"}
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
    )
