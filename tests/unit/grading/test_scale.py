"""The scale's file: what it says, what its schema refuses, and what its reader refuses."""

from functools import partial
from pathlib import Path

import jsonschema
import pytest
import yaml

from graftline.errors import GraftlineError
from graftline.grading.files import check_units, read_scale, read_units
from graftline.grading.scale import Finding, parse_scale
from tests.unit.grading.changed_content import change

CONTENT = yaml.safe_load(Path("config/scales/who-1981.yaml").read_text(encoding="utf-8"))
UNITS = read_units("config/units.yaml")
SCHEMA = yaml.safe_load(Path("schemas/scale.schema.yaml").read_text(encoding="utf-8"))

# The items of the published table; those that were recalled and not checked are marked.
CODES = [
    "HB", "WBC", "GRAN", "PLT", "HAEMORR", "BILI", "AST/ALT", "ALP", "ORAL", "NAUVOM", "DIARR",
    "UREA", "CREAT", "PROTU", "HAEMU", "PULM", "FEVER_DRUG", "ALLERGY", "CUTAN", "HAIR",
    "INFECT", "RHYTHM", "CARDFUN", "PERICARD", "CONSC", "PERIPH", "CONSTIP", "PAIN",
]  # fmt: skip
RECALLED = {"HAEMU", "INFECT", "RHYTHM", "CARDFUN", "PERICARD"}

WEIGHT = {
    "label": "Weight loss",
    "kind": "weight_loss",
    "verified": True,
    "sources": ["R"],
    "direction": "low",
    "grades": [{"grade": 0, "text": "none"}]
    + [
        {
            "grade": grade,
            "text": text,
            "criteria": [{"reached": "at_or_below", "relative_to": "baseline", "factor": factor}],
        }
        for grade, text, factor in ((1, "5%", 0.95), (2, "10%", 0.9), (3, "20%", 0.8))
    ]
    + [{"grade": 4, "text": "-"}],
}


changed = partial(change, CONTENT)


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


@pytest.mark.parametrize("file", sorted(Path("config/scales").glob("*.yaml")), ids=lambda f: f.stem)
def test_the_shipped_scales_meet_the_schema_and_the_reader(file):
    content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(content, SCHEMA)
    scale = read_scale(file, UNITS)
    assert scale.scale == file.stem
    assert list(scale.items) == list(content["items"])


def test_an_item_tells_what_its_criteria_need():
    scale = parse_scale(CONTENT)
    assert scale.items["HB"].inputs == {"unit"}
    assert scale.items["BILI"].inputs == {"uln"}
    assert scale.items["CUTAN"].inputs == frozenset()
    assert scale.items["PROTU"].printed_units == ("g/L", "g/dL")
    assert scale.items["BILI"].printed_units == ()
    assert [grade.grade for grade in scale.items["PROTU"].measured] == [1, 2, 3]
    # Grade 4 needs low pressure beside the temperature.
    assert [grade.grade for grade in scale.fever_item.measured] == [1, 2, 3]
    assert scale.fever_item.grades[4].with_hypotension
    assert scale.fever_item.unit == "Cel"


def test_a_test_may_feed_several_items_and_an_item_have_several_tests():
    scale = parse_scale(changed(("items", "GRAN", "tests"), ["WBC", "NEUT"]))
    found = {test: [item.code for item in items] for test, items in scale.items_of_test.items()}
    assert found["WBC"] == ["WBC", "GRAN"]
    assert found["NEUT"] == ["GRAN"]
    assert found["ALT"] == found["AST"] == ["AST/ALT"]


def test_a_finding_may_need_the_therapy_that_was_given():
    words = [{"finding": "vomiting", "therapy_given": "N"}, "transient vomiting"]
    content = changed(("items", "NAUVOM", "grades", 2, "findings"), words)
    content["items"]["NAUVOM"]["grades"][3]["findings"] = [words[0] | {"therapy_given": "Y"}]
    jsonschema.validate(content, SCHEMA)
    item = parse_scale(content).items["NAUVOM"]
    assert item.grades[2].findings == (Finding("vomiting", "N"), Finding("transient vomiting"))
    assert item.grades[3].findings == (Finding("vomiting", "Y"),)
    assert item.grade_of_finding["transient vomiting"] == 2
    assert "vomiting" not in item.grade_of_finding


def test_a_weight_loss_is_relative_to_the_baseline():
    content = changed(("items", "WEIGHT"), WEIGHT)
    jsonschema.validate(content, SCHEMA)
    item = parse_scale(content).weight_loss_item
    assert (item.code, item.unit, item.inputs) == ("WEIGHT", "kg", {"baseline"})
    assert [criterion.factor for criterion in item.criteria] == [0.95, 0.9, 0.8]


def test_limits_keep_the_decimals_that_they_were_written_with():
    item = parse_scale(CONTENT).items["HB"]
    assert repr(item.criteria[0].limits["g/dL"]) == "11.0"
    assert repr(parse_scale(CONTENT).items["PLT"].criteria[0].limits["10*3/uL"]) == "100"


HB = ("items", "HB", "grades")
BILI = ("items", "BILI", "grades")
PROTU = ("items", "PROTU", "grades")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("colour",), "blue"),
        (("items", "HB", "colour"), "red"),
        (("items", "HB", "kind"), "guess"),
        (("items", "HB", "analyte"), None),
        (("items", "HB", "unit"), "g/dL"),
        (("items", "NAUVOM", "direction"), "high"),
        (("items", "NAUVOM", "analyte"), "glucose"),
        (("items", "NAUVOM", "verified"), "yes"),
        (("items", "1HB"), {}),
        ((*HB, 1, "limit"), 11.0),
        ((*HB, 1, "criteria"), []),
        ((*HB, 1, "criteria", 0, "limits", "g/dL"), "11.0"),
        ((*HB, 1, "criteria", 0, "limits"), {}),
        ((*HB, 1, "criteria", 0, "factor"), 2),
        ((*HB, 1, "criteria", 0, "reached"), "under"),
        ((*HB, 1, "criteria", 0, "relative_to"), "normal"),
        ((*HB, 1, "criteria", 0, "colour"), "red"),
        ((*BILI, 1, "criteria", 0, "limits"), {"mg/dL": 1}),
        ((*BILI, 1, "criteria", 0, "factor"), 0),
        ((*BILI, 1, "criteria", 0, "relative_to"), ["ULN"]),
        ((*BILI, 1, "criteria", 0, "relative_to"), ["ULN", "absolute"]),
        ((*BILI, 1, "criteria", 0, "when"), "baseline was high"),
        (("items", "CUTAN", "grades", 1, "criteria"), [{"reached": "above", "relative_to": "ULN"}]),
        (("items", "CUTAN", "grades", 1, "findings"), [{"finding": "x", "therapy_given": "U"}]),
    ],
)
def test_the_schema_refuses(path, value):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed(path, value), SCHEMA)


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("colour",), "blue", "colour: unknown key"),
        (("items", "HB", "colour"), "red", "items.HB.colour: unknown key"),
        (("items", "HB", "labell"), "red", "did you mean label?"),
        (("items", "HB", "kind"), "guess", "items.HB.kind: must be one of laboratory"),
        (("items", "HB", "direction"), "down", "items.HB.direction: must be low or high"),
        (("items", "HB", "direction"), None, "items.HB.direction: is empty"),
        (("items", "HB", "analyte"), None, "items.HB.analyte"),
        (("items", "HB", "tests"), None, "items.HB.tests: is empty"),
        (("items", "HB", "tests"), "HGB", "items.HB.tests: a list"),
        (("items", "HB", "tests"), ["HGB", "HGB"], "items.HB.tests: an entry stands there twice"),
        (("items", "HB", "verified"), "yes", "items.HB.verified"),
        (("items", "HB", "sources"), ["Z"], "items.HB.sources: Z is not one of the sources"),
        ((*HB, 2, "limit"), 9.5, "(grade 2).limit: unknown key"),
        ((*HB, 2, "text"), 5, "(grade 2).text: must be text"),
        ((*HB, 0, "criteria"), [{"reached": "below", "relative_to": "LLN"}], "grade 0"),
        ((*HB, 1, "criteria", 0, "limits"), {1: 11.0}, "in quotes"),
        ((*HB, 1, "criteria", 0, "limits"), {"g/dL": "11.0"}, "without quotes"),
        ((*HB, 1, "criteria", 0, "limits"), {"g/dL": True}, "limits.g/dL: a number"),
        ((*HB, 1, "criteria", 0, "relative_to"), "normal", "relative_to: must be one of absolute"),
        ((*HB, 1, "criteria", 0, "reached"), "under", "reached: must be one of below"),
        ((*HB, 1, "criteria", 0, "reached"), "above", "grade 1: reached must be below"),
        ((*HB, 1, "criteria", 0, "factor"), 2, "factor: belongs to a criterion that is relative"),
        ((*BILI, 1, "criteria", 0, "limits"), {"mg/dL": 1}, "has a factor, no limits"),
        ((*BILI, 1, "criteria", 0, "relative_to"), ["ULN", "absolute"], "must be one of LLN, ULN"),
        (
            (*BILI, 1, "criteria", 0, "when"),
            "normal",
            "when: must be one of baseline_not_above_ULN",
        ),
        ((*BILI, 1, "criteria", 0, "assumes"), "symptomatic", "assumes: a list"),
        # Not further out than grade 1, and further in.
        ((*HB, 2, "criteria", 0, "limits"), {"g/dL": 11.0}, "begins where grade 1 begins"),
        ((*HB, 2, "criteria", 0, "limits"), {"g/dL": 12.0}, "inside that of grade 1"),
        ((*BILI, 2, "criteria", 0, "factor"), 1.2, "inside that of grade 1"),
        # In one of two units.
        ((*PROTU, 3, "criteria", 0, "limits"), {"g/L": 10, "g/dL": 0.1}, "inside that of grade 2"),
        # All limits of an item in the same units.
        ((*HB, 2, "criteria", 0, "limits"), {"g/L": 95}, "give each the same units"),
        ((*HB, 2, "criteria", 0, "limits"), {"g/dL": 9.5, "g/L": 95}, "give each the same units"),
        (
            (*BILI, 2, "criteria"),
            [{"reached": "above", "relative_to": "ULN", "factor": f} for f in (2, 3)],
            "grade 2: has two criteria relative to ULN",
        ),
        (("items", "CUTAN", "preferred_terms"), ["Nausea"], "Nausea belongs to NAUVOM already"),
        (("items", "CUTAN", "preferred_terms"), None, "items.CUTAN.preferred_terms"),
        (("items", "CUTAN", "direction"), "high", "kind clinical does not have this key"),
        (("items", "CUTAN", "grades", 2, "findings"), ["erythema"], "'erythema' has two grades"),
        (("items", "CUTAN", "grades", 2, "findings"), [4], "a finding is text"),
        (
            ("items", "CUTAN", "grades", 2, "with_hypotension"),
            True,
            "belong to an item of the kind",
        ),
        (("items", "CUTAN", "grades"), [], "items.CUTAN.grades"),
        (("items", "CUTAN", "grades", 0), {"grade": 1, "text": "x"}, "found [1, 1, 2, 3, 4]"),
        (("items", "CUTAN", "grades", 0), {"grade": 0}, "text: missing key"),
        (("grades",), [0, 2, 1], "grades"),
        (("sources",), ["H"], "sources"),
        (("items",), [], "items: a scale is a mapping"),
    ],
)
def test_the_reader_refuses_and_names_the_key(path, value, key):
    with pytest.raises(GraftlineError) as stop:
        parse_scale(changed(path, value), "who.yaml")
    assert str(stop.value).startswith("who.yaml: ")
    assert key in str(stop.value)


def test_two_grades_of_one_limit_are_parted_by_words_that_are_assumed():
    content = changed((*HB, 2, "criteria", 0, "limits"), {"g/dL": 11.0})
    content["items"]["HB"]["grades"][2]["criteria"][0]["assumes"] = ["symptomatic"]
    assert parse_scale(content).items["HB"].criteria[1].assumes == ("symptomatic",)


def test_the_reader_refuses_a_limit_that_a_milder_grade_excludes():
    # 11.0 itself would be grade 2 and not grade 1.
    content = changed((*HB, 2, "criteria", 0, "limits"), {"g/dL": 11.0})
    content["items"]["HB"]["grades"][2]["criteria"][0]["reached"] = "at_or_below"
    with pytest.raises(GraftlineError, match="inside that of grade 1"):
        parse_scale(content)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"analyte": "haemoglobine"}, "haemoglobine is not an analyte"),
        ({"analyte": "glucose"}, None),
        ({"analyte": "sodium"}, "sodium is not measured in g/dL"),
    ],
)
def test_analytes_and_printed_units_must_be_known(change, message):
    content = changed(("items", "HB", "analyte"), change["analyte"])
    if message is None:
        check_units(parse_scale(content), UNITS)
        return
    with pytest.raises(GraftlineError, match=message) as stop:
        check_units(parse_scale(content), UNITS, "who.yaml")
    assert str(stop.value).startswith("who.yaml: items.HB.")


def test_a_file_that_is_not_yaml_is_named_with_its_line(tmp_path):
    file = tmp_path / "scale.yaml"
    file.write_text("scale: [1\nlabel: x\n", encoding="utf-8")
    with pytest.raises(GraftlineError, match=r"scale\.yaml, line 2"):
        read_scale(file)
