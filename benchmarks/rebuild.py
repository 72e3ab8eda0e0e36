"""How long the pipeline takes, beside Snakemake's own start in the same run.

    ./run python benchmarks/rebuild.py [STUDY]

Prints the time of a clean rebuild of the newest cut without a previous one, of a run with nothing to do and
of a run after one changed configuration key; and, where the study has an older cut, of a clean rebuild
that builds that one too and compares the two. Each is in seconds and in Snakemake's own starts: the time
that Snakemake takes, on this machine and now, for a workflow of one rule that makes an empty file.
Everything happens in a temporary copy. Ratios, not seconds, are to be compared between machines.
"""

from __future__ import annotations

import compileall
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).parents[1]
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
TRIVIAL = 'rule make:\n    output:\n        "made"\n    shell:\n        "touch {output}"\n'
REPEATS = 3
CORES = "2"


def snakemake(folder: Path, *arguments: str) -> float:
    """Seconds that Snakemake takes in `folder`; it must succeed."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", CORES, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return seconds


def time_start(folder: Path) -> float:
    """Seconds of a workflow of one rule that makes an empty file."""
    folder.mkdir(exist_ok=True)
    (folder / "Snakefile").write_text(TRIVIAL, encoding="utf-8")
    (folder / "made").unlink(missing_ok=True)
    return snakemake(folder)


def copy_project(folder: Path) -> Path:
    """A copy of the project with nothing built."""
    for name in PARTS:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    # As ./run compiles the project's own modules when it sets the environment up.
    for name in ("workflow", "schemas"):
        compileall.compile_dir(folder / name, quiet=1)
    return folder


def keep_newest_cut(project: Path, study: str) -> list[Path]:
    """Move the older cuts of `study` out of its data; returns where they are now."""
    cuts = sorted((project / "data" / study).glob("[0-9]*"))
    away = project.parent / "older"
    away.mkdir()
    return [Path(shutil.move(cut, away / cut.name)) for cut in cuts[:-1]]


def main() -> None:
    """Measure and print. Starts are measured beside each run: a machine's speed is not constant."""
    study = sys.argv[1] if len(sys.argv) > 1 else "il2-ifn"
    config = ("--config", f"study={study}")
    with tempfile.TemporaryDirectory() as temporary:
        trivial = Path(temporary) / "trivial"
        project = copy_project(Path(temporary) / "project")
        protocol = project / "config" / study / "study.yaml"

        def rebuild() -> float:
            for built in ("results", ".snakemake", ".graftline", "logs"):
                shutil.rmtree(project / built, ignore_errors=True)
            return snakemake(project, *config)

        def change_one_key() -> float:
            text = protocol.read_text(encoding="utf-8")
            protocol.write_text(
                text.replace("short_title: ", "short_title: On ", 1), encoding="utf-8"
            )
            return snakemake(project, *config)

        def rebuild_and_compare() -> float:
            data = project / "data" / study
            there = [Path(shutil.copytree(cut, data / cut.name)) for cut in older]
            seconds = rebuild()
            for cut in there:
                shutil.rmtree(cut)
            rebuild()  # as the next run expects to find it
            return seconds

        older = keep_newest_cut(project, study)
        rebuild()  # reads packages and modules from the disk, once for all runs
        runs = {
            "clean rebuild": rebuild,
            "nothing to do": lambda: snakemake(project, *config),
            "one configuration key (short_title)": change_one_key,
        }
        if older:
            runs["clean rebuild, compared with the cut before"] = rebuild_and_compare
        measured: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
        for _ in range(REPEATS):
            for name, run in runs.items():
                before, seconds, after = time_start(trivial), run(), time_start(trivial)
                measured[name].append((seconds, (before + after) / 2))
    print(f"study {study}, {CORES} cores, median of {REPEATS}")
    print(f"{'':46}seconds   Snakemake's start   ratio")
    for name, pairs in measured.items():
        seconds, start = (median(column) for column in zip(*pairs, strict=True))
        ratio = median(run / start for run, start in pairs)
        print(f"{name:46}{seconds:7.1f}{start:20.1f}{ratio:8.1f}")


if __name__ == "__main__":
    main()
