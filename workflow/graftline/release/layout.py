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
from graftline.ledger.heads import FOLDER as HEADS

RECORD = "release.json"
RESULTS = "results"
PROJECT = "project"
LATEST = "latest"
# The sums of all outputs of a run, beside the run's other records.
OUTPUT_SUMS = "audit/SHA256SUMS"


def _is_release(path: Path) -> bool:
    """Whether a folder of a cut's is one of its releases, by its name."""
    name = path.name
    plain = name.isascii() and name.isdecimal() and not name.startswith("0")
    return plain and path.is_dir() and not path.is_symlink()


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
            if _is_release(one)
        )

    def list_strays(self) -> list[str]:
        """What lies among the releases and is none of them, nor of what sealing leaves, sorted."""
        if not self.path.is_dir():
            return []
        own = {self.ledger.name, LATEST, HEADS}
        # Hidden files are locks and what a crash cut off.
        there = [path for path in self.path.iterdir() if not path.name.startswith(".")]
        cuts = [
            path
            for path in there
            if path.is_dir() and not path.is_symlink() and is_cut_name(path.name)
        ]
        strays = [path for path in there if path not in cuts and path.name not in own]
        for cut in cuts:
            strays += [
                one
                for one in cut.iterdir()
                if not one.name.startswith(".") and not _is_release(one)
            ]
        return sorted(path.relative_to(self.path).as_posix() for path in strays)

    def list_unfinished(self) -> list[Path]:
        """The folders of copies that were not completed."""
        return sorted(self.path.glob("*/.*.part")) if self.path.is_dir() else []
