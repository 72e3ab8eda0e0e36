"""SHA256SUMS: reading, and comparing with what lies in the folder."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from graftline.errors import GraftlineError

SUMS = "SHA256SUMS"
# Where each line of the files has a digest (graftline.cuts.lines).
LINE_DIGESTS = "LINE_DIGESTS"
_LINE = re.compile(r"(?P<digest>[0-9a-f]{64}) [ *](?P<name>.+)")


def hash_file(path: str | Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_sums(folder: Path, shown: str) -> dict[str, str]:
    """File name -> sha256 as the folder's SHA256SUMS states them.

    Raises GraftlineError where there is none, or it names no file; and, naming the line, for a line
    that is not one of sha256sum's, a file named twice, and a name that leads out of the folder.
    """
    if not (folder / SUMS).is_file():
        raise GraftlineError(
            f"{shown} has no {SUMS}; make it with sha256sum when all files are there"
        )
    sums: dict[str, str] = {}
    text = (folder / SUMS).read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        found = _LINE.fullmatch(line)
        where = f"{shown}/{SUMS}, line {number}"
        if not found:
            raise GraftlineError(
                f"{where}: not a line of sha256sum; make the file anew with sha256sum"
            )
        name = found["name"].removeprefix("./")
        if name in sums:
            raise GraftlineError(f"{where}: {name} is named twice; keep one line")
        if name.startswith("/") or ".." in Path(name).parts:
            raise GraftlineError(
                f"{where}: {name} lies outside the folder; name files of the cut only"
            )
        sums[name] = found["digest"]
    if not sums:
        raise GraftlineError(f"{shown}/{SUMS} names no file; make it anew with sha256sum")
    return sums


def files_of(folder: Path) -> list[str]:
    """The files of a cut, below its folder, sorted; neither the digests of files and lines nor hidden
    files are among them."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
        and path.name not in (SUMS, LINE_DIGESTS)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
