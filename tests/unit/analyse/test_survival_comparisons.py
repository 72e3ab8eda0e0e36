"""Comparisons of groups: which test and model by the rules, their numbers, table and second check."""

import re

import pandas as pd
import pytest

from graftline.analyse.survival import SurvivalAnalysis
from graftline.analyse.survival_checks import check_estimates, check_sums
from graftline.analyse.survival_rules import DEFAULT_RULES, choose_model, choose_test, rule_of
from graftline.analyse.survival_text import lay_out_tables
from graftline.errors import GraftlineError
from graftline.numbers import evaluate

ORIGINS = {"TX": {"event": "transplant", "label": "transplantation"}}
DECLARED = {
    "pfs": {"label": "Survival", "events": ["relapse", "death"], "estimator": "kaplan_meier"},
    "cir": {
        "label": "Relapse",
        "events": ["relapse"],
        "competing": ["death"],
        "estimator": "aalen_johansen",
    },
    "nrm": {
        "label": "Death",
        "events": ["death"],
        "competing": ["relapse"],
        "estimator": "aalen_johansen",
    },
}
for _one in DECLARED.values():
    _one |= {"origin": "TX", "sentence": "x"}
SURVIVAL = {
    "time_unit": "day",
    "times": [{"time": 10, "label": "ten days"}],
    "followup_of": "pfs",
    "groups": "arm",
    "compare_groups": True,
}
ARMS = {"A": {"label": "arm A"}, "B": {"label": "arm B"}}


def endpoints(n=24, shift=0.0):
    """Two arms of n / 2; relapse, death and censoring in turn, B later by `shift`."""
    rows = []
    for key, endpoint in DECLARED.items():
        for number in range(n):
            what = ("relapse", "death", "")[number % 3]
            status = 1 if what in endpoint["events"] else 2 if what else 0
            arm = "AB"[number % 2]
            rows.append(
                {
                    "row_key": f"P{number}/{key}", "subject_id": f"P{number}", "endpoint": key,
                    "arm": arm, "diagnosis": None, "entry": 0.0, "status": status,
                    "time": 3.0 + number * 1.5 + (shift if arm == "B" else 0), "in_risk_set": True,
                    "cnsr": {0: 1, 1: 0, 2: 5}[status], "adtf": None,
                }
            )  # fmt: skip
    text = ("row_key", "subject_id", "endpoint", "diagnosis", "arm", "adtf")
    types = dict.fromkeys(text, "string[pyarrow]") | {"status": "Int64", "cnsr": "Int64"}
    return pd.DataFrame(rows).astype(types | {"in_risk_set": "boolean"})


def analyse(frame, **survival):
    analysis = SurvivalAnalysis(frame, DECLARED, ORIGINS, SURVIVAL | survival, {}, ARMS)
    records = evaluate(analysis.declare(), {"endpoints": frame})
    return analysis, records, {record["id"]: record for record in records}


def test_nothing_is_compared_unless_the_study_says_so():
    for survival in ({"compare_groups": False}, {"groups": None}):
        analysis, _, by_id = analyse(endpoints(), **survival)
        assert not analysis.comparisons and "comparisons" not in lay_out_tables(analysis, {})
        assert not [id for id in by_id if re.search("log_rank|gray|hazard", id)]


def test_tests_and_hazard_ratios_of_each_endpoint_are_declared_with_their_rules():
    analysis, records, by_id = analyse(endpoints())
    assert {one.test for one in analysis.comparisons} == {"log_rank", "gray"}
    for id in ("pfs.log_rank.p", "cir.gray.statistic", "nrm.gray.p", "cir.hazard_ratio.b.lower"):
        assert "rule" in by_id[id]["statistic"]["arguments"]
    assert by_id["pfs.log_rank.p"]["display"].startswith("0.")
    # Relapses: eight, fewer than the ten that the rule asks for.
    assert by_id["cir.gray.p"]["value"] is None
    assert "10 events" in by_id["cir.gray.p"]["reason"]
    assert by_id["pfs.hazard_ratio.b"]["statistic"]["arguments"]["method"] == "cox"
    assert by_id["cir.hazard_ratio.b"]["statistic"]["arguments"]["method"] == "firth"
    assert by_id["cir.hazard_ratio.b"]["value"] is not None
    assert "Firth" in by_id["cir.hazard_ratio.b"]["method"]
    assert "profile likelihood" in by_id["cir.hazard_ratio.b.lower"]["method"]


def test_of_few_patients_the_exact_test_is_made_alone():
    analysis, records, by_id = analyse(endpoints(n=9))
    assert analysis.comparisons[0].test == "exact_log_rank"
    assert 0 < by_id["pfs.exact_log_rank.p"]["value"] <= 1
    assert "pfs.log_rank.p" not in by_id and "pfs.exact_log_rank.statistic" not in by_id


def rows(patients, events, groups=2, entry=0.0):
    return pd.DataFrame(
        {
            "status": [1] * events + [0] * (patients - events),
            "arm": [number % groups for number in range(patients)],
            "entry": entry,
        }
    )


@pytest.mark.parametrize(
    ("patients", "events", "test", "model"),
    [
        (30, 10, "log_rank", "cox"),
        (30, 9, "log_rank", "firth"),  # too many for the exact test, too few events for any
        (20, 9, "exact_log_rank", "firth"),
        (20, 10, "log_rank", "cox"),
        (9, 4, "exact_log_rank", "firth"),
        (9, 1, "log_rank", "cox"),  # both refused
    ],
)
def test_the_rules_choose_between_tests_and_between_models(patients, events, test, model):
    found = rows(patients, events)
    assert choose_test({}, found, "arm") == test
    assert choose_model({}, found, "arm") == model


def test_with_delayed_entry_neither_the_exact_test_nor_firths_model_is_chosen():
    late = rows(9, 4, entry=1.0)
    assert (choose_test({}, late, "arm"), choose_model({}, late, "arm")) == ("log_rank", "cox")


def test_a_study_s_rule_replaces_the_default_one():
    survival = {"rules": {"log_rank": {"events": 4}}}
    assert choose_test(survival, rows(9, 4), "arm") == "log_rank"
    assert rule_of(survival, "gray") == DEFAULT_RULES["gray"]


def test_the_table_holds_declared_numbers_alone():
    analysis, _, by_id = analyse(endpoints())
    layout = lay_out_tables(analysis, {})["comparisons"]
    texts = [layout["caption"], *layout["columns"], *layout["footnotes"]]
    texts += [text for row in layout["rows"] for text in (row["label"], *row["cells"])]
    used = {id for text in texts for id in re.findall(r"\{([^}]*)\}", text)}
    assert {"pfs.log_rank.p", "cir.hazard_ratio.b.p"} <= used <= set(by_id)
    assert not [text for text in texts if re.search(r"\d", re.sub(r"\{[^}]*\}", "", text))]
    assert layout["rows"][0]["label"] == "Survival, arm B against arm A"


def test_comparisons_are_computed_a_second_time():
    frame = endpoints(shift=4.0)
    rules = {"gray": {"events": 5}, "firth": {"events": 5}, "cox": {"events": 9}}
    analysis, records, by_id = analyse(frame, rules=rules)
    fewer = check_estimates(*analyse(frame, compare_groups=False)[:2])
    # A test of three endpoints has a statistic and P; Cox's ratio and its error; Firth's ratio, two
    # limits and P of each of two causes.
    found = check_estimates(analysis, records)
    assert found["checked"] - fewer["checked"] == 3 * 2 + 2 + 2 * 4
    for id in ("pfs.log_rank.statistic", "cir.gray.p", "pfs.hazard_ratio.b", "nrm.hazard_ratio.b"):
        changed = [r | {"value": r["value"] + 1e-6} if r["id"] == id else r for r in records]
        with pytest.raises(GraftlineError, match=re.escape(id)):
            check_estimates(analysis, changed)


def test_sums_are_made_at_every_event_time_of_all_and_of_each_group():
    frame = endpoints()
    analysis, _, _ = analyse(frame)
    events = int((frame["endpoint"].eq("pfs") & frame["status"].eq(1)).sum())
    assert check_sums(analysis) == 2 * events  # once in everybody, once in the patient's arm
    frame.loc[frame["row_key"] == "P0/cir", "status"] = 0
    with pytest.raises(GraftlineError, match=r"pfs \+ cir \+ nrm"):
        check_sums(analyse(frame)[0])
