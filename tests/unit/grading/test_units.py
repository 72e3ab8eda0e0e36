"""Units: what a spelling is, what converts to what, and factors against an independent statement."""

import re
from functools import partial
from pathlib import Path

import pytest
import yaml

from graftline.errors import GraftlineError
from graftline.grading.units import Conversion, parse_units
from tests.unit.grading.changed_content import change

CONTENT = yaml.safe_load(Path("config/units.yaml").read_text(encoding="utf-8"))
UNITS = parse_units(CONTENT)

# How many of the dimension's first unit one unit is, typed from the definitions of the SI: litre
# and decilitre, micro and nano, katal (mole a second) and enzyme unit (micromole a minute).
SIZES = {
    ("10*9/L", "10*9/L"): 1,
    ("10*9/L", "10*3/uL"): 1,  # 1 uL is a millionth of a litre: 10^3 x 10^6
    ("10*9/L", "/uL"): 1e-3,
    ("10*9/L", "/nL"): 1,
    ("10*9/L", "10*6/L"): 1e-3,
    ("10*9/L", "10*6/mL"): 1,
    ("10*9/L", "10*3/mL"): 1e-3,
    ("g/L", "g/L"): 1,
    ("g/L", "mg/mL"): 1,
    ("g/L", "g/dL"): 10,
    ("g/L", "mg/dL"): 1e-2,
    ("g/L", "mg/L"): 1e-3,
    ("mmol/L", "mmol/L"): 1,
    ("mmol/L", "umol/L"): 1e-3,
    ("meq/L", "meq/L"): 1,
    ("U/L", "U/L"): 1,
    ("U/L", "mU/mL"): 1,
    ("U/L", "U/mL"): 1000,
    ("U/L", "kU/L"): 1000,
    ("U/L", "ukat/L"): 60,  # 1 umol/s is 60 umol/min
    ("U/L", "nkat/L"): 0.06,
    ("mL/min", "mL/min"): 1,
    ("mL/min", "L/min"): 1000,
    ("mL/min", "mL/s"): 60,
    ("s", "s"): 1,
    ("s", "ms"): 1e-3,
    ("1", "1"): 1,
}
ATOMS = {
    "H": 1.008, "C": 12.011, "N": 14.007, "O": 15.999, "P": 30.974, "Mg": 24.305, "Ca": 40.078,
}  # fmt: skip
# Molar masses in g/mol, worked out from the atoms above: e.g. glucose 6 C + 12 H + 6 O.
MOLAR_MASS = {
    "bilirubin": 33 * 12.011 + 36 * 1.008 + 4 * 14.007 + 6 * 15.999,
    "creatinine": 4 * 12.011 + 7 * 1.008 + 3 * 14.007 + 15.999,
    "urea_nitrogen": 2 * 14.007,
    "glucose": 6 * 12.011 + 12 * 1.008 + 6 * 15.999,
    "cholesterol": 27 * 12.011 + 46 * 1.008 + 15.999,
    "hdl_cholesterol": 27 * 12.011 + 46 * 1.008 + 15.999,
    "ldl_cholesterol": 27 * 12.011 + 46 * 1.008 + 15.999,
    "triglycerides": 57 * 12.011 + 104 * 1.008 + 6 * 15.999,
    "urate": 5 * 12.011 + 4 * 1.008 + 4 * 14.007 + 3 * 15.999,
    "calcium": 40.078,
    "ionised_calcium": 40.078,
    "magnesium": 24.305,
    "phosphate": 30.974,
    "haemoglobin": 64_458 / 4,  # the tetramer, of which laboratories count the four chains
}
# Customary factors, as laboratories print them.
CUSTOMARY = [
    ("haemoglobin", "g/dL", "mmol/L", 0.6206),
    ("haemoglobin", "g/L", "g/dL", 0.1),
    ("bilirubin", "mg/dL", "umol/L", 17.104),
    ("creatinine", "mg/dL", "umol/L", 88.4),
    ("glucose", "mmol/L", "mg/dL", 18.016),
    ("calcium", "mmol/L", "mg/dL", 4.008),
    ("calcium", "meq/L", "mmol/L", 0.5),
    ("calcium", "mg/dL", "meq/L", 0.499),
    ("magnesium", "meq/L", "mg/dL", 1.21525),
    ("potassium", "meq/L", "mmol/L", 1),
    ("sodium", "mmol/L", "meq/L", 1),
    ("cholesterol", "mmol/L", "mg/dL", 38.67),
    ("triglycerides", "mmol/L", "mg/dL", 88.57),
    ("urate", "mg/dL", "umol/L", 59.48),
    ("urate", "mmol/L", "umol/L", 1000),
    ("urea_nitrogen", "mg/dL", "mmol/L", 0.357),
    ("phosphate", "mg/dL", "mmol/L", 0.3229),
]


def test_sizes_of_units_agree_with_their_definitions():
    first = {dimension: next(iter(units)) for dimension, units in CONTENT["dimensions"].items()}
    found = {(first[name], unit): size for unit, (name, size) in UNITS.sizes.items()}
    assert found.keys() == SIZES.keys()
    assert found == pytest.approx(SIZES, rel=1e-12)


def test_mass_and_substance_agree_with_the_molar_mass():
    converted = {name for name, analyte in UNITS.analytes.items() if analyte.of}
    assert converted == set(MOLAR_MASS)
    for name, mass in MOLAR_MASS.items():
        # mmol/L of a g/L is 1000 / molar mass; the customary factors have three digits or more.
        found = UNITS.factor(name, "g/L", "mmol/L")
        assert found == pytest.approx(1000 / mass, rel=5e-4), name


def test_the_formula_of_an_analyte_gives_the_molar_mass_that_was_used():
    for name, analyte in UNITS.analytes.items():
        if analyte.formula:
            atoms = re.findall(r"([A-Z][a-z]?)(\d*)", analyte.formula)
            mass = sum(ATOMS[atom] * int(number or 1) for atom, number in atoms)
            assert mass == pytest.approx(MOLAR_MASS[name]), name


@pytest.mark.parametrize(("analyte", "unit", "target", "factor"), CUSTOMARY)
def test_customary_factors_hold_both_ways(analyte, unit, target, factor):
    assert UNITS.factor(analyte, unit, target) == pytest.approx(factor, rel=3e-4)
    assert UNITS.factor(analyte, target, unit) == pytest.approx(1 / factor, rel=3e-4)


def test_every_two_units_of_an_analyte_convert_except_a_ratio_of_times():
    without = {
        (name, unit, other)
        for name, analyte in UNITS.analytes.items()
        for unit in analyte.units
        for other in analyte.units
        if UNITS.factor(name, unit, other) is None
    }
    assert without == {
        ("aptt", *pair) for pair in [("s", "1"), ("1", "s"), ("ms", "1"), ("1", "ms")]
    }


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("g/dL", "g/dL"),
        ("  g/dl ", "g/dL"),
        ("GI/L", "10*9/L"),
        ("10^9/L", "10*9/L"),
        ("x10^9/L", "10*9/L"),
        ("THOU/uL", "10*3/uL"),
        ("K/\u00b5L", "10*3/uL"),
        ("10*3/mm3", "10*3/uL"),
        ("/mm3", "/uL"),
        ("cells/\u03bcL", "/uL"),
        ("\u00b5mol/L", "umol/L"),  # micro sign
        ("\u03bcmol/L", "umol/L"),  # Greek mu
        ("mcmol/L", "umol/L"),
        ("IU/L", "U/L"),
        ("[IU]/L", "U/L"),
        ("mEq/L", "meq/L"),
        ("mmol/l", "mmol/L"),
        ("ratio", "1"),
        ("[pH]", "1"),
        ("NO UNITS", "1"),
        # Case matters, and nothing is guessed.
        ("MG/DL", None),
        ("Mg/dL", None),
        ("MMOL/L", None),
        ("g", None),
        ("g / dL", None),
        ("", None),
        ("%", None),
    ],
)
def test_a_spelling_is_one_unit_or_none(text, unit):
    assert UNITS.resolve(text) == unit


@pytest.mark.parametrize(
    ("analyte", "unit", "printed", "target", "factor"),
    [
        # A unit that the source prints is its own.
        ("haemoglobin", "g/L", ["g/dL", "mmol/L", "g/L"], "g/L", 1),
        ("haemoglobin", "mmol/L", ["g/dL", "mmol/L", "g/L"], "mmol/L", 1),
        # Powers of ten: to the printed unit of the same dimension that is nearest in size.
        ("glucose", "umol/L", ["mg/dL", "mmol/L"], "mmol/L", 0.001),
        ("glucose", "g/L", ["mg/dL", "mmol/L"], "mg/dL", 100),
        ("neutrophils", "10*3/uL", ["/uL", "10*9/L"], "10*9/L", 1),
        ("neutrophils", "10*6/L", ["10*9/L", "/uL"], "/uL", 1),
        # meq/L are substance, as far as that is printed.
        ("calcium", "meq/L", ["mg/dL", "mmol/L"], "mmol/L", 0.5),
        ("calcium", "meq/L", ["mg/dL"], "mg/dL", 2.004),
        # The analyte's factor, to the first printed unit.
        ("haemoglobin", "mmol/L", ["g/dL", "g/L"], "g/dL", 1 / 0.6206),
        ("fibrinogen", "g/L", ["mg/dL"], "mg/dL", 100),
        # Nothing printed, nothing converted.
        ("creatinine", "mg/dL", [], "mg/dL", 1),
    ],
)
def test_a_value_is_compared_in_a_printed_unit(analyte, unit, printed, target, factor):
    found = UNITS.convert(analyte, unit, printed)
    assert (found.unit, found.target) == (unit, target)
    assert found.factor == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(
    ("analyte", "unit", "printed"),
    [
        ("haemoglobin", "U/L", ["g/dL"]),
        ("albumin", "mmol/L", ["g/dL"]),  # no molar mass is given for albumin
        ("sodium", "mg/dL", ["mmol/L"]),
        ("aptt", "1", ["s"]),
        ("haemoglobin", "U/L", []),
    ],
)
def test_a_unit_in_which_the_analyte_is_not_measured_is_never_converted(analyte, unit, printed):
    assert UNITS.convert(analyte, unit, printed) is None


def test_a_conversion_in_print_has_six_digits_and_both_units():
    assert Conversion("mmol/L", "g/dL", 1 / 0.6206).text == "x 1.61134, mmol/L to g/dL"
    assert Conversion("g/dL", "g/dL").text is None


def test_only_numbers_without_a_dimension_need_no_unit():
    assert {name for name in UNITS.analytes if not UNITS.needs_unit(name)} == {"inr", "blood_ph"}


def test_all_analytes_of_the_scales_are_there_and_no_others():
    from graftline.grading.files import read_scale

    used = set()
    for file in sorted(Path("config/scales").glob("*.yaml")):
        scale = read_scale(file, UNITS)
        used |= {item.analyte for item in scale.items.values() if item.analyte}
    assert used == set(UNITS.analytes)


changed = partial(change, CONTENT)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("colours",), {}, "keys must be"),
        (("dimensions", "time", "g/L"), 1, "belongs to mass concentration already"),
        (("dimensions", "time", "s"), 0, "above nought"),
        (("dimensions", "time", "s"), "1", "above nought"),
        (("spellings", "stone"), ["st"], "in no dimension"),
        (("spellings", "g/L"), ["gm/dL"], "is a spelling of g/L already"),
        (("spellings", "g/L"), ["mmol/L"], "is a spelling of mmol/L already"),
        (("spellings", "g/L"), [" g/l"], "without blanks"),
        (("spellings", "umol/L"), ["\u00b5mol/L"], "u for micro"),
        (("analytes", "glucose", "colour"), 1, "analytes.glucose.colour: unknown key"),
        (("analytes", "glucose", "units"), [], "analytes.glucose.units"),
        (("analytes", "glucose", "units"), ["stone"], "in no dimension"),
        (("analytes", "glucose", "label"), None, "analytes.glucose.label"),
        (("analytes", "glucose", "source"), None, "analytes.glucose.source: missing"),
        (("analytes", "glucose", "conversion", "factor"), -1, "conversion.factor"),
        (("analytes", "glucose", "conversion", "of"), "U/L", "not one of the analyte's units"),
        (("analytes", "glucose", "conversion"), {"of": "g/L"}, "keys of, is and factor"),
        (("analytes", "glucose"), "g/L", "analytes.glucose: a mapping"),
    ],
)
def test_the_reader_refuses_and_names_the_key(path, value, message):
    with pytest.raises(GraftlineError) as stop:
        parse_units(changed(path, value), "units.yaml")
    assert str(stop.value).startswith("units.yaml: ")
    assert message in str(stop.value)
