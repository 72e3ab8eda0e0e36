"""One scheduled run at a time, and what a crashed one leaves."""

import json
import subprocess
import sys

import pytest

from graftline.errors import GraftlineError
from graftline.scheduled_run.lease import LEASE, hold_lease

HOLD = (
    "import sys; from pathlib import Path; from graftline.scheduled_run.lease import hold_lease\n"
    "with hold_lease(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
)


@pytest.fixture
def another(tmp_path):
    """Another process that holds the lease until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_lease_that_was_given_back_leaves_nothing(tmp_path):
    for _ in range(2):
        with hold_lease(tmp_path) as crashed:
            assert crashed is None


def test_the_holder_is_named_to_the_one_who_comes_second(tmp_path, another):
    under_way = r"under way: process group \d+ on .+, since 20"
    with pytest.raises(GraftlineError, match=under_way), hold_lease(tmp_path):
        raise AssertionError("two hold the lease")


def test_who_was_killed_holds_nothing_and_is_named_to_the_next(tmp_path, another):
    said = json.loads((tmp_path / LEASE).read_text())
    another.kill()
    another.wait()
    with hold_lease(tmp_path) as crashed:
        assert crashed.process_group == said["process_group"]
    with hold_lease(tmp_path) as crashed:
        assert crashed is None


def test_an_error_gives_the_lease_back(tmp_path):
    with pytest.raises(GraftlineError, match="no"), hold_lease(tmp_path):
        raise GraftlineError("no")
    with hold_lease(tmp_path) as crashed:
        assert crashed is None


def test_a_crash_on_another_machine_is_for_a_person_to_look_at(tmp_path):
    (tmp_path / LEASE).parent.mkdir()
    (tmp_path / LEASE).write_text('{"host": "elsewhere", "process_group": 7, "since": "2026"}')
    look = "group 7 on elsewhere.*remove this file"
    with pytest.raises(GraftlineError, match=look), hold_lease(tmp_path):
        pass
    assert "elsewhere" in (tmp_path / LEASE).read_text()


@pytest.mark.parametrize("text", ["", "{", '{"host": 1', '{"other": 1}', "\x00\x00"])
def test_a_lease_cut_off_while_it_was_written_is_no_hindrance(tmp_path, text):
    (tmp_path / LEASE).parent.mkdir()
    (tmp_path / LEASE).write_text(text)
    with hold_lease(tmp_path) as crashed:
        assert crashed is None


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / ".graftline").write_text("a file where the folder should be")
    with pytest.raises(GraftlineError, match="lease cannot be taken"), hold_lease(tmp_path):
        pass
