"""A finished results folder as the audit sees it: numbers, derived tables and lineage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from graftline.errors import GraftlineError
from graftline.tables import read_json, read_parquet


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

    @cached_property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The derived tables that numbers stand on, by name."""
        folder = self.path / "patient_level" / "derived"
        names = sorted({record["table"] for record in self.records.values()})
        missing = [name for name in names if not (folder / f"{name}.parquet").is_file()]
        if missing:
            raise GraftlineError(f"{folder}: the derived table {', '.join(missing)} is missing")
        return {name: read_parquet(folder / f"{name}.parquet") for name in names}

    @cached_property
    def lineage(self) -> pd.DataFrame:
        """The lineage of all derived tables."""
        folder = self.path / "patient_level" / "derived"
        files = sorted(folder.glob("lineage_*.parquet"))
        if not files:
            raise GraftlineError(f"{folder}: the lineage of the derived tables is missing")
        lineage = pd.concat([read_parquet(file) for file in files], ignore_index=True)
        return self._name_as_in_the_file(lineage, "src_column")

    def _name_as_in_the_file(self, cells: pd.DataFrame, column: str) -> pd.DataFrame:
        """`cells`, whose `column` names the column that a person finds in the raw file."""
        configuration = read_json(self.file("audit", "configuration.json"))
        # Tables that share a file may read one canonical column from different columns of it.
        names: dict[tuple[str, str], list[str]] = {}
        for table in configuration["protocol"]["tables"].values():
            for raw, canonical in _names_in_file(table):
                found = names.setdefault((table["file"], canonical), [])
                if raw not in found:
                    found.append(raw)
        # A file's column may have the canonical name of another: compared with the names as they were.
        before = cells[column].copy()
        for (file, canonical), raw in names.items():
            of_file = cells["src_file"].str.endswith("/" + file)
            renamed = of_file & (before == canonical)
            cells.loc[renamed.fillna(False), column] = " or ".join(raw)
        return cells

    @cached_property
    def corrections(self) -> pd.DataFrame:
        """The raw cells that were corrected, with the line of corrections.csv."""
        file = self.file("patient_level", "derived", "corrections.parquet")
        corrections = read_parquet(file)
        return self._name_as_in_the_file(corrections, "column")


def _names_in_file(table: dict[str, Any]) -> list[tuple[str, str]]:
    """(name in the file, canonical name) of the columns of a table of study.yaml or sdtm.yaml."""
    named = [
        (rule if isinstance(rule, str) else rule["from"], canonical)
        for canonical, rule in table.get("columns", {}).items()
    ]
    gathered = table.get("gather", {"to": {}})
    named += [(gathered["value"], canonical) for canonical in gathered["to"]]
    return named + list(table.get("rename", {}).items())


def find_results(results: Path, study: str) -> Path:
    """The folder of the newest cut of `study` below `results` that has been built."""
    built = sorted((results / study).glob("*/patient_level/numbers_full.json"))
    if not built:
        raise GraftlineError(f"{results / study}: no cut has been built; run snakemake first")
    return built[-1].parent.parent
