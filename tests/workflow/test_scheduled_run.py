"""Scheduled runs: released, nothing new, errors in the data, two at once, and killed at any moment."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.workflow.test_staleness import edit, make_sums_anew

pytestmark = pytest.mark.workflow

RELEASED, DATA_ERRORS, FAILED, NOTHING_NEW = 0, 1, 2, 3
RELEASES = "releases/il2-ifn"
WRITE = "import sys; open('told.json', 'w').write(sys.stdin.read())"


def digests(folder) -> dict[str, str]:
    """Every file below a folder with its sha256, and every link with its target."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def told(checkout) -> dict:
    return json.loads((checkout.path / "told.json").read_text())


def tell_into_a_file(checkout) -> None:
    with (checkout.path / "config" / "config.yaml").open("a") as file:
        file.write(f"notify: {json.dumps([sys.executable, '-c', WRITE])}\n")


def test_a_release_then_nothing_new_then_errors_in_the_data(scratch):
    tell_into_a_file(scratch)
    run = scratch.graftline("scheduled-run", "--cores", "2")
    assert run.status == RELEASED, run.output
    assert (scratch.path / RELEASES / "latest").readlink().as_posix() == "1997-12-31/1"
    assert (told(scratch)["outcome"], told(scratch)["sequence"]) == ("released", 1)

    before = digests(scratch.path / RELEASES)
    run = scratch.graftline("scheduled-run", "--cores", "2")
    assert run.status == NOTHING_NEW, run.output
    assert told(scratch)["outcome"] == "nothing new"
    assert digests(scratch.path / RELEASES) == before

    cut = scratch.path / "data" / "il2-ifn" / "1998-12-31"
    subprocess.run(["cp", "-r", str(cut.with_name("1997-12-31")), str(cut)], check=True)
    subprocess.run(["chmod", "-R", "u+w", str(cut)], check=True)
    edit(cut / "subjects.csv", ",M,", ",X,")
    make_sums_anew(cut)
    run = scratch.graftline("scheduled-run", "--cores", "2")
    assert run.status == DATA_ERRORS, run.output
    queries = scratch.path / told(scratch)["queries"]
    assert queries.name == "queries.csv" and str(told(scratch)["queries"]) in run.output
    assert told(scratch)["errors"] == len(
        [line for line in queries.read_text().splitlines()[1:] if ",E," in line]
    )
    assert digests(scratch.path / RELEASES) == before


def test_a_silent_edit_of_a_frozen_cut_is_a_failure_that_names_the_file(scratch):
    cut = scratch.path / "data" / "il2-ifn" / "1997-12-31"
    subprocess.run(["chmod", "-R", "u+w", str(cut)], check=True)
    edit(cut / "subjects.csv", ",M,", ",F,")
    run = scratch.graftline("scheduled-run", "--cores", "2")
    assert run.status == FAILED
    assert "subjects.csv" in run.output
    assert not (scratch.path / RELEASES).exists()


def start(checkout, log) -> subprocess.Popen:
    """A scheduled run in a process group of its own."""
    code = "import sys, graftline.cli as c; sys.exit(c.main())"
    paths = f"{checkout.path / 'workflow'}{os.pathsep}{checkout.path}"
    return subprocess.Popen(
        [sys.executable, "-c", code, "scheduled-run", "--cores", "2"],
        cwd=checkout.path,
        env=os.environ | {"PYTHONPATH": paths},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def test_of_two_runs_at_once_one_runs_and_one_says_who_does(scratch, tmp_path):
    edit(scratch.path / "config/il2-ifn/study.yaml", "short_title: ", "short_title: On ")
    with open(tmp_path / "log", "wb") as log:
        first = start(scratch, log)
        lease = scratch.path / ".graftline" / "scheduled-run.lease"
        while not (lease.is_file() and lease.read_text()):
            time.sleep(0.05)
        second = scratch.graftline("scheduled-run", "--cores", "2")
        assert second.status == FAILED
        assert f"process group {first.pid} on" in second.output
        assert first.wait() == RELEASED, (tmp_path / "log").read_text()


@pytest.mark.machine
def test_a_full_disk_is_said_and_the_next_run_completes(scratch):
    results = scratch.path / "results"
    shutil.rmtree(results)
    results.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(results)], check=True)
    try:
        run = scratch.graftline("scheduled-run", "--cores", "2")
    finally:
        subprocess.run(["umount", str(results)], check=True)
    assert run.status == FAILED
    assert "the disk is full; make room" in run.output
    assert not (scratch.path / RELEASES).exists()
    assert scratch.graftline("scheduled-run", "--cores", "2").status == RELEASED


@pytest.mark.machine
def test_a_results_folder_that_cannot_be_written_is_said_and_nothing_is_lost(scratch):
    edit(scratch.path / "config/il2-ifn/study.yaml", "short_title: ", "short_title: On ")
    results = scratch.path / "results"
    before = digests(results)
    subprocess.run(["chmod", "-R", "a-w", str(results)], check=True)
    # Root may write anywhere: this takes the capability away.
    without = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]
    run = scratch.graftline("scheduled-run", "--cores", "2", under=without)
    assert run.status == FAILED
    # In Snakemake's words, which look before anything runs.
    assert "Write-protected output files" in run.output
    assert "results/il2-ifn/1997-12-31" in run.output
    assert digests(results) == before
    subprocess.run(["chmod", "-R", "u+w", str(results)], check=True)
    assert scratch.graftline("scheduled-run", "--cores", "2").status == RELEASED


@pytest.mark.machine
def test_a_run_killed_at_any_moment_is_completed_by_the_next(built, tmp_path):
    """kill -9 of the whole process group; GRAFTLINE_KILLS moments, five if it is not set."""
    undisturbed = built.copy(tmp_path / "undisturbed")
    edit(undisturbed.path / "config/il2-ifn/study.yaml", "short_title: ", "short_title: On ")
    begun = time.monotonic()
    assert undisturbed.graftline("scheduled-run", "--cores", "2").status == RELEASED
    length = time.monotonic() - begun
    expected = digests(undisturbed.results("il2-ifn", "1997-12-31"))
    draw = random.Random(7)
    for number in range(int(os.environ.get("GRAFTLINE_KILLS", "5"))):
        killed = built.copy(tmp_path / f"killed-{number}")
        edit(killed.path / "config/il2-ifn/study.yaml", "short_title: ", "short_title: On ")
        with open(tmp_path / "log", "wb") as log:
            run = start(killed, log)
            time.sleep(draw.uniform(0, length))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
            run.wait()
        after = killed.graftline("scheduled-run", "--cores", "2")
        assert after.status in (RELEASED, NOTHING_NEW), after.output
        assert digests(killed.results("il2-ifn", "1997-12-31")) == expected
        sealed = killed.path / RELEASES
        assert [path.name for path in (sealed / "1997-12-31").iterdir()] == ["1"]
        assert len((sealed / "ledger.jsonl").read_text().splitlines()) == 1
        assert killed.graftline("scheduled-run", "--cores", "2").status == NOTHING_NEW
        subprocess.run(["chmod", "-R", "u+w", str(killed.path)], check=True)
        subprocess.run(["rm", "-rf", str(killed.path)], check=True)
