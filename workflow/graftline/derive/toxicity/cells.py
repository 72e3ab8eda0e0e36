"""Links from derived rows to raw cells, as whole numbers.

A cohort has hundreds of cells a patient, and an observation stands on a dozen of them. A link is
therefore one number, made of the number of its derived row, that of its cell, and whether the cell
decided the row; it becomes text once, at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from graftline.derive.lineage import LINEAGE_COLUMNS
from graftline.raw.sources import LINE

# Cells of which an empty one says nothing: there is nothing to look at.
OPTIONAL = ("time", "below_limit", "severity")
DATES = ("date", "start_date", "end_date")
TEXT = pd.StringDtype("pyarrow")


class Cells:
    """The raw cells of `sources`: table to its rows, with src_file and src_line, numbered from 0.

    Cells are numbered in the order of file, line and column, links in that of row and cell.
    """

    def __init__(self, sources: Mapping[str, pd.DataFrame]):
        self.sources = sources
        lengths = [len(frame) for frame in sources.values()]
        starts = np.cumsum([0, *lengths])[:-1]
        self.start = dict(zip(sources, starts, strict=True))
        places = pd.concat(
            [frame[["src_file", "src_line"]] for frame in sources.values()], ignore_index=True
        )
        file = places["src_file"].astype("category")
        self.files = file.cat.categories.tolist()
        file, line = file.cat.codes.to_numpy(), places["src_line"].to_numpy(np.int64)
        order = np.lexsort((line, file))
        self.file, self.line = file[order], line[order]
        self.rank = np.empty(len(order), dtype=np.int64)
        self.rank[order] = np.arange(len(order))
        columns = {column for frame in sources.values() for column in frame.columns}
        self.columns = sorted(column for column in columns if not column.endswith(LINE))
        self.row_size = 2 * max(len(order), 1) * len(self.columns)

    def link(self, rows, table: str, positions, column: str, *, decided: bool = False):
        """Links of the derived `rows` to the cells in `column` at `positions` of `table`."""
        rows, positions = (np.asarray(some, dtype=np.int64) for some in (rows, positions))
        if column in OPTIONAL and len(positions):
            there = self.sources[table][column].notna().to_numpy(bool)[positions]
            rows, positions = rows[there], positions[there]
        place = self.rank[self.start[table] + positions]
        cell = place * len(self.columns) + self.columns.index(column)
        return rows * self.row_size + 2 * cell + decided

    def shift(self, links: np.ndarray, rows: int) -> np.ndarray:
        """`links` with `rows` added to the number of each row."""
        return links + rows * self.row_size

    def renumber(self, links: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        """`links` with row n as row `numbers[n]`; not sorted."""
        return numbers[links // self.row_size] * self.row_size + links % self.row_size

    def unite(self, parts: Iterable[np.ndarray]) -> np.ndarray:
        """All links, each once, sorted; a cell that both decided and contributed decided."""
        links = np.concatenate([np.empty(0, dtype=np.int64), *parts])
        links.sort()
        return links[np.append(links[:-1] >> 1 != links[1:] >> 1, True)[: len(links)]]

    def inherit(self, links: np.ndarray, new, members, deciding) -> np.ndarray:
        """Links of the rows `new`, each made of a row of `members` that has sorted `links`.

        A cell decided the new row if it decided a member that is `deciding`.
        """
        new, members = (np.asarray(some, dtype=np.int64) for some in (new, members))
        first = np.searchsorted(links, members * self.row_size)
        count = np.searchsorted(links, (members + 1) * self.row_size) - first
        place = np.arange(count.sum()) + np.repeat(first - (np.cumsum(count) - count), count)
        found = links[place] % self.row_size
        found &= ~np.int64(1) | np.repeat(np.asarray(deciding, dtype=np.int64), count)
        return found + np.repeat(new, count) * self.row_size

    def that_decided_or_date(self, links: np.ndarray) -> np.ndarray:
        """The links to cells that decided their row, or that hold the date of an observation."""
        dates = [number for number, column in enumerate(self.columns) if column in DATES]
        column = links % self.row_size // 2 % len(self.columns)
        return links[(links % 2 == 1) | np.isin(column, dates)]

    def _lines(self, place: np.ndarray, column: np.ndarray) -> np.ndarray:
        """The source line of each cell: its own where it has one (`graftline.raw.sources`), else
        that of its row."""
        lines = self.line[place]
        for name, frame in self.sources.items():
            for number, of_cell in enumerate(self.columns):
                own = frame.get(of_cell + LINE)
                if own is None or not own.notna().any():
                    continue
                at_place = self.line.copy()
                there = np.flatnonzero(own.notna().to_numpy(bool))
                at_place[self.rank[self.start[name] + there]] = own.iloc[there].to_numpy(np.int64)
                here = column == number
                lines[here] = at_place[place[here]]
        return lines

    def print_lineage(self, table: str, keys: pd.Series, links: np.ndarray) -> pd.DataFrame:
        """The `links` of the derived `table`, whose rows have `keys`, as text, sorted."""
        text = keys.to_numpy(dtype=object)
        order_of_keys = np.argsort(text, kind="stable")
        rank = np.empty(len(text), dtype=np.int64)
        rank[order_of_keys] = np.arange(len(text))
        row, cell = rank[links // self.row_size], links % self.row_size // 2
        size = self.row_size // 2
        ordered = (2 * row + links % 2) * size + cell
        ordered.sort()
        row, decided, cell = ordered // (2 * size), ordered // size % 2, ordered % size
        place, column = cell // len(self.columns), cell % len(self.columns)

        def spell(codes, words) -> pd.Series:
            coded = pa.DictionaryArray.from_arrays(
                pa.array(codes, pa.int64()), pa.array(words, pa.string())
            )
            return pd.Series(pd.array(coded.cast(pa.string()), dtype=TEXT))

        columns = {
            "derived_table": spell(np.zeros(len(row), np.int64), [table]),
            "row_key": spell(row, text[order_of_keys].tolist()),
            "role": spell(decided, ["contributed", "decided"]),
            "src_file": spell(self.file[place].astype(np.int64), self.files),
            "src_line": pd.Series(self._lines(place, column)).astype("Int64"),
            "src_column": spell(column, self.columns),
        }
        return pd.DataFrame(columns, columns=LINEAGE_COLUMNS)
