"""Traces for a person to read."""

from __future__ import annotations

from typing import Any

HEADINGS = {
    "selected": "numbers made of these rows",
    "considered": "numbers whose population holds these rows",
    "may_move": "numbers that a change could bring such a row into",
}
MOST_LINES = 12


def _some(lines: list[str], most: int | None, indent: str = "    ") -> list[str]:
    """At the most `most` of the lines, and how many there are more."""
    shown = lines if most is None else lines[:most]
    more = len(lines) - len(shown)
    return [indent + line for line in shown] + ([f"{indent}and {more} more"] if more else [])


def _format_cell(cell: dict[str, Any]) -> str:
    text = f"      {cell['role']:<11} {cell['file']}:{cell['line']} {cell['column']}".rstrip()
    if cell["corrected_at_lines"]:
        lines = " and ".join(str(line) for line in cell["corrected_at_lines"])
        text += f" (corrected by line {lines} of corrections.csv)"
    return text


def _format_made_by(made: dict[str, Any] | None, what: str) -> list[str]:
    if made is None:
        return []
    script = made["script"]
    return [f"  {what:<11} rule {made['rule']}, {script['file']} ({_short(script['sha256'])})"]


def _short(sha256: str | None) -> str:
    return f"sha256 {sha256[:16]}" if sha256 else "sha256 not recorded"


def _format_pages(pages: list[int]) -> list[str]:
    return [f"  {'printed on':<11} pages {format_lines(pages)} of the PDF"] if pages else []


def _format_raw_files(files: dict[str, str | None]) -> list[str]:
    return (
        ["  raw files", *(f"    {file} ({_short(sha)})" for file, sha in files.items())]
        if files
        else []
    )


def _format_number(trace: dict[str, Any], most_rows: int | None) -> list[str]:
    record, rows = trace["number"], trace["rows"]
    statistic, function = record["statistic"], trace["function"]
    arguments = ", ".join(f"{name} = {value}" for name, value in statistic["arguments"].items())
    lines = [
        f"{record['id']} = {record['display']}"
        + (f" ({record['unit']})" if record["unit"] else ""),
        f"  value       {record['value']}" + (f" ({record['reason']})" if record["reason"] else ""),
        f"  method      {record['method']}",
        f"  population  {record['population']}",
        *_format_made_by(trace["made_by"], "made by"),
        f"  statistic   {statistic['name']}" + (f" ({arguments})" if arguments else ""),
        f"  function    {function['name']}, {function['file']} ({_short(function['sha256'])})",
        *_format_made_by(trace["derived_by"], "derived by"),
        f"  selected    {record['selected_sql']}",
        f"  considered  {record['considered_sql']}",
        f"  build       {trace['build_digest']}",
        *_format_pages(trace["pages"]),
    ]
    if record.get("data_label"):
        lines.append(f"  data        {record['data_label']}")
    shown = rows if most_rows is None else rows[:most_rows]
    lines.append(f"  rows digest {_short(trace['selected_sha256'])} of the keys selected, sorted")
    for heading, wanted, total in (
        ("rows selected", True, trace["n_selected"]),
        ("rows considered and not selected", False, trace["n_not_selected"]),
    ):
        group = [row for row in shown if row["selected"] is wanted]
        if not total:
            continue
        lines.append(
            f"  {heading}: {total}" + (f", the first {len(group)}" if len(group) < total else "")
        )
        for row in group:
            lines.append(f"    {record['table']} {row['row_key']}")
            lines.extend(_format_cell(cell) for cell in row["cells"])
    return lines + _format_raw_files(trace["raw_files"])


def _format_row(trace: dict[str, Any]) -> list[str]:
    row = trace["row"]
    lines = [
        f"{row['table']} {row['row_key']}",
        *_format_made_by(trace["derived_by"], "derived by"),
    ]
    lines += [_format_cell(cell) for one in trace["rows"] for cell in one["cells"]]
    return lines + _format_raw_files(trace["raw_files"])


def _format_record(record: dict[str, Any]) -> str:
    return f"{record['id']} = {record['display']}"


def _format_table(trace: dict[str, Any], most: int | None) -> list[str]:
    asked = trace["table"]
    numbers = {record["id"]: record for record in trace["numbers"]}
    lines = [
        f"table {asked['name']}: {asked['caption']}",
        *_format_made_by(trace["made_by"], "laid out by"),
        *_format_pages(trace["pages"]),
    ]
    for cell in trace["cells"]:
        lines.append(f"  {cell['row']} | {cell['column']}")
        lines += [f"    {_format_record(numbers[number])}" for number in cell["numbers"]]
    return [*_some(lines, None if most is None else most * 10, ""), _HINT]


_HINT = "graftline trace with one of these ids lists its rows and raw cells"


def _format_figure(trace: dict[str, Any]) -> list[str]:
    figure = trace["figure"]
    return [
        f"figure {figure['name']}: {figure['caption']}",
        *_format_made_by(trace["made_by"], "drawn by"),
        *_format_pages(trace["pages"]),
        *(
            f"  drawn from  {t}, derived by rule {rule}"
            for t, rule in trace["derived_tables"].items()
        ),
        *(f"  number      {_format_record(record)}" for record in trace["numbers"]),
    ]


def _format_entry(trace: dict[str, Any]) -> list[str]:
    entry = trace["entry"]
    rows = f" ({entry['rows']})" if entry["rows"] else ""
    numbers = [f"  {_format_record(record)}" for record in trace["numbers"]]
    return [f"entry {entry['digest']}: {entry['method']}{rows}", *numbers, _HINT]


def _format_file(trace: dict[str, Any], most: int | None) -> list[str]:
    made = trace["made_by"]
    inputs = [path for paths in made["inputs"].values() for path in paths]
    sources = [f"{path} ({_short(sha)})" for path, sha in trace["sources"].items()]
    return [
        trace["file"],
        *_format_made_by(made, "made by"),
        f"  code        {len(made['code'])} modules",
        "  read",
        *_some(inputs, most),
        f"  after       {', '.join(trace['rules_behind']) or 'no other rule'}",
        "  sources",
        *_some(sources, most),
        f"  build       {trace['build_digest']}",
    ]


def format_lines(numbers: list[int]) -> str:
    """Sorted whole numbers with runs as their ends: 2, 5 to 9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return ", ".join(" to ".join(map(str, run)) for run in runs)


def _format_forth(trace: dict[str, Any], most: int | None) -> list[str]:
    if "cell" in trace:
        cell = trace["cell"]
        place = f"{cell['file']}:{cell['line']}" + (f" {cell['column']}" if cell["column"] else "")
        whose = f", about {' and '.join(cell['subjects'])}" if cell["subjects"] else ""
        lines = [f"{place}{whose} ({_short(cell['sha256'])})"]
    else:
        subject = trace["subject"]
        lines = [f"patient {subject['id']}", "  raw lines"]
        for file, numbers in subject["lines"].items():
            lines += [f"    {file}: {format_lines(numbers)}"]
    total = sum(len(table["row_keys"]) for table in trace["rows"])
    lines.append(f"  derived rows: {total}")
    for table in trace["rows"]:
        lines += _some([f"{table['table']} {key}" for key in table["row_keys"]], most)
    for kind, heading in HEADINGS.items():
        records = trace["numbers"][kind]
        lines.append(f"  {heading}: {len(records)}")
        lines += _some([_format_record(record) for record in records], most)
    for kind, places in trace["printed"].items():
        for how, words in (("depends", ""), ("may_move", " that could change")):
            names = sorted(name for name, found in places.items() if found == how)
            if names and kind == "pages":
                lines.append(f"  pages of the PDF{words}: {format_lines(sorted(map(int, names)))}")
            elif names:
                lines.append(f"  {kind}{words}: {', '.join(names)}")
    return lines


def format_trace(trace: dict[str, Any], most_rows: int | None = 50) -> str:
    """A trace for a person to read; of long lists, parts (`most_rows` rows of a number), None for all."""
    most = None if most_rows is None else MOST_LINES
    if "number" in trace:
        lines = _format_number(trace, most_rows)
    elif "row" in trace:
        lines = _format_row(trace)
    elif "table" in trace:
        lines = _format_table(trace, most)
    elif "figure" in trace:
        lines = _format_figure(trace)
    elif "entry" in trace:
        lines = _format_entry(trace)
    elif "file" in trace:
        lines = _format_file(trace, most)
    else:
        lines = _format_forth(trace, most)
    return "\n".join(lines)
