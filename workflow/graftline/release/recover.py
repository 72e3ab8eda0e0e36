"""After a sealing that was cut off: what is half made is removed, what is whole is entered."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from graftline.cuts.checksums import SUMS, hash_file, read_sums
from graftline.errors import GraftlineError
from graftline.ledger.file import append_record, read_ledger
from graftline.ledger.records import NOTHING_BEFORE, find_head, make_record
from graftline.release.latest import point_latest
from graftline.release.layout import RECORD, StudyReleases
from graftline.sealed_folder import compare_with_sums, list_all_files, remove_folder
from graftline.tables import read_json


@contextmanager
def hold_releases(releases: StudyReleases) -> Iterator[None]:
    """Be the only one who changes the releases of a study. Raises GraftlineError where another is at it;
    a killed process holds nothing."""
    releases.path.mkdir(parents=True, exist_ok=True)
    handle = os.open(releases.path / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise GraftlineError(
                f"{releases.path}: another process is sealing a release; try again when it is done"
            ) from None
        yield
    finally:
        os.close(handle)


def compare_release(folder: Path, record: dict[str, Any]) -> list[str]:
    """What differs between a release's files and its record: a sentence for each file that is missing,
    that has other content, or that was added."""
    if not (folder / SUMS).is_file():
        return [f"{SUMS}: is missing"]
    if hash_file(folder / SUMS) != record["contents"]:
        return [f"{SUMS}: the content is not what the ledger states"]
    sums = read_sums(folder, str(folder))
    added = set(list_all_files(folder)) - set(sums) - {SUMS, RECORD}
    return compare_with_sums(folder, sums) + [
        f"{name}: was added after the release was sealed" for name in sorted(added)
    ]


def _enter(releases: StudyReleases, cut: str, sequence: int) -> None:
    """Enter a release that was put into place and not into the ledger."""
    folder = releases.folder(cut, sequence)
    what = f"{folder}: this release is not in the ledger"
    by_hand = "; restore the ledger from a copy, or move the folder away"
    if not (folder / RECORD).is_file():
        raise GraftlineError(f"{what} and has no {RECORD}{by_hand}")
    record = read_json(folder / RECORD)
    if (record["cut"], record["sequence"]) != (cut, sequence):
        raise GraftlineError(f"{what}, and its {RECORD} is that of another release{by_hand}")
    if record["previous"] != find_head(read_ledger(releases.ledger)):
        raise GraftlineError(f"{what}, and does not follow the ledger's last record{by_hand}")
    content = {key: record[key] for key in record if key not in ("previous", "hash")}
    problems = compare_release(folder, record)
    if make_record(content, record["previous"]) != record:
        problems.append(f"{RECORD}: was edited")
    if problems:
        raise GraftlineError(f"{what}, and differs from what was sealed: {'; '.join(problems)}")
    append_record(releases.ledger, record)


def recover_releases(releases: StudyReleases) -> list[str]:
    """Bring the releases of a study into order after a crash; a sentence for each thing done.

    A copy that was not completed is removed. A release that is whole and in place, and was not yet
    entered in the ledger, is entered, as it would have been. `latest` is moved where it has to be.
    Raises GraftlineError, and changes nothing more, where the ledger's chain does not hold, a folder
    does not follow it, or a release of the ledger has no folder. To be called by who holds the releases
    (`hold_releases`).
    """
    done = []
    entered = {(one["cut"], one["sequence"]) for one in read_ledger(releases.ledger)}
    for folder in releases.list_unfinished():
        remove_folder(folder)
        done.append(f"{folder}: removed, a copy that was not completed")
    for rest in releases.path.glob(f".{releases.ledger.name}.*.part"):
        rest.unlink()
    missing = sorted(entered - set(releases.list_folders()))
    if missing:
        names = ", ".join(f"{cut}/{sequence}" for cut, sequence in missing)
        raise GraftlineError(
            f"{releases.path}: the ledger has {names}, of which there is no folder; restore it"
        )
    waiting = [key for key in releases.list_folders() if key not in entered]
    for key in sorted(waiting, key=lambda key: _place(releases, key)):
        _enter(releases, *key)
        done.append(f"{releases.folder(*key)}: entered in the ledger, which a crash had prevented")
    if point_latest(releases, read_ledger(releases.ledger)):
        done.append(f"{releases.latest}: moved to the newest release")
    return done


def _place(releases: StudyReleases, key: tuple[str, int]) -> tuple[bool, str, int]:
    """Sorts releases that are not entered: one that starts a ledger, then by cut and sequence."""
    file = releases.folder(*key) / RECORD
    first = file.is_file() and read_json(file)["previous"] == NOTHING_BEFORE
    return (not first, *key)
