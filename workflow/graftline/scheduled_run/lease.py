"""The lease: one scheduled run of a project at a time, and who holds it.

The kernel's lock on the file decides; it is let go when its process ends, however it ends. What the file
says is for people, and for the next run to find out what a crashed one left behind.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from graftline.errors import GraftlineError

LEASE = Path(".graftline") / "scheduled-run.lease"


@dataclass(frozen=True)
class Holder:
    """Who holds a lease: host, process group and the time at which it was taken."""

    host: str
    process_group: int
    since: str

    def __str__(self) -> str:
        return f"process group {self.process_group} on {self.host}, since {self.since}"


def _this_process() -> Holder:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Holder(socket.gethostname(), os.getpgrp(), now)


def _read_holder(handle: int) -> Holder | None:
    """What the lease's file says; None where it says nothing that can be read."""
    try:
        return Holder(**json.loads(os.pread(handle, 4096, 0)))
    except (ValueError, TypeError):
        return None


def _write_holder(handle: int, holder: Holder | None) -> None:
    content = b"" if holder is None else json.dumps(asdict(holder)).encode() + b"\n"
    os.ftruncate(handle, 0)
    os.pwrite(handle, content, 0)
    os.fsync(handle)


@contextmanager
def hold_lease(root: Path) -> Iterator[Holder | None]:
    """Hold the lease of the project at `root`; yields who held it last and did not give it back.

    Raises GraftlineError where another run holds it, where the last one crashed on another machine
    (whether its jobs still run cannot be seen from here), and where the lease cannot be written.
    """
    path = root / LEASE
    try:
        path.parent.mkdir(exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise GraftlineError(
            f"{path}: the lease cannot be taken: {error.strerror}; the project's folder must be writable"
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _read_holder(handle) or "another process"
            raise GraftlineError(f"a scheduled run is under way: {holder} holds {path}") from None
        left = _read_holder(handle)
        if left and left.host != socket.gethostname():
            raise GraftlineError(
                f"{path}: the run of {left} did not end; make sure that nothing of it runs there any "
                "more, and remove this file"
            )
        _write_holder(handle, _this_process())
        try:
            yield left
        finally:  # a killed process does not come here
            _write_holder(handle, None)
    finally:
        os.close(handle)
