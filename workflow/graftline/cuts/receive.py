"""Receiving a delivery: checked, copied under a temporary name, sealed, renamed into place.

A cut is there whole or not at all. Nothing that was received before is touched.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from graftline.cuts.checksums import LINE_DIGESTS, SUMS, hash_file, read_sums
from graftline.cuts.find import is_cut_name, list_cut_folders
from graftline.cuts.lines import digest_lines, format_section
from graftline.cuts.manifest import build_manifest, digest_of
from graftline.environment import read_lock
from graftline.errors import GraftlineError
from graftline.sealed_folder import make_read_only, remove_folder, sync_folder

PACKAGE = "package:"
# What holds the data of packages: not needed to run the pipeline, so not in requirements.lock.
DATA_LOCK = "requirements-real-data.lock"


@dataclass(frozen=True)
class Received:
    """A cut that was received: its folder as it is shown, its files, the digest of them all."""

    shown: str
    files: list[str]
    digest: str


def find_source(root: Path, source: str) -> Path:
    """The folder of a delivery: a path, or `package:NAME/FOLDER` for data that a package carries.

    Raises GraftlineError where there is none; for a package that is missing, or not the one that the
    lock of data packages pins, it says what to type.
    """
    if not source.startswith(PACKAGE):
        folder = Path(source)
        if not folder.is_dir():
            raise GraftlineError(f"{source}: there is no such folder; check the name")
        return folder
    name, _, inner = source.removeprefix(PACKAGE).partition("/")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name) or not re.fullmatch(r"[A-Za-z0-9_./-]+", inner):
        raise GraftlineError(f"{source}: write it as package:NAME/FOLDER")
    lock = root / DATA_LOCK
    pins = read_lock(lock.read_text(encoding="utf-8")) if lock.is_file() else []
    wanted = {pin: version for pin, version, _, _ in pins}.get(name)
    typed = f"type: ./run python -m pip install --require-hashes -r {DATA_LOCK}"
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise GraftlineError(
            f"the package {name} is not installed; {typed if wanted else 'install it with pip'}"
        )
    if wanted and metadata.version(name) != wanted:
        raise GraftlineError(f"{name} is {metadata.version(name)}, not {wanted}; {typed}")
    base = Path(spec.submodule_search_locations[0])
    for folder in (base / "_data" / inner, base / inner):
        if ".." not in folder.parts and folder.is_dir():
            return folder
    raise GraftlineError(f"{source}: the package has no folder {inner}")


def receive_cut(
    root: Path,
    data: str,
    study: str,
    cut: str,
    source: Path,
    wanted: list[str],
    *,
    today: str,
    backfill: bool = False,
    check: Callable[[dict[str, bytes]], list[str]] = lambda contents: [],
    tell: Callable[[str], None] = lambda step: None,
) -> Received:
    """Make the folder `data`/`study`/`cut` below `root` from the files `wanted` of `source`.

    `check` is given the files' contents and says what cannot be read; `tell` is told each step before
    it is taken; `today` is a date in ISO 8601. Raises GraftlineError, with the reason, and leaves
    everything as it was: for a cut that is there, one later than `today`, one older than the newest
    without `backfill`, one with the content of the cut before or after it, and a delivery that is not
    complete, not readable, or not what its own SHA256SUMS states.
    """
    shown = f"{data}/{study}/{cut}"
    target = root / shown
    _check_place(root, data, study, cut, backfill)
    _check_day(cut, today)
    _check_complete(source, wanted)
    contents = {}
    for name in wanted:
        tell(f"reading {name}, {(source / name).stat().st_size / 1e6:.1f} MB")
        contents[name] = (source / name).read_bytes()
    tell("checking that each file gives a table")
    problems = check(contents)
    if problems:
        raise GraftlineError("the delivery is refused:\n" + "\n".join(problems))
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(contents.items())}
    _check_news(root, data, study, cut, sums)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{cut}.{os.getpid()}.part")
    try:
        _copy(contents, sums, temporary, tell)
        make_read_only(temporary)
        temporary.rename(target)
    finally:
        if temporary.exists():
            remove_folder(temporary)
    sync_folder(target.parent)
    return Received(shown, sorted(sums), digest_of(sums))


def _check_place(root: Path, data: str, study: str, cut: str, backfill: bool) -> None:
    """That the cut is a date, is new, and comes after those that there are."""
    if not is_cut_name(cut):
        raise GraftlineError(f"--cut {cut}: not a date; write it as YYYY-MM-DD")
    if (root / data / study / cut).exists():
        raise GraftlineError(
            f"{data}/{study}/{cut} is there already; a cut that was received is never changed: "
            "correct values in corrections.csv, or receive the delivery as a cut of its own date"
        )
    if not (root / data / study).is_dir():
        return
    newer = [
        folder.name
        for folder in list_cut_folders(root, data, study)
        if folder.missing is None and folder.name > cut
    ]
    if newer and not backfill:
        raise GraftlineError(
            f"--cut {cut} is older than the newest cut, {newer[-1]}; give --backfill if it is meant"
        )


def _check_day(cut: str, today: str) -> None:
    """That the cut is of a day that has come: until a later one, nobody can have been followed."""
    if cut > today:
        raise GraftlineError(
            f"--cut {cut} lies in the future, today being {today}; give the day that the data were taken "
            "from the database"
        )


def _check_complete(source: Path, wanted: list[str]) -> None:
    """That every file is there, is a file, holds something, and is what SHA256SUMS states if there is one."""
    present = {path.name.lower(): path.name for path in source.iterdir()}
    missing = []
    for name in wanted:
        if not (source / name).is_file():
            other = present.get(name.lower())
            missing.append(f"{name} (there is {other})" if other else name)
    if missing:
        raise GraftlineError(
            f"the delivery is not complete: {source} lacks {', '.join(missing)}, which the study's tables "
            "come from"
        )
    empty = [name for name in wanted if not (source / name).stat().st_size]
    if empty:
        raise GraftlineError(
            f"the delivery is not complete: {', '.join(empty)} of {source} is empty"
        )
    if (source / SUMS).is_file():
        stated = read_sums(source, str(source))
        absent = [name for name in stated if not (source / name).is_file()]
        if absent:
            raise GraftlineError(
                f"the delivery is not complete: {source} lacks {', '.join(absent)}, which its {SUMS} names"
            )
        wrong = [name for name in wanted if stated.get(name) != hash_file(source / name)]
        if wrong:
            raise GraftlineError(
                f"{', '.join(wrong)} of {source} is not what its {SUMS} states; have it sent again"
            )


def _check_news(root: Path, data: str, study: str, cut: str, sums: dict[str, str]) -> None:
    """That the cuts before and after this one, if there are any, have other content."""
    if not (root / data / study).is_dir():
        return
    whole = [one for one in list_cut_folders(root, data, study) if one.missing is None]
    before = [folder for folder in whole if folder.name < cut]
    after = [folder for folder in whole if folder.name > cut]
    for folder in (*before[-1:], *after[:1]):
        if build_manifest(folder.path, folder.shown)["files"] == sums:
            raise GraftlineError(
                f"the delivery has the same content as the cut {folder.name}; nothing is new"
            )


def _copy(
    contents: dict[str, bytes], sums: dict[str, str], folder: Path, tell: Callable[[str], None]
) -> None:
    """Write the files, digests of their lines and SHA256SUMS, and read back what is on the disk."""
    sections = []
    for name, content in contents.items():
        tell(f"copying {name} and taking the digests of its lines")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
        if hash_file(path) != sums[name]:
            raise GraftlineError(f"{name} was not written as it was read; nothing was received")
        sections.append(format_section(name, sums[name], digest_lines([content])))
    _write(folder / LINE_DIGESTS, "".join(sections).encode("utf-8"))
    _write(folder / SUMS, "".join(f"{sums[name]}  {name}\n" for name in sums).encode("utf-8"))


def _write(path: Path, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
