"""Survival analysis of a small endpoints table: ids, groups, table, and the second computation."""

import re

import pandas as pd
import pytest

from graftline.analyse.survival import SurvivalAnalysis, choose_ticks
from graftline.analyse.survival_checks import check_estimates
from graftline.analyse.survival_figures import list_incidence_panels, list_kaplan_meier_panels
from graftline.analyse.survival_text import describe_kaplan_meier, lay_out_endpoints
from graftline.errors import GraftlineError
from graftline.estimate.cross_check import (
    check_incidence,
    check_survival,
    incidence_by_sums,
    survival_by_lifelines,
)
from graftline.estimate.risk_set import count_risk_sets
from graftline.figures.at_risk import find_end_of_curve
from graftline.numbers import evaluate

ORIGINS = {"TX": {"event": "transplant", "label": "transplantation"}}
DECLARED = {
    "pfs": {"label": "Event-free survival", "origin": "TX", "estimator": "kaplan_meier"},
    "cir": {"label": "Relapse", "origin": "TX", "estimator": "aalen_johansen"},
    "nrm": {"label": "Other death", "origin": "TX", "estimator": "aalen_johansen"},
}
DECLARED["pfs"] |= {"events": ["relapse", "death"], "sentence": "a"}
DECLARED["cir"] |= {"events": ["relapse"], "competing": ["death"], "sentence": "b"}
DECLARED["nrm"] |= {"events": ["death"], "competing": ["relapse"], "sentence": "c"}
SURVIVAL = {
    "time_unit": "day",
    "times": [{"time": 4, "label": "four days"}, {"time": 99, "label": "ninety-nine days"}],
    "followup_of": "pfs",
    "groups": None,
}
# Four patients: relapse at 2, death at 4, censored at 6 and 8.
TIMES, HAPPENED = [2.0, 4.0, 6.0, 8.0], ["relapse", "death", "", ""]


def make_endpoints(in_risk_set=(True,) * 4, diagnosis=("AML", "ALL", "AML", "ALL")):
    rows = []
    for key, endpoint in DECLARED.items():
        for index, (time, what) in enumerate(zip(TIMES, HAPPENED, strict=True)):
            status = 1 if what in endpoint["events"] else 2 if what else 0
            rows.append(
                {
                    "row_key": f"P{index}/{key}", "subject_id": f"P{index}", "endpoint": key, "diagnosis": diagnosis[index],
                    "arm": "A", "time": time, "entry": 0.0, "status": status,
                    "cnsr": {0: 1, 1: 0, 2: 5}[status], "in_risk_set": in_risk_set[index],
                    "adtf": None,
                }
            )  # fmt: skip
    text = dict.fromkeys(("row_key", "endpoint", "diagnosis", "arm", "adtf"), "string[pyarrow]")
    return pd.DataFrame(rows).astype(
        {**text, "status": "Int64", "cnsr": "Int64", "in_risk_set": "boolean"}
    )


def analyse(endpoints=None, **survival):
    endpoints = make_endpoints() if endpoints is None else endpoints
    analysis = SurvivalAnalysis(endpoints, DECLARED, ORIGINS, {**SURVIVAL, **survival}, {}, {})
    records = evaluate(analysis.declare(), {"endpoints": endpoints})
    return analysis, records, {record["id"]: record["value"] for record in records}


def test_numbers_by_hand():
    # S(4) = 3/4 * 2/3 = 1/2; relapse 1/4 at 2; other death 3/4 * 1/3 = 1/4 at 4.
    _, _, value = analyse()
    assert value["pfs.survival.4"] == pytest.approx(0.5)
    assert value["cir.cuminc.4"] == 0.25 and value["nrm.cuminc.4"] == pytest.approx(0.25)
    assert (value["pfs.n"], value["pfs.n_events"], value["pfs.n_censored"]) == (4, 2, 2)
    assert (value["cir.n_events"], value["cir.n_competing"]) == (1, 1)
    assert value["pfs.at_risk.4"] == 3 and value["pfs.at_risk.99"] == 0
    assert (value["followup.minimum_alive"], value["followup.maximum_alive"]) == (6, 8)
    # Reverse: censored at 6 (2 at risk) and 8 (1): 1/2, then 0: midway.
    assert value["followup.median"] == 7


def test_past_follow_up_is_printed_as_not_estimable():
    _, records, _ = analyse()
    shown = {record["id"]: record["display"] for record in records}
    assert shown["pfs.survival.99"] == shown["cir.cuminc.99.upper"] == "NE"


def test_patient_never_under_observation_is_excluded_and_counted():
    analysis, records, value = analyse(make_endpoints(in_risk_set=(True, True, True, False)))
    assert [analysis.fit(one).risk.n for one in analysis.series] == [3, 3, 3]
    assert "not counted: " in " ".join(lay_out_endpoints(analysis)["footnotes"])
    assert check_estimates(analysis, records)["checked"] > 0
    assert (value["pfs.n"], value["pfs.n_excluded"], value["pfs.at_risk.4"]) == (3, 1, 2)


def test_groups_only_where_configured():
    assert not [id for id in analyse()[2] if id.endswith((".aml", ".all"))]
    _, _, value = analyse(groups="diagnosis")
    # AML: relapse at 2, censored at 6. ALL: death at 4, censored at 8.
    assert value["cir.cuminc.4.aml"] == 0.5 and value["cir.cuminc.4.all"] == 0
    assert value["pfs.n.aml"] == 2 and "cir.cuminc.4.aml.lower" in value


def test_groups_by_an_unknown_column_are_refused():
    with pytest.raises(GraftlineError, match=r"survival.groups: 'sex'"):
        analyse(groups="sex")


def test_follow_up_of_an_incidence_is_refused():
    with pytest.raises(GraftlineError, match="followup_of"):
        analyse(followup_of="cir")


def test_every_number_in_table_and_captions_is_declared_and_no_digit_is_typed():
    analysis, records, value = analyse(groups="diagnosis")
    layout = lay_out_endpoints(analysis)
    texts = [layout["caption"], *layout["columns"], *layout["footnotes"]]
    texts += [text for row in layout["rows"] for text in (row["label"], *row["cells"])]
    texts += describe_kaplan_meier(analysis).values()
    used = {id for text in texts for id in re.findall(r"\{([^}]*)\}", text)}
    assert "pfs.survival.4.aml.lower" in used and used <= set(value)
    assert not [text for text in texts if re.search(r"\d", re.sub(r"\{[^}]*\}|95% CI", "", text))]
    width = len(layout["columns"]) - 1
    assert all(len(row["cells"]) in (0, width) for row in layout["rows"])


def test_figures_print_the_registrys_numbers():
    analysis, records, value = analyse()
    printed = {record["id"]: record["display"] for record in records}
    assert analysis.ticks == [0, 7]
    panels = list_kaplan_meier_panels(analysis, printed)
    (curve,) = panels[0]["curves"]
    under = [curve[name] for name in ("at_risk", "events", "censored")]
    assert under == [["4", "1"], ["0", "2"], ["0", "1"]]
    said = f"n = 4, {value['pfs.n_events']} events, {value['pfs.n_censored']} censored"
    assert curve["label"].startswith(f"{said}, median follow-up ")
    stacks, causes = list_incidence_panels(analysis, printed)
    assert [row["texts"] for row in stacks[0]["rows"]] == [
        ["4", "1"], ["0", "1"], ["0", "1"], ["0", "1"],
    ]  # fmt: skip
    assert causes == ["Relapse", "Other death", "Alive without either"]
    assert stacks[0]["rows"][1]["heading"] == "Events: relapse"


@pytest.mark.parametrize("shift", [1e-6, -1e-6, 0.1])
def test_estimate_that_another_computation_does_not_confirm_stops_the_run(shift):
    analysis, records, _ = analyse()
    # At 4 days three estimates with two limits each; medians of survival and follow-up, of which no
    # upper limit is reached; three sums for the two event times.
    assert check_estimates(analysis, records) == {"checked": 9 + 2 + 2, "sums": 2}
    checked = ("pfs.survival.4", "nrm.cuminc.4", "cir.cuminc.4.upper", "pfs.survival.4.lower")
    for id in (*checked, "pfs.median.lower", "followup.median"):
        changed = [
            {**one, "value": one["value"] + shift} if one["id"] == id else one for one in records
        ]
        with pytest.raises(GraftlineError, match=id):
            check_estimates(analysis, changed)


def test_lifelines_agrees_with_entry_on_the_day_of_an_event():
    time, event, entry = [5.0, 8.0, 9.0], [True, False, True], [0.0, 4.0, 5.0]
    assert survival_by_lifelines(time, event, entry, 5) == pytest.approx(0.5)
    check_survival("x", 0.5, time, event, entry, 5)


def test_check_does_without_lifelines_where_an_early_risk_set_empties():
    time, event, entry = [2.0, 5.0, 6.0], [True, True, False], [0.0, 3.0, 3.0]
    check_survival("x", 0.0, time, event, entry, 5)
    with pytest.raises(GraftlineError):
        check_survival("x", 0.5, time, event, entry, 5)


def test_sum_that_is_not_one_is_refused():
    time, status = TIMES, [1, 2, 0, 0]
    assert incidence_by_sums(time, status, None, 1, 4) == (0.25, pytest.approx(0.5))
    check_incidence("x", 0.25, time, status, None, 1, 4)
    with pytest.raises(GraftlineError, match="sum of all outcomes"):
        check_incidence("x", 0.25 + 5e-10, time, status, None, 1, 4)


@pytest.mark.parametrize(("n", "at_end"), [(10, 1), (29, 3), (30, 5), (49, 5), (51, 6), (100, 10)])
def test_curve_ends_where_a_tenth_or_five_are_at_risk(n, at_end):
    # Exits at 1, 2, ... n: n + 1 - t at risk at t. The least allowed is a tenth, rounded up, and
    # five from thirty patients on.
    risk = count_risk_sets(range(1, n + 1), [0] * n)
    assert find_end_of_curve(risk) == n + 1 - at_end


def test_ticks_cover_the_follow_up_at_usual_steps():
    assert choose_ticks(1715, "day") == [0, 365, 730, 1095, 1460]
    assert choose_ticks(72, "month") == [0, 12, 24, 36, 48, 60, 72]
    assert choose_ticks(float("nan"), "day") == [0]


@pytest.mark.parametrize(
    ("keys", "named"),
    [(["pfs"], [True, False]), (["pfs", "cir", "nrm"], [True, True])],
)
def test_the_table_names_the_estimators_that_it_uses(keys, named):
    declared = {key: DECLARED[key] for key in keys}
    rows = make_endpoints()
    rows = rows[rows["endpoint"].isin(keys)].reset_index(drop=True)
    analysis = SurvivalAnalysis(rows, declared, ORIGINS, SURVIVAL, {}, {})
    note = lay_out_endpoints(analysis)["footnotes"][0]
    assert [name in note for name in ("Kaplan-Meier", "Aalen-Johansen")] == named


def test_a_study_that_names_no_endpoint_for_its_follow_up_is_told_so():
    with pytest.raises(GraftlineError, match="survival.followup_of"):
        analyse(followup_of=None)
    survival = {key: value for key, value in SURVIVAL.items() if key != "followup_of"}
    with pytest.raises(GraftlineError, match="survival.followup_of"):
        SurvivalAnalysis(make_endpoints(), DECLARED, ORIGINS, survival, {}, {})
