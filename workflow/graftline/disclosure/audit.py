"""Which counts anybody could compute: bounds of masked counts, from those shown and how they add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

Key = Any
Relation = Mapping[Key, int]


class Unknowns:
    """Counts that are not told, in the parts that hang together by relations.

    `values` are the true ones; `bounds` what anybody knows of each unknown count by how it is masked.
    """

    def __init__(
        self,
        relations: Iterable[Relation],
        values: Mapping[Key, int],
        bounds: Mapping[Key, tuple[float, float]],
    ):
        self.values, self.bounds = values, bounds
        self.parts = _split(relations, set(bounds))

    def find_told(self, wanted: set[Key]) -> dict[Key, list[Relation]]:
        """Those of `wanted` of which only the true value fits, sorted in each part, with its relations:
        in which order they are masked decides what else is."""
        told = {}
        for keys, relations in self.parts:
            told |= dict.fromkeys(self._told_in(keys, relations, wanted & set(keys)), relations)
        return told

    def _told_in(self, keys: list[Key], relations: list[Relation], wanted: set[Key]) -> list[Key]:
        if not wanted or not relations:
            return sorted(key for key in wanted if self.bounds[key][0] == self.bounds[key][1])
        solve = _Solver(keys, relations, self.values, self.bounds)
        truth = np.array([self.values[key] for key in keys], dtype=float)
        place = {key: index for index, key in enumerate(keys)}
        free = np.zeros(len(keys), dtype=bool)
        told = []
        for key in sorted(wanted):
            index = place[key]
            for sign in (1, -1):
                if not free[index]:
                    # One other solution sets free every count that differs in it.
                    free |= np.abs(solve.extreme(index, sign) - truth) > 0.5
            if not free[index]:
                told.append(key)
        return told


class _Solver:
    """Whole numbers that fit the relations of one part, with one of them at its least or greatest."""

    def __init__(self, keys, relations, values, bounds):
        from scipy.optimize import Bounds, LinearConstraint
        from scipy.sparse import csr_array

        place = {key: index for index, key in enumerate(keys)}
        entries, totals = [], []
        for row, relation in enumerate(relations):
            entries += [(row, place[k], f) for k, f in relation.items() if k in place]
            totals.append(-sum(f * values[k] for k, f in relation.items() if k not in place))
        rows, columns, factors = zip(*entries, strict=True)
        matrix = csr_array((factors, (rows, columns)), shape=(len(totals), len(keys)), dtype=float)
        most = 4 * (sum(abs(total) for total in totals) + sum(values[key] for key in keys)) + 100
        low, high = np.array([bounds[key] for key in keys], dtype=float).T
        self.limits = Bounds(low, np.minimum(high, most))
        self.constraint = LinearConstraint(matrix, totals, totals)
        self.size = len(keys)

    def extreme(self, index: int, sign: int) -> np.ndarray:
        """Numbers that fit, the one at `index` at its greatest (`sign` 1) or least (-1)."""
        from scipy.optimize import milp

        aim = np.zeros(self.size)
        aim[index] = -sign
        found = milp(
            aim, integrality=np.ones(self.size), bounds=self.limits, constraints=self.constraint
        )
        if found.x is None:
            raise ValueError("the true counts do not fit their own relations")
        return found.x


def _split(relations: Iterable[Relation], unknown: set[Key]) -> list[tuple[list, list[Relation]]]:
    """The unknown counts in groups that no relation joins, each with its relations."""
    group: dict[Key, Key] = {key: key for key in unknown}

    def find(key: Key) -> Key:
        while group[key] != key:
            group[key] = group[group[key]]
            key = group[key]
        return key

    open_relations = []
    for relation in relations:
        inside = [key for key in relation if key in unknown]
        if inside:
            open_relations.append((inside[0], relation))
            for key in inside[1:]:
                group[find(key)] = find(inside[0])
    parts: dict[Key, tuple[list, list]] = {}
    for key in sorted(unknown):
        parts.setdefault(find(key), ([], []))[0].append(key)
    for key, relation in open_relations:
        parts[find(key)][1].append(relation)
    return list(parts.values())
