"""The columns of raw files, as a person finds them in the file and as the canonical tables call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def _names_in_file(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name in the file, canonical name) of the columns of a table of study.yaml or sdtm.yaml."""
    named = [
        (rule if isinstance(rule, str) else rule["from"], canonical)
        for canonical, rule in table.get("columns", {}).items()
    ]
    gathered = table.get("gather", {"to": {}})
    named += [(gathered["value"], canonical) for canonical in gathered["to"]]
    return named + list(table.get("rename", {}).items())


class RawNames:
    """What the tables of a protocol say of their files."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]]):
        self._tables: dict[str, list[str]] = {}
        # Tables that share a file may read one canonical column from different columns of it.
        self._in_file: dict[tuple[str, str], list[str]] = {}
        for name, table in tables.items():
            self._tables.setdefault(table["file"], []).append(name)
            for raw, canonical in _names_in_file(table):
                found = self._in_file.setdefault((table["file"], canonical), [])
                if raw not in found:
                    found.append(raw)

    def _file(self, src_file: str) -> str:
        """The name that a protocol gives to the file which lineage calls `src_file`."""
        return next((file for file in self._tables if src_file.endswith(f"/{file}")), src_file)

    def tables(self, src_file: str) -> list[str]:
        """The canonical tables that are read from a file."""
        return self._tables.get(self._file(src_file), [])

    def in_file(self, src_file: str, canonical: str) -> str:
        """The column of the file that holds the canonical column."""
        return " or ".join(self._in_file.get((self._file(src_file), canonical), [canonical]))

    def canonical(self, src_file: str, raw: str) -> list[str]:
        """The canonical columns that a column of the file gives; one of its own name where the
        protocol does not rename it."""
        file = self._file(src_file)
        given = [
            canonical
            for (of, canonical), names in self._in_file.items()
            if of == file and raw in names
        ]
        return given or [raw]
