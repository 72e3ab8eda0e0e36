"""The scale's file: what it says, what its schema refuses, and what its reader refuses."""

import copy
from pathlib import Path

import jsonschema
import pytest
import yaml

from graftline.errors import GraftlineError
from graftline.grading.scale import parse_scale

CONTENT = yaml.safe_load(Path("config/scales/who-1981.yaml").read_text(encoding="utf-8"))
SCHEMA = yaml.safe_load(Path("schemas/scale.schema.yaml").read_text(encoding="utf-8"))

# The items of the published table; those that were recalled and not checked are marked.
CODES = [
    "HB", "WBC", "GRAN", "PLT", "HAEMORR", "BILI", "AST/ALT", "ALP", "ORAL", "NAUVOM", "DIARR",
    "UREA", "CREAT", "PROTU", "HAEMU", "PULM", "FEVER_DRUG", "ALLERGY", "CUTAN", "HAIR",
    "INFECT", "RHYTHM", "CARDFUN", "PERICARD", "CONSC", "PERIPH", "CONSTIP", "PAIN",
]  # fmt: skip
RECALLED = {"HAEMU", "INFECT", "RHYTHM", "CARDFUN", "PERICARD"}


def changed(path, value):
    content = copy.deepcopy(CONTENT)
    place = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return content


def test_the_who_scale_has_all_items_each_with_grades_0_to_4():
    scale = parse_scale(CONTENT)
    assert list(scale.items) == CODES
    assert {item.code: [g.grade for g in item.grades] for item in scale.items.values()} == {
        code: [0, 1, 2, 3, 4] for code in CODES
    }


def test_items_that_were_recalled_say_so():
    scale = parse_scale(CONTENT)
    assert {code for code, item in scale.items.items() if not item.verified} == RECALLED
    # Grade 4 of proteinuria alone was recalled.
    assert [g.verified for g in scale.items["PROTU"].grades] == [None, None, None, None, False]


def test_every_clinical_grade_has_a_finding():
    scale = parse_scale(CONTENT)
    bare = [
        (item.code, grade.grade)
        for item in scale.items.values()
        if item.kind == "clinical"
        for grade in item.grades
        if not grade.findings
    ]
    assert bare == []


@pytest.mark.parametrize(
    "term", ["Chills", "Asthenia", "Decreased appetite", "Weight decreased", "Hypotension"]
)
def test_the_scale_has_no_item_for_signs_that_who_does_not_grade(term):
    assert term not in parse_scale(CONTENT).item_of_term


def test_the_shipped_scale_meets_its_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(CONTENT, SCHEMA)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("colour",), "blue"),
        (("items", "HB", "colour"), "red"),
        (("items", "HB", "grades", 1, "limit"), "11.0"),
        (("items", "HB", "kind"), "guess"),
        (("items", "HB", "tests", "HGB", "g/dL"), 0),
        (("items", "HB", "grades", 1), {"grade": 1, "text": "x", "limit": 11.0}),
        (("items", "NAUVOM", "unit"), "g/dL"),
        (("items", "NAUVOM", "verified"), "yes"),
    ],
)
def test_the_schema_refuses(path, value):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed(path, value), SCHEMA)


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("colour",), "blue", "colour"),
        (("items", "HB", "colour"), "red", "items.HB.colour"),
        (("items", "HB", "kind"), "guess", "items.HB.kind"),
        (("items", "HB", "direction"), "down", "items.HB.direction"),
        (("items", "HB", "relative_to"), "LLN", "items.HB.relative_to"),
        (("items", "HB", "tests"), None, "items.HB.tests"),
        (("items", "HB", "sources"), ["Z"], "items.HB.sources"),
        (
            ("items", "HB", "grades", 2, "limit"),
            11.0,
            "items.HB.grades",
        ),  # not further out than grade 1
        (("items", "HB", "grades", 2, "limit"), 12.0, "items.HB.grades"),
        (("items", "HB", "grades", 2, "reached"), "above", "items.HB.grades"),
        (("items", "CUTAN", "preferred_terms"), ["Nausea"], "items.CUTAN.preferred_terms"),
        (("items", "GRAN", "tests"), {"WBC": {"/uL": 1000}}, "items.GRAN.tests"),
        (("items", "CUTAN", "grades", 2, "findings"), ["erythema"], "items.CUTAN.grades"),
        (("items", "CUTAN", "grades"), [], "items.CUTAN.grades"),
        (("items", "CUTAN", "grades", 0), {"grade": 1, "text": "x"}, "items.CUTAN.grades"),
        (("items", "CUTAN", "grades", 0), {"grade": 0}, "items.CUTAN.grades"),
    ],
)
def test_the_reader_refuses_and_names_the_key(path, value, key):
    with pytest.raises(GraftlineError) as stop:
        parse_scale(changed(path, value), "who.yaml")
    assert "who.yaml" in str(stop.value)
    assert key in str(stop.value)
