"""What differs between what a run was made from and what is there now: one `Change` for each thing."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graftline.environment import applicable_pins

CODE, CONFIGURATION, PACKAGE, FILE, TABLE = "code", "configuration", "package", "file", "raw table"
MOST_SHOWN = 60


@dataclass(frozen=True)
class Change:
    """One thing that changed: its `kind`, `what` it is (a file, a key, a package) and how, in words."""

    kind: str
    what: str
    how: str

    def __str__(self) -> str:
        return f"{self.kind} {self.what}: {self.how}"


def _shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 3]}..."


def compare_configuration(before: Any, after: Any, key: str = "") -> Iterator[Change]:
    """A change for each key of the configuration that is new, gone or has another value; lists are
    values, and are told whole."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            path = f"{key}.{name}" if key else str(name)
            if name not in before:
                yield Change(CONFIGURATION, path, f"is new: {_shorten(after[name])}")
            elif name not in after:
                yield Change(CONFIGURATION, path, f"is gone; it was {_shorten(before[name])}")
            else:
                yield from compare_configuration(before[name], after[name], path)
    elif before != after:
        yield Change(CONFIGURATION, key, f"from {_shorten(before)} to {_shorten(after)}")


def list_functions(source: str) -> dict[str, str]:
    """Name (`Class.method` for methods) -> source of each function; `""` -> all that is in none.

    Comments and white space are not part of a source: what is compared is the syntax tree.
    """
    tree = ast.parse(source)
    found: dict[str, str] = {}

    def visit(body: list[ast.stmt], prefix: str) -> list[ast.stmt]:
        rest = []
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found[prefix + node.name] = ast.dump(node)
            elif isinstance(node, ast.ClassDef):
                node.body = visit(node.body, f"{prefix}{node.name}.")
                rest.append(node)
            else:
                rest.append(node)
        return rest

    found[""] = "\n".join(ast.dump(node) for node in visit(tree.body, ""))
    return found


def _compare_sources(before: str, after: str) -> str:
    """How a module changed, function by function."""
    old, new = list_functions(before), list_functions(after)
    edited = [
        name or "what is outside of functions"
        for name in old
        if new.get(name, old[name]) != old[name]
    ]
    parts = [
        f"{words} {', '.join(sorted(names))}"
        for words, names in (
            ("changed:", edited),
            ("new:", new.keys() - old.keys()),
            ("gone:", old.keys() - new.keys()),
        )
        if names
    ]
    return "; ".join(parts) or "comments or layout alone"


def compare_code(
    before: Mapping[str, str],
    after: Mapping[str, str],
    read_before: Callable[[str], str | None],
    read_after: Callable[[str], str],
) -> Iterator[Change]:
    """A change for each file of the code tree whose sha256 differs, by its functions where the source
    that was is known (`read_before` of a file, None where it is not)."""
    for file in sorted({*before, *after}):
        if file not in before:
            yield Change(CODE, file, "is new")
        elif file not in after:
            yield Change(CODE, file, "is gone")
        elif before[file] != after[file]:
            old = read_before(file) if file.endswith(".py") else None
            how = "changed" if old is None else _compare_sources(old, read_after(file))
            yield Change(CODE, file, how)


def compare_locks(before: str | None, after: str, file: str) -> Iterator[Change]:
    """A change for each package whose version differs; of the file where the old one is not known."""
    if before is None:
        yield Change(FILE, file, "changed")
        return
    old = {name: version for name, version, _ in applicable_pins(before)}
    new = {name: version for name, version, _ in applicable_pins(after)}
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield Change(PACKAGE, name, f"from {old.get(name, 'none')} to {new.get(name, 'none')}")


def compare_lines(
    table: str, before: Iterable[str] | None, after: Iterable[str] | None, since: str
) -> Iterator[Change]:
    """How many lines of a raw table are new or gone since the cut `since`, by the digests of its lines;
    None where there are none."""
    if before is None or after is None:
        yield Change(TABLE, table, f"changed since {since}")
        return
    old, new = Counter(before), Counter(after)
    added, gone = (new - old).total(), (old - new).total()
    parts = [
        f"{n} line{'s' * (n != 1)} {word}" for n, word in ((added, "new"), (gone, "gone")) if n
    ]
    yield Change(TABLE, table, f"{', '.join(parts) or 'lines in another order'} since {since}")
