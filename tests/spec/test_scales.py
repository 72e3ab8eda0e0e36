"""CTCAE as data: word for word what the institute prints, and the limits that its words state."""

import hashlib
from itertools import pairwise

import jsonschema
import pytest
import yaml

from graftline.grading.scale import parse_scale
from graftline.grading.units import parse_units
from tests.spec.ctcae_text import (
    GRADES,
    OWN_READING,
    ROOT,
    SOURCE,
    VERSIONS,
    read_text,
    rows,
    segments,
)

FILES = {version: ROOT / "config" / "scales" / f"ctcae-{version}.yaml" for version in VERSIONS}
CONTENT = {v: yaml.safe_load(path.read_text(encoding="utf-8")) for v, path in FILES.items()}
ITEMS = {version: content["items"] for version, content in CONTENT.items()}
EVERY = [(version, term) for version in VERSIONS for term in ITEMS[version]]
LABORATORY = [(v, row) for v in VERSIONS for row in rows(v)]
UNITS = parse_units(yaml.safe_load((ROOT / "config" / "units.yaml").read_text(encoding="utf-8")))
SCHEMA = yaml.safe_load((ROOT / "schemas" / "scale.schema.yaml").read_text(encoding="utf-8"))

# One unit of the first system in the second, from molar masses and powers of ten.
SAME = {
    "haemoglobin": {("g/dL", "g/L"): 10, ("g/dL", "mmol/L"): 0.6206},
    "glucose": {("mg/dL", "mmol/L"): 1 / 18.02},
    "calcium": {("mg/dL", "mmol/L"): 1 / 4.008},
    "cholesterol": {("mg/dL", "mmol/L"): 1 / 38.67},
    "triglycerides": {("mg/dL", "mmol/L"): 1 / 88.57},
    "magnesium": {("mg/dL", "mmol/L"): 1 / 2.431},
    "phosphate": {("mg/dL", "mmol/L"): 1 / 3.097},
    "urate": {("mg/dL", "mmol/L"): 0.05948},
    "albumin": {("g/dL", "g/L"): 10},
}
COUNTS = {("/uL", "10*9/L"): 0.001}


def name(case):
    version, term = case
    return f"{version} {term if isinstance(term, str) else term['term']}"


def grade_of(version, term, number):
    return next(grade for grade in ITEMS[version][term]["grades"] if grade["grade"] == number)


def normal(criterion):
    """A criterion of a file in the form of those read from the text."""
    found = {key: value for key, value in criterion.items() if key != "assumes"}
    if isinstance(found["relative_to"], str):
        found["relative_to"] = [found["relative_to"]]
    return found if "limits" in found else {"factor": 1} | found


def comparable(criteria):
    """Criteria as a list in which neither order nor 10 against 10.0 makes a difference."""

    def plain(value):
        if isinstance(value, dict):
            return sorted((unit, float(number)) for unit, number in value.items())
        return float(value) if isinstance(value, int) else value

    return sorted(
        repr(sorted((key, plain(value)) for key, value in normal(one).items())) for one in criteria
    )


# ---- the words


def test_the_copy_of_the_source_is_the_one_that_was_read():
    # A new copy from the institute changes this digest, and calls for every criterion to be read anew.
    digest = "02f7d8aaadfb8270e5ccb9b9056053db80486a615dfad687ff62c56674b5c56c"
    assert hashlib.sha256(SOURCE.read_bytes()).hexdigest() == digest
    assert {version: len(rows(version)) for version in VERSIONS} == {
        "4.03": 42,
        "5.0": 40,
        "6.0": 43,
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_every_laboratory_term_is_there_and_no_other(version):
    kept = [term for term, item in ITEMS[version].items() if item["kind"] == "laboratory"]
    assert kept == [row["term"] for row in rows(version)]


@pytest.mark.parametrize("case", LABORATORY, ids=name)
def test_a_laboratory_term_is_the_source_letter_for_letter(case):
    version, row = case
    item = ITEMS[version][row["term"]]
    # The one thing that a file cannot say: version 6.0 leaves two cells of Hyperglycemia empty.
    empty = {n for n in GRADES if row[f"grade_{n}"] == ""}
    assert empty == ({1, 2} if (version, row["term"]) == ("6.0", "Hyperglycemia") else set())
    texts = {grade["grade"]: grade["text"] for grade in item["grades"]}
    assert texts == {n: row[f"grade_{n}"] or "-" for n in GRADES}
    assert (item["label"], item["soc"], item["definition"]) == (
        row["term"],
        row["soc"],
        row["definition"],
    )
    assert item["direction"] == {"L": "low", "H": "high"}[row["direction"]]
    assert item["verified"] is True and item["sources"] == ["N"]


# ---- the limits


@pytest.mark.parametrize("case", LABORATORY, ids=name)
def test_the_criteria_are_those_that_the_text_states(case):
    version, row = case
    for number in GRADES:
        criteria = grade_of(version, row["term"], number).get("criteria", [])
        stated = read_text(version, row, number)
        assert comparable(criteria) == comparable(stated), f"grade {number}"


def test_every_own_reading_is_of_a_segment_that_is_printed():
    printed = {
        (segment, version)
        for version, row in LABORATORY
        for number in GRADES
        for segment in segments(row["term"], row[f"grade_{number}"])
    }
    assert set(OWN_READING) - printed == set()


@pytest.mark.parametrize("case", LABORATORY, ids=name)
def test_what_is_assumed_stands_in_the_text(case):
    version, row = case
    item = ITEMS[version][row["term"]]
    for grade in item["grades"]:
        for criterion in grade.get("criteria", []):
            for words in criterion.get("assumes", []):
                assert words in grade["text"]


def test_the_grades_that_rest_on_an_assumption_are_these():
    found = {
        (version, term, grade["grade"])
        for version, term in EVERY
        for grade in ITEMS[version][term]["grades"]
        if any(criterion.get("assumes") for criterion in grade.get("criteria", []))
    }
    newer = [("Lipase increased", 3), ("Lipase increased", 4)]
    newer += [("Serum amylase increased", 3), ("Serum amylase increased", 4), ("Hyponatremia", 3)]
    assert found == {
        (version, term, grade)
        for version in VERSIONS
        for term, grade in [("Hypokalemia", 2), ("Hyperuricemia", 3)]
    } | {(version, term, grade) for version in ("5.0", "6.0") for term, grade in newer}


@pytest.mark.parametrize("case", EVERY, ids=name)
def test_limits_lie_further_out_from_grade_to_grade(case):
    version, term = case
    item = ITEMS[version][term]
    sign = {"low": -1, "high": 1}.get(item.get("direction"), 0)
    arms = {}
    for grade in item["grades"]:
        for criterion in grade.get("criteria", []):
            one = normal(criterion)
            amounts = one.get("limits") or {"x": one["factor"], **one.get("plus", {})}
            for unit, number in amounts.items():
                arm = (tuple(one["relative_to"]), one.get("when"), unit)
                parted = "assumes" in criterion or "longer_than_hours" in grade or "plus" in one
                arms.setdefault(arm, []).append((sign * number, parted))
    for steps in arms.values():
        for (milder, _), (harsher, parted) in pairwise(steps):
            assert harsher > milder or (parted and harsher == milder)


@pytest.mark.parametrize("case", LABORATORY, ids=name)
def test_limits_printed_in_two_systems_of_units_are_nearly_the_same_amount(case):
    version, row = case
    item = ITEMS[version][row["term"]]
    for grade in item["grades"]:
        for criterion in grade.get("criteria", []):
            limits = criterion.get("limits", {})
            systems = SAME.get(item["analyte"], COUNTS)
            pairs = [pair for pair in systems if set(pair) <= set(limits)]
            assert len(pairs) == max(len(limits) - 1, 0)
            for first, second in pairs:
                # The source rounds: 0.9 mg/dL of magnesium is 0.37 mmol/L and printed as 0.4.
                amount = limits[first] * systems[first, second]
                assert limits[second] == pytest.approx(amount, rel=0.09)


def test_decimals_are_those_printed():
    # Rounding to printed decimals needs them as printed: 10.0 is one decimal, 100 none.
    text = FILES["5.0"].read_text(encoding="utf-8")
    assert "{g/dL: 10.0, mmol/L: 6.2, g/L: 100}" in text
    assert "{/uL: 75000, 10*9/L: 75.0}" in text
    assert "{mg/dL: 8.0, mmol/L: 3.30}" in text


# ---- the form


@pytest.mark.parametrize("version", VERSIONS)
def test_the_file_meets_schema_and_reader(version):
    jsonschema.validate(CONTENT[version], SCHEMA)
    scale = parse_scale(CONTENT[version], FILES[version].name)
    assert scale.scale == f"ctcae-{version}" == FILES[version].stem


@pytest.mark.parametrize("case", LABORATORY, ids=name)
def test_the_analyte_is_measured_in_the_units_that_are_printed(case):
    version, row = case
    item = ITEMS[version][row["term"]]
    assert item["analyte"] in UNITS.analytes
    for grade in item["grades"]:
        for criterion in grade.get("criteria", []):
            for unit in criterion.get("limits", criterion.get("plus", {})):
                assert UNITS.factor(item["analyte"], unit, unit) == 1
