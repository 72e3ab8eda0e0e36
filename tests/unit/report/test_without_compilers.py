"""Loading libraries without asking a compiler where they lie."""

import os
import shutil

import pytest

from graftline.report.without_compilers import without_compilers


def test_no_program_is_found_meanwhile_and_all_are_afterwards():
    path = os.environ["PATH"]
    with without_compilers():
        assert shutil.which("sh") is None
    assert os.environ["PATH"] == path
    assert shutil.which("sh")


def test_the_path_comes_back_after_an_error(monkeypatch):
    monkeypatch.setenv("PATH", "/somewhere")
    with pytest.raises(OSError, match="no such library"), without_compilers():
        raise OSError("no such library")
    assert os.environ["PATH"] == "/somewhere"


def test_no_path_stays_no_path(monkeypatch):
    monkeypatch.delenv("PATH")
    with without_compilers():
        pass
    assert "PATH" not in os.environ
