"""Checking of a configuration file against its JSON Schema, with messages a person can act on."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

import jsonschema

from graftline.config.yaml_lines import Key
from graftline.errors import GraftlineError


def _line_of(path: Key, lines: dict[Key, int]) -> int:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _sentences(error: jsonschema.ValidationError, lines: dict[Key, int], file: str) -> list[str]:
    path: Key = tuple(error.absolute_path)
    where = ".".join(str(part) for part in path) or "the file"
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = list(error.schema.get("properties", {}))
        patterns = error.schema.get("patternProperties", {})
        unknown = [
            name
            for name in error.instance
            if name not in known and not any(re.search(pattern, name) for pattern in patterns)
        ]
        return [
            f"{file}, line {_line_of((*path, name), lines)}: unknown key {name!r} in {where}; "
            f"{_hint(name, known)}"
            for name in unknown
        ]
    if "propertyNames" in error.absolute_schema_path:  # the instance is the key itself
        path = (*path, error.instance)
    return [f"{file}, line {_line_of(path, lines)}: {where}: {error.message}"]


def _hint(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(sorted(known))}"


def check_schema(content: Any, lines: dict[Key, int], schema: dict, file: str) -> None:
    """Raise GraftlineError with one line for each thing in `content` that `schema` does not allow.

    `lines` are those of `read_yaml`; an unknown key is answered with a near match.
    """
    validator = jsonschema.Draft202012Validator(schema)
    errors = sorted(
        validator.iter_errors(content), key=lambda e: _line_of(tuple(e.absolute_path), lines)
    )
    if errors:
        raise GraftlineError(
            "\n".join(text for error in errors for text in _sentences(error, lines, file))
        )
