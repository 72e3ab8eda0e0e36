"""Files that appear under their name when they are whole, and not before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replace_file(path: str | Path) -> Iterator[Path]:
    """The name of a temporary file beside `path`, which becomes `path` when all went well.

    Whoever writes it has closed it by then; its content is on the disk before the name is, and nothing
    is left when anything failed. The temporary name is this process' own: a job left over from a killed
    run may write the same file.
    """
    path = Path(path)
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
