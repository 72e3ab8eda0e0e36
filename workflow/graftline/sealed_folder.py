"""Folders that are made under a temporary name, checked, made read-only and renamed into place."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from graftline.cuts.checksums import SUMS, hash_file
from graftline.errors import GraftlineError

PART = 1 << 20  # bytes held at a time


def copy_file(source: Path, target: Path) -> str:
    """Copy a file's content, and whether it can be run, onto the disk; returns the content's sha256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with open(source, "rb") as read, open(target, "wb") as written:
        while part := read.read(PART):
            digest.update(part)
            written.write(part)
        written.flush()
        os.fchmod(written.fileno(), 0o755 if os.fstat(read.fileno()).st_mode & 0o100 else 0o644)
        os.fsync(written.fileno())
    return digest.hexdigest()


def format_sums(sums: Mapping[str, str]) -> str:
    """The text of a SHA256SUMS file, as sha256sum writes it, sorted by name."""
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))


def list_all_files(folder: Path) -> list[str]:
    """Every file and link below `folder`, hidden ones too, as paths relative to it, sorted."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def compare_with_sums(folder: Path, sums: Mapping[str, str]) -> list[str]:
    """What differs between the files of `folder` and `sums` (name -> sha256): a sentence for each file
    that is missing, or whose content is another one. Files that `sums` does not name are not looked at."""
    problems = []
    for name in sorted(sums):
        path = folder / name
        if path.is_symlink():
            problems.append(f"{name}: is a link and not a file")
        elif not path.is_file():
            problems.append(f"{name}: is missing")
        elif hash_file(path) != sums[name]:
            problems.append(f"{name}: the content is not what {SUMS} states")
    return problems


def make_read_only(folder: Path) -> None:
    """Take the right to write from everything in `folder` and from itself, and put the names of its
    files onto the disk."""
    below = [path for path in folder.rglob("*") if not path.is_symlink()]
    for path in sorted(below, key=lambda path: len(path.parts), reverse=True):
        if path.is_dir():
            sync_folder(path)
        path.chmod(0o444 | path.stat().st_mode & 0o111)
    sync_folder(folder)
    folder.chmod(0o555)


def sync_folder(folder: Path) -> None:
    """Put the names that `folder` holds onto the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_folder(folder: Path) -> None:
    """Remove a folder, also where it was made read-only already."""
    if folder.is_symlink() or not folder.is_dir():
        raise GraftlineError(f"{folder}: is not a folder; remove it by hand if it is not needed")
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)
