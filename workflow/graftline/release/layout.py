"""Where a release keeps what.

releases/<study>/ledger.jsonl                the ledger
releases/<study>/latest                      a link to the newest cut's newest release
releases/<study>/<cut>/<sequence>/
    SHA256SUMS                               every file below but release.json
    release.json                             its record in the ledger
    results/{patient_level,aggregate,audit}  what the rules made
    project/                                 what they made it from: code, configuration, lock, and the
                                             raw cut in project/data/<study>/<cut>
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graftline.cuts.find import is_cut_name
from graftline.ledger.file import LEDGER

RECORD = "release.json"
RESULTS = "results"
PROJECT = "project"
LATEST = "latest"
# The sums of all outputs of a run, beside the run's other records.
OUTPUT_SUMS = "audit/SHA256SUMS"


@dataclass(frozen=True)
class StudyReleases:
    """The folder `releases/<study>` at `path`."""

    path: Path

    @property
    def ledger(self) -> Path:
        """The file of the ledger."""
        return self.path / LEDGER

    @property
    def latest(self) -> Path:
        """The link to the newest release."""
        return self.path / LATEST

    def folder(self, cut: str, sequence: int) -> Path:
        """The folder of a release."""
        return self.path / cut / str(sequence)

    def of(self, record: dict[str, Any]) -> Path:
        """The folder of the release of a record of the ledger."""
        return self.folder(record["cut"], record["sequence"])

    def list_folders(self) -> list[tuple[str, int]]:
        """(cut, sequence) of all releases that have a folder, sorted."""
        if not self.path.is_dir():
            return []
        return sorted(
            (cut.name, int(one.name))
            for cut in self.path.iterdir()
            if cut.is_dir() and not cut.is_symlink() and is_cut_name(cut.name)
            for one in cut.iterdir()
            if one.is_dir() and one.name.isdecimal()
        )

    def list_unfinished(self) -> list[Path]:
        """The folders of copies that were not completed."""
        return sorted(self.path.glob("*/.*.part")) if self.path.is_dir() else []
