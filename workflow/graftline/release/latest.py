"""`latest`: the link to the newest cut's newest release."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from graftline.release.layout import StudyReleases
from graftline.sealed_folder import sync_folder


def choose_latest(records: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The newest release of the newest cut; None where there is none."""
    return max(records, key=lambda record: (record["cut"], record["sequence"]), default=None)


def point_latest(releases: StudyReleases, records: Iterable[Mapping[str, Any]]) -> bool:
    """Let `latest` point to the newest cut's newest release of the ledger's `records`, in one step;
    says whether it had to be moved."""
    newest = choose_latest(records)
    if newest is None:
        return False
    target = f"{newest['cut']}/{newest['sequence']}"
    link = releases.latest
    if link.is_symlink() and str(link.readlink()) == target:
        return False
    temporary = link.with_name(f".{link.name}.{os.getpid()}.part")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)
    sync_folder(link.parent)
    return True
