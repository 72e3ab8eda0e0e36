"""Numbers of the cohort and the tables that print them."""

import re

import pandas as pd
import pytest

from graftline.analyse.baseline import lay_out_baseline
from graftline.analyse.cases import declare_cases, lay_out_cases, may_list_cases
from graftline.analyse.cohort import declare_cohort, state_facts
from graftline.errors import GraftlineError
from graftline.numbers import evaluate

TEXT = "string[pyarrow]"
ARMS = {
    "HD": {"id": "high_dose", "label": "high-dose group", "adjective": "high-dose"},
    "ESC": {"id": "escalating", "label": "escalating-dose group", "adjective": "escalating-dose"},
}
LABELS = {"diagnosis": {"AML": "acute myeloid leukaemia", "CML": "chronic myeloid leukaemia"}}
TYPES = {
    **dict.fromkeys(
        ["row_key", "subject_id", "case_label", "arm", "sex", "diagnosis", "status_at_tx", "graft"],
        TEXT,
    ),
    **dict.fromkeys(["relapse_kind", "vital_status", "death_cause", "final_status"], TEXT),
    **dict.fromkeys(["tx_date", "it_start", "relapse_date", "death_date"], "datetime64[ns]"),
    **dict.fromkeys(["age", "days_to_treatment", "days_tx_to_anc500", "days_tx_to_plt20"], "Int64"),
    **dict.fromkeys(["days_tx_to_last_dose", "days_tx_to_relapse", "days_tx_to_end"], "Int64"),
    "very_high_risk": "boolean",
}


def make_subjects(*rows):
    """The derived table: given cells by name, the others missing."""
    frame = pd.DataFrame(
        {
            name: pd.Series([row.get(name) for row in rows], dtype=kind)
            for name, kind in TYPES.items()
        }
    )
    frame["row_key"] = frame["subject_id"] = pd.Series(
        [f"S{i}" for i in range(len(rows))], dtype=TEXT
    )
    frame["case_label"] = pd.Series([f"Case {i + 1}" for i in range(len(rows))], dtype=TEXT)
    return frame


def patient(arm, **cells):
    return {"arm": arm, "tx_date": "1999-01-01", "it_start": "1999-04-01"} | cells


def alive(status, **cells):
    return {"vital_status": "ALIVE", "final_status": status} | cells


def dead(cause, **cells):
    days = {"death_date": "2000-01-01"}
    return {"vital_status": "DEAD", "final_status": "DEAD", "death_cause": cause} | days | cells


COHORT = make_subjects(
    patient("HD", age=30, sex="F", diagnosis="AML", very_high_risk=True, **alive("CR")),
    patient("HD", age=41, sex="M", diagnosis="CML", very_high_risk=True, **alive("CP")),
    patient("HD", age=52, sex="M", diagnosis="AML", **dead("RELAPSE", relapse_date="1999-09-01")),
    patient("ESC", age=20, sex="M", diagnosis="MM", **dead("NRM_INFECTION")),
    patient("ESC", age=None, sex=None, diagnosis="AML", **dead(None)),
)


# At the limits: the youngest is 20 and the oldest 52.
BANDS = [[20, 29], [30, 40], [41, 52]]


def values(subjects, variables=("age", "sex", "diagnosis")):
    numbers = declare_cohort(
        subjects, arms=ARMS, labels=LABELS, variables=list(variables), age_bands=BANDS
    )
    return {record["id"]: record for record in evaluate(numbers, {"subjects": subjects})}


@pytest.mark.parametrize(
    ("id_", "value"),
    [
        ("cohort.n", 5),
        ("cohort.high_dose.n", 3),
        ("cohort.escalating.n", 2),
        ("cohort.very_high_risk.n", 2),
        ("cohort.sex.m.n", 3),
        ("cohort.sex.m.high_dose.n", 2),
        ("cohort.sex.m.percent", 60.0),
        ("cohort.sex.not_known.n", 1),
        ("cohort.sex.not_known.high_dose.n", 0),
        ("cohort.diagnosis.mm.high_dose.n", 0),
        ("cohort.diagnosis.mm.escalating.percent", 50.0),
        ("cohort.age.median", 35.5),  # of 20, 30, 41 and 52
        ("cohort.age.minimum", 20),
        ("cohort.age.maximum", 52),
        ("cohort.age.high_dose.median", 41),
        ("cohort.age.escalating.median", 20),
        ("cohort.age.from_20.n", 1),
        ("cohort.age.from_30.n", 1),  # 30 itself, and not 41
        ("cohort.age.from_41.percent", 40.0),  # two of five, of whom one age is not known
        ("cohort.age.from_41.high_dose.n", 2),
        ("cohort.age.from_20.high_dose.n", 0),
        ("cohort.alive.n", 2),
        ("cohort.dead.n", 3),
        ("cohort.relapsed.n", 1),
        ("cohort.deaths_disease.n", 1),
        ("cohort.deaths_treatment_related.n", 1),
        ("cohort.deaths_other.n", 1),  # the cause that is not recorded
        ("cohort.alive_cr.n", 1),
        ("cohort.alive_cp.n", 1),
        ("cohort.alive_cp_cml.n", 1),
        ("cohort.lost.n", 0),
    ],
)
def test_a_number_is_what_counting_by_hand_gives(id_, value):
    assert values(COHORT)[id_]["value"] == value


def test_chronic_phase_of_another_disease_is_not_counted_as_that_of_cml():
    subjects = make_subjects(patient("HD", diagnosis="OTH", **alive("CP")))
    records = values(subjects)
    assert records["cohort.alive_cp.n"]["value"] == 1
    assert records["cohort.alive_cp_cml.n"]["value"] == 0


def test_deaths_by_cause_add_up_to_all_deaths():
    causes = ["RELAPSE", "PROGRESSION", "NRM_TOXIC", "NRM_INFECTION", "NRM_OTHER", "OTHER", "UNK"]
    records = values(make_subjects(*(patient("HD", **dead(cause)) for cause in [*causes, None])))
    parts = [
        records[f"cohort.deaths_{part}.n"]["value"]
        for part in ("disease", "treatment_related", "other")
    ]
    assert parts == [2, 2, 4]
    assert sum(parts) == records["cohort.dead.n"]["value"] == 8


def test_a_median_between_two_ages_is_printed_with_its_half_and_others_without():
    records = values(COHORT)
    assert records["cohort.age.median"]["display"] == "35.5"
    assert records["cohort.age.high_dose.median"]["display"] == "41"


def test_deaths_and_relapses_are_never_counted_by_arm():
    outcomes = ("alive", "dead", "deaths", "relapsed", "lost")
    named = [id_ for id_ in values(COHORT) if id_.split(".")[1].startswith(outcomes)]
    assert len(named) == 10
    assert [id_ for id_ in named if id_.count(".") != 2] == []


def test_a_study_that_cannot_know_what_became_of_its_patients_counts_nobody_alive_or_dead():
    subjects = make_subjects({"diagnosis": "AML"}, {"diagnosis": "ALL"})
    records = values(subjects, ["diagnosis"])
    assert sorted(id_ for id_ in records if id_.endswith(".n")) == [
        "cohort.diagnosis.all.n",
        "cohort.diagnosis.aml.n",
        "cohort.n",
    ]
    facts = state_facts(subjects, arms=ARMS, labels=LABELS)
    assert facts["cohort.has_vital_status"] is False
    assert facts["cohort.arms"] == []


def test_a_variable_that_cannot_be_described_is_an_error_that_says_which_can():
    with pytest.raises(GraftlineError, match="shoe_size cannot be described; use some of age"):
        declare_cohort(COHORT, arms=ARMS, labels=LABELS, variables=["shoe_size"])


def tokens_of(layout):
    text = [layout["caption"], *layout["columns"], *layout["footnotes"]]
    for row in layout["rows"]:
        text += [row["label"], *row["cells"]]
    return text


@pytest.mark.parametrize("variables", [["age", "sex", "diagnosis"], ["diagnosis"], []])
def test_every_cell_of_the_table_names_a_number_that_is_declared_and_types_no_digit(variables):
    layout = lay_out_baseline(COHORT, arms=ARMS, labels=LABELS, variables=variables)
    known = values(COHORT, variables)
    for text in tokens_of(layout):
        assert set(re.findall(r"\{([^}]*)\}", text)) <= set(known)
        assert not re.search(r"\d", re.sub(r"\{[^}]*\}", "", text))
    assert all(len(row["cells"]) == len(layout["columns"]) - 1 for row in layout["rows"])


def test_the_table_has_a_row_for_each_code_in_the_order_of_the_labels_and_for_what_is_not_known():
    layout = lay_out_baseline(COHORT, arms=ARMS, labels=LABELS, variables=["diagnosis", "sex"])
    assert [(row["indent"], row["label"]) for row in layout["rows"]] == [
        (0, "Patients"),
        (0, "Diagnosis"),
        (1, "acute myeloid leukaemia"),
        (1, "chronic myeloid leukaemia"),
        (1, "MM"),  # a code without a label stands as it is
        (0, "Sex"),
        (1, "F"),
        (1, "M"),
        (1, "not known"),
    ]
    assert layout["columns"] == ["", "All patients", "High-dose group", "Escalating-dose group"]


def course(n):
    return make_subjects(
        *(patient("HD", days_to_treatment=90, days_tx_to_end=400, **alive("CR")) for _ in range(n))
    )


@pytest.mark.parametrize(
    ("subjects", "disclosure", "listed"),
    [
        (course(30), {"case_listing": True}, True),
        (course(31), {"case_listing": True}, False),
        (course(30), {"case_listing": False}, False),
        (course(30), {}, False),
        (course(30), None, False),
        (make_subjects({"diagnosis": "AML"}), {"case_listing": True}, False),  # no dates
    ],
)
def test_cases_are_listed_only_when_allowed_few_and_dated(subjects, disclosure, listed):
    assert may_list_cases(subjects, disclosure) is listed


def test_the_list_of_cases_prints_declared_days_and_no_subject():
    subjects = make_subjects(
        patient("HD", days_to_treatment=90, days_tx_to_relapse=200, days_tx_to_end=400),
        patient("ESC", days_to_treatment=95, days_tx_to_end=500),
    )
    layout = lay_out_cases(subjects, arms=ARMS, labels=LABELS)
    records = {r["id"]: r for r in evaluate(declare_cases(subjects), {"subjects": subjects})}
    assert [row["label"] for row in layout["rows"]] == ["Case 1", "Case 2"]
    # Group, first dose, last dose (unknown), relapse, end
    assert layout["rows"][1]["cells"] == [
        "escalating-dose",
        "{cohort.case_2.days_to_treatment}",
        "–",
        "–",
        "{cohort.case_2.days_tx_to_end}",
    ]
    assert records["cohort.case_1.days_tx_to_relapse"]["value"] == 200
    assert records["cohort.case_2.days_tx_to_end"]["value"] == 500
    printed = " ".join(tokens_of(layout)) + " ".join(r["selected_sql"] for r in records.values())
    assert not re.search(r"\bS[01]\b", printed)


def test_the_table_has_a_row_for_each_band_of_ages_which_the_protocol_s_numbers_name():
    layout = lay_out_baseline(COHORT, arms={}, labels={}, variables=["age"], age_bands=BANDS)
    rows = {row["label"]: row["cells"] for row in layout["rows"]}
    assert list(rows)[2:] == [
        "{config.baseline.age_bands.0.0}–{config.baseline.age_bands.0.1}",
        "{config.baseline.age_bands.1.0}–{config.baseline.age_bands.1.1}",
        "{config.baseline.age_bands.2.0}–{config.baseline.age_bands.2.1}",
        "not known",
    ]
    assert list(rows.values())[3] == ["{cohort.age.from_30.n} ({cohort.age.from_30.percent})"]


@pytest.mark.parametrize(
    ("band", "counts"),
    [
        ([20, 52], {"from_20": 4}),
        ([21, 52], {"younger": 1, "from_21": 3}),
        ([20, 51], {"from_20": 3, "older": 1}),
        ([31, 40], {"younger": 2, "from_31": 0, "older": 2}),
    ],
)
def test_who_is_in_no_band_is_younger_or_older_than_all(band, counts):
    numbers = declare_cohort(COHORT, arms={}, labels={}, variables=["age"], age_bands=[band])
    records = {record["id"]: record["value"] for record in evaluate(numbers, {"subjects": COHORT})}
    found = {
        name: records.get(f"cohort.age.{name}.n")
        for name in ("younger", f"from_{band[0]}", "older")
    }
    assert found == {"younger": None, "older": None} | counts


def test_age_is_that_at_the_start_of_treatment_where_nobody_was_transplanted():
    subjects = make_subjects(
        {"row_key": "A", "subject_id": "A", "age": 60, "vital_status": "DEAD"},
        {"row_key": "B", "subject_id": "B", "age": 70, "vital_status": "ALIVE"},
    )
    numbers = declare_cohort(subjects, arms={}, labels={}, variables=["age"])
    methods = {number.id: number.method for number in numbers}
    assert "age at start of treatment" in methods["cohort.age.median"]
    assert "cohort.relapsed.n" not in methods
    layout = lay_out_baseline(subjects, arms={}, labels={}, variables=["age"])
    assert layout["rows"][1]["label"] == "Age at start of treatment, years, median (range)"
    assert layout["footnotes"][1] == "Age is the year of the first dose minus the year of birth."
    facts = state_facts(subjects, arms={}, labels={})
    assert facts["cohort.age_at"] == "start of treatment"
    assert facts["cohort.has_death_cause"] is False
