"""The pages on grading of laboratory values, made from the scales and from the boundary tables.

    python -m docs.make_grading_page

writes them into docs/reference; a test fails when a page is not what this module makes.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from docs.describe_graded_scale import MADE, RANGES, Row, describe_scale, measured, table
from graftline.grading.differences import printed_differences
from graftline.grading.files import read_scale, read_units
from graftline.grading.reasons import OF_LABORATORY, SENTENCES
from graftline.grading.scale import Item, Scale
from graftline.grading.units import Units

SCALES = ("who-1981", "ctcae-4.03", "ctcae-5.0", "ctcae-6.0")

INTRODUCTION = """\
# Grading of laboratory values

How a laboratory value gets its grade on each scale: the words of the source, the choice made where they leave one, and
values at and beside every limit with the grade that was worked out by hand from the words. The tests grade the same
values; a page and the grader cannot differ.

## How a value is graded
- The grade is the highest of which a limit is reached. Each limit belongs to one grade, and there are no gaps: between
  a printed 9.4 and a printed 9.5 the limit is 9.5.
- LLN and ULN, the limits of normal, are those of the laboratory, on the same row as the value. A limit such as
  3.0 x ULN is computed and compared exactly: 44 is 1.25 x 35.2, and not above it.
- Where the source prints limits in more than one unit, those of the value's own unit are used. A value in another unit
  is converted, and the row says so.
- Where grades differ by symptoms alone, which a value cannot tell, it has the higher.
- Grade 0 is a value that reaches no limit. A value without a grade says why; a grade that stands beside a reason is the
  least that it can be.
"""


def _describe_reasons(
    tables: Mapping[str, Sequence[Row]], scales: Mapping[str, Scale]
) -> list[str]:
    """Why a value has no grade, with the first row of the tables that says so."""
    found = []
    for reason in OF_LABORATORY:
        for name, rows in reversed(tables.items()):
            row = next((one for one in rows if one["reason"] == reason and not one["grade"]), None)
            if row:
                case = f"{scales[name].label}, {row['term']}, {measured(row)}: {row['why']}"
                break
        else:
            case = ""
        found.append((f"`{reason}`", SENTENCES[reason], case))
    return [
        "## Why a value has no grade\n",
        *table(["reason", "what it means", "a case"], found),
    ]


def _interval(low: float, high: float, includes_low: bool, includes_high: bool, unit: str) -> str:
    return (
        f"{'≥' if includes_low else '>'} {low:.6g} and {'≤' if includes_high else '<'} {high:.6g} "
        f"{unit}"
    )


def _grade_by_limits(item: Item, grade: int) -> str:
    """`grade` by the printed limits; where they leave 0, what the normal range may make of it."""
    first = item.measured[0].criteria[0]
    if grade or first.absolute:
        return str(grade)
    # Two grades that only symptoms part begin at the same limit: the value has the higher.
    same = [one.grade for one in item.measured if one.criteria[0].inputs == first.inputs]
    return f"{same[-1]} beyond {first.relative_to[0]}, else 0"


def _describe_differences(scales: Mapping[str, Scale], units: Units) -> list[str]:
    """Where limits printed in two units differ: the intervals, with the grade by either."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for scale in scales.values():
        for item in scale.items.values():
            if item.kind != "laboratory":
                continue
            for one in printed_differences(item, units):
                ends = one.includes_low, one.includes_high
                line = (
                    item.label,
                    _interval(one.low, one.high, *ends, one.unit),
                    _grade_by_limits(item, one.grade_in_unit),
                    _interval(one.low_other, one.high_other, *ends, one.other),
                    _grade_by_limits(item, one.grade_in_other),
                )
                groups[line].append(scale.label.removeprefix("CTCAE "))
    return [
        "## Where limits printed in two units differ\n",
        "CTCAE prints rounded limits in two systems of units. Between them the same amount has two grades, by the limits of "
        "the one and of the other; it has the grade of the unit that it was reported in. Glucose of 3.02 mmol/L is not below the "
        "printed 3.0 mmol/L; as 54.4 mg/dL it is below the printed 55 mg/dL. A line for each such interval, in both units; factors "
        "are those of the [units](units.md).\n",
        *table(
            ["term", "CTCAE", "reported as", "grade", "reported as", "grade"],
            sorted(
                ((term, ", ".join(found), *rest) for (term, *rest), found in groups.items()),
                key=lambda line: line[0],
            ),
        ),
    ]


def _describe_rounding(scale: Scale, rows: Sequence[Row], rounded: Sequence[Row]) -> list[str]:
    """The values of the table, in the units that are printed, that have another grade when they are
    rounded first."""
    cells = ("term", "value", "unit", *RANGES)
    by_rule_a = {tuple(row[name] for name in cells): row["grade"] for row in rows}
    different = []
    for row in rounded:
        item, grade = scale.items[row["term"]], by_rule_a[tuple(row[name] for name in cells)]
        if row["grade"] != grade and row["unit"] in item.printed_units:
            different.append((item.label, measured(row), grade, row["grade"]))
    return [
        "## Rounded first: rule B\n",
        "WHO prints ranges such as 8.0-9.4 and 9.5-10.9. A value between 9.4 and 9.5 is below 9.5, and has the grade of that: rule A, "
        "by which all grades are. Rule B, for comparison, rounds a value half up to the printed decimals first. These values of "
        "the table differ:\n",
        *table(["term", "value", "rule A", "rule B"], different),
    ]


def describe_grading(
    scales: Mapping[str, Scale],
    tables: Mapping[str, Sequence[Row]],
    rounded: Sequence[Row],
    units: Units,
) -> dict[str, str]:
    """File name below docs/reference -> page: one on grading, and one a scale.

    `tables` maps the name of each of `scales` to the rows of its boundary table by rule A, as text
    by column; `rounded` are the rows of the WHO scale by rule B.
    """
    links = [
        f"- [{scale.label}](grading-{name}.md): {len({row['term'] for row in tables[name]})} terms, "
        f"{len(tables[name]):,} values"
        for name, scale in scales.items()
    ]
    lines = [
        MADE,
        INTRODUCTION,
        "## The scales\n",
        *links,
        "",
        *_describe_reasons(tables, scales),
        *_describe_differences(scales, units),
        *_describe_rounding(scales["who-1981"], tables["who-1981"], rounded),
    ]
    pages = {"grading.md": "\n".join(lines).rstrip() + "\n"}
    for name, scale in scales.items():
        pages[f"grading-{name}.md"] = describe_scale(scale, tables[name])
    return pages


def make_pages(root: Path) -> dict[str, str]:
    """File name below docs/reference -> content, from the scales and tables of the project at
    `root`."""

    def readtable(name: str) -> list[Row]:
        path = root / "tests" / "spec" / "grading" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    units = read_units(root / "config" / "units.yaml")
    scales = {
        name: read_scale(root / "config" / "scales" / f"{name}.yaml", units) for name in SCALES
    }
    tables = {name: readtable(name) for name in SCALES}
    return describe_grading(scales, tables, readtable("who-1981-rule-b"), units)


def main() -> None:
    """Write all pages."""
    root = Path(__file__).parents[1]
    for name, content in make_pages(root).items():
        (root / "docs" / "reference" / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
