"""The clinical terms of CTCAE as data: which there are, what was checked, and which words decide a grade."""

import pytest
import yaml

from tests.spec.ctcae_text import ROOT, VERSIONS

FILES = {version: ROOT / "config" / "scales" / f"ctcae-{version}.yaml" for version in VERSIONS}
ITEMS = {v: yaml.safe_load(p.read_text(encoding="utf-8"))["items"] for v, p in FILES.items()}
EVERY = [(version, term) for version in VERSIONS for term in ITEMS[version]]

# What the source says of a grade, at least in substance, was checked for these clinical terms alone.
CHECKED = {("4.03", "Fever"), ("5.0", "Fever"), ("5.0", "Chills"), ("5.0", "Fatigue")}
CLINICAL = {
    "Fever", "Chills", "Fatigue", "Nausea", "Vomiting", "Anorexia", "Weight loss",
    "Injection site reaction", "Hypotension", "Diarrhea", "Rash maculo-papular",
    "Infections and infestations - Other", "Mucositis oral", "Constipation", "Hematuria",
    "Proteinuria", "Dyspnea", "Allergic reaction", "Alopecia", "Sinus tachycardia",
    "Heart failure", "Pericardial effusion", "Depressed level of consciousness",
    "Peripheral sensory neuropathy", "Peripheral motor neuropathy", "Pain", "Epistaxis",
    "Skin ulceration",
}  # fmt: skip


def name(case):
    return " ".join(case)


def words_of(version, term):
    """(word, therapy_given) to its grade."""
    return {
        (word, None) if isinstance(word, str) else (word["finding"], word["therapy_given"]): grade[
            "grade"
        ]
        for grade in ITEMS[version][term]["grades"]
        for word in grade.get("findings", [])
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_the_clinical_terms_that_raw_tables_can_carry_are_there(version):
    assert {t for t, item in ITEMS[version].items() if item["kind"] != "laboratory"} >= CLINICAL


@pytest.mark.parametrize("case", EVERY, ids=name)
def test_what_was_not_checked_says_so(case):
    version, term = case
    item = ITEMS[version][term]
    checked = item["kind"] == "laboratory" or case in CHECKED
    assert item["verified"] is checked
    if not checked:
        assert "R" in item["sources"]
    if not checked and version == "6.0":
        assert "carried over from version 5.0" in item["interpretation"]


@pytest.mark.parametrize("version", ["5.0", "6.0"])
def test_vomiting_is_graded_by_the_therapy_that_was_given(version):
    words = words_of(version, "Vomiting")
    assert words["vomiting", "N"] == words["transient vomiting", "N"] == 1
    assert words["vomiting", "Y"] == words["transient vomiting", "Y"] == 2
    assert words["vomiting requiring therapy", None] == 2
    assert not any(word == "intractable vomiting" for word, _ in words)


def test_vomiting_of_4_03_counts_episodes_and_has_no_words():
    assert words_of("4.03", "Vomiting") == {}
    assert "counts episodes" in ITEMS["4.03"]["Vomiting"]["interpretation"]


@pytest.mark.parametrize(
    ("term", "word"),
    [("Nausea", "nausea"), ("Pain", "intractable"), ("Dyspnea", "exertional dyspnoea"),
     ("Injection site reaction", "dry desquamation"), ("Somnolence", "somnolence >50% of waking hours")],
)  # fmt: skip
@pytest.mark.parametrize("version", VERSIONS)
def test_words_that_do_not_decide_a_grade_have_none(version, term, word):
    assert (word, None) not in words_of(version, term)


@pytest.mark.parametrize("version", VERSIONS)
def test_skin_findings_at_the_injection_site_have_the_grades_of_its_term(version):
    words = words_of(version, "Injection site reaction")
    assert words["erythema", None] == words["pruritus", None] == 1
    assert words["ulceration", None] == words["necrosis requiring surgical intervention", None] == 3


@pytest.mark.parametrize("case", EVERY, ids=name)
def test_a_grade_that_the_source_does_not_have_has_neither_words_nor_limits(case):
    version, term = case
    for grade in ITEMS[version][term]["grades"]:
        if grade["text"] == "-":
            assert set(grade) == {"grade", "text"}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_preferred_term_belongs_to_one_item(version):
    terms = [t for item in ITEMS[version].values() for t in item.get("preferred_terms", [])]
    assert sorted(terms) == sorted(set(terms))
    assert all(term[0].isupper() and term == term.strip() for term in terms)
