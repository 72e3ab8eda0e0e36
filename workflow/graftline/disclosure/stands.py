"""What a record stands on: the counts that it shows, and the patients that its value is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from graftline.disclosure.cells import WRITTEN, PatientSets
from graftline.disclosure.conditions import read_query
from graftline.numbers.changes import DATES
from graftline.numbers.statistics import SHARES

ALL = "all"  # the rows of a query as they are
GROUPS = ("arm", "diagnosis")  # columns by which patients are parted, of which everybody is told
ORDERED = ("minimum", "maximum", "median", "quantile")
CURVES = ("km", "reverse_km", "aalen_johansen")
COUNTS_OF_CURVES = ("at_risk", "events", "censored")
TESTS = ("log_rank", "exact_log_rank", "gray", "hazard_ratio")

Stands = dict[str, Any]
NOTHING: Stands = {
    "shows": [],
    "whole": None,
    "everybody": [],
    "ever": None,
    "needs": [],
    "tied": False,
    "beside": None,
}
Rows = Callable[[str, str], np.ndarray]


def _shown(op: str, sql: str, cell: Mapping[str, Any], distinct: bool = False) -> dict[str, Any]:
    return {"op": op, "sql": sql, "cell": cell, "distinct": distinct}


class _Stands:
    """Cells of one record. `rows` returns where the rows of a query stand in a table."""

    def __init__(self, record: Mapping[str, Any], frames, sets: PatientSets, rows: Rows):
        self.record, self.sets, self.rows = record, sets, rows
        self.table = record["table"]
        self.frame: pd.DataFrame = frames[self.table]
        self.arguments = record["statistic"]["arguments"]
        self.selected = rows(self.table, record["selected_sql"])
        self.considered = rows(self.table, record["considered_sql"])

    def cell(self, positions: np.ndarray) -> dict[str, Any]:
        return self.sets.cell(self.table, positions)

    def everybody(self) -> list[dict[str, Any]]:
        """All patients of the table, and those of the record's group, whether considered or not."""
        conditions = read_query(self.record["considered_sql"])[1]
        held = sorted(one for name in GROUPS for one in conditions.get(name, ()))
        found = []
        for where in dict.fromkeys(["", f" WHERE {' AND '.join(held)}" if held else ""]):
            sql = f"SELECT row_key FROM {self.table}{where} ORDER BY row_key"
            found.append(_shown(ALL, sql, self.cell(self.rows(self.table, sql)), distinct=True))
        return found

    def column(self, name: str, positions: np.ndarray | None = None) -> pd.Series:
        return self.frame[name].take(self.selected if positions is None else positions)

    def left(self, time: float, positions: np.ndarray) -> np.ndarray:
        """Those of `positions` whose time is up to `time`."""
        return positions[self.column("time", positions).to_numpy(dtype=float) <= time]

    def of_curve(self, what: str, time: float, positions: np.ndarray, cause: int | None):
        """Patients at risk at `time`, or with an event (of `cause`) or censored up to it."""
        if what == "at_risk":
            end = self.column("time", positions).to_numpy(dtype=float)
            entry = self.column("entry", positions).to_numpy(dtype=float)
            entered = (entry < time) | ~np.any(entry != 0)
            return positions[entered & (end >= time)]
        gone = self.left(time, positions)
        status = self.column("status", gone).to_numpy(dtype=int)
        if what == "censored":
            return gone[status == 0]
        return gone[status > 0 if cause is None else status == cause]

    def behind_estimate(self, asked: Mapping[str, Any], positions: np.ndarray) -> list[dict]:
        """What an estimate of a curve stands on: patients at risk, and those with each event."""
        time = asked.get("time")
        at = np.inf if time is None else time
        cells = [self.cell(positions)]
        if time is not None:
            cells.append(self.cell(self.of_curve("at_risk", at, positions, None)))
        for cause in (1, 2):
            cells.append(self.cell(self.of_curve("events", at, positions, cause)))
        return cells

    def beside(self, values: np.ndarray, value: float) -> int:
        """How many patients lie at or below `value`, or at or above it: the fewer of the two."""
        tolerance = 1e-9 * max(1.0, abs(value))
        below = self.selected_of(values <= value + tolerance)
        above = self.selected_of(values >= value - tolerance)
        return min(self.cell(below)["patients"], self.cell(above)["patients"])

    def selected_of(self, mask: np.ndarray) -> np.ndarray:
        return self.selected[np.asarray(mask, dtype=bool)]


def _count(of: _Stands) -> Stands:
    distinct = of.record["statistic"]["name"] == "count_distinct"
    if distinct and of.arguments["column"] != "subject_id":
        return {"needs": [of.cell(of.selected)]}
    return {
        "shows": [_shown(ALL, of.record["selected_sql"], of.cell(of.selected), distinct)],
        "whole": _shown(ALL, of.record["considered_sql"], of.cell(of.considered), distinct),
    }


def _share(of: _Stands) -> Stands:
    """A share with its limits gives away both the count and the whole that it is of."""
    found = _count(of)
    return found | {"shows": [*found["shows"], found["whole"]]}


def _ordered(of: _Stands) -> Stands:
    """A quantile is a patient's own value, unless enough lie on either side of it."""
    value = of.record["value"]
    if value is None:
        return {}
    column = of.column(of.arguments["column"])
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return {"beside": 1}  # a date or a word of one patient
    values = column.to_numpy(dtype=float, na_value=np.nan)
    return {
        "needs": [of.cell(of.selected_of(~np.isnan(values)))],
        "beside": of.beside(values, value),
    }


def _fisher(of: _Stands) -> Stands:
    needs = []
    for group in of.arguments["groups"]:
        inside = [
            places[of.column(of.arguments["column"], places).eq(group).fillna(False).to_numpy(bool)]
            for places in (of.selected, of.considered)
        ]
        needs += [of.cell(inside[0]), of.cell(np.setdiff1d(inside[1], inside[0]))]
    return {"needs": needs, "tied": True}


def _curve(of: _Stands) -> Stands:
    asked = {name: value for name, value in of.arguments.items() if name != "rule"}
    what, time, value = asked["what"], asked.get("time"), of.record["value"]
    if what in COUNTS_OF_CURVES:
        cause = asked.get("cause")
        op = f"{what}/{'' if cause is None or what != 'events' else cause}/"
        sql = of.record["selected_sql"]

        def counted(at: float) -> dict[str, Any]:
            return _shown(f"{op}{at}", sql, of.cell(of.of_curve(what, at, of.selected, cause)))

        late = bool(np.any(of.column("entry").to_numpy(dtype=float) != 0))
        return {
            "shows": [counted(time) | {"late": late}],
            "whole": _shown(ALL, sql, of.cell(of.selected)),
            "ever": None if what == "at_risk" else counted(np.inf),
        }
    if value is None:
        return {}
    if time is None:  # a median, and its limits: the day of somebody's event
        before = of.left(value, of.selected)
        status = of.column("status", before).to_numpy(dtype=int)
        ends = status == 0 if of.record["statistic"]["name"] == "reverse_km" else status > 0
        at_risk = of.of_curve("at_risk", value, of.selected, None)
        return {
            "needs": [of.cell(of.selected)],
            "beside": min(of.cell(before[ends])["patients"], of.cell(at_risk)["patients"]),
        }
    return {"needs": of.behind_estimate(asked, of.selected), "tied": True}


def _test(of: _Stands) -> Stands:
    needs = []
    groups = of.column(of.arguments["group"]).to_numpy(dtype=object)
    for group in pd.unique(groups):
        places = of.selected_of(groups == group)
        needs.append(of.cell(places))
        for cause in (1, 2):
            needs.append(of.cell(of.of_curve("events", np.inf, places, cause)))
    return {"needs": needs, "tied": True}


def _change(of: _Stands) -> Stands:
    """The largest of several changes stands on every estimate among them."""
    needs = []
    endpoints = of.column("endpoint").to_numpy(dtype=object)
    dates = of.column("dates").to_numpy(dtype=object)
    for one in of.arguments["of"]:
        for which in DATES:
            places = of.selected_of((endpoints == one["endpoint"]) & (dates == which))
            needs += of.behind_estimate(one["arguments"], places)
    return {"needs": needs, "tied": True}


def describe(
    record: Mapping[str, Any], frames: Mapping[str, pd.DataFrame], sets: PatientSets, rows: Rows
) -> Stands | None:
    """What `record` stands on; None for what people wrote, which is of no patient.

    `shows`: counts that anybody can read off it; `whole`: the set that its count was chosen from;
    `everybody`: the patients of the table, and of the group, that the whole was chosen from;
    `ever`: of a count up to a time of a curve, the same at its end;
    `needs`: sets that must not be small for its value to be shown, and, where it is `tied` to them, whose
    counts must not be masked, since it could give them away; `beside`: how many patients lie on
    the side of its value where there are fewer.
    """
    if record["table"] in WRITTEN:
        return None
    name = record["statistic"]["name"]
    of = _Stands(record, frames, sets, rows)
    if name in ("count", "count_distinct"):
        found = _count(of)
    elif name == "fisher_p":
        found = _fisher(of)
    elif name in SHARES:
        found = _share(of)
    elif name in ORDERED:
        found = _ordered(of)
    elif name in CURVES:
        found = _curve(of)
    elif name in TESTS:
        found = _test(of)
    elif name == "largest_change":
        found = _change(of)
    else:
        # A value of one row; a sum, which beside another of more patients tells that of the few between
        # them; whatever is added later.
        found = {"needs": [of.cell(of.selected)], "beside": 1}
    if found.get("whole"):
        found = found | {"everybody": of.everybody()}
    return NOTHING | found
