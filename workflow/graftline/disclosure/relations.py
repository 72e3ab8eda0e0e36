"""Which counts add up to which: the sums by which a masked count could be computed from others.

Everybody can read in the queries that two arms make all patients, or that grades II, III and IV make
"grade II or more". Such a sum is a relation: coefficients of counts that add to nought. What is left
of a whole beside its parts is a count too, whether a record shows it or not: it is hidden.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from graftline.disclosure.conditions import Conditions, list_values, read_query, values_met

WORD = 2**64
Sign = tuple[int, int]
Key = tuple[str, Sign]


@dataclass
class Count:
    """One set that is counted: how many, of how many patients, and the records that show it."""

    n: int
    patients: int
    shown_by: set[str] = field(default_factory=set)


@dataclass
class Sums:
    """All counts by their sets' signatures, and the relations between them; `populations` are those
    that others are counted among."""

    counts: dict[Key, Count] = field(default_factory=dict)
    relations: list[dict[Key, int]] = field(default_factory=list)
    populations: set[Key] = field(default_factory=set)


@dataclass(frozen=True)
class _Query:
    """A count as a query asks for it: `op` of the rows of `table` that meet the conditions."""

    op: str
    distinct: bool
    table: str
    conditions: frozenset[tuple[str, Conditions]]


def _subtract(whole: Sign, parts: Iterable[Sign]) -> Sign:
    for part in parts:
        whole = tuple((a - b) % WORD for a, b in zip(whole, part, strict=True))
    return whole


def key_of(cell: Mapping[str, Any], distinct: bool = False) -> Key:
    """One key for all counts of the same patients; sets with several rows a patient have their own."""
    if distinct or cell["rows"] == cell["patients"]:
        return "patients", tuple(cell["patient_set"])
    return "rows", tuple(cell["row_set"])


class _Builder:
    def __init__(self):
        self.sums = Sums()
        self.queries: dict[_Query, tuple[Key, Mapping]] = {}
        self._known: set[tuple] = set()
        self._by_rows: dict[Sign, Key] = {}

    def add(self, shown: Mapping[str, Any], record: str | None) -> tuple[Key, Mapping]:
        """The count `shown`, of `record` or of none, with the key of its set."""
        cell = shown["cell"]
        key = key_of(cell, shown["distinct"])
        n = cell["patients"] if shown["distinct"] else cell["rows"]
        count = self.sums.counts.setdefault(key, Count(n, cell["patients"]))
        if record:
            count.shown_by.add(record)
        # Of one row each, patients are counted by rows as well.
        single = cell["rows"] == cell["patients"]
        if not shown["distinct"] or single:
            self._by_rows[tuple(cell["row_set"])] = key
        table, conditions = read_query(shown["sql"])
        for distinct in (True, False) if single else (shown["distinct"],):
            query = _Query(shown["op"], distinct, table, frozenset(conditions.items()))
            self.queries.setdefault(query, (key, cell))
        return key, cell

    def relate(self, whole: tuple[Key, Mapping], parts: list[tuple[Key, Mapping]]) -> bool:
        """The relation between a whole and disjoint parts of it, with what is left as a hidden count.

        Patients who are in two parts make it no sum: then there is no relation, and the answer is False.
        """
        (key, cell), of_parts = whole, [part for _, part in parts]
        patients = cell["patients"] - sum(part["patients"] for part in of_parts)
        rest = _subtract(tuple(cell["patient_set"]), (tuple(p["patient_set"]) for p in of_parts))
        if key[0] == "patients":
            rest_key, left = ("patients", rest), patients
        else:
            left = cell["rows"] - sum(part["rows"] for part in of_parts)
            sign = _subtract(tuple(cell["row_set"]), (tuple(p["row_set"]) for p in of_parts))
            rest_key = self._by_rows.get(sign, ("rows", sign))
            patients = left
        if left < 0 or (left == 0) != (not any(rest_key[1])):
            return False
        relation = {key: 1}
        for part, _ in parts:
            relation[part] = relation.get(part, 0) - 1
        if left:
            self.sums.counts.setdefault(rest_key, Count(left, patients))
            relation[rest_key] = relation.get(rest_key, 0) - 1
        self.keep(relation)
        return True

    def relate_to_everybody(
        self, shown: Iterable[Mapping[str, Any]], whole: tuple[Key, Mapping]
    ) -> None:
        """`whole` as a part of the last of `shown`: the patients of a table, and of a group of it."""
        found = [self.add(one, None) for one in shown]
        # Of one row a patient: those of whom anything at all is recorded are no population.
        self.sums.populations |= {
            key for key, cell in (*found, whole) if cell["rows"] == cell["patients"]
        }
        (key, _), everybody = whole, found[-1]
        if key[0] == everybody[0][0] == "patients" and key != everybody[0]:
            self.relate(everybody, [whole])

    def keep(self, relation: dict[Key, int]) -> None:
        relation = {
            key: factor
            for key, factor in relation.items()
            if factor and self.sums.counts[key].n  # nobody is known to be nobody
        }
        known = tuple(sorted(relation.items()))
        if len(relation) > 1 and known not in self._known:
            self._known.add(known)
            self.sums.relations.append(relation)


def _relate_family(build: _Builder, whole, family: dict[Conditions, tuple[Key, Mapping]]) -> None:
    """The relations among counts that differ in the conditions on one column alone, and their whole."""
    values = list_values(list(family))
    met = {held: values_met(held, values) for held in family}
    plain = {met[held]: family[held] for held in family if met[held] is not None}
    for held in family:
        if met[held] is None:
            build.relate(whole, [family[held]])
    everything = frozenset(range(len(values)))
    nodes = {everything: whole} | {
        which: one for which, one in plain.items() if which != everything
    }
    for which, one in nodes.items():
        inside = [other for other in nodes if other < which]
        largest = [a for a in inside if not any(a < b for b in inside)]
        chosen: list[frozenset[int]] = []
        for other in sorted(largest, key=lambda found: (-len(found), sorted(found))):
            if any(other & taken for taken in chosen):
                build.relate(one, [nodes[other]])
            else:
                chosen.append(other)
        if chosen and not build.relate(one, [nodes[other] for other in chosen]):
            for other in chosen:
                build.relate(one, [nodes[other]])


def _join(build: _Builder, parts: list[tuple[Key, Mapping]]) -> tuple[Key, Mapping]:
    """The set of patients who are in one of several disjoint `parts`."""
    cells = [cell for _, cell in parts]
    n = sum(cell["patients"] for cell in cells)
    sign = tuple(sum(cell["patient_set"][i] for cell in cells) % WORD for i in (0, 1))
    build.sums.counts.setdefault(("patients", sign), Count(n, n))
    return ("patients", sign), {"rows": n, "patients": n, "patient_set": sign, "row_set": (0, 0)}


@dataclass
class _Curve:
    """The counts of one curve, by what is counted and when; `late`: patients enter after its origin."""

    whole: tuple[Key, Mapping]
    late: bool
    counts: dict[str, dict[float, tuple[Key, Mapping]]] = field(default_factory=dict)

    def relate(self, build: _Builder) -> None:
        """Each count over time up to all of them, and those at risk against those who had an event or
        were censored."""
        for what, by_time in self.counts.items():
            if what == "at_risk" and self.late:
                continue  # not those of before, less some
            times = sorted(by_time, reverse=what == "at_risk")
            for earlier, later in zip(times, times[1:], strict=False):
                build.relate(by_time[later], [by_time[earlier]])
        ends = [by_time[math.inf] for by_time in self.counts.values() if math.inf in by_time]
        build.relate(self.whole, ends)
        for time, (_, cell) in ({} if self.late else self.counts.get("at_risk", {})).items():
            gone = [
                by[time] for what, by in self.counts.items() if what != "at_risk" and time in by
            ]
            left = _subtract(tuple(self.whole[1]["patient_set"]), [tuple(cell["patient_set"])])
            n = self.whole[1]["patients"] - cell["patients"]
            before = ("patients", left), {"rows": n, "patients": n, "patient_set": left}
            until = _join(build, gone)
            build.relate(until, gone)
            if n:
                build.sums.counts.setdefault(before[0], Count(n, n))
                build.relate(until, [before])


def find_sums(records: Iterable[Mapping[str, Any]]) -> Sums:
    """The counts that `records` show, and how they add up, from what each of them stands on."""
    build = _Builder()
    curves: dict[str, _Curve] = {}
    for record in records:
        stands = record.get("stands_on")
        if not stands:
            continue
        added = [build.add(shown, record["id"]) for shown in stands["shows"]]
        if stands["whole"]:
            whole = build.add(stands["whole"], None)
            build.relate_to_everybody(stands["everybody"], whole)
            for shown, one in zip(stands["shows"][:1], added, strict=False):
                if one[0] != whole[0]:
                    build.relate(whole, [one])
                what, _, rest = shown["op"].partition("/")
                if rest:
                    cause, _, time = rest.partition("/")
                    curve = curves.setdefault(shown["sql"], _Curve(whole, shown["late"]))
                    by_time = curve.counts.setdefault(f"{what}{cause}", {})
                    by_time[float(time)] = one
                    if stands["ever"]:
                        by_time[math.inf] = build.add(stands["ever"], None)
    for curve in curves.values():
        curve.relate(build)
    families: dict[tuple, dict[Conditions, tuple]] = {}
    for query, found in build.queries.items():
        for column, held in sorted(query.conditions, key=itemgetter(0)):
            rest = _Query(
                query.op, query.distinct, query.table, query.conditions - {(column, held)}
            )
            if rest in build.queries:
                families.setdefault((rest, column), {})[held] = found
    for (rest, _), family in families.items():
        _relate_family(build, build.queries[rest], family)
    return build.sums
