"""Shifts, periods, other scales and severities, on derived tables written by hand."""

import re

import pandas as pd
import pytest

from graftline.analyse import toxicity
from graftline.analyse.toxicity.scales import list_pairs, list_unverified
from graftline.numbers import evaluate
from tests.unit.analyse.toxicity_frames import CTCAE, WHO, complete, rows

ARMS = {"A": {"id": "a", "label": "first group"}, "B": {"id": "b", "label": "second group"}}
TOKENS = re.compile(r"\{[a-z0-9_.]+\}|WHO 1981|CTCAE 5\.0|95% CI")


class Analysed:
    """Values, tables and facts of `worst` and `events` (rows as dictionaries)."""

    def __init__(self, worst=(), events=(), arms=ARMS, scales=(WHO, CTCAE), signs=None):
        tables = {"toxicity_worst": rows("toxicity_worst", list(worst))}
        if events:
            tables["toxicity"] = rows("toxicity", list(events))
        frames = complete(tables)
        self.plan = toxicity.plan_toxicity(frames, arms, scales, signs)
        self.records = evaluate(toxicity.declare_toxicity(self.plan), frames)
        self.values = {record["id"]: record["value"] for record in self.records}
        self.tables = toxicity.lay_out_tables(self.values, self.plan)
        self.facts = toxicity.state_facts(self.values, self.plan)

    def printed(self, name):
        """The rows of a table as label -> cells, numbers replaced by what is printed."""
        display = {record["id"]: record["display"] for record in self.records}
        return [
            [re.sub(r"\{([a-z0-9_.]+)\}", lambda found: display[found[1]], cell) for cell in line]
            for line in ([row["label"], *row["cells"]] for row in self.tables[name]["rows"])
        ]


def patient(name, arm, item="ANY", grade=0, before=None, scale=WHO, **more):
    return {"subject_id": name, "arm": arm, "item": item, "grade": grade} | {
        "baseline_grade": before,
        "scale": scale.scale,
        **more,
    }


def cohort(arms):
    """A row ANY for each patient of `arms` (arm of P1, P2, ...), on both scales."""
    return [
        patient(f"P{n}", arm, scale=scale)
        for n, arm in enumerate(arms, start=1)
        for scale in (WHO, CTCAE)
    ]


# ---- shifts

SHIFTED = [
    *cohort("AAB"),
    patient("P1", "A", "HB", grade=2, before=0),
    patient("P2", "A", "HB", grade=2, before=0),
    patient("P3", "B", "HB", grade=1, before=1),
    patient("P1", "A", "PLT", grade=0, before=0),
    patient("P2", "A", "WBC", grade=1, before=None),
    patient("P3", "B", "WBC", grade=None, before=2),  # nothing to place on treatment
    patient("P3", "B", "NAUVOM", grade=1, before=0),  # no laboratory item
    patient("P9", "A", "HB", grade=4, before=0, treated=False),
]


def test_a_shift_is_counted_by_item_and_group():
    values = Analysed(SHIFTED).values
    assert values["toxicity.shift.hb.0_to_2.a.n"] == 2
    assert values["toxicity.shift.hb.0_to_2.b.n"] == 0
    assert values["toxicity.shift.hb.1_to_1.b.n"] == 1
    assert values["toxicity.shift.wbc.none_to_1.a.n"] == 1
    assert not [number for number in values if "shift.nauvom" in number or "hb.0_to_4" in number]


def test_the_shift_table_has_a_row_an_item_and_grade_before_and_leaves_noughts_empty():
    analysed = Analysed(SHIFTED)
    # Columns: none, I, II of the first group, then of the second. The scale's order: HB, WBC.
    assert analysed.printed("toxicity_shifts") == [
        ["Haemoglobin: none", "", "", "2", "", "", ""],
        ["I", "", "", "", "", "1", ""],
        ["Leucocytes: not graded", "", "1", "", "", "", ""],
    ]
    layout = analysed.tables["toxicity_shifts"]
    assert layout["columns"] == ["Item: grade before", *["none", "I", "II"] * 2]
    assert [group["columns"] for group in layout["column_groups"]] == [1, 3, 3]
    assert "No grade above none before or on treatment: Platelets." in layout["footnotes"]


def test_not_graded_before_and_none_on_treatment_is_left_out_of_the_shift_table():
    shifted = [
        *cohort("AA"),
        patient("P1", "A", "HB", grade=1, before=0),
        patient("P2", "A", "HB", grade=0, before=None),
    ]
    labels = [row[0] for row in Analysed(shifted).printed("toxicity_shifts")]
    assert labels == ["Haemoglobin: none"]


def test_an_item_that_was_abnormal_before_alone_is_shown():
    better = [*cohort("A"), patient("P1", "A", "HB", grade=0, before=1)]
    assert Analysed(better).printed("toxicity_shifts") == [["Haemoglobin: I", "1", ""]]


def test_without_a_grade_in_the_laboratory_there_is_no_shift_table():
    still = [*cohort("A"), patient("P1", "A", "HB", grade=0, before=0)]
    assert "toxicity_shifts" not in Analysed(still).tables


# ---- other scales side by side

SIDE_BY_SIDE = [
    *cohort("AAB"),
    # Fever below 38 is grade 1 of WHO and none of CTCAE.
    patient("P1", "A", "FEVER_DRUG", grade=1),
    patient("P1", "A", "Fever", grade=0, scale=CTCAE),
    # Low haemoglobin: Anemia, and not Hemoglobin increased.
    patient("P2", "A", "HB", grade=3),
    patient("P2", "A", "Anemia", grade=3, scale=CTCAE),
    patient("P2", "A", "Hemoglobin increased", grade=0, scale=CTCAE),
    # One item of WHO, two of CTCAE.
    patient("P3", "B", "NAUVOM", grade=2),
    patient("P3", "B", "Nausea", grade=1, scale=CTCAE),
    patient("P3", "B", "Vomiting", grade=2, scale=CTCAE),
    # What WHO does not have.
    patient("P3", "B", "Chills", grade=2, scale=CTCAE),
    # No grade on either.
    patient("P3", "B", "PLT", grade=0),
    patient("P3", "B", "Platelet count decreased", grade=0, scale=CTCAE),
]


def test_items_of_two_scales_meet_by_sign_test_and_side():
    # In the order of the WHO table, then what it does not have.
    assert list_pairs(Analysed(SIDE_BY_SIDE).plan) == [
        ("HB", "Anemia"),
        ("NAUVOM", "Nausea"),
        ("NAUVOM", "Vomiting"),
        ("FEVER_DRUG", "Fever"),
        (None, "Chills"),
    ]


def test_the_scales_stand_side_by_side_with_their_own_counts():
    dash = ["–"] * 4
    assert Analysed(SIDE_BY_SIDE).printed("toxicity_scales") == [
        ["Any item", "", "", "", "", "Any item", "", "", "", ""],
        ["Haemoglobin", "", "", "1", "", "Anemia", "", "", "1", ""],
        ["Nausea and vomiting", "", "1", "", "", "Nausea", "1", "", "", ""],
        # The same counts are not printed twice.
        ["Nausea and vomiting", "", "", "", "", "Vomiting", "", "1", "", ""],
        # The one patient with fever has none of it on CTCAE: nought, and not a dash.
        ["Fever, drug", "1", "", "", "", "Fever", "", "", "", ""],
        ["no item", *dash, "Chills", "", "1", "", ""],
    ]


def test_high_and_low_values_of_one_test_are_two_items():
    worst = [
        *cohort("A"),
        patient("P1", "A", "HB", grade=1),
        patient("P1", "A", "Hemoglobin increased", grade=2, scale=CTCAE),
    ]
    pairs = list_pairs(Analysed(worst).plan)
    assert pairs == [("HB", None), (None, "Hemoglobin increased")]


def test_an_item_that_the_other_scale_alone_grades_has_empty_cells():
    worst = [
        *cohort("A"),
        patient("P1", "A", "PLT", grade=0),
        patient("P1", "A", "Platelet count decreased", grade=1, scale=CTCAE),
    ]
    printed = Analysed(worst).printed("toxicity_scales")
    assert printed[1][:7] == ["Platelets", "", "", "", "", "Platelet count decreased", "1"]


def test_what_was_recorded_and_could_not_be_graded_is_no_nought():
    worst = [
        *cohort("A"),
        patient("P1", "A", "NAUVOM", grade=1),
        patient("P1", "A", "Nausea", grade=None, scale=CTCAE),
    ]
    printed = Analysed(worst).printed("toxicity_scales")
    assert printed[1] == ["Nausea and vomiting", "1", "", "", "", "Nausea", "–", "–", "–", "–"]


def test_the_patients_of_both_scales_are_counted_apart():
    either = [
        patient("P1", "A", grade=1),
        patient("P1", "A", grade=3, scale=CTCAE),
        patient("P2", "B", grade=2),
        patient("P2", "B", grade=2, scale=CTCAE),
    ]
    values = Analysed(either).values
    assert (values["toxicity.n"], values["toxicity.grade1.n"], values["toxicity.grade3.n"]) == (
        2,
        1,
        0,
    )
    assert values["toxicity.ctcae_5_0.grade3.n"] == 1
    assert values["toxicity.ctcae_5_0.grade2.n"] == 1


def test_a_study_on_one_scale_has_nothing_side_by_side():
    analysed = Analysed([patient("P1", "A", grade=2)], scales=(WHO,))
    assert "toxicity_scales" not in analysed.tables
    assert not [number for number in analysed.values if "ctc" in number]
    assert (analysed.facts["also"], analysed.facts["with_ctc"]) == ([], [])


def test_a_long_scale_shows_the_items_that_were_observed():
    items = [
        patient("P1", "A", scale=CTCAE),
        patient("P1", "A", "Anemia", grade=2, scale=CTCAE),
        patient("P1", "A", "Nausea", grade=None, scale=CTCAE),
    ]
    analysed = Analysed(items, scales=(CTCAE,), arms={})
    assert analysed.printed("toxicity_items") == [["Anemia", "0", "1 (100%)", "0", "0"]]
    notes = analysed.tables["toxicity_items"]["footnotes"]
    assert [note for note in notes if "left out" in note]
    # Recorded, and without a finding: noughts would say that there was none.
    assert "Recorded without what a grade is told by, in any patient: Nausea." in notes


def test_a_group_whose_records_could_not_be_graded_has_dashes_and_one_without_records_noughts():
    items = [
        *cohort("ABC"),
        patient("P1", "A", "NAUVOM", grade=2),
        patient("P2", "B", "NAUVOM", grade=None),
    ]
    arms = ARMS | {"C": {"id": "c", "label": "third group"}}
    rows = {row[0]: row[1:] for row in Analysed(items, arms=arms).printed("toxicity_items")}
    assert rows["Nausea and vomiting"] == ["0", "1", "0", "0", *["–"] * 4, *["0"] * 4]


def test_death_has_a_column_where_somebody_died():
    dead = [patient("P1", "A", scale=CTCAE), patient("P1", "A", "Anemia", grade=5, scale=CTCAE)]
    columns = Analysed(dead, scales=(CTCAE,), arms={}).tables["toxicity_items"]["columns"]
    assert columns == ["Item", "I", "II", "III", "IV", "V"]


def test_the_figure_has_no_shade_for_death_unless_somebody_died():
    def grades(grade):
        worst = [patient("P1", "A", scale=CTCAE), patient("P1", "A", "Anemia", grade, scale=CTCAE)]
        analysed = Analysed(worst, scales=(CTCAE,), arms={})
        bars = toxicity.collect_bars(analysed.values, analysed.plan)
        assert bars["items"] == ["Anemia"]
        return [roman for _, roman in bars["grades"]], bars["panels"][0]["counts"]

    assert grades(2) == (["I", "II", "III", "IV"], [[0, 1, 0, 0]])
    assert grades(5) == (["I", "II", "III", "IV", "V"], [[0, 0, 0, 0, 1]])


def test_what_was_not_checked_against_a_source_is_named_with_its_grades():
    # domain: infection is recalled as a whole, of proteinuria the last grade.
    found = list_unverified(list(WHO.items.values()))
    assert WHO.items["INFECT"].label in found
    assert f"{WHO.items['PROTU'].label} (grade IV)" in found
    assert not [label for label in found if label.startswith(WHO.items["HB"].label)]


# ---- sensitivity


def test_worst_grades_are_counted_by_period():
    by_period = [
        patient("P1", "A", grade=2, grade_before=0, grade_during=2, grade_after=1),
        patient("P2", "A", grade=1, grade_before=1, grade_during=1, grade_after=None),
    ]
    analysed = Analysed(by_period, arms={}, scales=(WHO,))
    assert analysed.values["toxicity.before.grade1.n"] == 1
    assert analysed.values["toxicity.during.grade2.n"] == 1
    assert analysed.values["toxicity.after.grade1.n"] == 1
    assert analysed.values["toxicity.after.not_graded.n"] == 1
    romans = [
        [grade["roman"] for grade in period["grades"]] for period in analysed.facts["periods"]
    ]
    assert romans == [["none", "I"], ["I", "II"], ["I"]]


def test_a_period_without_any_grade_is_not_spoken_of():
    only = [patient("P1", "A", grade=1, grade_during=1)]
    assert [one["id"] for one in Analysed(only, scales=(WHO,)).facts["periods"]] == ["during"]


def test_grades_of_signs_that_the_scale_lacks_change_a_worst_grade_or_do_not():
    worst = [
        patient("P1", "A", grade=1),
        patient("P1", "A", "ANY_CTC", grade=2),
        patient("P2", "A", grade=3),
        patient("P2", "A", "ANY_CTC", grade=3),
        patient("P3", "B", grade=None),
        patient("P3", "B", "ANY_CTC", grade=1),
        patient("P4", "B", grade=None),
        patient("P4", "B", "ANY_CTC", grade=None),
        patient("P1", "A", "Chills", grade=2, scale=CTCAE),
        patient("P3", "B", "Chills", grade=1, scale=CTCAE),
    ]
    analysed = Analysed(worst)
    assert analysed.values["toxicity.with_ctc.changed.n"] == 2  # P1 and P3
    assert analysed.values["toxicity.with_ctc.changed.a.n"] == 1
    assert analysed.values["toxicity.with_ctc.grade2.n"] == 1
    assert analysed.values["toxicity.n"] == 4
    note = [n for n in analysed.tables["toxicity_worst"]["footnotes"] if "Counting also" in n]
    assert "first group, II in {toxicity.with_ctc.grade2.a.n}, III in" in note[0]
    assert "second group, I in {toxicity.with_ctc.grade1.b.n};" in note[0]
    assert analysed.facts["lacks_signs"]


def test_where_the_other_scale_adds_no_sign_nothing_is_said_of_it():
    both = [*cohort("A"), patient("P1", "A", "HB", grade=1), patient("P1", "A", "ANY_CTC", grade=1)]
    analysed = Analysed([*both, patient("P1", "A", "Anemia", grade=1, scale=CTCAE)])
    assert not analysed.facts["lacks_signs"]
    assert "Counting also" not in str(analysed.tables["toxicity_worst"]["footnotes"])


def lab(name, arm, grade, rule_b, **more):
    return {"subject_id": name, "arm": arm, "item": "HB", "domain": "LB", "grade": grade} | {
        "grade_rule_b": rule_b,
        **more,
    }


def test_values_whose_grade_differs_under_rule_b_are_counted_on_the_main_scale():
    values = [
        lab("P1", "A", 1, 0),  # 10.95 g/dL
        lab("P1", "A", 2, 2),
        lab("P2", "B", 2, 1, on_treatment=False),  # before treatment: a value all the same
        lab("P2", "B", None, None, reason="value_missing"),
        lab("P2", "B", 3, 2, scale=CTCAE.scale),
        lab("P2", "B", 1, 1, domain="VS"),  # no laboratory value
    ]
    analysed = Analysed(cohort("AB"), values)
    assert analysed.values["toxicity.rule_b.values.n"] == 3
    assert analysed.values["toxicity.rule_b.differ.n"] == 2
    assert analysed.facts["rule_b"] is True
    assert Analysed(cohort("AB")).facts["rule_b"] is False


def test_grades_that_may_be_higher_are_counted_in_a_footnote():
    values = [
        lab("P1", "A", 2, 2, reason="baseline_missing"),
        lab("P1", "A", 2, 2),
        lab("P1", "A", None, None, reason="uln_missing"),
        lab("P1", "A", 2, 2, reason="baseline_missing", on_treatment=False),
    ]
    analysed = Analysed(cohort("A"), values)
    assert analysed.values["toxicity.at_least.n"] == 1
    assert analysed.values["toxicity.not_gradable.n"] == 1
    assert "{toxicity.at_least.n}" in str(analysed.tables["toxicity_items"]["footnotes"])
    assert "at_least.n}" not in str(Analysed(cohort("A")).tables["toxicity_items"]["footnotes"])


# ---- severity


def event(name, arm, term, severity, **more):
    return {"subject_id": name, "arm": arm, "domain": "AE", "pt": term, "severity": severity} | more


EVENTS = [
    event("P1", "A", "Headache", "MILD"),
    event("P1", "A", "Headache", "SEVERE"),  # the worst counts, once
    event("P2", "A", "Headache", "MILD"),
    event("P3", "B", "Headache", "MILD"),
    event("P3", "B", "Rash", "MODERATE"),
    event("P2", "A", "Rash", "MILD", on_treatment=False),
    event("P2", "A", "Cough", None),
    event("P1", "A", "Headache", "MILD", scale=CTCAE.scale),  # the same record on another scale
]


def test_a_patient_counts_once_for_a_term_with_the_worst_severity():
    analysed = Analysed(cohort("AAB"), EVENTS)
    # Columns: mild, moderate, severe of the first group (of two), then of the second (of one).
    assert analysed.printed("adverse_events") == [
        ["Any adverse event", "1 (50)", "", "1 (50)", "", "1 (100)", ""],
        ["Headache", "1 (50)", "", "1 (50)", "1 (100)", "", ""],
        ["Rash", "", "", "", "", "1 (100)", ""],
    ]
    assert analysed.values["event.no_severity.n"] == 1
    # The records themselves are selected: a trace leads to their lines.
    headache = next(r for r in analysed.records if r["id"] == "event.headache.mild.a.n")
    assert (headache["table"], headache["n_selected"]) == ("toxicity", 1)
    assert "Records without a severity" in str(analysed.tables["adverse_events"]["footnotes"])
    assert analysed.facts["severities"] == ["mild", "moderate", "severe"]


def test_terms_that_few_patients_had_are_folded_into_a_count():
    # Forty patients in the first group, one in the second: 2 of 40 are shown, 1 of 40 is folded.
    events = [
        event("P1", "A", "Headache", "MILD"),
        event("P2", "A", "Headache", "MILD"),
        event("P1", "A", "Rash", "MILD"),
        event("P1", "A", "Cough", "MODERATE"),
        event("P41", "B", "Nausea", "MILD"),
    ]
    analysed = Analysed(cohort("A" * 40 + "B"), events)
    assert analysed.plan.terms == ("Headache", "Nausea")
    assert analysed.plan.folded == ("Cough", "Rash")
    # P1 had a rash, mild, and a cough, moderate: of the folded terms, once, moderate.
    assert analysed.printed("adverse_events")[-1] == [
        "Less frequent terms (2)",
        "",
        "1 (3)",
        "",
        "",
    ]
    assert analysed.values["event.other_terms.mild.a.n"] == 0
    assert "one in twenty" in str(analysed.tables["adverse_events"]["footnotes"])


def test_terms_stand_in_the_order_of_frequency_then_of_the_alphabet():
    events = [
        event(name, "A", term, "MILD")
        for term, names in {"Rash": "1", "Cough": "1", "Pain": "12"}.items()
        for name in names
    ]
    assert Analysed(cohort("AA"), events).plan.terms == ("Pain", "Cough", "Rash")


def test_terms_that_differ_in_signs_alone_are_two():
    events = [event("P1", "A", "Pain (back)", "MILD"), event("P2", "A", "Pain, back", "SEVERE")]
    values = Analysed(cohort("AA"), events, arms={}).values
    assert values["event.pain_back.mild.n"] == 1
    assert values["event.pain_back_.severe.n"] == 1


def test_a_patient_who_was_given_nothing_is_no_denominator():
    worst = [patient("P1", "A"), patient("P2", "A", treated=False)]
    analysed = Analysed(worst, [event("P1", "A", "Rash", "MILD")], arms={}, scales=(WHO,))
    assert analysed.printed("adverse_events")[0] == ["Any adverse event", "1 (100)"]


def test_a_study_without_severities_has_no_such_table():
    analysed = Analysed(cohort("A"), [event("P1", "A", "Rash", None)])
    assert "adverse_events" not in analysed.tables and analysed.facts["severities"] == []
    assert not [number for number in analysed.values if number.startswith("event.")]


@pytest.mark.parametrize(
    ("marks", "recorded"),
    [
        ({}, []),
        ({"serious": "N"}, ["serious"]),
        ({"infection": "N"}, []),  # of an infection, whether it is related is not known
        ({"infection": "N", "related": "U"}, ["infection"]),
        ({"infection": "Y", "related": "Y", "serious": "Y"}, ["infection", "serious"]),
    ],
)
def test_what_the_records_do_not_say_is_not_recorded(marks, recorded):
    events = [event("P1", "A", "Rash", None), event("P1", "A", "Cough", None, **marks)]
    assert Analysed(cohort("A"), events).facts["recorded"] == recorded


def test_a_study_without_adverse_events_has_had_no_infection():
    assert Analysed(cohort("A")).facts["recorded"] == ["infection", "serious"]


# ---- all of them

EVERYTHING = (SHIFTED + SIDE_BY_SIDE[6:], EVENTS)


@pytest.mark.parametrize(
    "arms", [ARMS, {}, {"A": ARMS["A"]}, ARMS | {"C": {"id": "c", "label": "c"}}]
)
def test_tables_print_declared_numbers_alone(arms):
    analysed = Analysed(*EVERYTHING, arms=arms)
    assert {"toxicity_scales", "toxicity_shifts", "adverse_events"} <= set(analysed.tables)
    for layout in analysed.tables.values():
        texts = [layout["caption"], *layout["columns"], *layout["footnotes"]]
        texts += [group["label"] for group in layout.get("column_groups", [])]
        for row in layout["rows"]:
            texts += [row["label"], *row["cells"]]
            assert len(row["cells"]) == len(layout["columns"]) - 1
            assert any(row["cells"])
        ids = {number for text in texts for number in re.findall(r"\{([^}]*)\}", text)}
        assert {one for one in ids if not one.startswith("config.")} <= set(analysed.values)
        assert [text for text in texts if re.search(r"\d", TOKENS.sub("", text))] == []
        if "column_groups" in layout:
            of_groups = sum(group["columns"] for group in layout["column_groups"])
            assert of_groups == len(layout["columns"])


def test_nobody_treated_breaks_nothing():
    nobody = [patient("P1", "A", treated=False)]
    assert Analysed(nobody).values["toxicity.n"] == 0
    assert Analysed([], scales=(WHO,)).values["toxicity.n"] == 0


def test_numbers_do_not_depend_on_the_order_of_rows():
    first = Analysed(*EVERYTHING)
    second = Analysed(*[list(reversed(part)) for part in EVERYTHING])
    assert first.values == second.values
    pd.testing.assert_series_equal(
        pd.Series(first.tables).map(str), pd.Series(second.tables).map(str)
    )


def test_an_item_s_percentage_is_of_the_treated_and_of_a_laboratory_item_of_those_with_a_value():
    items = [
        *(patient(f"P{n}", "A") for n in range(1, 5)),
        patient("P1", "A", "HB", grade=2),
        patient("P2", "A", "HB", grade=0),
        patient("P1", "A", "NAUVOM", grade=1),
    ]
    analysed = Analysed(items)
    assert analysed.values["toxicity.item.hb.grade2.a.percent"] == 50
    assert analysed.values["toxicity.item.nauvom.grade1.a.percent"] == 25


def test_the_signs_that_the_other_scale_cannot_grade_are_known():
    signs = {"Chills": "chills", "Nausea": "nausea", "Pyrexia": "fever"}
    items = [
        *cohort("AB"),
        patient("P1", "A", "Chills", grade=None, scale=CTCAE),
        patient("P1", "A", "Nausea", grade=None, scale=CTCAE),
        patient("P2", "B", "Nausea", grade=1, scale=CTCAE),
        patient("P1", "A", "Fever", grade=1, scale=CTCAE),
    ]
    analysed = Analysed(items, signs=signs)
    found = analysed.facts["ungraded"]
    assert [(one["name"], one["never"], one["lacking"]) for one in found] == [
        ("chills", True, True),
        ("nausea", False, False),
    ]
    counts = [
        (analysed.values[one["not_graded"]], analysed.values[one["observed"]]) for one in found
    ]
    assert counts == [(1, 1), (1, 2)]
    # Chills could be graded in nobody, and so do not count beside the main scale's items.
    assert analysed.facts["signs_counted"] == []


def test_a_long_scale_has_its_items_under_their_organ_classes():
    codes = list(CTCAE.items)[:45]
    items = [patient("P1", "A", scale=CTCAE)]
    items += [patient("P1", "A", code, grade=1, scale=CTCAE) for code in codes]
    rows = Analysed(items, scales=(CTCAE,), arms={}).tables["toxicity_items"]["rows"]
    classes = [row["label"] for row in rows if not row["cells"]]
    assert classes and classes == list(dict.fromkeys(CTCAE.items[code].soc for code in codes))
    assert len(rows) == 45 + len(classes)
