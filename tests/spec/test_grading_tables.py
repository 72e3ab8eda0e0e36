"""Every laboratory value of the boundary tables has the grade that was worked out by hand."""

import re
from decimal import Decimal

import pandas as pd
import pytest

from tests.spec.grading_tables import (
    COLUMNS,
    NUMBERS,
    ROOT,
    TABLES,
    TERMS,
    grade_of_rows,
    in_other_units,
    number,
    read_table,
    rows_of,
    scale_of,
    terms_of,
)

SHOWN = 8


def show_differences(rows: pd.DataFrame, found: pd.DataFrame, table: str) -> str:
    """A line a row that has another grade or reason: where it stands, what it says, and why."""
    wrong = (rows["grade"] != found["grade"]) | (rows["reason"] != found["reason"])
    lines = [
        f"{table}.csv, line {row.line}: {row.term}, value {row.value or 'missing'} {row.unit} "
        f"LLN {row.lln or '-'} ULN {row.uln or '-'} baseline {row.baseline or '-'} "
        f"({row.baseline_lln or '-'} to {row.baseline_uln or '-'}): expected "
        f"{row.grade or 'no grade'} {row.reason}, found {other.grade or 'no grade'} {other.reason}; "
        f"{row.why}"
        for row, other in zip(rows[wrong].itertuples(), found[wrong].itertuples(), strict=True)
    ]
    more = [f"... and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "\n".join([*lines[:SHOWN], *more])


# ---- the grader


@pytest.mark.parametrize(("table", "term"), TERMS)
def test_values_have_the_grade_worked_out_by_hand(table, term):
    rows = rows_of(table, term)
    different = show_differences(rows, grade_of_rows(table, term, rows), table)
    assert not different, "\n" + different


@pytest.mark.parametrize(("table", "term"), TERMS)
def test_the_same_rows_in_other_units_have_the_same_grades(table, term):
    rows = in_other_units(table, term)
    if rows.empty:
        # Numbers without a unit are the only ones that no other unit exists for.
        assert set(rows_of(table, term)["unit"]) <= {"", "1", "pH", "mg/dL", "mmol/L"}
        return
    different = show_differences(rows, grade_of_rows(table, term, rows), table)
    assert not different, "\n" + different


def test_rows_that_say_the_same_in_two_units_expect_the_same_grade():
    """Of the tables alone, without the grader: 9.9 g/dL and 99 g/L."""
    canonical = {
        unit: ("10*9/L", Decimal(size))
        for unit, size in {
            **dict.fromkeys(["10*9/L", "10*3/uL", "GI/L", "10^9/L", "10^3/uL", "K/uL"], "1"),
            **dict.fromkeys(["/uL", "/mm3", "cells/uL"], "0.001"),
        }.items()
    }
    canonical |= {
        unit: ("g/L", Decimal(size))
        for unit, size in {"g/L": "1", "g/dL": "10", "mg/dL": "0.01", "mg/L": "0.001"}.items()
    }
    canonical |= {"mmol/L": ("mmol/L", Decimal(1)), "umol/L": ("mmol/L", Decimal("0.001"))}
    compared = 0
    for table in TABLES:
        seen = {}
        for row in read_table(table).itertuples():
            if row.unit not in canonical:
                continue
            unit, size = canonical[row.unit]
            cells = [number(getattr(row, column)) for column in NUMBERS]
            key = (row.term, unit, *(None if one is None else one * size for one in cells))
            if key in seen:
                other = seen[key]
                compared += other.unit != row.unit
                assert (other.grade, other.reason) == (row.grade, row.reason), (
                    f"{table}.csv, lines {other.line} and {row.line}"
                )
            seen[key] = row
    assert compared > 500


@pytest.mark.parametrize(("table", "term"), TERMS)
def test_expected_grades_never_fall_as_a_value_worsens(table, term):
    rows = rows_of(table, term)
    rows = rows[(rows["grade"] != "") & (rows["reason"] == "")]
    ranges = ["unit", *NUMBERS[1:]]
    for _, some in rows.groupby(ranges, sort=False):
        worse = scale_of(table).items[term].direction == "high"
        values = some["value"].map(Decimal)
        grades = some["grade"].loc[values.sort_values(ascending=worse).index].astype(int)
        assert grades.is_monotonic_increasing, f"{table}.csv, lines {sorted(some['line'])}"


# ---- the tables are complete


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_all_columns_no_row_twice_and_a_reason_for_each_row_without_grade(table):
    rows = read_table(table)
    assert list(rows.columns) == [*COLUMNS, "line"]
    assert not rows.duplicated(COLUMNS[:8]).any()
    assert (rows["why"] != "").all()
    assert ((rows["grade"] != "") | (rows["reason"] != "")).all()


@pytest.mark.parametrize("table", [name for name in TABLES if name != "who-1981-rule-b"])
def test_a_table_has_the_laboratory_terms_of_its_scale_and_no_other(table):
    items = scale_of(table).items.values()
    assert set(terms_of(table)) == {item.code for item in items if item.kind == "laboratory"}


@pytest.mark.parametrize("table", [name for name in TABLES if name.startswith("ctcae")])
def test_a_table_has_the_terms_of_the_published_text_and_uses_each_number_of_it(table):
    text = pd.read_csv(
        ROOT / "tests" / "reference" / "ctcae_laboratory_terms.csv",
        dtype=str,
        keep_default_na=False,
    )
    text = text[text["ctcae"] == table.removeprefix("ctcae-")]
    assert set(text["term"]) == set(terms_of(table))
    for row in text.itertuples():
        printed = "; ".join([row.grade_1, row.grade_2, row.grade_3, row.grade_4])
        if row.term.endswith("(Ionized)"):
            printed = " ".join(re.findall(r"Ionized calcium[^;]*", printed))
        elif "calcemia" in row.term:
            printed = re.sub(r"Ionized calcium[^;]*", "", printed)
        rows = rows_of(table, row.term)
        used = " ".join([*rows["why"], *rows["value"]])
        missing = numbers_in(printed) - numbers_in(used)
        assert not missing, f"{row.term}: {sorted(missing)} is printed, and no row has it"


REASON_OF_INPUT = {
    "unit": "unit_missing",
    "lln": "lln_missing",
    "uln": "uln_missing",
    "baseline": "baseline_missing",
    "baseline_lln": "baseline_range_missing",
    "baseline_uln": "baseline_range_missing",
}


@pytest.mark.parametrize(("table", "term"), [one for one in TERMS if "rule-b" not in one[0]])
def test_each_input_of_a_term_is_missing_in_some_row(table, term):
    inputs = scale_of(table).items[term].inputs
    wanted = {"value_missing", "unit_not_convertible"} | {REASON_OF_INPUT[one] for one in inputs}
    if term in ("Acidosis", "Alkalosis", "INR increased"):
        wanted.discard("unit_missing")  # plain numbers
    found = set(rows_of(table, term)["reason"])
    assert found >= wanted, f"no row has {sorted(wanted - found)}"


def numbers_in(text: str) -> set[Decimal]:
    """The numbers of a text; powers of ten and mm3 are units."""
    text = re.sub(r"10e9|10\^9|10\*9|10\*3|mm3", " ", text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    return {Decimal(one).normalize() for one in re.findall(r"\d+(?:\.\d+)?", text)}


def threshold_of(criterion, unit: str, row) -> Decimal | None:
    """The limit of a criterion on a row in the unit, exactly; None where it has none there."""
    if criterion.absolute:
        return Decimal(str(criterion.limits[unit])) if row.unit == unit else None
    ranges = [number(getattr(row, name.lower())) for name in criterion.relative_to]
    if None in ranges or (criterion.plus and row.unit != unit):
        return None
    if criterion.when:
        side, of_value = criterion.when[-3:], criterion.when.startswith("value")
        one = number(row.value if of_value else row.baseline)
        limit = number(getattr(row, side.lower() if of_value else f"baseline_{side.lower()}"))
        if one is None or limit is None:
            return None
        abnormal = one > limit if side == "ULN" else one < limit
        if abnormal == ("_not_" in criterion.when):
            return None
    furthest = min(ranges) if criterion.falling else max(ranges)
    return furthest * Decimal(str(criterion.factor)) + Decimal(str(criterion.plus.get(unit, 0)))


@pytest.mark.parametrize(("table", "term"), [one for one in TERMS if "rule-b" not in one[0]])
def test_every_limit_of_the_scale_has_rows_at_it_just_below_and_just_above(table, term):
    item, near = scale_of(table).items[term], Decimal("0.02")
    rows = list(rows_of(table, term).itertuples())
    for grade in item.measured:
        for criterion in grade.criteria:
            for unit in criterion.units or ("",):
                found = set()
                for row in rows:
                    threshold = threshold_of(criterion, unit, row)
                    if threshold is None or not row.value:
                        continue
                    away = number(row.value) - threshold
                    if abs(away) <= max(abs(threshold) * near, Decimal("0.001")):
                        found.add("at" if away == 0 else "below" if away < 0 else "above")
                # No concentration lies below nought.
                wanted = (
                    {"at", "above"} if criterion.limits.get(unit) == 0 else {"at", "below", "above"}
                )
                assert found >= wanted, (
                    f"grade {grade.grade}, {criterion}, {unit}: no row {sorted(wanted - found)}"
                )
