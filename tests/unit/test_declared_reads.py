"""A script that reads what its rule does not declare fails by name, whichever library opens the file."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from graftline.declared_reads import DeclaredReads, UndeclaredReadError, flat_paths, watched
from graftline.kernel_reads import can_restrict
from tests.unit.planted_reads import JOBS, ROOT

SECRET = [name for name in JOBS if name.startswith("secret")]
DECLARED = [name for name in JOBS if name.startswith("declared")]
# What Arrow, DuckDB and C open below Python raises no audit event.
UNSEEN = {
    *("parquet", "parquet file", "arrow csv", "memory map", "OSFile", "dataset", "file system"),
    *("duckdb csv", "duckdb parquet", "C"),
}
SEEN = [name for name in SECRET if name.removeprefix("secret: ") not in UNSEEN]


def run_jobs(folder, how):
    """The jobs in the project `folder`, which the machine's temporary files lie in too."""
    (folder / "temporary").mkdir()
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("planted_reads.py"), folder, how],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ
        | {
            "PYTHONPATH": f"{ROOT / 'workflow'}{os.pathsep}{ROOT}",
            "TMPDIR": str(folder / "temporary"),
        },
    )
    assert list((folder / "temporary").iterdir()) == [], "a job left its temporary files"
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def held_by_the_kernel(tmp_path_factory):
    assert can_restrict(), (
        "this kernel has no Landlock: what libraries open below Python goes unseen"
    )
    return run_jobs(tmp_path_factory.mktemp("kernel"), "kernel")


@pytest.fixture(scope="module")
def held_by_python(tmp_path_factory):
    return run_jobs(tmp_path_factory.mktemp("python"), "python")


@pytest.mark.parametrize("name", SECRET)
def test_an_undeclared_read_of_each_kind_fails_by_name(held_by_the_kernel, name):
    job = held_by_the_kernel[name]
    file = (
        "workflow/graftline/rounding.py"
        if "module" in name
        else "secret.parquet"
        if "parquet" in name or "dataset" in name or "tables" in name
        else "secret.csv"
    )
    assert job["status"] == 1
    assert job["said"] == job["log"]
    assert job["said"] == (
        f"rule probe reads {file}, which it does not declare: add it to the rule's input in "
        "workflow/rules, or do not read it\n"
    )


@pytest.mark.parametrize("name", DECLARED)
def test_a_declared_read_of_each_kind_goes_on(held_by_the_kernel, name):
    job = held_by_the_kernel[name]
    assert (job["status"], job["said"]) == (0, "")
    assert job["log"] == "probe: done; the kernel held what it read to what the rule declares\n"


@pytest.mark.parametrize("name", SEEN)
def test_where_the_kernel_cannot_what_python_opens_is_seen_still(held_by_python, name):
    job = held_by_python[name]
    file = "workflow/graftline/rounding.py" if "module" in name else "secret."
    assert job["status"] == 1 and f"rule probe reads {file}" in job["said"]


@pytest.mark.parametrize("name", DECLARED)
def test_where_the_kernel_cannot_declared_reads_go_on(held_by_python, name):
    assert (held_by_python[name]["status"], held_by_python[name]["said"]) == (0, "")


# ---- in this process


@pytest.fixture
def project(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("x", "utf-8")
    (tmp_path / "link.csv").symlink_to(tmp_path / "b.csv")
    return tmp_path


def reads_of(project):
    return DeclaredReads("make", [str(project / "a.csv")], roots=[project])


def test_what_was_read_of_the_project_is_known(project, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "x"
    elsewhere.write_text("x", "utf-8")
    with watched(reads_of(project)) as reads:
        (project / "a.csv").read_text("utf-8")
        elsewhere.read_text("utf-8")
        (project / "new.txt").write_text("writing is no reading", "utf-8")
    assert reads.seen == {project / "a.csv"}


@pytest.mark.parametrize("name", ["b.csv", "link.csv", "../{}/b.csv"])
def test_another_name_of_a_file_is_that_file(project, name):
    path = project / name.format(project.name)
    named = pytest.raises(UndeclaredReadError, match=r"^rule make reads b\.csv, which")
    with named, watched(reads_of(project)):
        path.read_text("utf-8")


def test_a_link_beside_files_that_are_free_to_read_is_the_file_it_leads_to(project):
    own = project / ".snakemake"
    own.mkdir()
    (own / "script.py").write_text("x", "utf-8")
    (own / "link.csv").symlink_to(project / "b.csv")
    with (
        pytest.raises(UndeclaredReadError, match=r"reads b\.csv"),
        watched(reads_of(project)),
    ):
        (own / "script.py").read_text("utf-8")
        (own / "link.csv").read_text("utf-8")


def test_an_error_that_was_caught_is_raised_at_the_end(project):
    with (
        pytest.raises(UndeclaredReadError, match=r"reads b\.csv"),
        watched(reads_of(project)),
        suppress(UndeclaredReadError),
    ):
        (project / "b.csv").read_text("utf-8")


def test_nothing_is_held_afterwards(project):
    with watched(reads_of(project)):
        pass
    assert (project / "b.csv").read_text("utf-8") == "x"


def test_an_error_about_other_files_is_no_refusal(project):
    reads = reads_of(project)
    missing = PermissionError(13, "Permission denied", str(project / "nowhere.csv"))
    for error in (
        missing,
        ValueError("b.csv"),
        PermissionError(13, "Permission denied", "/root/x"),
    ):
        assert reads.find_refused(error) is None
    behind = RuntimeError("no")
    behind.__cause__ = OSError(
        f"Failed to open local file '{project / 'b.csv'}': Permission denied"
    )
    assert "reads b.csv" in str(reads.find_refused(behind))


def test_paths_are_found_in_lists_and_lists_of_lists():
    assert flat_paths(["a", ["b", ["c"]], []]) == ["a", "b", "c"]
