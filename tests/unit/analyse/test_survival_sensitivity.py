"""Headline numbers with partial dates at their ends: declared, checked by hand, and laid out."""

import re

import pandas as pd
import pytest

from graftline.analyse.survival import SurvivalAnalysis
from graftline.analyse.survival_text import lay_out_tables
from graftline.numbers import evaluate
from graftline.numbers.evaluation import recompute_all

ORIGINS = {"TX": {"event": "transplant", "label": "transplantation"}}
OS = {"label": "Overall survival", "origin": "TX", "events": ["death"], "sentence": "x"}
DECLARED = {"os": OS | {"estimator": "kaplan_meier"}}
SURVIVAL = {
    "time_unit": "day",
    "times": [{"time": 4, "label": "four days"}],
    "followup_of": "os",
    "groups": None,
}


def rows(times, status=(1, 1, 0, 0), cnsr=(0, 0, 1, 1), adtf=("D", None, None, None)):
    frame = pd.DataFrame({"time": [float(time) for time in times], "status": status, "cnsr": cnsr})
    frame["subject_id"] = [f"P{number}" for number in range(len(frame))]
    frame["row_key"] = frame["subject_id"] + "/os"
    frame = frame.assign(endpoint="os", arm="A", diagnosis=None, entry=0.0, in_risk_set=True)
    frame["adtf"] = adtf
    text = ("row_key", "subject_id", "endpoint", "arm", "diagnosis", "adtf")
    types = dict.fromkeys(text, "string[pyarrow]") | {"status": "Int64", "cnsr": "Int64"}
    return frame.astype(types | {"in_risk_set": "boolean"})


def bounds(**variants):
    parts = [
        frame.assign(row_key=frame["row_key"] + f"/{dates}", dates=dates)
        for dates, frame in variants.items()
    ]
    return pd.concat(parts, ignore_index=True).astype({"dates": "string[pyarrow]"})


# The first death is on day 3, 2 or 5: S(4) is 3/4, 3/4 or 1; its median 5, 5 or, at half, 6.
USUAL = rows([3, 5, 6, 7])
BOUNDS = bounds(imputed=USUAL, earliest=rows([2, 5, 6, 7]), latest=rows([5, 6, 6, 7]))


def values_of(by_id):
    return {id: record["value"] for id, record in by_id.items()}


def analyse(endpoints=USUAL, ends=BOUNDS):
    analysis = SurvivalAnalysis(endpoints, DECLARED, ORIGINS, SURVIVAL, {}, {}, bounds=ends)
    frames = {"endpoints": endpoints, "endpoints_bounds": ends}
    records = evaluate(analysis.declare(), frames)
    return analysis, records, {record["id"]: record for record in records}


def test_each_headline_is_there_at_both_ends_with_its_largest_change():
    _, records, by_id = analyse()
    stem = "survival.sensitivity.os.survival.4"
    assert by_id["os.survival.4"]["value"] == 0.75
    assert by_id[f"{stem}.earliest"]["value"] == 0.75
    assert by_id[f"{stem}.latest"]["value"] == 1
    assert by_id[f"{stem}.change"]["value"] == 0.25
    assert by_id[f"{stem}.change"]["display"] == "25"
    assert by_id["survival.sensitivity.largest_change"]["value"] == 0.25
    median = "survival.sensitivity.os.median"
    assert [by_id[f"{median}.{end}"]["value"] for end in ("earliest", "latest")] == [5, 6]
    assert by_id["survival.sensitivity.followup.median.latest"]["value"] is not None
    assert "latest possible day" in by_id[f"{stem}.latest"]["method"]


def test_they_can_be_recomputed_from_their_own_queries():
    _, records, by_id = analyse()
    frames = {"endpoints": USUAL, "endpoints_bounds": BOUNDS}
    again = recompute_all(records, frames)
    assert again == {id: record["value"] for id, record in by_id.items()}


def test_without_rows_at_the_bounds_nothing_is_declared_and_the_facts_say_so():
    analysis, _, by_id = analyse(ends=BOUNDS.iloc[:0])
    assert not [id for id in by_id if "sensitivity" in id]
    assert set(lay_out_tables(analysis, values_of(by_id))) == {"endpoints"}
    facts = analysis.facts()["survival"]
    assert (facts["dates_matter"], facts["largest_change"]) == (False, None)
    facts = analyse()[0].facts()["survival"]
    assert facts["dates_matter"] and facts["largest_change"].endswith("largest_change")


def test_the_table_has_a_row_a_headline_and_no_typed_digit():
    analysis, _, by_id = analyse()
    layout = lay_out_tables(analysis, values_of(by_id))["sensitivity"]
    assert [row["label"] for row in layout["rows"]] == [
        "Overall survival from transplantation, four days",
        "Overall survival from transplantation, median in days",
        "Follow-up, median in days",
    ]
    texts = [layout["caption"], *layout["columns"], *layout["footnotes"]]
    texts += [text for row in layout["rows"] for text in (row["label"], *row["cells"])]
    used = {id for text in texts for id in re.findall(r"\{([^}]*)\}", text)}
    assert len(used) == 4 * 3 and used <= set(by_id)
    assert not [text for text in texts if re.search(r"\d", re.sub(r"\{[^}]*\}", "", text))]


def test_patient_dead_on_an_unknown_day_is_counted_and_is_no_end_of_follow_up():
    # Deaths at 3 and 5; at 6 dead on an unknown day; alive at 7.
    frame = rows([3, 5, 6, 7], cnsr=(0, 0, 6, 1))
    analysis, _, by_id = analyse(endpoints=frame)
    assert by_id["survival.died_undated.n"]["value"] == 1
    assert by_id["os.n_died_undated"]["value"] == 1
    assert by_id["followup.maximum_alive"]["value"] == by_id["followup.minimum_alive"]["value"] == 7
    # Reverse Kaplan-Meier: three deaths censor, one end of follow-up at 7 with one at risk.
    assert by_id["followup.median"]["value"] == pytest.approx(7)
    # As an end of follow-up the patient would give 6.
    assert analyse()[2]["followup.median"]["value"] == pytest.approx(6.5)
    notes = " ".join(lay_out_tables(analysis, values_of(by_id))["endpoints"]["footnotes"])
    assert "overall survival from transplantation {os.n_died_undated}" in notes


def test_the_table_leaves_out_what_does_not_change():
    # The death on day 2 or 3: S(4) and the median are the same.
    ends = bounds(imputed=USUAL, earliest=rows([2, 5, 6, 7]), latest=rows([3, 5, 6, 8]))
    analysis, _, by_id = analyse(ends=ends)
    layout = lay_out_tables(analysis, values_of(by_id))["sensitivity"]
    assert [row["label"] for row in layout["rows"]] == ["Follow-up, median in days"]
    assert "not listed do not change" in layout["footnotes"][0]
