"""A job reads what its rule declares, and nothing else of the project.

Python tells of what it opens (`sys.addaudithook`); so every read of the package goes through Python,
and Arrow and DuckDB are handed what Python opened. What a library would open below Python, no event
tells of: where Linux has Landlock, the kernel itself refuses a job every other file of the project
(`graftline.kernel_reads`). A module of the project that was imported counts as read.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from graftline.errors import GraftlineError

ROOT = Path(__file__).parents[2]
# The environment may lie inside the project, and so does what Snakemake keeps to run a script.
ENVIRONMENT = tuple(dict.fromkeys(Path(path).resolve() for path in (sys.prefix, sys.base_prefix)))
OWN_FOLDERS = (".snakemake", "workflow/graftline.egg-info")
_QUOTED = re.compile(r"""['"]([^'"]+)['"]""")
_watching: DeclaredReads | None = None
_hooked = False


class UndeclaredReadError(GraftlineError):
    """A rule's script reads a file of the project that the rule does not declare."""


def flat_paths(items: Iterable[Any]) -> list[str]:
    """All paths among named inputs, of which some are lists."""
    paths: list[str] = []
    for item in items:
        paths += [item] if isinstance(item, str) else flat_paths(item)
    return paths


def _real_source(path: str | bytes | os.PathLike) -> Path:
    """The file that `path` leads to; for a module as it was compiled, the module."""
    real = Path(os.fsdecode(path)).resolve()
    if real.parent.name == "__pycache__" and real.suffix == ".pyc":
        return real.parent.parent / f"{real.name.partition('.')[0]}.py"
    return real


class DeclaredReads:
    """The files that the rule `rule` may read: its `inputs`, its script, and all that lies in `folders`.

    Files below `roots` are guarded: the project, and the folder that Snakemake runs in.
    """

    def __init__(
        self,
        rule: str,
        inputs: Iterable[str],
        *,
        roots: Iterable[str | Path] = (ROOT, "."),
        folders: Iterable[str | Path] = (),
    ):
        self.rule = rule
        self.roots = sorted({Path(root).resolve() for root in roots})
        self.inputs = [Path(path) for path in inputs]
        self.inputs.append(ROOT / "workflow" / "scripts" / f"{rule}.py")
        self._declared = {path.resolve() for path in self.inputs}
        self.free = (
            *ENVIRONMENT,
            *(root / name for root in self.roots for name in OWN_FOLDERS),
            *(Path(folder).resolve() for folder in folders),
        )
        self._free_folders: set[str] = set()
        self.seen: set[Path] = set()

    def allow(self, folder: str | Path) -> None:
        """Let what lies in `folder` be read from now on."""
        self.free = (*self.free, Path(folder).resolve())

    def is_undeclared(self, path: Path) -> bool:
        """Whether a file of the project, by its real path, is neither declared nor environment nor
        Snakemake's own."""
        return (
            path not in self._declared
            and any(path.is_relative_to(root) for root in self.roots)
            and not self._is_free(path)
        )

    def _is_free(self, path: Path) -> bool:
        return any(path.is_relative_to(folder) for folder in self.free)

    def refuse(self, path: Path) -> UndeclaredReadError:
        """The error that names the file."""
        shown = next((path.relative_to(r) for r in self.roots if path.is_relative_to(r)), path)
        return UndeclaredReadError(
            f"rule {self.rule} reads {shown}, which it does not declare: add it to the rule's input "
            "in workflow/rules, or do not read it"
        )

    def check(self, path: Any) -> None:
        """Note that `path` was opened for reading. Raises UndeclaredReadError."""
        if not isinstance(path, (str, bytes, os.PathLike)):
            return  # a descriptor of what is open already
        # An import opens hundreds of files of a few folders: each is asked about once.
        name = os.fsdecode(path)
        folder = name.rpartition(os.sep)[0]
        if folder in self._free_folders and not Path(name).is_symlink():
            return
        real = _real_source(name)
        if folder.startswith(os.sep) and self._is_free(Path(folder).resolve()):
            self._free_folders.add(folder)
        if self.is_undeclared(real) and not real.is_dir():
            self.seen.add(real)
            raise self.refuse(real)
        if real in self._declared:
            self.seen.add(real)

    def check_all(self) -> None:
        """Raises UndeclaredReadError if a file was read whose error somebody caught."""
        for path in sorted(self.seen):
            if self.is_undeclared(path):
                raise self.refuse(path)

    def check_modules(self, modules: Iterable[Any]) -> None:
        """Raises UndeclaredReadError for a module of the project that is not declared as code."""
        for module in modules:
            file = getattr(module, "__file__", None)
            if file and getattr(module, "__name__", None) != "__main__":
                self.check(file)

    def find_refused(self, error: BaseException | None) -> UndeclaredReadError | None:
        """The file that the kernel refused, if that is what `error` or an error before it tells.

        Libraries keep the path in their message; only a file of the project is told, which holds no
        patient's value.
        """
        while error is not None:
            text = str(error)
            if getattr(error, "errno", None) == errno.EACCES or "ermission denied" in text:
                named = [getattr(error, "filename", None), *_QUOTED.findall(text)]
                for name in named:
                    with suppress(OSError, TypeError, ValueError):  # no path at all
                        path = _real_source(name)
                        if path.is_file() and self.is_undeclared(path):
                            return self.refuse(path)
            error = error.__cause__ or error.__context__
        return None


def _hook(event: str, arguments: tuple) -> None:
    if event != "open" or _watching is None:
        return
    path, mode, flags = arguments
    writes_only = flags & os.O_ACCMODE == os.O_WRONLY if isinstance(flags, int) else mode == "w"
    if not writes_only:
        _watching.check(path)


@contextmanager
def watched(reads: DeclaredReads) -> Iterator[DeclaredReads]:
    """Whatever Python opens inside is held against `reads`. Raises UndeclaredReadError where it is
    opened, and again at the end, in case the first was caught."""
    global _watching, _hooked
    if not _hooked:  # a hook cannot be taken away
        sys.addaudithook(_hook)
        _hooked = True
    before, _watching = _watching, reads
    try:
        yield reads
    finally:
        _watching = before
    reads.check_all()
