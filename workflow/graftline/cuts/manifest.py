"""The manifest of a cut: the sha256 of each of its files, and of them all."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

from graftline.cuts.checksums import SUMS, files_of, hash_file, read_sums
from graftline.errors import GraftlineError
from graftline.tables import read_json, write_json

# Some file systems keep times by the second: a file may change twice within one and look unchanged.
SETTLED_NS = 2_000_000_000


class HashCache:
    """The sha256 of files that have not changed since they were last hashed.

    A file counts as unchanged while its size, mtime, ctime and inode are the same; ctime cannot be
    set back, so that a file replaced under an older mtime is hashed again. A file that was touched
    in the last two seconds is hashed each time.
    """

    def __init__(self, path: Path):
        self._path = path
        self._known: dict[str, Any] = {}
        self._changed = False
        try:
            self._known = read_json(path)
        except (OSError, ValueError):  # none yet, or spoilt: hash again
            self._changed = True

    def hash(self, path: Path) -> str:
        """The sha256 of the file at `path`."""
        state = path.stat()
        stamp = [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]
        known = self._known.get(str(path))
        if known and known["stamp"] == stamp:
            return known["sha256"]
        digest = hash_file(path)
        if time.time_ns() - max(state.st_mtime_ns, state.st_ctime_ns) > SETTLED_NS:
            self._known[str(path)] = {"stamp": stamp, "sha256": digest}
            self._changed = True
        return digest

    def save(self) -> None:
        """Write what was hashed, if anything was."""
        if self._changed and self._known:
            write_json(self._path, self._known)


def digest_of(value: Any) -> str:
    """The sha256 of `value` as canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def build_manifest(folder: Path, shown: str, hash_of=hash_file) -> dict[str, Any]:
    """The manifest of the cut in `folder`: files with sha256, and the digest of them all.

    Raises GraftlineError, naming every file concerned and its edited lines, when SHA256SUMS is not true of the folder:
    a file that differs, one that is missing, and one that it does not name.
    """
    stated = read_sums(folder, shown)
    present = files_of(folder)
    absent = sorted(set(stated) - set(present))
    if absent:
        raise GraftlineError(
            f"{shown} lacks {', '.join(absent)}, which its {SUMS} names; the cut is not complete: "
            "copy what is missing"
        )
    unnamed = [name for name in present if name not in stated]
    if unnamed:
        raise GraftlineError(
            f"{shown}: {', '.join(unnamed)} not named in {SUMS}; add the file's checksum or remove it"
        )
    found = {name: hash_of(folder / name) for name in present}
    changed = [name for name in present if found[name] != stated[name]]
    if changed:
        places = ", ".join(_name_edited(folder, shown, name, stated[name]) for name in changed)
        raise GraftlineError(
            f"{places}: the content is not what {SUMS} states; "
            f"the file was changed after it was received: restore it, or, if the change is meant, "
            f"receive the data as a new cut"
        )
    return {"files": found, "digest": digest_of(found)}


def _name_edited(folder: Path, shown: str, name: str, sha256: str) -> str:
    """The file and, where the cut has digests of its lines, the lines that were edited."""
    from graftline.cuts.lines import describe_edit

    lines = describe_edit(folder, name, sha256)
    return f"{shown}/{name}" + (f" ({lines})" if lines else "")


def describe_cut(shown: str, manifest: dict[str, Any], data_label: str | None) -> dict[str, Any]:
    """What the manifest's file among the results says: the cut's folder, manifest and label."""
    return {"folder": shown, "data_label": data_label} | manifest
