"""Numbers, tables and facts of toxicity, on worst grades written by hand."""

import re

import pandas as pd
import pytest

from graftline.analyse import toxicity
from graftline.numbers import evaluate
from tests.unit.analyse.toxicity_frames import TEXT, WHO, complete

TWO_ARMS = {
    "HD": {"id": "high_dose", "label": "high-dose group"},
    "ESC": {"id": "escalating", "label": "escalating-dose group"},
}
SIGNS = {"Pyrexia": "fever", "Chills": "chills"}
# The published worst grades: arm, grade.
NINE = [("HD", 2), ("HD", 4), ("HD", 2), ("HD", 2), ("HD", 4)] + [("ESC", 1)] * 4
# What may stand in a layout with a digit: names, and numbers by their id.
TOKENS = re.compile(r"\{[a-z0-9_.]+\}|WHO 1981|IL-2|alfa-2b|95% CI")


def frames(patients, *, fevers=(), infections=(), treated=True):
    """Derived tables of `patients` (arm, worst grade), each graded by fever alone.

    `fevers` are the positions of patients with that sign; `infections` (position, related).
    """
    ids = [f"P{n}" for n in range(len(patients))]
    worst = pd.DataFrame(
        [
            {"row_key": f"{i}/{item}", "subject_id": i, "arm": arm, "item": item, "grade": grade}
            for i, (arm, grade) in zip(ids, patients, strict=True)
            for item in ("ANY", "FEVER_DRUG")
        ],
        columns=["row_key", "subject_id", "arm", "item", "grade"],
    ).astype({"row_key": TEXT, "subject_id": TEXT, "arm": TEXT, "item": TEXT, "grade": "Int64"})
    worst["treatment_emergent"] = (worst["grade"] > 0).fillna(False).astype("boolean")
    worst["treated"] = pd.array([treated] * len(worst), dtype="boolean")
    signs = pd.DataFrame(
        [
            {
                "row_key": f"{i}/{pt}",
                "arm": arm,
                "pt": pt,
                "present": pt == "Pyrexia" and n in fevers,
            }
            for n, (i, (arm, _)) in enumerate(zip(ids, patients, strict=True))
            for pt in SIGNS
        ],
        columns=["row_key", "arm", "pt", "present"],
    ).astype({"row_key": TEXT, "arm": TEXT, "pt": TEXT, "present": "boolean"})
    signs["treated"] = pd.array([treated] * len(signs), dtype="boolean")
    events = pd.DataFrame(
        [
            {
                "row_key": f"{ids[n]}/AE/{line}",
                "subject_id": ids[n],
                "arm": patients[n][0],
                "item": "INFECT",
                "related": related,
            }
            for line, (n, related) in enumerate(infections)
        ],
        columns=["row_key", "subject_id", "arm", "item", "related"],
    ).astype(TEXT)
    events = events.assign(
        domain="AE", infection="Y", serious="N", grade=pd.array([1] * len(events), "Int64")
    )
    events["on_treatment"] = pd.array([True] * len(events), dtype="boolean")
    return complete({"toxicity": events, "toxicity_worst": worst, "signs": signs})


def plan_of(derived, arms=TWO_ARMS):
    return toxicity.plan_toxicity(derived, arms, (WHO,), SIGNS)


def compute(patients, arms=TWO_ARMS, **options):
    derived = frames(patients, **options)
    declared = toxicity.declare_toxicity(plan_of(derived, arms))
    return {record["id"]: record for record in evaluate(declared, derived)}


def values_of(records):
    return {number: record["value"] for number, record in records.items()}


def lay_out(patients, arms=TWO_ARMS):
    values = values_of(compute(patients, arms))
    return toxicity.lay_out_tables(values, plan_of(frames(patients), arms))


def state(patients, **options):
    values = values_of(compute(patients, **options))
    return toxicity.state_facts(values, plan_of(frames(patients, **options)))


@pytest.fixture(scope="module")
def nine():
    return compute(NINE, fevers=range(9))


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("toxicity.n", 9),
        ("toxicity.high_dose.n", 5),
        ("toxicity.escalating.n", 4),
        ("toxicity.grade2.high_dose.n", 3),
        ("toxicity.grade4.high_dose.n", 2),
        ("toxicity.grade3.high_dose.n", 0),
        ("toxicity.grade1.high_dose.n", 0),
        ("toxicity.grade1.escalating.n", 4),
        ("toxicity.grade4.n", 2),
        ("toxicity.grade_at_least2.n", 5),
        ("toxicity.not_graded.n", 0),
        ("toxicity.item.fever_drug.grade4.high_dose.n", 2),
        ("toxicity.item.fever_drug.grade1.escalating.n", 4),
        ("toxicity.item.ast_alt.grade1.high_dose.n", 0),
        ("toxicity.item.ast_alt.observed.high_dose.n", 0),
        ("sign.fever.high_dose.n", 5),
        ("sign.chills.escalating.n", 0),
        ("toxicity.infection_related.n", 0),
    ],
)
def test_patients_are_counted_by_worst_grade_item_and_sign(nine, number, value):
    assert nine[number]["value"] == value


# Clopper and Pearson's limits from R's binom.test, and Fisher's P from fisher.test.
@pytest.mark.parametrize(
    ("number", "lower", "upper"),
    [
        ("toxicity.grade0", 0, 33.6),  # 0 of 9
        ("sign.fever", 66.4, 100),  # 9 of 9
        ("toxicity.grade_at_least2", 21.2, 86.3),  # 5 of 9
        ("toxicity.grade1", 13.7, 78.8),  # 4 of 9
        ("toxicity.grade4.high_dose", 5.3, 85.3),  # 2 of 5
        ("toxicity.grade_at_least2.high_dose", 47.8, 100),  # 5 of 5
        ("toxicity.grade4.escalating", 0, 60.2),  # 0 of 4
    ],
)
def test_limits_are_exact(nine, number, lower, upper):
    assert nine[f"{number}.lower"]["value"] == pytest.approx(lower, abs=0.05)
    assert nine[f"{number}.upper"]["value"] == pytest.approx(upper, abs=0.05)


def test_the_arms_are_compared_by_fishers_exact_test(nine):
    assert nine["toxicity.grade_at_least2.fisher_p"]["value"] == pytest.approx(0.00794, abs=5e-6)
    assert nine["toxicity.grade_at_least3.fisher_p"]["value"] == pytest.approx(0.444, abs=5e-4)


def test_a_patient_who_cannot_be_graded_is_neither_grade_0_nor_left_out():
    records = compute([("HD", None), ("HD", 3), ("ESC", 0)])
    assert records["toxicity.high_dose.n"]["value"] == 2
    assert records["toxicity.grade0.high_dose.n"]["value"] == 0
    assert records["toxicity.not_graded.high_dose.n"]["value"] == 1
    assert records["toxicity.grade3.high_dose.percent"]["value"] == 50


def test_patients_who_were_given_nothing_are_not_counted():
    records = compute(NINE, treated=False)
    assert records["toxicity.n"]["value"] == 0
    assert records["toxicity.grade4.percent"]["display"] == "NE"


def test_an_infection_counts_a_patient_once_and_as_related_only_where_it_is():
    records = compute(NINE, infections=[(0, "Y"), (0, "Y"), (5, "N"), (6, "U")])
    assert records["toxicity.infection.n"]["value"] == 3
    assert records["toxicity.infection_related.n"]["value"] == 1
    assert records["toxicity.infection_related.high_dose.n"]["value"] == 1
    assert records["toxicity.infection_related.escalating.n"]["value"] == 0


def test_percentages_have_a_decimal_from_a_hundred_patients_on():
    patients = [("HD", 1)] * 2 + [("ESC", 0)] * 97
    assert compute(patients)["toxicity.grade1.percent"]["display"] == "2%"
    assert compute([*patients, ("ESC", 0)])["toxicity.grade1.percent"]["display"] == "2.0%"


THREE_ARMS = TWO_ARMS | {"OBS": {"id": "observation", "label": "observation group"}}
ONE_ARM = {"HD": {"id": "high_dose", "label": "high-dose group"}}
STUDIES = [
    (NINE, TWO_ARMS),
    ([(None, 2), (None, 0)], {}),
    ([(None, 2), (None, 0)], None),
    ([("HD", 2), ("HD", 0)], ONE_ARM),
    ([*NINE, ("OBS", 0)], THREE_ARMS),
    ([], TWO_ARMS),
]


@pytest.mark.parametrize(("patients", "arms"), STUDIES)
def test_tables_print_declared_numbers_alone_whatever_the_arms(patients, arms):
    records = compute(patients, arms)
    plan = plan_of(frames(patients), arms)
    tables = toxicity.lay_out_tables(values_of(records), plan)
    assert set(tables) == {"toxicity_worst", "toxicity_items", "signs"}
    bars = toxicity.collect_bars(values_of(records), plan)
    figure = toxicity.describe_figure(bars, plan, "toxicity.svg")
    texts = [figure["caption"], figure["alt"]]
    for layout in tables.values():
        texts += [layout["caption"], *layout["columns"], *layout["footnotes"]]
        for row in layout["rows"]:
            texts += [row["label"], *row["cells"]]
            assert len(row["cells"]) == len(layout["columns"]) - 1
    ids = {number for text in texts for number in re.findall(r"\{([^}]*)\}", text)}
    assert {number for number in ids if not number.startswith("config.")} <= set(records)
    assert [text for text in texts if re.search(r"\d", TOKENS.sub("", text))] == []


@pytest.mark.parametrize(
    ("patients", "arms", "columns"),
    [
        (NINE, TWO_ARMS, ["High-dose group", "Escalating-dose group", "All patients"]),
        ([(None, 2)], {}, ["All patients"]),
        ([("HD", 2)], ONE_ARM, ["High-dose group"]),
    ],
)
def test_one_arm_is_not_printed_twice(patients, arms, columns):
    layout = lay_out(patients, arms)["toxicity_worst"]
    assert [column.split(" (")[0] for column in layout["columns"][1:]] == columns


def test_no_test_is_made_or_printed_unless_there_are_two_arms():
    for patients, arms in STUDIES[1:5]:
        records = compute(patients, arms)
        assert not [number for number in records if "fisher" in number]
        assert "Fisher" not in str(lay_out(patients, arms))
    assert "Fisher" in str(lay_out(NINE))


def test_a_laboratory_item_that_nobody_was_measured_for_prints_no_nought(nine):
    rows = lay_out(NINE)["toxicity_items"]["rows"]
    cells = {row["label"]: row["cells"] for row in rows}
    assert len(rows) == 28
    assert set(cells["Alkaline phosphatase"]) == {"–"}
    # No record of a clinical item is no such toxicity: a row of noughts.
    assert cells["Diarrhoea"][0] == "{toxicity.item.diarr.grade1.high_dose.n}"
    assert nine["toxicity.item.diarr.grade1.high_dose.n"]["display"] == "0"


def test_facts_say_which_grades_and_signs_occur():
    facts = state(NINE, fevers=range(9))
    by_group = {group["id"]: group for group in facts["groups"]}
    assert [grade["roman"] for grade in by_group["high_dose"]["grades"]] == ["II", "IV"]
    assert [grade["roman"] for grade in by_group["escalating"]["grades"]] == ["I"]
    assert [grade["roman"] for grade in by_group["all"]["grades"]] == ["I", "II", "IV"]
    assert [sign["name"] for sign in by_group["high_dose"]["signs"]] == ["fever"]
    assert facts["assessed"]
    assert facts["same_signs"]
    assert not facts["infection_related"]
    assert facts["signs_not_on_scale"] == ["chills"]


def test_arms_with_different_signs_are_not_said_to_have_the_same():
    assert not state(NINE, fevers=[0, 1])["same_signs"]


def test_a_study_where_nothing_was_graded_is_not_assessed():
    assert not state([("HD", None)])["assessed"]


def test_the_figure_draws_items_with_toxicity_by_arm(nine):
    bars = toxicity.collect_bars(values_of(nine), plan_of(frames(NINE)))
    assert bars["items"] == ["Fever, drug"]
    assert [panel["counts"] for panel in bars["panels"]] == [[[0, 3, 0, 2]], [[4, 0, 0, 0]]]
    assert [panel["n"] for panel in bars["panels"]] == [5, 4]


def test_of_an_arm_without_a_treated_patient_nothing_is_said():
    patients = [("HD", 2)]
    values = values_of(compute(patients, fevers=(0,)))
    plan = plan_of(frames(patients, fevers=(0,))).treated_arms(values)
    assert list(plan.arms) == ["HD"]
    laid_out = str(toxicity.lay_out_tables(values, plan))
    assert "high_dose" in laid_out and "scalating" not in laid_out
    assert [panel["n"] for panel in toxicity.collect_bars(values, plan)["panels"]] == [1]
    assert "escalating" not in str(toxicity.state_facts(values, plan))


def test_arms_are_kept_where_all_have_patients_or_none_has():
    plan = plan_of(frames(NINE))
    ids = {f"toxicity.{arm['id']}.n": 1 for arm in TWO_ARMS.values()}
    assert plan.treated_arms(ids).arms == TWO_ARMS
    assert plan.treated_arms(dict.fromkeys(ids, 0)).arms == TWO_ARMS
    assert plan_of(frames(NINE), {}).treated_arms({}).arms == {}
