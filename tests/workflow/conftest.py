"""Copies of the project in scratch folders, and Snakemake run in them as a user would."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PARTS = (
    "Snakefile",
    "config",
    "data",
    "profiles",
    "report",
    "requirements.lock",
    "schemas",
    "workflow",
)
_IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info")
_STATISTICS = re.compile(r"^Job stats:\n.*?\n-.*?\n(.*?)^total", re.MULTILINE | re.DOTALL)


# The whole runs are the longest tests: they go first, in two processes that each build the studies once.
SECOND = ("test_explorer", "test_plan", "test_reads", "test_release", "test_scheduled_run")


def pytest_collection_modifyitems(items) -> None:
    """Which process runs a test of whole runs, and when."""
    for item in items:
        if item.get_closest_marker("workflow"):
            group = "second" if item.path.stem in SECOND else "first"
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: item.get_closest_marker("workflow") is None)


@dataclass(frozen=True)
class Run:
    """What one call of Snakemake left."""

    status: int
    output: str

    @property
    def rules(self) -> set[str]:
        """The rules that Snakemake planned to run."""
        plan = _STATISTICS.search(self.output)
        return {line.split()[0] for line in plan[1].splitlines()} - {"all"} if plan else set()


@dataclass(frozen=True)
class Checkout:
    """A copy of the project in a folder of its own."""

    path: Path

    def snakemake(self, *arguments: str) -> Run:
        """Run Snakemake on two cores."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            [sys.executable, "-m", "snakemake", "--cores", "2", "--nocolor", *arguments],
            cwd=self.path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return Run(done.returncode, done.stdout + done.stderr)

    def would_run(self, *arguments: str) -> set[str]:
        """The rules that a run would run now."""
        run = self.snakemake("--dry-run", *arguments)
        assert run.status == 0, run.output
        return run.rules

    def graftline(self, *arguments: str, under: Sequence[str] = ()) -> Run:
        """Run a command of graftline, `under` a command that starts another."""
        done = subprocess.run(
            [
                *under,
                sys.executable,
                "-c",
                "import sys, graftline.cli as c; sys.exit(c.main())",
                *arguments,
            ],
            cwd=self.path,
            env=os.environ | {"PYTHONPATH": f"{self.path / 'workflow'}{os.pathsep}{self.path}"},
            capture_output=True,
            text=True,
            check=False,
        )
        return Run(done.returncode, done.stdout + done.stderr)

    def copy(self, path: Path) -> Checkout:
        """The same checkout, results and Snakemake's memory included, in another folder."""
        shutil.copytree(self.path, path, symlinks=True)
        return Checkout(path)

    def results(self, study: str, cut: str) -> Path:
        """The results folder of a cut."""
        return self.path / "results" / study / cut


def check_out(path: Path) -> Checkout:
    """A fresh copy of the project, with nothing built."""
    path.mkdir(parents=True)
    for name in PARTS:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, path / name, ignore=_IGNORED)
        else:
            shutil.copy2(source, path / name)
    return Checkout(path)


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Checkout:
    """A checkout in which both studies have been built. Not to be changed: copy it."""
    checkout = check_out(tmp_path_factory.mktemp("built") / "graftline")
    for study in ("il2-ifn", "hsct-35"):
        run = checkout.snakemake("--config", f"study={study}")
        assert run.status == 0, run.output
    return checkout


@pytest.fixture
def scratch(built, tmp_path) -> Checkout:
    """A built checkout of its own, to be changed at will."""
    return built.copy(tmp_path / "graftline")
