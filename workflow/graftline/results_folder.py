"""A finished results folder as the audit sees it: numbers, derived tables, and what made them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graftline.errors import GraftlineError
from graftline.tables import read_json, read_parquet

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

LINEAGE = "lineage_"


def suggest(name: str, known: Iterable[str], most: int = 3) -> str:
    """ "; did you mean A or B?" with the names of `known` that are near; "" if none is."""
    near = get_close_matches(name, list(known), n=most)
    return f"; did you mean {' or '.join(near)}?" if near else ""


@dataclass(frozen=True)
class ResultsFolder:
    """The folder `results/<study>/<cut>` at `path`."""

    path: Path

    def __post_init__(self):
        if not self.numbers_file.is_file():
            raise GraftlineError(
                f"{self.path}: there are no finished results here ({self.numbers_file.name} is missing); "
                "run snakemake first, or name another folder"
            )

    @property
    def numbers_file(self) -> Path:
        """The full registry."""
        return self.path / "patient_level" / "numbers_full.json"

    @property
    def derived(self) -> Path:
        """The folder of the derived tables."""
        return self.path / "patient_level" / "derived"

    def file(self, *names: str) -> Path:
        """A file of finished results. Raises GraftlineError if it is not there."""
        file = self.path.joinpath(*names)
        if not file.is_file():
            raise GraftlineError(f"{file} is missing; the results are not complete")
        return file

    @cached_property
    def records(self) -> dict[str, dict[str, Any]]:
        """The full records of all numbers, by id."""
        return {record["id"]: record for record in read_json(self.numbers_file)}

    def record(self, number: str) -> dict[str, Any]:
        """The full record of `number`. Raises GraftlineError, with near matches, if there is none."""
        if number not in self.records:
            hint = suggest(number, self.records)
            raise GraftlineError(f"there is no number {number!r} in {self.numbers_file}{hint}")
        return self.records[number]

    @cached_property
    def derived_tables(self) -> dict[str, Path]:
        """Name -> file of each derived table. Raises GraftlineError if numbers stand on a missing one."""
        files = sorted(self.derived.glob("*.parquet"))
        found = {file.stem: file for file in files if not file.stem.startswith(LINEAGE)}
        missing = sorted({record["table"] for record in self.records.values()} - set(found))
        if missing:
            raise GraftlineError(
                f"{self.derived}: the derived table {', '.join(missing)} is missing"
            )
        return found

    @cached_property
    def lineage_files(self) -> list[Path]:
        """The files of the lineage of the derived tables."""
        files = sorted(self.derived.glob(f"{LINEAGE}*.parquet"))
        if not files:
            raise GraftlineError(f"{self.derived}: the lineage of the derived tables is missing")
        return files

    @cached_property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The derived tables that numbers stand on, by name."""
        names = sorted({record["table"] for record in self.records.values()})
        return {name: read_parquet(self.derived_tables[name]) for name in names}

    @cached_property
    def configuration(self) -> dict[str, Any]:
        """The merged configuration."""
        return read_json(self.file("audit", "configuration.json"))

    @cached_property
    def build(self) -> dict[str, Any]:
        """What the build was made from: digest, its parts, and the sha256 of each file of the code."""
        return read_json(self.file("audit", "build.json"))

    @cached_property
    def rules(self) -> dict[str, dict[str, Any]]:
        """Rule -> its script, code, inputs, outputs and params."""
        return read_json(self.file("audit", "rules.json"))["rules"]

    @cached_property
    def raw_files(self) -> dict[str, str]:
        """Raw file as lineage names it -> its sha256, as the cut's manifest states them."""
        manifest = read_json(self.file("audit", "cut_manifest.json"))
        return {f"{manifest['folder']}/{name}": sha for name, sha in manifest["files"].items()}

    def sha256_of(self, file: str) -> str | None:
        """The sha256 of a raw file, of a file of the code, or of one of the study's, as this build
        recorded it; None where it did not."""
        study, _, name = file.rpartition("/")
        own = self.configuration.get("files", {}) if study.endswith(self.path.parent.name) else {}
        return self.raw_files.get(file) or self.build["code"].get(file) or own.get(name)

    @cached_property
    def fragments(self) -> dict[str, dict[str, Any]]:
        """Rule -> what it handed to the manuscript: tables, figures, numbers."""
        folder = self.path / "patient_level" / "fragments"
        return {file.stem: read_json(file) for file in sorted(folder.glob("*.json"))}

    def rule_making(self, file: str) -> str | None:
        """The rule whose output is `file`, told from this folder."""
        return next(
            (
                rule
                for rule, told in self.rules.items()
                for paths in told["outputs"].values()
                if any(path.endswith(f"/{file}") for path in paths)
            ),
            None,
        )


def find_results(results: Path, study: str) -> Path:
    """The folder of the newest cut of `study` below `results` that has been built."""
    built = sorted((results / study).glob("*/patient_level/numbers_full.json"))
    if not built:
        raise GraftlineError(f"{results / study}: no cut has been built; run snakemake first")
    return built[-1].parent.parent
