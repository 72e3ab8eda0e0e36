"""The pages on single scales: the words of each laboratory term, the interpretation, and values at and
beside its limits."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from graftline.grading.scale import Item, Scale

Row = Mapping[str, str]
MADE = (
    "<!-- Made by `python -m docs.make_grading_page` from config/scales and tests/spec/grading; "
    "edit these and not this page. -->\n"
)
RANGES = ("lln", "uln", "baseline", "baseline_lln", "baseline_uln")
NAMES = {
    "lln": "LLN",
    "uln": "ULN",
    "baseline": "baseline",
    "baseline_lln": "its LLN",
    "baseline_uln": "its ULN",
}
# What the tables say of a value only because of where it stands beside a limit.
BESIDE_A_LIMIT = re.compile(r"(just (below|above)|at|between|(far|well) (below|above)|rule A:) ")


def cell(text: object) -> str:
    """`text` in a cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """A Markdown table, with an empty line after it."""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    return [*lines, *(f"| {' | '.join(cell(one) for one in row)} |" for row in rows), ""]


def _ranges(row: Row) -> str:
    """The ranges and the baseline of a row in words."""
    return ", ".join(f"{NAMES[name]} {row[name]}" for name in RANGES if row[name])


def measured(row: Row) -> str:
    """Value, unit and ranges of a row in words."""
    value = f"{row['value'] or 'no value'} {row['unit']}".strip()
    return f"{value} ({_ranges(row)})" if _ranges(row) else value


def _span(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"{values[0]} to {values[-1]}"


def _beside_limits(item: Item, rows: Sequence[Row]) -> list[list[str]]:
    """A line a unit and set of ranges: for each grade, the first and the last of the values, in the
    order of worsening."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row["grade"] and not row["reason"]:
            groups[(row["unit"], *(row[name] for name in RANGES))].append(row)
    grades = [0, *(grade.grade for grade in item.measured if grade.grade)]
    lines = []
    for members in groups.values():
        members = sorted(
            members, key=lambda row: Decimal(row["value"]), reverse=item.direction == "low"
        )
        spans = {
            int(grade): [row["value"] for row in some]
            for grade, some in groupby(members, key=lambda row: row["grade"])
        }
        if len(members) >= 3 and len(spans) > 1:
            unit = members[0]["unit"] or "no unit"
            cells = (_span(spans[grade]) if grade in spans else "" for grade in grades)
            lines.append([unit, _ranges(members[0]), *cells])
    return lines


def _outline(why: str) -> str:
    """`why` without the numbers and quotations that differ from term to term."""
    return re.sub(r"\d[\d.,]*", "#", re.sub(r'"[^"]*"', '""', why))


def _general_outlines(rows: Sequence[Row]) -> set[str]:
    """Outlines of what the table says of more than two terms."""
    terms = Counter(outline for _, outline in {(row["term"], _outline(row["why"])) for row in rows})
    return {outline for outline, n in terms.items() if n > 2}


def _cases(rows: Sequence[Row], general: set[str]) -> list[str]:
    """What is particular to the term: a line a case, the first of those with one reason."""
    lines: dict[str, str] = {}
    for row in rows:
        why = row["why"]
        if not row["grade"] or BESIDE_A_LIMIT.match(why) or _outline(why) in general:
            continue
        least = f" ({row['reason']})" if row["reason"] else ""
        lines.setdefault(why, f"- {cell(measured(row))}: **{row['grade']}**{least}. {cell(why)}")
    return list(lines.values())


def _describe_term(item: Item, rows: Sequence[Row], general: set[str]) -> list[str]:
    """The section of one term."""
    grades = [0, *(grade.grade for grade in item.measured if grade.grade)]
    lines = [f"## {item.label}\n"]
    if item.code != item.label:
        lines.append(f"`{item.code}`\n")
    if item.interpretation:
        lines.append(f"{cell(item.interpretation)}\n")
    lines += table(["grade", "text"], [(grade.grade, grade.text) for grade in item.grades])
    lines += table(["unit", "with", *map(str, grades)], _beside_limits(item, rows))
    cases = _cases(rows, general)
    return [*lines, *cases, ""] if cases else lines


def describe_scale(scale: Scale, rows: Sequence[Row]) -> str:
    """The page of one scale; `rows` are those of its boundary table, by rule A."""
    general = _general_outlines(rows)
    items = [item for item in scale.items.values() if item.kind == "laboratory"]
    lines = [
        MADE,
        f"# {scale.label}: grades of laboratory values\n",
        f"{scale.reference.strip()}\n",
        "For each term the words of the source, the interpretation, and the values that the tests grade: under a grade "
        "stand the first and the last of its values, in the order of worsening, so that each limit lies between two "
        "neighbours. How a value is graded, and why some have no grade: [grading](grading.md).\n",
    ]
    for item in items:
        of_term = [row for row in rows if row["term"] == item.code]
        lines += _describe_term(item, of_term, general)
    return "\n".join(lines).rstrip() + "\n"
