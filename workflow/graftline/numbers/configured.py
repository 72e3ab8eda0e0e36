"""Numbers that the paper takes from files people write: the protocol, the claims, the lock.

They become derived tables like any other, so that a threshold in the methods section leads back to
its line in the protocol as a median leads back to its patients.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from graftline.numbers.declaration import Declaration, select_rows
from graftline.slugs import slug

# The packages whose versions a methods section names.
NAMED_PACKAGES = (
    "duckdb",
    "lifelines",
    "matplotlib",
    "numpy",
    "pandas",
    "pandera",
    "pyarrow",
    "scipy",
    "snakemake",
    "weasyprint",
)
COLUMNS = {
    "row_key": "string[pyarrow]",
    "number": "float64",
    "text": "string[pyarrow]",
    "src_file": "string[pyarrow]",
    "src_line": "Int64",
}


def _numeric_leaves(content: Any, path: tuple = ()) -> list[tuple[tuple, int | float]]:
    if isinstance(content, bool):
        return []
    if isinstance(content, (int, float)):
        return [(path, content)]
    if isinstance(content, dict):
        return [
            leaf for key, item in content.items() for leaf in _numeric_leaves(item, (*path, key))
        ]
    if isinstance(content, list):
        return [
            leaf for i, item in enumerate(content) for leaf in _numeric_leaves(item, (*path, i))
        ]
    return []


def tabulate_file(content: Any, lines: dict, file: str, prefix: str) -> pd.DataFrame:
    """Every number in a YAML file: one row each, keyed by `prefix` and its path of keys.

    An entry of a list that has an `id` is keyed by it and not by its position.
    """
    rows = []
    for path, value in _numeric_leaves(content):
        named = [prefix]
        here: Any = content
        for key in path:
            here = here[key]
            named.append(
                here["id"]
                if isinstance(here, dict) and isinstance(key, int) and "id" in here
                else key
            )
        rows.append(
            {
                "row_key": ".".join(
                    part for key in named for part in map(slug, str(key).split("."))
                ),
                "number": float(value),
                "text": repr(value),
                "src_file": file,
                "src_line": lines.get(path),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def tabulate_versions(pins: list[tuple[str, str, int]], file: str) -> pd.DataFrame:
    """The versions of `NAMED_PACKAGES` among the pins (name, version, line) of the lock `file`."""
    rows = [
        {"row_key": f"software.{slug(name)}", "text": version, "src_file": file, "src_line": line}
        for name, version, line in pins
        if name in NAMED_PACKAGES
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def tabulate_cut(cut: str, file: str) -> pd.DataFrame:
    """The date of the data cut, which the folder's name states; one row."""
    row = {"row_key": "cut.date", "text": cut, "src_file": file, "src_line": 1}
    return pd.DataFrame([row], columns=list(COLUMNS)).astype(COLUMNS)


def declare_configuration(frame: pd.DataFrame, table: str = "configuration") -> list[Declaration]:
    """One number for each row of `tabulate_file`, printed as it is written in the file."""
    declarations = []
    for key, text in zip(frame["row_key"], frame["text"], strict=True):
        decimals = max(0, -Decimal(text).as_tuple().exponent)
        declarations.append(
            Declaration(
                id=key,
                population="the study's configuration",
                method="As stated in the study's files.",
                table=table,
                selected=select_rows(table, row_key=key),
                statistic="value",
                arguments={"column": "number"},
                display="decimal" if decimals else "integer",
                decimals=decimals,
            )
        )
    return declarations


def declare_texts(frame: pd.DataFrame, table: str, method: str, unit: str) -> list[Declaration]:
    """One number for each row, its value the row's text: a version or a date."""
    return [
        Declaration(
            id=key,
            population="the run",
            method=method,
            table=table,
            selected=select_rows(table, row_key=key),
            statistic="value",
            arguments={"column": "text"},
            unit=unit,
            display="text",
        )
        for key in frame["row_key"]
    ]
