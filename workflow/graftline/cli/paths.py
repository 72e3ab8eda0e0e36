"""Input and output files that a command was given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graftline.errors import GraftlineError


def check_paths(sources: Sequence[Path], target: Path) -> None:
    """Raise GraftlineError unless all `sources` are there and `target` can be written beside them."""
    for source in sources:
        if source.is_dir() or not source.exists():
            raise GraftlineError(f"{source}: there is no such file; check the name")
        if target.exists() and target.samefile(source):
            raise GraftlineError(f"{target}: --out is an input itself; give another name")
    if target.is_dir() or not target.parent.is_dir():
        raise GraftlineError(f"{target}: is not a file in a folder that exists; give another --out")
