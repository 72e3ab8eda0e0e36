"""Processes that a killed run left running: waited for, and ended if they go on.

Each process of a scheduled run carries the project's folder in its environment, and its children
inherit it, so that they are known whatever process group they are in and whatever their number.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from graftline.errors import GraftlineError

MARK = "GRAFTLINE_SCHEDULED_RUN"
PROCESSES = Path("/proc")
# How long they may finish by themselves, and how long they have after having been asked to end.
PATIENCE = 60.0
GRACE = 10.0
STEP = 0.2


def mark_environment(root: Path) -> dict[str, str]:
    """This process' environment, with the mark of the project at `root`."""
    return {**os.environ, MARK: str(root.resolve())}


def _is_running(process: Path, mark: bytes) -> bool:
    try:
        if process.joinpath("stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return False  # ended, and not yet missed by its parent
        return mark in process.joinpath("environ").read_bytes().split(b"\0")
    except (OSError, IndexError):  # gone meanwhile, or another user's
        return False


def find_left_over(root: Path) -> list[int]:
    """Process ids of what a scheduled run of the project at `root` started, without this process."""
    mark = f"{MARK}={root.resolve()}".encode()
    found = (int(entry.name) for entry in PROCESSES.iterdir() if entry.name.isdecimal())
    return [
        process
        for process in sorted(found)
        if process != os.getpid() and _is_running(PROCESSES / str(process), mark)
    ]


def _wait(root: Path, seconds: float) -> bool:
    """Whether nothing is left within so many seconds."""
    end = time.monotonic() + seconds
    while find_left_over(root):
        if time.monotonic() > end:
            return False
        time.sleep(STEP)
    return True


def _signal(root: Path, number: int) -> None:
    for process in find_left_over(root):
        try:
            os.kill(process, number)
        except ProcessLookupError:
            continue


def end_left_over(root: Path, *, patience: float = PATIENCE, grace: float = GRACE) -> int:
    """Let nothing of an earlier run of the project at `root` go on; returns how many processes there were.

    They have `patience` seconds to finish by themselves, then `grace` seconds after SIGTERM, then
    SIGKILL. To be called by who holds the lease. Raises GraftlineError if one cannot be ended.
    """
    left = find_left_over(root)
    if not left or _wait(root, patience):
        return len(left)
    for number in (signal.SIGTERM, signal.SIGKILL):
        _signal(root, number)
        if _wait(root, grace):
            return len(left)
    still = ", ".join(map(str, find_left_over(root)))
    raise GraftlineError(f"processes of an earlier run do not end: {still}; end them by hand")
