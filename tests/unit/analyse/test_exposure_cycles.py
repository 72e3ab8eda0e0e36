"""Doses by cycle: who began, what share was given, and how much of a patient is shown."""

import numpy as np
import pandas as pd
import pytest

from graftline.analyse.exposure_cycles import declare_cycles, find_quartiles, list_panels
from graftline.figures.dose_intensity import draw_dose_intensity, spread_out
from graftline.figures.style import write_svg
from graftline.numbers import evaluate
from tests.unit.figures.pictures import LONG, assert_readable

ARMS = {"A": {"id": "a", "label": "group A"}, "B": {"id": "b", "label": "group B"}}
DRUGS = {"X": {"id": "x", "label": "drug X"}}
# patient, arm, cycle, begun, planned, given
CYCLES = [
    ("P1", "A", 1, True, 100.0, 100.0),
    ("P1", "A", 2, True, 100.0, 25.0),
    ("P2", "A", 1, True, 100.0, 60.0),
    ("P2", "A", 2, False, 100.0, 0.0),
    ("P3", "B", 1, True, 50.0, 55.0),
    ("P4", "B", 1, True, None, 55.0),  # without a plan
]
OPEN, CLOSED = {"case_listing": True}, {"case_listing": False, "mask_below": 0}


def make_cycles(rows=CYCLES):
    names = ["subject_id", "arm", "cycle", "begun", "total_planned", "total_given"]
    frame = pd.DataFrame(rows, columns=names).assign(drug="X")
    frame["row_key"] = frame["subject_id"] + "/" + frame["cycle"].astype(str)
    text = dict.fromkeys(["row_key", "subject_id", "arm", "drug"], "string[pyarrow]")
    return frame.astype(text | {"cycle": "Int64", "begun": "boolean"})


def draw(cycles, disclosure, arms=ARMS):
    study = {"arms": arms, "drugs": DRUGS}
    records = evaluate(declare_cycles(cycles, **study), {"exposure": cycles})
    printed = {record["id"]: record["display"] for record in records}
    return printed, list_panels(cycles, printed, disclosure=disclosure, **study)


def test_patients_who_began_a_cycle_are_counted_among_those_it_was_planned_for():
    printed, drawn = draw(make_cycles(), OPEN)
    assert printed["exposure.x.cycle1.planned.a.n"] == "2"
    assert printed["exposure.x.cycle2.begun.a.n"] == "1"
    (panel,) = drawn["panels"]
    assert [group["texts"] for group in panel["groups"]] == [["2/2", "1/2"], ["2/2"]]


def test_the_share_given_is_of_the_dose_planned_for_the_cycle():
    _, drawn = draw(make_cycles(), OPEN)
    assert drawn["singly"]
    first, second = drawn["panels"][0]["groups"]
    assert first["cycles"] == [1, 2] and second["cycles"] == [1]
    assert [np.round(values, 9).tolist() for values in first["values"]] == [[60, 100], [0, 25]]
    assert np.round(second["values"][0], 9).tolist() == [110]  # more than planned is shown as such


def test_where_patients_are_not_shown_singly_quartiles_stand_for_five_or_more():
    _, drawn = draw(make_cycles(), CLOSED)
    assert not drawn["singly"]
    assert [group["values"] for group in drawn["panels"][0]["groups"]] == [[None, None], [None]]
    rows = [(f"P{n}", "A", 1, True, 100.0, given) for n, given in enumerate((0, 20, 40, 80, 100))]
    _, drawn = draw(make_cycles(rows), CLOSED)
    assert drawn["panels"][0]["groups"][0]["values"] == [[20, 40, 80]]
    assert find_quartiles(np.arange(4.0)) is None


def test_more_than_thirty_patients_are_never_shown_singly():
    rows = [(f"P{n}", "A", 1, True, 100.0, 100.0) for n in range(31)]
    assert not draw(make_cycles(rows), OPEN)[1]["singly"]
    assert draw(make_cycles(rows[:30]), OPEN)[1]["singly"]


def test_a_study_without_arms_has_one_group_and_one_without_a_plan_no_panel():
    _, drawn = draw(make_cycles().assign(arm=pd.NA).astype({"arm": "string[pyarrow]"}), OPEN, {})
    assert [group["label"] for group in drawn["panels"][0]["groups"]] == ["All patients"]
    _, drawn = draw(make_cycles(CYCLES[5:]), OPEN)
    assert drawn["panels"] == []
    assert "No dose" in draw_dose_intensity(drawn).texts[0].get_text()


def test_marks_of_a_cycle_stand_side_by_side_in_the_middle_of_their_room():
    assert spread_out(1, 2.0, 0.4).tolist() == [2.0]
    assert spread_out(4, 2.0, 0.4) == pytest.approx([1.85, 1.95, 2.05, 2.15])


def many(n_drugs, n_groups, n_cycles, singly):
    values = [[0.0, 50.0, 100.0]] * n_cycles
    group = {"cycles": list(range(1, n_cycles + 1)), "texts": ["9999/10000"] * n_cycles}
    groups = [group | {"label": f"{LONG} {at}", "values": values} for at in range(n_groups)]
    return {"singly": singly, "panels": [{"title": LONG, "groups": groups}] * n_drugs}


@pytest.mark.parametrize("n_drugs", [1, 2, 4])
@pytest.mark.parametrize("n_groups", [1, 4])
@pytest.mark.parametrize(("n_cycles", "singly"), [(1, True), (4, True), (40, False)])
def test_doses_can_be_read_for_one_to_four_groups_and_many_cycles(
    n_drugs, n_groups, n_cycles, singly
):
    assert_readable(draw_dose_intensity(many(n_drugs, n_groups, n_cycles, singly)))


def test_the_same_doses_give_the_same_bytes(tmp_path):
    for name in ("a.svg", "b.svg"):
        figure = draw_dose_intensity(many(2, 2, 4, singly=True))
        write_svg(figure, tmp_path / name, data_label="NOT PATIENT DATA", alt="Doses")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
