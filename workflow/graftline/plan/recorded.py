"""What the last run of a cut was made from, as its records and the releases have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from graftline.code_tree import code_files
from graftline.cuts.checksums import hash_file
from graftline.cuts.lines import read_section
from graftline.plan.changes import (
    FILE,
    TABLE,
    Change,
    compare_code,
    compare_configuration,
    compare_lines,
    compare_locks,
)
from graftline.release.layout import PROJECT, RESULTS, StudyReleases
from graftline.tables import read_json

BUILD, CONFIGURATION = "audit/build.json", "audit/configuration.json"
MANIFEST = "audit/cut_manifest.json"
LOCK = "requirements.lock"


def find_recorded(results: Path, cut: str) -> Path | None:
    """The results of `cut`, else those of the newest earlier cut, below results/<study>; None without."""
    finished = sorted(path.parents[1] for path in results.glob(f"*/{BUILD}"))
    of_before = [path for path in finished if path.name <= cut]
    return of_before[-1] if of_before else None


def _find_sources(releases: StudyReleases, build: Mapping[str, Any]) -> Path | None:
    """The copy of the project in a release that was made of the same code as `build`."""
    for cut, sequence in reversed(releases.list_folders()):
        folder = releases.folder(cut, sequence)
        of_release = folder / RESULTS / BUILD
        if (
            of_release.is_file()
            and read_json(of_release)["parts"]["code_tree"] == build["parts"]["code_tree"]
        ):
            return folder / PROJECT
    return None


def _read(folder: Path | None, name: str) -> str | None:
    path = folder / name if folder else None
    return path.read_text(encoding="utf-8") if path and path.is_file() else None


def _compare_tables(
    recorded: Path, new: Mapping[str, str], raw: Path, cut: str
) -> Iterator[Change]:
    old = read_json(recorded / MANIFEST)["files"]
    since = f"cut {recorded.name}"
    for name in sorted({*old, *new}):
        if name not in old:
            yield Change(TABLE, name, f"is new since {since}")
        elif name not in new:
            yield Change(TABLE, name, f"is gone since {since}")
        elif old[name] != new[name]:
            before = read_section(raw / recorded.name, name, old[name])
            yield from compare_lines(name, before, read_section(raw / cut, name, new[name]), since)


def list_changes(
    root: Path,
    recorded: Path,
    releases: StudyReleases,
    *,
    configuration: Mapping[str, Any],
    raw_files: Mapping[str, str],
    raw: Path,
    study_files: Mapping[str, str],
) -> list[Change]:
    """What differs between the run in `recorded` (results/<study>/<cut>) and the project at `root` now.

    `configuration` is that of a run now, `raw` is data/<study>; `raw_files` and `study_files` map the names
    of the cut's files and of the study's own to their sha256. Functions and versions of packages are told
    where a release has the code of the recorded run.
    """
    build, before = read_json(recorded / BUILD), read_json(recorded / CONFIGURATION)
    sources = _find_sources(releases, build)
    changes = list(_compare_tables(recorded, raw_files, raw, configuration["cut"]))
    changes += compare_configuration(before["protocol"], configuration["protocol"])
    changes += compare_code(
        build["code"],
        {file: hash_file(root / file) for file in code_files(root)},
        lambda file: _read(sources, file),
        lambda file: (root / file).read_text(encoding="utf-8"),
    )
    if hash_file(root / LOCK) != build["parts"]["lock"]:
        lock = (root / LOCK).read_text(encoding="utf-8")
        changes += compare_locks(_read(sources, LOCK), lock, LOCK)
    # study.yaml is told by its keys.
    return changes + [
        Change(FILE, name, "changed")
        for name in sorted(study_files)
        if name != "study.yaml" and before["files"].get(name) != study_files[name]
    ]
