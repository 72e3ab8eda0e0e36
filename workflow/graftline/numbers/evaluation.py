"""From declarations to records."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from graftline.errors import GraftlineError
from graftline.numbers import changes, comparisons, estimators
from graftline.numbers.database import fetch_row_keys, fetch_row_keys_of_many, open_database
from graftline.numbers.declaration import Declaration
from graftline.numbers.display import format_number
from graftline.numbers.rules import count_for_rules, find_refusal
from graftline.numbers.statistics import COUNTING, SHARES, STATISTICS, SURVIVAL_STATISTICS

CHANGE = "largest_change"
# Up to so many rows a table's queries are asked together.
SMALL_TABLE = 10_000
ESTIMATED = (*SURVIVAL_STATISTICS, *comparisons.GROUP_STATISTICS, CHANGE)


class _Rows:
    """The rows of each query, fetched once, and the curves fitted to them, fitted once."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]):
        for name, frame in frames.items():
            if frame["row_key"].isna().any() or frame["row_key"].duplicated().any():
                raise GraftlineError(f"the table {name} has rows without a row key of their own")
        self._connection = open_database(frames)
        self._frames = frames
        self._keys = {
            name: pd.Index(frame["row_key"], dtype=object) for name, frame in frames.items()
        }
        self._positions: dict[tuple[str, str], np.ndarray] = {}
        self._rows: dict[tuple[str, str], pd.DataFrame] = {}
        self._fits: dict[tuple, Any] = {}

    def ask_together(self, queries: Iterable[tuple[str, str]]) -> None:
        """Fetch the positions of many queries, (table, sql), where their table is small."""
        asked: dict[str, list[str]] = {}
        for table, sql in queries:
            if table in self._frames and len(self._frames[table]) <= SMALL_TABLE:
                asked.setdefault(table, []).append(sql)
        for table, some in asked.items():
            for sql, keys in fetch_row_keys_of_many(self._connection, some).items():
                self._keep(table, sql, keys)

    def _keep(self, table: str, sql: str, keys: list[str]) -> None:
        found = self._keys[table].get_indexer(keys)
        if (found < 0).any():
            raise GraftlineError(f"the query {sql!r} returns keys that are not of {table}")
        self._positions[table, sql] = found

    def positions(self, table: str, sql: str) -> np.ndarray:
        """Where the rows whose keys `sql` returns stand in `table`, in the order of the query."""
        if (table, sql) not in self._positions:
            self._keep(table, sql, fetch_row_keys(self._connection, sql))
        return self._positions[table, sql]

    def of(self, table: str, sql: str) -> pd.DataFrame:
        """Rows of `table` whose keys `sql` returns."""
        if (table, sql) not in self._rows:
            self._rows[table, sql] = self._frames[table].take(self.positions(table, sql))
        return self._rows[table, sql]

    def fit(self, statistic: str, table: str, sql: str) -> Any:
        """The curve of `statistic` fitted to the rows of `sql`."""
        fit = {"km": estimators.fit_km, "reverse_km": estimators.fit_reverse_km}.get(
            statistic, estimators.fit_aj
        )
        if (statistic, table, sql) not in self._fits:
            self._fits[statistic, table, sql] = fit(self.of(table, sql))
        return self._fits[statistic, table, sql]

    def count(self, table: str, sql: str, group: str | None) -> dict[str, int]:
        """Patients and events among the rows of `sql`, as rules of use count them."""
        key = ("count", table, sql, group)
        if key not in self._fits:
            self._fits[key] = count_for_rules(self.of(table, sql), group)
        return self._fits[key]

    def compare(self, statistic: str, table: str, sql: str, model: dict[str, Any]) -> Any:
        """The comparison `statistic` of groups among the rows of `sql`, with the arguments `model`."""
        key = (statistic, table, sql, *sorted(model.items()))
        if key not in self._fits:
            self._fits[key] = comparisons.fit_comparison(statistic, self.of(table, sql), **model)
        return self._fits[key]


def _estimate(rows: _Rows, table: str, selected: str, statistic: str, arguments: dict[str, Any]):
    """A survival estimate or a comparison of groups; none where its rule of use, the argument `rule`,
    refuses it."""
    arguments = dict(arguments)
    rule, group = arguments.pop("rule", None), arguments.get("group")
    if rule:
        refusal = find_refusal(rows.count(table, selected, group), rule)
        if refusal:
            return None, refusal
    if statistic == CHANGE:
        return changes.find_largest_change(rows.of(table, selected), **arguments)
    if statistic in comparisons.GROUP_STATISTICS:
        asked = {name: arguments.pop(name) for name in ("what", "level") if name in arguments}
        comparison = rows.compare(statistic, table, selected, arguments)
        return comparisons.query_comparison(comparison, **asked)
    return estimators.query(rows.fit(statistic, table, selected), **arguments)


def _compute(rows: _Rows, table: str, selected: str, considered: str, statistic: str, arguments):
    if statistic in ESTIMATED:
        return _estimate(rows, table, selected, statistic, arguments)
    if statistic not in STATISTICS:
        known = ", ".join((*STATISTICS, *ESTIMATED))
        raise GraftlineError(f"{statistic!r} is not a statistic; use one of {known}")
    chosen, population = rows.positions(table, selected), rows.positions(table, considered)
    if statistic in SHARES and not np.isin(chosen, population).all():
        raise GraftlineError(f"{statistic} of rows that were not considered: {selected!r}")
    if statistic in COUNTING:
        # Only how many rows there are matters: no column is fetched.
        return STATISTICS[statistic](
            pd.RangeIndex(chosen.size), pd.RangeIndex(population.size), **arguments
        )
    return STATISTICS[statistic](rows.of(table, selected), rows.of(table, considered), **arguments)


def evaluate(
    declarations: Iterable[Declaration],
    frames: Mapping[str, pd.DataFrame],
    *,
    data_label: str | None = None,
    masking: bool = False,
) -> list[dict[str, Any]]:
    """The records of `declarations`, computed on the derived tables `frames`.

    With `masking` each says on which patients it stands, for `graftline.disclosure` to decide what
    may be shown. A record holds what the declaration says, the value (None where it cannot be estimated, with
    the reason), what is printed, and how many rows were selected and considered. Raises
    GraftlineError for an id declared twice, an unknown table or statistic, a refused query, a table
    whose row keys are not unique, and a share of rows that were not considered.
    """
    rows = _Rows(frames)
    declarations = list(declarations)
    rows.ask_together(
        (number.table, sql)
        for number in declarations
        for sql in (number.selected, number.considered)
    )
    records: dict[str, dict[str, Any]] = {}
    for number in declarations:
        if number.id in records:
            raise GraftlineError(f"the number {number.id} is declared twice; ids must be unique")
        if number.table not in frames:
            raise GraftlineError(
                f"the number {number.id} asks for an unknown table, {number.table}"
            )
        value, reason = _compute(
            rows,
            number.table,
            number.selected,
            number.considered,
            number.statistic,
            number.arguments,
        )
        if isinstance(value, float) and not math.isfinite(value):
            raise GraftlineError(f"the number {number.id} came out as {value}, which is no result")
        records[number.id] = {
            "id": number.id,
            "value": value,
            "display": format_number(value, number.display, number.decimals),
            "unit": number.unit,
            "population": number.population,
            "method": number.method,
            "statistic": {"name": number.statistic, "arguments": number.arguments},
            "format": {"display": number.display, "decimals": number.decimals},
            "table": number.table,
            "selected_sql": number.selected,
            "considered_sql": number.considered,
            "n_selected": rows.positions(number.table, number.selected).size,
            "n_considered": rows.positions(number.table, number.considered).size,
            "reason": reason,
            "data_label": data_label,
        }
    if masking:
        from graftline.disclosure.cells import PatientSets
        from graftline.disclosure.stands import describe

        sets = PatientSets(frames)
        for record in records.values():
            record["stands_on"] = describe(record, frames, sets, rows.positions)
    return list(records.values())


def recompute(record: Mapping[str, Any], frames: Mapping[str, pd.DataFrame]) -> Any:
    """The value of one record, computed again from its own queries and statistic."""
    return recompute_all([record], frames)[record["id"]]


def recompute_all(
    records: Iterable[Mapping[str, Any]], frames: Mapping[str, pd.DataFrame]
) -> dict[str, Any]:
    """Number id -> value computed again from the record's own queries and statistic."""
    rows = _Rows(frames)
    records = list(records)
    rows.ask_together(
        (record["table"], record[sql])
        for record in records
        for sql in ("selected_sql", "considered_sql")
    )
    return {
        record["id"]: _compute(
            rows,
            record["table"],
            record["selected_sql"],
            record["considered_sql"],
            record["statistic"]["name"],
            record["statistic"]["arguments"],
        )[0]
        for record in records
    }
