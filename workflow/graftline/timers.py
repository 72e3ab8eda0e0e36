"""The end of a run, without a second of waiting for nothing."""

from __future__ import annotations

import threading


def cancel_timers() -> None:
    """Cancel the timers of this process that have not rung.

    Every time that it starts jobs, Snakemake sets one to look for free places a second later; when the last job
    is done, its process would only wait for the last of them.
    """
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()
