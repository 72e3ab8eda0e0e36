"""The reference pages of the documentation, made from the schemas that the pipeline uses.

    python docs/make_reference.py

writes them into docs/reference; a test fails when a page is not what this module makes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

MADE = "<!-- Made by `python docs/make_reference.py`; edit the schema and not this page. -->\n"


def _cell(text: Any) -> str:
    """`text` in a cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def _type_of(schema: dict, definitions: dict) -> str:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[-1]] | {
            key: value for key, value in schema.items() if key != "$ref"
        }
    if "anyOf" in schema:
        return " or ".join(_type_of(one, definitions) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join("null" if value is None else f"`{value}`" for value in schema["enum"])
    kind = schema.get("type", "")
    kinds = kind if isinstance(kind, list) else [kind]
    if "array" in kinds:
        return f"list of {_type_of(schema.get('items', {}), definitions) or 'entries'}"
    return " or ".join({"object": "keys", "string": "text"}.get(one, one) for one in kinds if one)


def _keys_of(schema: dict, path: str, definitions: dict) -> list[tuple[str, str, str, str]]:
    """(key, type, required, description) of all keys below `schema`."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[-1]]
    rows = []
    required = schema.get("required", [])
    for name, inner in schema.get("properties", {}).items():
        key = f"{path}{name}"
        rows.append(
            (
                key,
                _type_of(inner, definitions),
                "yes" if name in required else "",
                inner.get("description", ""),
            )
        )
        rows += _keys_of(inner, f"{key}.", definitions)
    extra = schema.get("additionalProperties")
    if isinstance(extra, dict):
        if extra.get("description"):
            rows.append((f"{path}*", _type_of(extra, definitions), "", extra["description"]))
        rows += _keys_of(extra, f"{path}*.", definitions)
    if schema.get("type") == "array" and isinstance(schema.get("items"), dict):
        rows += _keys_of(schema["items"], f"{path.removesuffix('.')}[].", definitions)
    for one in schema.get("anyOf", []):
        rows += _keys_of(one, path, definitions)
    return rows


def describe_configuration(schema: dict) -> str:
    """The page of a configuration file, from its JSON Schema."""
    definitions = schema.get("$defs", {})
    lines = [
        MADE,
        f"# {schema['title']}\n",
        f"{schema['description']} Unknown keys are errors. `*` stands for a name that the file chooses, `[]` for an entry of a list.\n",
        "| key | what it takes | required | what it means |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{key}` | {_cell(kind)} | {required} | {_cell(text)} |"
        for key, kind, required, text in _keys_of(schema, "", definitions)
    ]
    return "\n".join(lines) + "\n"


def describe_raw_tables() -> str:
    """The data dictionary of the canonical tables, from their pandera schemas."""
    from schemas.raw import RAW_SCHEMAS, canonical_columns

    lines = [
        MADE,
        "# Raw tables\n",
        "The canonical tables that a study's files are mapped to in `study.yaml`. Dates are ISO 8601; where a date may be partial, "
        "YYYY-MM and YYYY are allowed. Units are UCUM. An empty cell is missing; every other text is itself.\n",
    ]
    for name, schema in RAW_SCHEMAS.items():
        key = ", ".join(f"`{column}`" for column in schema.metadata["key"])
        lines += [
            f"## {name}\n",
            f"{schema.description} Key: {key}.\n",
            "| column | kind | needed | what it is | CDISC |",
            "|---|---|---|---|---|",
        ]
        for column_name in canonical_columns(schema):
            column = schema.columns[column_name]
            meta = column.metadata
            kind = meta["kind"].replace("_", " ")
            if meta.get("allowed"):
                kind = ", ".join(f"`{value}`" for value in meta["allowed"])
            elif meta.get("allowed_from"):
                kind = f"a code of `{meta['allowed_from']}` in study.yaml"
            lines.append(
                f"| `{column_name}` | {_cell(kind)} | {'' if column.nullable else 'yes'} | "
                f"{_cell(column.title)}. {_cell(column.description)} | {_cell(meta.get('cdisc') or '')} |"
            )
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def describe_checks() -> str:
    """The page of the checks, from their register."""
    import graftline.validation.checks  # noqa: F401  registers the checks of the first stage
    from graftline.validation.derived import DERIVED_CHECKS
    from graftline.validation.register import CHECKS

    lines = [
        MADE,
        "# Checks\n",
        "What is checked, and the sentence that a site reads. An error (E) stops the run, a warning (W) is listed and counted in the "
        "manuscript. A check runs where the study has its tables. Checks of types, codes and ranges within a column (E03 to E06, E20) "
        "are those of the [raw tables](raw-tables.md).\n",
    ]
    for title, checks in (
        ("Raw tables", CHECKS),
        ("Derived tables, the second stage", DERIVED_CHECKS),
    ):
        lines += [
            f"## {title}\n",
            "| rule | severity | tables | what the site reads |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {one.rule} | {one.severity} | {', '.join(one.tables)} | {_cell(one.sentence)} |"
            for one in sorted(checks, key=lambda one: (one.rule, one.severity, one.sentence))
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _factor_of(unit: str, analyte, units) -> str:
    """What a unit is in the analyte's first, in print; the unit alone where it is not converted."""
    factor = units.factor(analyte.name, unit, analyte.units[0])
    return unit if unit == analyte.units[0] or factor is None else f"{unit} (x {factor:.6g})"


def describe_units(root: Path) -> str:
    """The page of units: analytes with what is understood, and spellings of units."""
    from graftline.grading.files import read_units

    units = read_units(root / "config" / "units.yaml")
    lines = [
        MADE.replace("the schema", "config/units.yaml"),
        "# Units of laboratory values\n",
        "What is measured, the units in which it may be given, with the factor to the first, and where a factor between mass and "
        "substance is from. A value in a unit in which the scale prints a limit is compared with that limit as it is printed. Otherwise it "
        "is converted: to the printed unit of its own dimension, or else to the first that is printed. The conversion stands on the row. "
        "A unit that is not listed for the analyte is never guessed.\n",
        "| analyte | name | units | source of the factor |",
        "|---|---|---|---|",
    ]
    for name, analyte in units.analytes.items():
        shown = ", ".join(_factor_of(unit, analyte, units) for unit in analyte.units)
        lines.append(
            f"| `{name}` | {analyte.label} | {_cell(shown)} | {_cell(analyte.source or '')} |"
        )
    lines += [
        "",
        "## Spellings\n",
        "The codes are UCUM. Blanks at the ends of a unit are not looked at, either micro sign is the letter u, and case matters. These "
        "other spellings are understood:\n",
        "| unit | spellings |",
        "|---|---|",
    ]
    spellings: dict[str, list[str]] = {}
    for text, unit in units.spellings.items():
        if text != unit:
            spellings.setdefault(unit, []).append(f"`{text}`")
    lines += [f"| `{unit}` | {_cell(', '.join(texts))} |" for unit, texts in spellings.items()]
    return "\n".join(lines) + "\n"


def make_pages(root: Path) -> dict[str, str]:
    """File name below docs/reference -> content, from the schemas of the project at `root`."""
    from graftline.config.study import read_schema

    return {
        "config.md": describe_configuration(read_schema(root / "schemas" / "config.schema.yaml")),
        "study.md": describe_configuration(read_schema(root / "schemas" / "study.schema.yaml")),
        "sdtm.md": describe_configuration(read_schema(root / "schemas" / "sdtm.schema.yaml")),
        "scale.md": describe_configuration(read_schema(root / "schemas" / "scale.schema.yaml")),
        "units.md": describe_units(root),
        "raw-tables.md": describe_raw_tables(),
        "checks.md": describe_checks(),
    }


def main() -> None:
    """Write all pages."""
    root = Path(__file__).parents[1]
    for name, content in make_pages(root).items():
        (root / "docs" / "reference" / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
