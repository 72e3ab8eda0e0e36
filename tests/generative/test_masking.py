"""Nobody who tries every table of counts finds out a small count."""

from functools import cache
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graftline.analyse.survival_numbers import declare_at_risk, declare_counts
from graftline.disclosure.masking import mask_records
from graftline.disclosure.policy import Policy
from graftline.numbers import evaluate
from tests.unit.disclosure.tables_of_counts import declare, declare_table, print_masked
from tests.unit.disclosure.test_masking_of_survival import OS, make_endpoints

THRESHOLD = 3
ARMS, GRADES = "ab", (1, 2, 3)
CELLS = list(product(ARMS, GRADES))
MORE = 3  # patients that an attacker thinks possible beyond those there are


@cache
def list_tables(most):
    """Every table of six counts with up to `most` patients in all."""
    found = np.array(list(product(range(most + 1), repeat=2)))
    for _ in range(len(CELLS) - 2):
        grown = [np.column_stack([found, np.full(len(found), n)]) for n in range(most + 1)]
        found = np.concatenate([one[one.sum(axis=1) <= most] for one in grown])
    return found[found.sum(axis=1) <= most]


def is_counted(id, cell):
    arm, grade = cell
    name, _, of = id.partition(".")
    if of and of != arm:
        return False
    return name == "n" or name == f"grade{grade}" or (name == "at_least" and grade >= 2)


def count(id, tables):
    """The count `id` in each of `tables`."""
    return tables[:, [is_counted(id, cell) for cell in CELLS]].sum(axis=1)


def fits(display, counts):
    if display == f"<{THRESHOLD}":
        return (counts >= 1) & (counts < THRESHOLD)
    return counts >= 1 if display == "masked" else counts == int(display)


# More patients would be more tables than can be tried; nobody is told how many there are at the most.
COUNTS = st.lists(st.integers(0, 3), min_size=6, max_size=6).filter(lambda n: sum(n) < 10)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(COUNTS, st.booleans())
def test_no_small_count_is_the_only_one_that_fits(counts, with_limit):
    numbers = declare_table(ARMS, GRADES, at_least=2 if with_limit else None)
    table = {arm: {} for arm in ARMS}
    for (arm, grade), n in zip(CELLS, counts, strict=True):
        table[arm][grade] = n
    shown = print_masked(table, numbers, THRESHOLD)
    tables = list_tables(sum(counts) + MORE)
    for id, display in shown.items():
        tables = tables[fits(display, count(id, tables))]
    true = np.array([counts])
    assert (tables == true).all(axis=1).any()
    for id in shown:
        if 0 < count(id, true)[0] < THRESHOLD:
            assert len(set(count(id, tables))) > 1, f"{id} is told by {shown}"


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 12), st.integers(0, 12))
def test_neither_a_share_nor_its_rest_is_told_when_small(inside, outside):
    numbers = [declare("n"), declare("part", grade=1), declare("share", "percent", grade=1)]
    shown = print_masked({"a": {1: inside, 2: outside}}, numbers, THRESHOLD)
    if 0 < inside < THRESHOLD or 0 < outside < THRESHOLD:
        told = [
            name
            for name in ("n", "part", "share")
            if shown[name] != "masked" and "<" not in shown[name]
        ]
        assert len(told) <= 1, "two of the three tell the third"


# Patients of a curve by how they left, with an event (a) or censored (b), and in which of three
# intervals: up to day 20, from there to day 40, and later.
COUNTED = {
    "os.n": CELLS,
    "os.n_events": [("a", place) for place in GRADES],
    "os.n_censored": [("b", place) for place in GRADES],
    "os.events.20": [("a", 1)],
    "os.events.40": [("a", 1), ("a", 2)],
    "os.censored.20": [("b", 1)],
    "os.censored.40": [("b", 1), ("b", 2)],
    "os.at_risk.20": [cell for cell in CELLS if cell[1] > 1],
    "os.at_risk.40": [cell for cell in CELLS if cell[1] > 2],
}
# What is printed nowhere and is the difference of two that are.
BETWEEN = {f"{one} in {place}": [(one, place)] for one in ARMS for place in (2, 3)}


def add_up(cells, tables):
    return tables[:, [cell in cells for cell in CELLS]].sum(axis=1)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(COUNTS.filter(any))
def test_no_small_count_of_a_curve_is_the_only_one_that_fits(counts):
    patients = [
        (20 * place - 10, 0 if arm == "a" else 1)
        for (arm, place), n in zip(CELLS, counts, strict=True)
        for _ in range(n)
    ]
    numbers = declare_counts(OS) + [
        one for at in (20, 40) for one in declare_at_risk(OS, at, "day")
    ]
    records = evaluate(numbers, {"endpoints": make_endpoints(patients)}, masking=True)
    released = mask_records(records, Policy(False, THRESHOLD))
    shown = {one["id"]: one["display"] for one in released if one["id"] in COUNTED}
    tables = list_tables(sum(counts) + MORE)
    for id, display in shown.items():
        tables = tables[fits(display, add_up(COUNTED[id], tables))]
    true = np.array([counts])
    assert (tables == true).all(axis=1).any()
    for name, cells in (COUNTED | BETWEEN).items():
        if 0 < add_up(cells, true)[0] < THRESHOLD:
            assert len(set(add_up(cells, tables))) > 1, f"{name} is told by {shown}"
