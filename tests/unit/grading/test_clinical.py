"""Clinical findings: the item's own words have its grade; of anything else no grade is guessed."""

import pandas as pd
import pytest

from graftline.grading.clinical import grade_findings
from graftline.grading.files import read_scale
from graftline.grading.scale import Finding, Grade, Item

WHO = read_scale("config/scales/who-1981.yaml")
CTCAE = {name: read_scale(f"config/scales/ctcae-{name}.yaml") for name in ("4.03", "5.0", "6.0")}

# Typed from the printed table, at least one word a grade of the items that a maintenance study
# meets.
CASES = [
    ("NAUVOM", "none", 0),
    ("NAUVOM", "nausea", 1),
    ("NAUVOM", "transient vomiting", 2),
    ("NAUVOM", "vomiting requiring therapy", 3),
    ("NAUVOM", "intractable vomiting", 4),
    ("CUTAN", "no change", 0),
    ("CUTAN", "erythema", 1),
    ("CUTAN", "dry desquamation", 2),
    ("CUTAN", "vesiculation", 2),
    ("CUTAN", "pruritus", 2),
    ("CUTAN", "moist desquamation", 3),
    ("CUTAN", "ulceration", 3),
    ("CUTAN", "exfoliative dermatitis", 4),
    ("CUTAN", "necrosis requiring surgical intervention", 4),
    ("DIARR", "transient <2 days", 1),
    ("DIARR", "tolerable but >2 days", 2),
    ("DIARR", "intolerable, requiring therapy", 3),
    ("DIARR", "haemorrhagic dehydration", 4),
    ("HAEMORR", "petechiae", 1),
    ("HAEMORR", "gross blood loss", 3),
    ("ORAL", "soreness", 1),
    ("ORAL", "erythema", 1),
    ("ORAL", "erythema, ulcers, can eat solids", 2),
    ("ORAL", "alimentation not possible", 4),
    ("INFECT", "minor", 1),
    ("INFECT", "major", 3),
    ("INFECT", "major with hypotension", 4),
    ("PULM", "dyspnoea at rest", 3),
    ("CONSC", "coma", 4),
    ("PERIPH", "mild weakness", 2),
    ("HAIR", "non-reversible alopecia", 4),
    ("ALLERGY", "oedema", 1),
    ("PROTU", "3+", 2),
    ("PROTU", "nephrotic syndrome", 4),
    ("FEVER_DRUG", "fever with hypotension", 4),
]


# Typed from the NCI's text: what may be seen of the signs of a study of interleukin-2.
CTCAE_CASES = [
    ("5.0", "Chills", "shivering", 1),
    ("5.0", "Chills", "moderate tremor of the entire body", 2),
    ("5.0", "Fatigue", "relieved by rest", 1),
    ("5.0", "Fatigue", "limiting self care ADL", 3),
    ("5.0", "Injection site reaction", "erythema", 1),
    ("5.0", "Injection site reaction", "phlebitis", 2),
    ("5.0", "Injection site reaction", "necrosis", 3),
    ("5.0", "Vomiting", "tube feeding indicated", 3),
    ("6.0", "Chills", "shivering", 1),
]


def rows(findings, therapy=None):
    return pd.DataFrame(
        {
            "finding": pd.array(findings, dtype="string[pyarrow]"),
            "therapy_given": pd.array(therapy or [None] * len(findings), dtype="string[pyarrow]"),
        }
    )


@pytest.mark.parametrize(("item", "finding", "expected"), CASES)
def test_a_finding_has_the_grade_that_the_scale_prints_it_under(item, finding, expected):
    graded = grade_findings(WHO.items[item], rows([finding]))
    assert graded["grade"].tolist() == [expected]
    assert graded["reason"].isna().all()


@pytest.mark.parametrize(("scale", "item", "finding", "expected"), CTCAE_CASES)
def test_ctcae_has_words_of_its_own(scale, item, finding, expected):
    graded = grade_findings(CTCAE[scale].items[item], rows([finding]))
    assert graded["grade"].tolist() == [expected]


def test_a_missing_finding_is_not_graded_and_is_not_grade_0():
    graded = grade_findings(WHO.items["NAUVOM"], rows(["nausea", None]))
    assert graded["grade"].tolist() == [1, pd.NA]
    assert graded["reason"].tolist() == [pd.NA, "finding_missing"]


@pytest.mark.parametrize("finding", ["Nausea", "vomit", "erythema", " nausea", ""])
def test_of_a_finding_that_is_not_a_word_of_the_item_no_grade_is_guessed(finding):
    graded = grade_findings(WHO.items["NAUVOM"], rows(["nausea", finding]))
    assert graded["grade"].tolist() == [1, pd.NA]
    assert graded["reason"].tolist() == [pd.NA, "finding_not_of_item"]


@pytest.mark.parametrize(
    ("therapy", "who", "ctcae", "reason"),
    [
        ("N", 2, 1, pd.NA),
        ("Y", 3, 2, pd.NA),
        (None, 2, 1, "therapy_missing"),  # at least
        ("U", pd.NA, pd.NA, "finding_not_of_item"),
    ],
)
def test_vomiting_is_graded_by_the_therapy_that_it_needed(therapy, who, ctcae, reason):
    # WHO: vomiting requiring therapy is 3, and more than nausea 2. CTCAE 5.0: intervention not
    # indicated is 1; outpatient hydration, medical intervention indicated is 2.
    for item, grade in ((WHO.items["NAUVOM"], who), (CTCAE["5.0"].items["Vomiting"], ctcae)):
        graded = grade_findings(item, rows(["vomiting"], [therapy]))
        assert (graded["grade"].tolist(), graded["reason"].tolist()) == ([grade], [reason])


def test_therapy_changes_nothing_of_a_word_that_has_its_grade_without_it():
    given = rows(["nausea"] * 3, ["Y", "N", None])
    graded = grade_findings(WHO.items["NAUVOM"], given)
    assert graded["grade"].tolist() == [1, 1, 1]
    assert graded["reason"].isna().all()


def test_a_word_that_has_a_grade_only_with_therapy_has_none_without():
    grades = (
        Grade(1, "mild", findings=(Finding("pain"),)),
        Grade(2, "cough with therapy", findings=(Finding("cough", "Y"),)),
    )
    item = Item("X", "X", "clinical", True, ("A",), grades)
    graded = grade_findings(item, rows(["cough", "cough", "cough", "pain"], ["Y", "N", None, None]))
    assert graded["grade"].tolist() == [2, pd.NA, pd.NA, 1]
    assert graded["reason"].tolist() == [pd.NA, "finding_not_of_item", "therapy_missing", pd.NA]
