"""Which counts are told, always in the same order."""

from graftline.disclosure.audit import Unknowns


def test_told_counts_come_in_one_order_whatever_their_hashes():
    # Six parts of known wholes, each beside a part that is known.
    names = ["f", "e", "d", "c", "b", "a"]
    relations = [{f"all {name}": 1, f"known {name}": -1, name: -1} for name in names]
    values = {f"all {name}": 5 for name in names} | {f"known {name}": 3 for name in names}
    bounds = dict.fromkeys(names, (1, 100))
    joined = dict.fromkeys(names, 1) | {"sum": -1}
    values |= dict.fromkeys(names, 2) | {"sum": 12}
    found = Unknowns([*relations, joined], values, bounds).find_told(set(names))
    assert list(found) == sorted(names)


def test_what_is_bounded_to_one_number_is_told_and_what_has_two_is_not():
    # x + y = 4, and each is 1 to 3; z is known to be 2 at the most and at the least.
    values = {"all": 4, "x": 1, "y": 3, "z": 2}
    bounds = {"x": (1, 3), "y": (1, 3), "z": (2, 2)}
    found = Unknowns([{"all": 1, "x": -1, "y": -1}], values, bounds).find_told({"x", "y", "z"})
    assert list(found) == ["z"]
