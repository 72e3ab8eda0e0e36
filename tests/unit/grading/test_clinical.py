"""Clinical findings: the item's own words have its grade; anything else stops."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from graftline.errors import GraftlineError
from graftline.grading.clinical import FINDING_MISSING, grade_findings
from graftline.grading.scale import parse_scale

WHO = parse_scale(yaml.safe_load(Path("config/scales/who-1981.yaml").read_text(encoding="utf-8")))

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


def rows(findings):
    return pd.DataFrame(
        {
            "finding": pd.array(findings, dtype="string[pyarrow]"),
            "src_file": "ae.csv",
            "src_line": range(2, len(findings) + 2),
        }
    )


@pytest.mark.parametrize(("item", "finding", "expected"), CASES)
def test_a_finding_has_the_grade_that_the_scale_prints_it_under(item, finding, expected):
    graded = grade_findings(WHO.items[item], rows([finding]))
    assert graded["grade"].tolist() == [expected]
    assert graded["reason"].isna().all()


def test_a_missing_finding_is_not_graded_and_is_not_grade_0():
    graded = grade_findings(WHO.items["NAUVOM"], rows(["nausea", None]))
    assert graded["grade"].tolist() == [1, pd.NA]
    assert graded["reason"].tolist() == [pd.NA, FINDING_MISSING]


@pytest.mark.parametrize("finding", ["Nausea", "vomiting", "erythema", " nausea"])
def test_a_finding_that_is_not_a_word_of_the_item_stops_with_file_and_line(finding):
    with pytest.raises(GraftlineError, match=r"ae\.csv, line 3, column finding") as stop:
        grade_findings(WHO.items["NAUVOM"], rows(["nausea", finding]))
    assert "intractable vomiting" in str(stop.value)
