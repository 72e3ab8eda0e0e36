"""Processes of an earlier run are known by their mark, waited for, and ended."""

import subprocess
import sys

import pytest

from graftline.scheduled_run.left_over import end_left_over, find_left_over, mark_environment

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('ready', flush=True); time.sleep(60)"
)


@pytest.fixture
def start(tmp_path):
    """Starts a process of a run of the project in tmp_path, in a group of its own."""
    started = []

    def start_one(code, root=tmp_path):
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            env=mark_environment(root),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


def test_nothing_is_left_where_nothing_ran(tmp_path):
    assert find_left_over(tmp_path) == []
    assert end_left_over(tmp_path) == 0


def test_a_process_is_found_by_its_project(tmp_path, start):
    mine = start("import time; print('ready', flush=True); time.sleep(60)")
    start("import time; print('ready', flush=True); time.sleep(60)", root=tmp_path / "other")
    assert find_left_over(tmp_path) == [mine.pid]


def test_one_that_ends_by_itself_is_waited_for(tmp_path, start):
    process = start("import time; print('ready', flush=True); time.sleep(0.5)")
    assert end_left_over(tmp_path, patience=30) == 1
    assert process.wait() == 0


def test_one_that_goes_on_is_asked_to_end(tmp_path, start):
    process = start("import time; print('ready', flush=True); time.sleep(60)")
    assert end_left_over(tmp_path, patience=0, grace=30) == 1
    assert process.wait() == -15


def test_one_that_does_not_listen_is_killed(tmp_path, start):
    process = start(STUBBORN)
    assert end_left_over(tmp_path, patience=0, grace=0.5) == 1
    assert process.wait() == -9
