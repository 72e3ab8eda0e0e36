"""Reads the boundary tables in tests/spec/grading: rows of laboratory values with the grade that was
worked out by hand from the source's text."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import pandas as pd

from graftline.grading.files import read_scale, read_units
from graftline.grading.laboratory import grade_laboratory

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "spec" / "grading"
NUMBERS = ["value", "lln", "uln", "baseline", "baseline_lln", "baseline_uln"]
COLUMNS = [
    *["term", "value", "unit", "lln", "uln", "baseline", "baseline_lln", "baseline_uln"],
    *["grade", "reason", "why"],
]
# Table -> scale file and rule.
TABLES = {
    "who-1981": ("who-1981", "A"),
    "who-1981-rule-b": ("who-1981", "B"),
    "ctcae-4.03": ("ctcae-4.03", "A"),
    "ctcae-5.0": ("ctcae-5.0", "A"),
    "ctcae-6.0": ("ctcae-6.0", "A"),
}


@cache
def read_table(name: str) -> pd.DataFrame:
    """The table as text; `line` is the line of the file."""
    frame = pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)
    return frame.assign(line=range(2, len(frame) + 2))


def rows_of(name: str, term: str) -> pd.DataFrame:
    """The rows of one term."""
    frame = read_table(name)
    return frame[frame["term"] == term]


def terms_of(name: str) -> list[str]:
    """The terms of a table, in its order."""
    return list(dict.fromkeys(read_table(name)["term"]))


TERMS = [(name, term) for name in TABLES for term in terms_of(name)]


@cache
def units():
    """The units of the project."""
    return read_units(ROOT / "config" / "units.yaml")


@cache
def scale_of(name: str):
    """The scale that the table is of."""
    return read_scale(ROOT / "config" / "scales" / f"{TABLES[name][0]}.yaml")


def grade_of_rows(name: str, term: str, rows: pd.DataFrame) -> pd.DataFrame:
    """What the grader says of `rows` of text: grade and reason as text, empty where missing."""
    frame = pd.DataFrame({column: pd.to_numeric(rows[column]).astype(float) for column in NUMBERS})
    frame["unit"] = rows["unit"].astype("string[pyarrow]").replace("", pd.NA)
    item = scale_of(name).items[term]
    graded = grade_laboratory(item, frame, units(), rule=TABLES[name][1])
    return graded[["grade", "reason"]].astype("string").fillna("")


def number(text: str) -> Decimal | None:
    """The exact number of a cell; None for an empty one."""
    return Decimal(text) if text else None


# What one unit is of another, exactly. mg/dL and umol/L: only where all limits are multiples of a
# range, so that no printed limit depends on the unit.
BY_POWERS_OF_TEN = {
    "10*9/L": {"10*3/uL": "1", "/uL": "1000", "GI/L": "1", "10*6/L": "1000"},
    "/uL": {"10*9/L": "0.001", "10*3/uL": "0.001"},
    "10*3/uL": {"10*9/L": "1"},
    "g/dL": {"g/L": "10", "mg/dL": "1000"},
    "g/L": {"g/dL": "0.1", "mg/L": "1000"},
    "mg/dL": {"g/L": "0.01", "mg/L": "10"},
    "mmol/L": {"umol/L": "1000", "mmol/l": "1"},
    "umol/L": {"mmol/L": "0.001", "µmol/L": "1", "μmol/L": "1"},
    "U/L": {"IU/L": "1", "[IU]/L": "1", "kU/L": "0.001"},
    "mL/min": {"ml/min": "1", "L/min": "0.001"},
    "s": {"ms": "1000", "sec": "1"},
    "meq/L": {"mEq/L": "1"},
}
CREATININE, BILIRUBIN = {"mg/dL": {"umol/L": "88.40"}}, {"mg/dL": {"umol/L": "17.104"}}
VALENCE_1, VALENCE_2 = {"mmol/L": {"meq/L": "1"}}, {"mmol/L": {"meq/L": "2"}}
CONVERSIONS = {
    "HB": {"g/dL": {"mmol/L": "0.6206"}, "g/L": {"mmol/L": "0.06206"}},
    "UREA": {"mmol/L": {"mg/dL": "2.8014"}},
    "CREAT": CREATININE,
    "Creatinine increased": CREATININE,
    "BILI": BILIRUBIN,
    "Blood bilirubin increased": BILIRUBIN,
    "Hypokalemia": VALENCE_1,
    "Hyperkalemia": VALENCE_1,
    "Hyponatremia": VALENCE_1,
    "Hypernatremia": VALENCE_1,
    "Hypocalcemia": VALENCE_2,
    "Hypercalcemia": VALENCE_2,
    "Hypocalcemia (Ionized)": VALENCE_2,
    "Hypercalcemia (Ionized)": VALENCE_2,
    "Hypomagnesemia": VALENCE_2,
    "Hypermagnesemia": VALENCE_2,
}


def in_other_units(table: str, term: str) -> pd.DataFrame:
    """The rows of a term once more in each other unit of the same quantity, exactly converted."""
    rows = rows_of(table, term)
    rows = rows[rows["reason"] != "unit_not_convertible"]
    made = []
    for unit in dict.fromkeys(rows["unit"]):
        factors = BY_POWERS_OF_TEN.get(unit, {}) | CONVERSIONS.get(term, {}).get(unit, {})
        for other, factor in factors.items():
            some = rows[rows["unit"] == unit].assign(unit=other)
            for column in NUMBERS:
                some[column] = [
                    format(Decimal(cell) * Decimal(factor), "f") if cell else ""
                    for cell in some[column]
                ]
            made.append(some)
    return pd.concat(made, ignore_index=True) if made else rows.iloc[:0]
