"""LINE_DIGESTS: which lines of a frozen cut were edited.

One section a text file: a line `sha256  name` as in SHA256SUMS, then a digest for each line of the
file, the first 16 hexadecimal digits of the sha256 of its bytes without the line feed. A file with a
zero byte (Parquet, SAS) has no lines and no section. SHA256SUMS says whether a file is what was
received; this only says where to look. A short line can be guessed from its digest: the file is as
confidential as the tables beside it, and nothing of it leaves `data/`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

from graftline.cuts.checksums import LINE_DIGESTS

DIGITS = 16
BLOCK = 1 << 24
# Beyond these, only where the edit begins and ends is told, and only the first places are named.
MOST_COMPARED = 2000
MOST_NAMED = 10


def digest_lines(blocks: Iterable[bytes]) -> list[str] | None:
    """The digest of each line of a file given in `blocks`; None for a file that is not text."""
    found: list[str] = []
    rest = b""
    sha256 = hashlib.sha256
    for block in blocks:
        if b"\0" in block:
            return None
        *whole, rest = (rest + block).split(b"\n")
        found += [sha256(line).hexdigest()[:DIGITS] for line in whole]
    if rest:
        found.append(sha256(rest).hexdigest()[:DIGITS])
    return found


def read_blocks(path: Path) -> Iterator[bytes]:
    """The content of a file, 16 MB at a time."""
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            yield block


def format_section(name: str, sha256: str, digests: list[str] | None) -> str:
    """The section of the file `name`; empty for a file without lines."""
    if digests is None:
        return ""
    return "\n".join([f"{sha256}  {name}", *digests, ""])


def read_section(folder: Path, name: str, sha256: str) -> list[str] | None:
    """The digests that the folder's LINE_DIGESTS has for the file `name` whose sha256 was `sha256`.

    None where there are none: no such file, no such section, or one of another content.
    """
    if not (folder / LINE_DIGESTS).is_file():
        return None
    wanted = f"{sha256}  {name}"
    found: list[str] | None = None
    with open(folder / LINE_DIGESTS, encoding="utf-8", errors="replace") as file:
        for line in map(str.rstrip, file):
            if len(line) > DIGITS:
                if found is not None:
                    break
                found = [] if line == wanted else None
            elif found is not None:
                found.append(line)
    return found


def describe_edit(folder: Path, name: str, sha256: str) -> str | None:
    """Which lines of the file `name` are not what was received, as a phrase; None where it cannot be
    told. `sha256` is that of the file as it was received."""
    before = read_section(folder, name, sha256)
    after = digest_lines(read_blocks(folder / name))
    if before is None or after is None:
        return None
    places = list_edits(before, after)
    if not places:
        return "the same lines with another end of the file"
    more = len(places) - MOST_NAMED
    named = ", ".join(places[:MOST_NAMED])
    return f"{named} and {more} more" if more > 0 else named


def list_edits(before: list[str], after: list[str]) -> list[str]:
    """A phrase for each place where the lines `after` differ from those `before`, in the order of the
    file; lines are counted from 1."""
    start = 0
    shorter = min(len(before), len(after))
    while start < shorter and before[start] == after[start]:
        start += 1
    end = 0
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if not old and not new:
        return []
    if max(len(old), len(new)) > MOST_COMPARED:
        if len(old) != len(new):
            return [_describe("replace", start, len(old), start, len(new))]
        edits = [("replace", at, at + 1, at, at + 1) for at in _differing(old, new)]
    else:
        edits = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        _describe(kind, start + i1, i2 - i1, start + j1, j2 - j1)
        for kind, i1, i2, j1, j2 in edits
        if kind != "equal"
    ]


def _differing(old: list[str], new: list[str]) -> list[int]:
    return [at for at, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]


def _describe(kind: str, old: int, n_old: int, new: int, n_new: int) -> str:
    """One edit in words: `n_old` lines from position `old` gave way to `n_new` from `new`."""
    here = f"line {new + 1}" if n_new == 1 else f"lines {new + 1} to {new + n_new}"
    if kind == "insert":
        return f"{here} added"
    if kind == "delete":
        gone = f"line {old + 1}" if n_old == 1 else f"lines {old + 1} to {old + n_old}"
        return f"{gone} removed"
    if n_old == n_new:
        return f"{here} changed"
    return f"{here} in place of {n_old}"
