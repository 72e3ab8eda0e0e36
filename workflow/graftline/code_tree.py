"""Which source files a script runs, found by following its imports; and the digest of all code.

Snakemake sees only a script's own file; the modules that it imports are declared as inputs, so that
an edited function runs again the rules that use it and no others.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from os.path import isfile
from pathlib import Path

from graftline.errors import GraftlineError

# Package -> its folder below the project's root.
PACKAGES = {"graftline": "workflow/graftline", "schemas": "schemas"}
# What makes results beside the Python packages.
CODE_PATTERNS = (
    "Snakefile",
    "config/scales/*.yaml",
    "config/units.yaml",
    "report/**/*",
    "schemas/**/*.py",
    "schemas/*.yaml",
    "workflow/**/*.py",
    "workflow/rules/*.smk",
)

# An import statement that begins a line, over several lines where it has parentheses.
_IMPORT = re.compile(
    r"^[ \t]*((?:from[ \t]+[\w.]+[ \t]+)?import[ \t][^(\n]*(?:\([^)]*\))?[^\n]*)", re.MULTILINE
)
# The word, sought by its letters: a pattern that begins with the word's edge takes fifteen times as long.
_WORD_IMPORT = re.compile(r"import(?<=\bimport)\b")


@cache
def _module_file(root: Path, name: str) -> Path | None:
    """The file of the module `name`, if it is one of the project's."""
    package, _, rest = name.partition(".")
    if package not in PACKAGES:
        return None
    # As text: most names are no module, and a Path made for each would take half of the time.
    base = "/".join([str(root), PACKAGES[package], *(rest.split(".") if rest else ())])
    for candidate in (f"{base}/__init__.py", f"{base}.py"):
        if isfile(candidate):  # noqa: PTH113
            return Path(candidate)
    return None


def _names_made(root: Path, file: Path, call: ast.Call) -> list[str]:
    """The modules that `import_module(f"package.{name}")` may import: all of the package."""
    name = call.args[0] if call.args else None
    start = name.values[0] if isinstance(name, ast.JoinedStr) else name
    text = start.value if isinstance(start, ast.Constant) else None
    if isinstance(name, ast.Constant) and isinstance(text, str):
        return [text]
    if isinstance(text, str) and text.endswith("."):
        package = _module_file(root, text[:-1])
        return [text + path.stem for path in package.parent.glob("*.py")] if package else []
    raise GraftlineError(
        f"{file.relative_to(root).as_posix()}, line {call.lineno}: an import that cannot be followed; "
        "begin the module's name with its package, as text"
    )


def _called(call: ast.Call) -> str | None:
    """The last name of what is called: `import_module` of `importlib.import_module(...)`."""
    return getattr(call.func, "id", None) or getattr(call.func, "attr", None)


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All statements below `tree`, without the expressions in them (most of a tree)."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for inner in ("body", "orelse", "finalbody", "handlers", "cases"):
            below = getattr(node, inner, None)
            if isinstance(below, list):
                waiting.extend(below)


def _parse_imports(text: str) -> ast.AST:
    """A syntax tree of `text` that has at least all of its imports.

    Where each word "import" stands in a statement that begins its line, only those statements are
    parsed, which takes a tenth of the time; every start of Snakemake waits for this.
    """
    found = [match[1] for match in _IMPORT.finditer(text)]
    statements = "\n".join(found)
    # A relative import is an error, and is told with its line.
    if len(found) == len(_WORD_IMPORT.findall(text)) and not re.search(r"from[ \t]+\.", statements):
        try:
            return ast.parse(statements)
        except SyntaxError:
            pass
    return ast.parse(text)


@cache
def _imported_files(root: Path, file: Path) -> frozenset[Path]:
    """Files of the project that `file` imports anywhere in its text, with their packages."""
    found = set()
    text = file.read_text(encoding="utf-8")
    # Imports are statements; expressions matter only where they may call import_module.
    calls = "import_module" in text
    for node in ast.walk(ast.parse(text)) if calls else _statements(_parse_imports(text)):
        names = []
        if isinstance(node, ast.Call) and _called(node) == "import_module":
            names = _names_made(root, file, node)
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            # Followed wrongly it would leave results stale.
            raise GraftlineError(
                f"{file.relative_to(root).as_posix()}, line {node.lineno}: a relative import; "
                "write the module's full name"
            )
        elif isinstance(node, ast.ImportFrom):
            names = [node.module] + [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            for depth in range(1, len(parts) + 1):
                path = _module_file(root, ".".join(parts[:depth]))
                if path:
                    found.add(path)
    return frozenset(found)


def code_of(root: Path, script: str) -> list[str]:
    """The project's files that `workflow/scripts/<script>.py` imports, directly or through others.

    Paths are relative to `root`, sorted. An import inside a function counts; relative imports are
    not used in the project.
    """
    start = root / "workflow" / "scripts" / f"{script}.py"
    seen: set[Path] = set()
    waiting = [start]
    while waiting:
        file = waiting.pop()
        for imported in _imported_files(root, file) - seen:
            seen.add(imported)
            waiting.append(imported)
    return sorted(path.relative_to(root).as_posix() for path in seen)


def code_files(root: Path) -> list[str]:
    """All files of the code tree, relative to `root`, sorted."""
    found = set()
    for pattern in CODE_PATTERNS:
        found.update(path for path in root.glob(pattern) if path.is_file())
    return sorted(
        path.as_posix()
        for path in (file.relative_to(root) for file in found)
        if not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    )
