"""Finding the cuts of a study. A cut is a folder named by its date, with a complete SHA256SUMS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graftline.cuts.checksums import SUMS, files_of, read_sums
from graftline.errors import GraftlineError


@dataclass(frozen=True)
class CutFolder:
    """A folder named by a date; `missing` says why it is not a complete cut, if it is not."""

    name: str
    path: Path
    shown: str
    missing: str | None


def is_cut_name(name: str) -> bool:
    """Whether `name` is a date as YYYY-MM-DD that exists."""
    try:
        return date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False


def _what_is_missing(folder: Path, shown: str) -> str | None:
    if not (folder / SUMS).is_file():
        return f"{shown} has no {SUMS}"
    try:
        stated = read_sums(folder, shown)
    except GraftlineError as error:  # SHA256SUMS itself may be half copied
        return str(error)
    absent = sorted(set(stated) - set(files_of(folder)))
    if absent:
        return f"{shown} lacks {', '.join(absent)}, which its {SUMS} names"
    return None


def list_cut_folders(root: Path, data: str, study: str) -> list[CutFolder]:
    """All folders of `study` below `data` that are named by a date, oldest first."""
    base = root / data / study
    if not base.is_dir():
        raise GraftlineError(
            f"there is no folder {data}/{study}; data cuts belong there: make one of a delivery with "
            f"graftline receive FOLDER --study {study} --cut YYYY-MM-DD"
        )
    names = sorted(path.name for path in base.iterdir() if path.is_dir() and is_cut_name(path.name))
    folders = []
    for name in names:
        shown = f"{data}/{study}/{name}"
        folders.append(CutFolder(name, base / name, shown, _what_is_missing(base / name, shown)))
    return folders


def choose_cut(folders: list[CutFolder], wanted: str, study: str) -> CutFolder:
    """The folder of the cut `wanted`, a date or "latest" for the newest complete one.

    Raises GraftlineError where there is none; an incomplete folder is never chosen.
    """
    complete = [folder for folder in folders if folder.missing is None]
    if wanted == "latest":
        if not complete:
            reasons = (
                "; ".join(folder.missing for folder in folders) or "no folder is named by a date"
            )
            raise GraftlineError(
                f"study {study} has no complete data cut: {reasons}; make one of a delivery with "
                f"graftline receive FOLDER --study {study} --cut YYYY-MM-DD"
            )
        return complete[-1]
    for folder in folders:
        if folder.name == wanted:
            if folder.missing:
                raise GraftlineError(f"the cut {wanted} is not complete: {folder.missing}")
            return folder
    known = ", ".join(folder.name for folder in complete) or "none"
    raise GraftlineError(f"study {study} has no data cut {wanted!r}; there are: {known}")
