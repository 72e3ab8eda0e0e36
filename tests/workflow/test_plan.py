"""A plan says what would run and why; after the run, which numbers moved."""

from __future__ import annotations

import pytest

from tests.workflow.test_staleness import edit

pytestmark = pytest.mark.workflow


def test_nothing_is_planned_when_nothing_changed(scratch):
    run = scratch.graftline("plan")
    assert run.status == 0, run.output
    assert "nothing would run" in run.output


def test_a_key_and_a_function_are_the_reasons_and_the_numbers_that_moved_are_told(scratch):
    assert scratch.graftline("release").status == 0
    edit(
        scratch.path / "config/il2-ifn/study.yaml",
        "restricted_mean_until: 730",
        "restricted_mean_until: 700",
    )
    edit(
        scratch.path / "workflow/graftline/rounding.py",
        "    if rounded == 0:\n",
        "    if not rounded:\n",
    )
    run = scratch.graftline("plan")
    assert run.status == 0, run.output
    assert "configuration survival.restricted_mean_until: from 730 to 700" in run.output
    assert "code workflow/graftline/rounding.py: changed: round_half_up" in run.output
    [of_survival] = [
        line for line in run.output.splitlines() if line.startswith("  estimate_survival:")
    ]
    assert "restricted_mean_until" in of_survival

    assert scratch.snakemake().status == 0
    run = scratch.graftline("plan", "--after", "--all")
    assert run.status == 0, run.output
    lines = run.output.splitlines()
    assert any(line == "os.restricted_mean.700: new" for line in lines)
    assert any(line == "os.restricted_mean.730: gone" for line in lines)
    moved = [line for line in lines if ": from " in line]
    assert all("restricted_mean" in line for line in moved), moved


@pytest.mark.machine
def test_code_that_moves_no_number_is_said_to_move_none(scratch):
    edit(
        scratch.path / "workflow/graftline/rounding.py",
        "    if rounded == 0:\n",
        "    if not rounded:\n",
    )
    assert "code workflow/graftline/rounding.py: changed" in scratch.graftline("plan").output
    assert scratch.snakemake().status == 0
    assert "no number moved" in scratch.graftline("plan", "--after").output
