"""YAML with the line of every key, and without YAML 1.1's surprises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from graftline.errors import GraftlineError

Key = tuple[str | int, ...]


TAG = "tag:yaml.org,2002:"


class _Loader(yaml.CSafeLoader):
    """SafeLoader without YAML 1.1's surprises in unquoted text.

    Only true and false are truth values, only null, ~ and nothing are missing, and only what looks
    like a decimal number is one. All else stays text: no, NULL, 1997-12-31, 010 (there octal 8),
    12:30 (there 750), 1_000. 1e-6 is a number (there text).
    """


_WHOLE = "(?:0|[1-9][0-9]*)"
_Loader.yaml_implicit_resolvers = {"<": [(TAG + "merge", re.compile("^<<$"))]}
for _tag, _pattern, _first in (
    ("bool", "true|false", "tf"),
    ("null", "~|null|", ["~", "n", ""]),
    ("int", f"[-+]?{_WHOLE}", "-+0123456789"),
    (
        "float",
        rf"[-+]?(?:{_WHOLE}\.[0-9]*|\.[0-9]+|{_WHOLE}(?=[eE]))(?:[eE][-+]?[0-9]+)?",
        "-+.0123456789",
    ),
):
    _Loader.add_implicit_resolver(TAG + _tag, re.compile(rf"^(?:{_pattern})$"), list(_first))


def _collect_lines(node: yaml.Node, key: Key, lines: dict[Key, int], file: str) -> None:
    """Note the line of each key below `node`, and make the keys text (a code 0 is the code "0")."""
    lines.setdefault(key, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode):
                raise GraftlineError(
                    f"{file}, line {name.start_mark.line + 1}: a key must be one word or number"
                )
            if name.tag != TAG + "merge":
                name.tag = TAG + "str"
            if name.value in seen:
                raise GraftlineError(
                    f"{file}, line {name.start_mark.line + 1}: the key {name.value!r} stands twice; "
                    "keep one of them"
                )
            seen.add(name.value)
            lines[(*key, name.value)] = name.start_mark.line + 1
            _collect_lines(value, (*key, name.value), lines, file)
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            _collect_lines(item, (*key, position), lines, file)


def parse_yaml(text: str, file: str) -> tuple[Any, dict[Key, int]]:
    """The content of YAML `text`, and the line of each key (a tuple of keys and list positions).

    Keys are text, and dates stay text. Raises GraftlineError, naming `file` and line, for text that
    is not YAML and for a key that stands twice.
    """
    lines: dict[Key, int] = {}
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None, lines
        _collect_lines(node, (), lines, file)
        return loader.construct_document(node), lines
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise GraftlineError(f"{file}, line {line}: not valid YAML ({error.reason})") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        raise GraftlineError(f"{file}, {where}: not valid YAML ({error.problem})") from error


def read_yaml(path: str | Path, file: str | None = None) -> tuple[Any, dict[Key, int]]:
    """`parse_yaml` of a file; `file` is its name in messages."""
    path = Path(path)
    if not path.is_file():
        raise GraftlineError(f"{file or path}: there is no such file")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise GraftlineError(f"{file or path}: not UTF-8 text; save it as UTF-8") from error
    return parse_yaml(text, file or str(path))
