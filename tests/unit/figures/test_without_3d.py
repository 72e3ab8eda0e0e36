"""Matplotlib as the figures import it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def say(code):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={"PYTHONPATH": str(ROOT / "workflow")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("script", ["summarise_cohort", "tabulate_toxicity", "estimate_survival"])
def test_figures_are_drawn_without_the_three_dimensional_axes_and_without_a_warning(script):
    path = ROOT / "workflow" / "scripts" / f"{script}.py"
    code = f"import runpy, sys; runpy.run_path({str(path)!r}); print(*sys.modules)"
    loaded = say(code).split()
    assert "matplotlib.figure" in loaded and "mpl_toolkits.mplot3d.axes3d" not in loaded


def test_who_wants_them_still_finds_them_afterwards():
    code = "import graftline.figures.style; from mpl_toolkits.mplot3d import Axes3D; print(Axes3D.name)"
    assert say(code) == "3d"
