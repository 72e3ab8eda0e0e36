"""The files of deploy/ are what their readers accept."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
DEPLOY = PROJECT / "deploy"


@pytest.mark.machine
def test_systemd_accepts_service_and_timer(tmp_path):
    # The program that the service starts has to exist where the units are checked.
    for name in ("graftline.service", "graftline.timer"):
        text = (DEPLOY / "systemd" / name).read_text().replace("/srv/graftline", str(PROJECT))
        (tmp_path / name).write_text(text)
    units = [str(tmp_path / name) for name in ("graftline.service", "graftline.timer")]
    done = subprocess.run(
        [shutil.which("systemd-analyze"), "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "graftline" in line]
    assert (done.returncode, said) == (0, [])


def test_the_workflow_of_github_is_true_of_its_schema():
    done = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.github-workflows"),
            str(DEPLOY / "github" / "graftline.yml"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_line_of_the_crontab_has_five_times_and_a_command_that_a_shell_can_read():
    [line] = [
        line
        for line in (DEPLOY / "crontab").read_text().splitlines()
        if line and not line.startswith("#") and not re.match(r"^\w+=", line)
    ]
    times, command = line.split(None, 5)[:5], line.split(None, 5)[5]
    assert all(re.fullmatch(r"[0-9*,/-]+", time) for time in times)
    # An unescaped % would end the command there.
    assert not re.search(r"(?<!\\)%", command)
    assert subprocess.run(["sh", "-n", "-c", command], check=False).returncode == 0
