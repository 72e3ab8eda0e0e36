"""The patient flow: every box is the sum of those below it, from the records received on."""

import pandas as pd
import pytest

from graftline.analyse.flow import check_flow, declare_flow, lay_out_flow, plan_flow
from graftline.derive.received import list_received
from graftline.errors import GraftlineError
from graftline.figures.flow import draw_flow
from graftline.figures.style import write_svg
from graftline.numbers import evaluate
from graftline.raw.sdtm.mapping import no_set_aside
from tests.unit.figures.pictures import LONG, assert_readable

TEXT = "string[pyarrow]"
ARMS = {"A": {"id": "a", "label": "group A"}, "B": {"id": "b", "label": "group B"}}
ENDPOINTS = {
    "os": {"label": "Overall survival", "origin": "TX"},
    "rfs": {"label": "Relapse-free survival", "origin": "TX", "report": "table"},
    "os_it": {"label": "Overall survival", "origin": "IT"},
}
# patient, arm, transplanted, treated, toxicity grade on treatment, at risk of death
PATIENTS = [
    ("P1", "A", True, True, 2, True),
    ("P2", "A", True, True, None, True),
    ("P3", "A", True, False, None, True),
    ("P4", "A", False, False, None, False),
    ("P5", "B", True, True, 0, True),
    ("P6", None, True, False, None, False),
]
ASIDE = [("S1", 8, "screen failure"), ("S2", 9, "screen failure"), ("P1", 10, "sent twice")]


def make_tables(patients=PATIENTS, aside=ASIDE):
    ids, arms, transplanted, treated, grades, at_risk = map(list, zip(*patients, strict=True))
    day = pd.Timestamp("1995-01-01")
    subjects = pd.DataFrame({"row_key": ids, "subject_id": ids, "arm": arms}).astype(TEXT)
    subjects["tx_date"] = [day if yes else pd.NaT for yes in transplanted]
    subjects["it_start"] = [day if yes else pd.NaT for yes in treated]
    worst = subjects[["row_key", "subject_id", "arm"]].assign(scale="who", item="ANY")
    worst["grade"] = pd.array(grades, dtype="Int64")
    worst["treated"] = treated
    endpoints = subjects[["row_key", "arm"]].assign(endpoint="os")
    endpoints["in_risk_set"] = pd.array(at_risk, dtype="boolean")
    raw = subjects[["subject_id"]].assign(src_file="dm.csv", src_line=range(2, 2 + len(ids)))
    # A record of another table that is set aside is no patient's record.
    rows = [(who, line, why, "subjects", "dm.csv", "patient") for who, line, why in aside]
    rows.append(("P1", 3, "not a dose", "exposure", "ex.csv", "row"))
    names = ["subject_id", "src_line", "reason", "table_name", "src_file", "what"]
    gone = pd.DataFrame(rows, columns=names)
    received, lineage = list_received(raw, gone.reindex(columns=no_set_aside().columns))
    tables = {"subjects": subjects, "toxicity_worst": worst, "endpoints": endpoints}
    return {"received": received, **tables}, lineage


def count(arms=ARMS, **options):
    tables, _ = make_tables(**options)
    flow = plan_flow(
        tables["received"], tables["subjects"], arms=arms, scale="who", endpoints=ENDPOINTS
    )
    records = evaluate(declare_flow(flow), tables)
    return flow, {record["id"]: record["value"] for record in records}


def test_the_first_box_is_the_records_of_the_file_and_those_set_aside_are_told_by_reason():
    _, value = count()
    assert value["flow.received.n"] == 9  # lines 2 to 10 of dm.csv
    assert value["flow.set_aside.n"] == 3
    assert value["flow.set_aside.screen_failure.n"] == 2
    assert value["flow.set_aside.sent_twice.n"] == 1
    assert value["flow.entered.n"] == 6


def test_each_group_loses_those_not_transplanted_and_then_those_not_treated():
    _, value = count()
    names = ("group", "transplanted", "not_transplanted", "treated", "not_treated")
    found = {arm: [value[f"flow.{name}.{arm}.n"] for name in names] for arm in ("a", "b", "no_arm")}
    assert found == {"a": [4, 3, 1, 2, 1], "b": [1, 1, 0, 1, 0], "no_arm": [1, 1, 0, 0, 1]}


def test_an_analysis_is_of_all_patients_of_its_group():
    _, value = count()
    assert [value[f"flow.toxicity.{arm}.n"] for arm in ("a", "b", "no_arm")] == [1, 1, 0]
    assert [value[f"flow.no_toxicity.{arm}.n"] for arm in ("a", "b", "no_arm")] == [3, 0, 1]
    assert [value[f"flow.os.{arm}.n"] for arm in ("a", "b", "no_arm")] == [3, 1, 0]
    assert not any(".rfs." in id or ".os_it." in id for id in value)  # not of the main figures


def test_the_counts_add_up_and_one_that_is_off_stops_the_run():
    flow, value = count()
    check_flow(flow, value)
    for id in value:
        wrong = value | {id: value[id] + (9 if id.startswith("flow.os.") else 1)}
        with pytest.raises(GraftlineError, match="does not add up"):
            check_flow(flow, wrong)


def test_a_study_without_arms_and_treatment_has_one_column_of_what_it_knows():
    patients = [("P1", None, False, False, None, True), ("P2", None, False, False, None, True)]
    tables, _ = make_tables(patients, [])
    flow = plan_flow(
        tables["received"], tables["subjects"], arms={}, scale=None, endpoints=ENDPOINTS
    )
    values = {r["id"]: r["value"] for r in evaluate(declare_flow(flow), tables)}
    check_flow(flow, values)
    drawn = lay_out_flow(flow, {id: str(value) for id, value in values.items()})
    assert drawn["trunk"] == [["Patients' records received: 2"], ["Patients in the study: 2"]]
    assert drawn["aside"] == ["Set aside: 0"]
    assert drawn["columns"] == [[["Analysed for", "overall survival: 2"]]]
    assert_readable(draw_flow(drawn))


def test_every_record_received_leads_back_to_its_line():
    _, lineage = make_tables()
    lines = lineage[["src_file", "src_line"]].drop_duplicates()
    assert lines["src_file"].unique().tolist() == ["dm.csv"]
    assert sorted(lines["src_line"]) == list(range(2, 11))


def boxes(n, number="100000"):
    column = [[f"{LONG}: {number}"], [f"Treated: {number}", f"not treated: {number}"]]
    column.append(["Analysed for", f"toxicity: {number} (not graded: {number})", LONG])
    trunk = [[f"Patients' records received: {number}"], [f"Patients in the study: {number}"]]
    aside = [f"Set aside: {number}", *[f"{LONG} {place}: {number}" for place in range(6)]]
    return {"trunk": trunk, "aside": aside, "columns": [column] * n}


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_the_flow_can_be_read_for_one_to_five_groups(n):
    figure = draw_flow(boxes(n))
    assert_readable(figure)
    axes = figure.axes[0]
    for text in axes.texts:
        if text.get_text():
            place = axes.transData.inverted().transform(text.get_window_extent())
            within = [
                box for box in axes.patches
                if box.get_x() <= place[0][0] and place[1][0] <= box.get_x() + box.get_width()
                and box.get_y() <= place[:, 1].min() and place[:, 1].max() <= box.get_y() + box.get_height()
            ]  # fmt: skip
            assert len(within) == 1, f"{text.get_text()!r} leaves its box"


def test_the_same_flow_gives_the_same_bytes(tmp_path):
    for name in ("a.svg", "b.svg"):
        write_svg(draw_flow(boxes(2)), tmp_path / name, data_label="NOT PATIENT DATA", alt="Flow")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
