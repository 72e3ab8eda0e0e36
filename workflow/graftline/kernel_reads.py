"""The kernel refuses a process files that it was not granted (Landlock, Linux 5.13 and later).

This sees what Arrow, DuckDB and any other library open below Python. It needs no privilege, holds for
this process and its children, and cannot be undone: it is for a job's own process only. See landlock(7).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
_READ_FILE = 1 << 2  # LANDLOCK_ACCESS_FS_READ_FILE; writing and listing are left alone
_VERSION = 1 << 0
_NO_NEW_PRIVILEGES = 38


def _beside(folder: str, guarded: set[str]) -> Iterable[str]:
    """The files and folders that hold all of `folder` but what is guarded.

    A symbolic link is left out: what it leads to has a place of its own.
    """
    above = {path for path in guarded if path.startswith(folder.rstrip("/") + "/")}
    if folder in guarded:
        return
    if not above:
        yield folder
        return
    with os.scandir(folder) as entries:
        inside = sorted(entry.path for entry in entries if not entry.is_symlink())
    for path in inside:
        yield from _beside(path, guarded)


def can_restrict() -> bool:
    """Whether this kernel has Landlock."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    return libc.syscall(_CREATE_RULESET, None, 0, _VERSION) >= 1


def restrict_reads(guarded: Iterable[str], granted: Iterable[str]) -> bool:
    """From now on this process can read, of what lies below the real paths `guarded`, only the files
    and folders `granted`. False where it cannot be done; then nothing is refused."""
    if not can_restrict():
        return False
    try:
        beside = list(_beside("/", set(guarded)))
    except OSError:  # a folder above may not be listed, and what lies in it cannot be granted
        return False
    import ctypes

    class Ruleset(ctypes.Structure):
        _fields_ = [("handled_access_fs", ctypes.c_uint64)]

    class PathBeneath(ctypes.Structure):
        _pack_ = 1
        _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]

    libc = ctypes.CDLL(None, use_errno=True)
    ruleset = Ruleset(_READ_FILE)
    handle = libc.syscall(_CREATE_RULESET, ctypes.byref(ruleset), ctypes.sizeof(ruleset), 0)
    if handle < 0:
        return False
    try:
        for path in (*beside, *granted):
            try:
                at = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except OSError:
                continue  # gone meanwhile, or an input that is not there, which fails when it is read
            try:
                rule = PathBeneath(_READ_FILE, at)
                libc.syscall(_ADD_RULE, handle, _PATH_BENEATH, ctypes.byref(rule), 0)
            finally:
                os.close(at)
        if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            return False
        return libc.syscall(_RESTRICT_SELF, handle, 0) == 0
    finally:
        os.close(handle)
