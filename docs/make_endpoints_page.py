"""The page on endpoints, made from the rules in tests/spec/endpoints, which the tests run.

    python -m docs.make_endpoints_page

writes docs/reference/endpoints.md; a test fails when the page is not what this module makes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from graftline.analyse.survival_rules import DEFAULT_RULES

MADE = (
    "<!-- Made by `python -m docs.make_endpoints_page` from tests/spec/endpoints; edit these and not "
    "this page. -->\n"
)
WORDS = {
    "day": "day {}",
    "aval": "AVAL {}",
    "entry": "at risk after day {}",
    "date": "on {}",
    "cnsr": "CNSR {}",
    "what": '"{}"',
    "from": "from `{}`",
    "flag": "flag `{}`",
    "imputed": "ADTF {}",
}
SILENT = ("flag", "imputed")  # where the rule expects none, there is nothing to say
KINDS = {
    "patients": "{} patients",
    "events": "{} events",
    "patients_per_group": "{} patients in each group",
    "events_per_group": "{} events in each group",
    "most_patients": "no more than {} patients",
}


def _cell(text: Any) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def describe_row(row: dict[str, str] | str) -> str:
    """An expected row in words: its status first, then what else the rule says of it."""
    if row == "null":
        return "no row"
    parts = [row["status"]] if "status" in row else []
    for name, words in WORDS.items():
        if name in row and not (name in SILENT and row[name] == "null"):
            parts.append(words.format(row[name]))
    return ", ".join(parts)


def _describe_case(case: dict[str, Any]) -> list[str]:
    """The lines of one case in its section's table."""
    patient = "<br>".join(_cell(line) for line in case["patient"])
    told = []
    for key, words in (("cut", "cut {}"), ("salvage", "treatment for salvage")):
        if key in case:
            told.append(words.format(case[key]))
    for name, value in case.get("declare", {}).items():
        told.append(f"{name}: {', '.join(value)}")
    endpoint = f"`{case['endpoint']}`" + (f"<br>{_cell('; '.join(told))}" if told else "")
    expected = [describe_row(case["row"])] if "row" in case else []
    for end in ("earliest", "latest"):
        if case.get(end, "null") != "null":
            expected.append(f"{end}: {describe_row(case[end])}")
    if "finding" in case:
        finding = case["finding"]
        kind = "warning" if finding.get("severity") == "W" else "error"
        expected.append(f"{kind} {finding['rule']} in `{finding['table']}`")
    return [f"| {_cell(case['name'])} | {patient} | {endpoint} | {'<br>'.join(expected)} |"]


def _describe_rules() -> list[str]:
    lines = [
        "## Rules of use\n",
        "From how much each quantity is estimated; with less it is NE, and the rule is its reason. A study may say otherwise under "
        "`survival.rules`. Groups are compared only where `survival.compare_groups` is true, which a study whose data are not real cannot say.\n",
        "| quantity | at least |",
        "|---|---|",
    ]
    for quantity, rule in DEFAULT_RULES.items():
        said = ", ".join(KINDS[name].format(number) for name, number in rule.items())
        lines.append(f"| `{quantity}` | {said} |")
    lines.append(
        "\nBetween the log-rank test and its exact form, and between Cox's model and Firth's, the first that its rule allows is made.\n"
    )
    return lines


def describe_endpoints(declarations: str, files: list[dict[str, Any]]) -> str:
    """The page: declarations as they are written, the rules one after the other, rules of use."""
    lines = [
        MADE,
        "# Endpoints\n",
        "An endpoint is declared in `study.yaml` (keys: [study.yaml](study.md)): who is counted, from when, at risk from when, what ends it and "
        "what censors it. The first event counts. Below stand the usual endpoints as declarations, and the rules by which a row is "
        "derived, each with the patients that the tests run: what is known of the patient, which endpoint, and the row. The data cut is "
        "2001-01-01 unless another is given, the planned interval between assessments 90 days; transplantation on 2000-01-01 is day 0.\n",
        "## Declarations\n",
        "```yaml",
        declarations.strip(),
        "```\n",
    ]
    for file in files:
        lines += [
            f"## {file['title']}\n",
            f"{_cell(file['text'])}\n",
            "| rule | patient | endpoint | row |",
            "|---|---|---|---|",
        ]
        for case in file["cases"]:
            lines += _describe_case(case)
        lines.append("")
    return "\n".join([*lines, *_describe_rules()]).rstrip() + "\n"


def make_pages(root: Path) -> dict[str, str]:
    """File name below docs/reference -> content, from the rules of the project at `root`."""
    folder = root / "tests" / "spec" / "endpoints"
    # Dates, Y and N stay as they are written.
    files = [
        yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        for path in sorted(folder.glob("[0-9]*.yaml"))
    ]
    declarations = (folder / "declarations.yaml").read_text("utf-8").split("\n", 1)[1]
    return {"endpoints.md": describe_endpoints(declarations, files)}


def main() -> None:
    """Write the page."""
    root = Path(__file__).parents[1]
    for name, content in make_pages(root).items():
        (root / "docs" / "reference" / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
