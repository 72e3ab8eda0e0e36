"""Looking for a shared library without asking the machine's compiler where it lies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_compilers() -> Iterator[None]:
    """No program is found on the path meanwhile.

    WeasyPrint asks for Pango by several names. For each that the linker's cache does not have, ctypes
    starts gcc and ld, thirty processes in all, before the name that is right is tried.
    """
    path = os.environ.get("PATH")
    os.environ["PATH"] = ""
    try:
        yield
    finally:
        if path is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = path
