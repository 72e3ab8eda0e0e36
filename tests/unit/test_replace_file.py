"""A file appears whole or not at all, and what a killed process left goes."""

import os
import subprocess
import sys

import pytest

from graftline.replace_file import replace_file


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_file_appears_when_it_is_whole(tmp_path):
    with replace_file(tmp_path / "a.csv") as temporary:
        temporary.write_text("new")
        assert not (tmp_path / "a.csv").exists()
    assert (tmp_path / "a.csv").read_text() == "new"
    assert names(tmp_path) == ["a.csv"]


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "a.csv").write_text("old")
    with pytest.raises(ValueError, match="half"), replace_file(tmp_path / "a.csv") as temporary:
        temporary.write_text("ne")
        raise ValueError("half")
    assert (tmp_path / "a.csv").read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_what_a_killed_process_left_goes_and_what_a_running_one_writes_stays(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    others = [f".a.csv.{os.getppid()}.part", f".b.csv.{ended.pid}.part", ".a.csv.x.part"]
    for name in [*others, f".a.csv.{ended.pid}.part"]:
        (tmp_path / name).write_text("half")
    with replace_file(tmp_path / "a.csv") as temporary:
        temporary.write_text("new")
    assert names(tmp_path) == sorted([*others, "a.csv"])
