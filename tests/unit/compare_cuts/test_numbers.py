"""Numbers that moved, and because of which patients."""

import pytest

from graftline.compare_cuts import declare
from graftline.compare_cuts.layout import lay_out_moved
from graftline.compare_cuts.numbers import add_patients, compare_records
from graftline.compare_cuts.released import release_comparison
from graftline.compare_cuts.responsible import find_responsible
from graftline.numbers import Declaration, evaluate, select_rows
from tests.unit.compare_cuts.small_cuts import endpoints

ALL = select_rows("endpoints")


def number(name, statistic="count", selected=ALL, **more):
    return Declaration(
        id=name, population="all patients", method=f"What {name} is.", table="endpoints",
        selected=selected, considered=ALL, statistic=statistic, **more,
    )  # fmt: skip


def compare(before, after, *declarations):
    frames = tuple({"endpoints": endpoints(**cut)} for cut in (before, after))
    records = tuple(evaluate(declarations, frame) for frame in frames)
    moved = compare_records(*records)
    _, people = find_responsible(moved, records, frames)
    return add_patients(moved, people), records


def patients(moved):
    return dict(zip(moved["row_key"], moved["patients"], strict=True))


EVENTS = number("os.n_events", selected=select_rows("endpoints", status=1))
LONGEST = number("os.maximum", "maximum", arguments={"column": "time"})
# One of three died on day 50; the others were alive on days 100 and 300.
BEFORE = {"P01": (50, 1), "P02": (100, 0), "P03": (300, 0)}


def test_a_number_that_is_the_same_is_not_told():
    moved, _ = compare(BEFORE, BEFORE, EVENTS, LONGEST)
    assert len(moved) == 0


def test_a_count_moved_because_of_those_who_came_into_it_or_left_it():
    after = BEFORE | {"P02": (120, 1), "P03": (400, 0)}
    moved, _ = compare(BEFORE, after, EVENTS)
    assert moved[["row_key", "before", "after", "n_patients"]].values.tolist() == [
        ["os.n_events", "1", "2", 1]
    ]
    assert patients(moved) == {"os.n_events": "P02"}


def test_a_statistic_of_a_column_moved_because_of_those_whose_cell_differs():
    moved, _ = compare(BEFORE, BEFORE | {"P03": (400, 0)}, LONGEST, EVENTS)
    assert patients(moved) == {"os.maximum": "P03"}


def test_an_estimate_at_a_time_moved_because_of_what_differs_until_then():
    # At 200 days P03 is at risk in both cuts; P02 was censored on day 100 and dies on day 120 now.
    after = BEFORE | {"P02": (120, 1), "P03": (400, 0)}
    estimate = number(
        "os.survival.200", "km", arguments={"time": 200, "what": "survival"}, display="decimal",
        decimals=3,
    )  # fmt: skip
    moved, _ = compare(BEFORE, after, estimate)
    # One of three, then one of the two at risk: 2/3, then 2/3 times 1/2.
    assert moved[["before", "after"]].values.tolist() == [["0.667", "0.333"]]
    assert patients(moved) == {"os.survival.200": "P02"}


@pytest.mark.parametrize(
    ("what", "before", "after", "because"),
    [
        ("at_risk", "1", "2", "P04"),
        ("events", "1", "2", "P02"),
        ("censored", "2", "0", "P02, P04"),
    ],
)
def test_a_count_of_a_curve_moved_because_of_those_who_are_counted_in_one_cut(
    what, before, after, because
):
    # Until day 200: P02 was censored on day 100 and died on day 120; P04 was censored on day 150 and is
    # followed on; P03 was and is at risk.
    was = BEFORE | {"P04": (150, 0)}
    now = BEFORE | {"P02": (120, 1), "P03": (400, 0), "P04": (350, 0)}
    count = number(f"os.{what}.200", "km", arguments={"time": 200, "what": what})
    moved, _ = compare(was, now, count)
    assert moved[["before", "after"]].values.tolist() == [[before, after]]
    assert patients(moved) == {f"os.{what}.200": because}


def test_a_patient_who_is_new_moves_what_he_is_counted_in():
    moved, _ = compare(BEFORE, BEFORE | {"P04": (10, 0)}, number("os.n"))
    assert patients(moved) == {"os.n": "P04"}


def test_a_new_patient_moves_no_count_that_he_is_not_in():
    after = BEFORE | {"P02": (120, 1), "P04": (10, 0)}
    rate = number("os.rate", "percent", EVENTS.selected, display="percent")
    moved, _ = compare(BEFORE, after, EVENTS, rate)
    assert patients(moved) == {"os.n_events": "P02", "os.rate": "P02, P04"}


def test_of_many_patients_all_are_counted_and_the_first_are_named(monkeypatch):
    monkeypatch.setattr("graftline.compare_cuts.responsible.MOST_LISTED", 2)
    after = BEFORE | {f"P1{digit}": (10, 0) for digit in range(5)}
    moved, _ = compare(BEFORE, after, number("os.n"))
    assert moved["n_patients"].tolist() == [5]
    assert patients(moved) == {"os.n": "P10, P11, ..."}


def test_a_number_of_one_cut_alone_is_new_or_gone():
    (one,) = evaluate([EVENTS], {"endpoints": endpoints(**BEFORE)})
    assert compare_records([], [one])["kind"].tolist() == ["new"]
    assert compare_records([one], [])["kind"].tolist() == ["gone"]


def estimates(value, low, high):
    return [
        {"id": name, "value": found, "display": str(found)}
        for name, found in (("os.rate", value), ("os.rate.lower", low), ("os.rate.upper", high))
    ]


def test_a_limit_that_moved_stands_with_its_estimate_that_did_not():
    moved = compare_records(estimates(0, 0, 52), estimates(0, 0, 37))
    assert dict(zip(moved["row_key"], moved["kind"], strict=True)) == {
        "os.rate": "unmoved",
        "os.rate.lower": "unmoved",
        "os.rate.upper": "moved",
    }
    assert set(moved["base"]) == {"os.rate"}


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [(1, 1.0, True), (0.1 + 0.2, 0.3, True), (0.3, 0.3001, False), (None, None, True),
     (None, 0, False), ("CR", "PR", False)],
)  # fmt: skip
def test_values_are_the_same_to_eleven_digits(before, after, same):
    pair = [[{"id": "x", "value": value, "display": ""}] for value in (before, after)]
    assert (len(compare_records(*pair)) == 0) is same


# ---- what the manuscript says of them


def test_the_table_gives_a_number_before_and_now_with_how_many_patients_moved_it():
    after = BEFORE | {"P02": (120, 1)}
    moved, (_, records) = compare(BEFORE, after, EVENTS)
    found = evaluate(declare.declare_moved(moved, records), {declare.MOVED: moved})
    shown = {record["id"]: record["display"] for record in found}
    assert shown["changes.before.os.n_events"] == "1"
    assert shown["changes.patients.os.n_events"] == "1"
    assert shown["changes.numbers.moved.n"] == "1"
    layout = lay_out_moved(moved, records, {"os": "Overall survival"})
    assert [(row["label"], row["cells"]) for row in layout["rows"]] == [
        ("Overall survival", []),
        (
            "What os.n_events is",
            [
                "{changes.before.os.n_events}",
                "{os.n_events}",
                "{changes.patients.os.n_events}",
            ],
        ),
    ]


def test_what_leaves_is_made_of_released_numbers_alone_and_what_is_masked_stays_so():
    released = [
        {"id": "changes.previous_cut", "value": "1996-12-31", "display": "1996-12-31"},
        {"id": "changes.death.n", "value": None, "display": "masked"},
        {"id": "os.n_events", "value": 2, "display": "2"},
        {"id": "changes.before.os.n_events", "value": 1.0, "display": "1"},
        {"id": "changes.patients.os.n_events", "value": 1.0, "display": "1"},
        {"id": "cohort.n", "value": None, "display": "masked"},
        {"id": "changes.before.cohort.n", "value": 3, "display": "3"},
    ]
    found = release_comparison(released, cut="1997-12-31", compared=True, data_label="L")
    assert found["counts"] == {"death.n": None}
    assert found["numbers"] == [
        {"id": "cohort.n", "before": 3, "before_display": "3", "now": None, "now_display": "masked",
         "moved": None, "patients": None},
        {"id": "os.n_events", "before": 1.0, "before_display": "1", "now": 2, "now_display": "2",
         "moved": True, "patients": 1.0},
    ]  # fmt: skip
