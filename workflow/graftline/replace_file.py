"""Files that appear under their name when they are whole, and not before."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _remove_left_over(path: Path) -> None:
    """Remove temporary files of `path` whose process was killed."""
    for part in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        process = part.name.split(".")[-2]
        if process.isdecimal() and not Path("/proc", process).exists():
            part.unlink(missing_ok=True)


@contextmanager
def replace_file(path: str | Path) -> Iterator[Path]:
    """The name of a temporary file beside `path`, which becomes `path` when all went well.

    Whoever writes it has closed it by then; its content is on the disk before the name is, and nothing
    is left when anything failed; what a killed process left goes with the next writing. The temporary name
    is this process' own: a job left over from a killed run may write the same file.
    """
    path = Path(path)
    _remove_left_over(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        # Not for reading: a job may read what its rule declares, and this is no input.
        file = os.open(temporary, os.O_WRONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
