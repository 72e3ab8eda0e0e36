"""Which files a script runs: all of them, and no others."""

from pathlib import Path

import pytest

from graftline.code_tree import code_files, code_of
from graftline.errors import GraftlineError

ROOT = Path(__file__).parents[2]


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def project(root: Path, script: str, **more: str) -> Path:
    """A scratch project whose script `work` has the text `script`."""
    return write(
        root,
        {
            "workflow/scripts/work.py": script,
            "workflow/graftline/__init__.py": "",
            "workflow/graftline/a.py": "from graftline.sub import deep\n",
            "workflow/graftline/b.py": "",
            "workflow/graftline/sub/__init__.py": "",
            "workflow/graftline/sub/deep.py": "import graftline.a\n",
            "workflow/graftline/sub/other.py": "",
            "schemas/__init__.py": "",
            "schemas/raw.py": "from graftline import b\n",
        }
        | more,
    )


PACKAGE = "workflow/graftline/__init__.py"
SUB = "workflow/graftline/sub/__init__.py"


@pytest.mark.parametrize(
    ("script", "files"),
    [
        ("", []),
        ("import json, pandas\nfrom pathlib import Path\n", []),
        ("from graftline import b\n", [PACKAGE, "workflow/graftline/b.py"]),
        ("from graftline.b import something\n", [PACKAGE, "workflow/graftline/b.py"]),
        ("import graftline.b as x\n", [PACKAGE, "workflow/graftline/b.py"]),
        # an import inside a function, under a condition, or for types counts
        (
            "def f():\n    if 1:\n        from graftline import b\n",
            [PACKAGE, "workflow/graftline/b.py"],
        ),
        # through others, in a circle, with the packages on the way
        (
            "from graftline import a\n",
            [PACKAGE, "workflow/graftline/a.py", SUB, "workflow/graftline/sub/deep.py"],
        ),
        ("import graftline.sub.other\n", [PACKAGE, SUB, "workflow/graftline/sub/other.py"]),
        # across packages
        (
            "import schemas.raw\n",
            ["schemas/__init__.py", "schemas/raw.py", PACKAGE, "workflow/graftline/b.py"],
        ),
        # wherever it stands on its line, and over several
        ("if 1: from graftline import b\n", [PACKAGE, "workflow/graftline/b.py"]),
        ("import json; import graftline.b\n", [PACKAGE, "workflow/graftline/b.py"]),
        ("import json, \\\n graftline.b\n", [PACKAGE, "workflow/graftline/b.py"]),
        (
            "from graftline import (  # of (two)\n    x,\n    b,\n)\n",
            [PACKAGE, "workflow/graftline/b.py"],
        ),
        # words of a text that read like an import
        ('"""Text\n\nfrom here import there, it says.\n"""\n', []),
        # a name that only begins like the package's
        ("import graftline_other\n", []),
    ],
)
def test_imports_are_followed(tmp_path, script, files):
    assert code_of(project(tmp_path, script), "work") == files


def test_a_relative_import_is_refused_because_it_would_not_be_followed(tmp_path):
    root = project(
        tmp_path, "from graftline import c\n", **{"workflow/graftline/c.py": "\nfrom . import b\n"}
    )
    with pytest.raises(
        GraftlineError, match=r"workflow/graftline/c\.py, line 2: a relative import"
    ):
        code_of(root, "work")


def test_the_code_tree_is_what_makes_results(tmp_path):
    root = project(
        tmp_path,
        "",
        **{
            "Snakefile": "",
            "workflow/rules/a.smk": "",
            "config/scales/who.yaml": "",
            "config/study/study.yaml": "",  # protocol, not code
            "schemas/study.schema.yaml": "",
            "report/sections/methods.md": "",
            "report/.hidden/x": "",
            "report/.style.css.swp": "",
            "workflow/graftline/__pycache__/a.py": "",
            "tests/test_a.py": "",
            "data/s/2020-01-01/a.csv": "",
        },
    )
    assert code_files(root) == [
        "Snakefile",
        "config/scales/who.yaml",
        "report/sections/methods.md",
        "schemas/__init__.py",
        "schemas/raw.py",
        "schemas/study.schema.yaml",
        "workflow/graftline/__init__.py",
        "workflow/graftline/a.py",
        "workflow/graftline/b.py",
        "workflow/graftline/sub/__init__.py",
        "workflow/graftline/sub/deep.py",
        "workflow/graftline/sub/other.py",
        "workflow/rules/a.smk",
        "workflow/scripts/work.py",
    ]


def test_the_answer_does_not_depend_on_where_the_project_lies(tmp_path):
    # A folder above the project may well be hidden.
    one, two = tmp_path / "one", tmp_path / ".hidden" / "__pycache__"
    assert code_files(project(one, "")) == code_files(project(two, "")) != []


def test_every_script_of_the_project_can_be_followed():
    scripts = sorted(path.stem for path in (ROOT / "workflow" / "scripts").glob("*.py"))
    assert scripts
    for script in scripts:
        found = code_of(ROOT, script)
        assert "workflow/graftline/script.py" in found, script
        assert all((ROOT / file).is_file() for file in found)
        assert set(found) <= set(code_files(ROOT))


def test_a_name_that_is_made_while_running_may_be_any_module_of_its_package(tmp_path):
    root = project(
        tmp_path,
        'from importlib import import_module\nimport_module(f"graftline.sub.{name}")\n',
    )
    assert code_of(root, "work") == [
        PACKAGE,
        "workflow/graftline/a.py",  # which deep.py imports
        SUB,
        "workflow/graftline/sub/deep.py",
        "workflow/graftline/sub/other.py",
    ]


def test_a_module_imported_by_its_name_as_text_is_followed(tmp_path):
    root = project(tmp_path, 'import importlib\nimportlib.import_module("graftline.b")\n')
    assert code_of(root, "work") == [PACKAGE, "workflow/graftline/b.py"]


@pytest.mark.parametrize(
    "call", ["import_module(name)", 'import_module(f"{name}")', 'import_module(f"graft{x}")']
)
def test_a_name_that_says_nothing_of_its_package_is_refused(tmp_path, call):
    root = project(tmp_path, f"from importlib import import_module\n{call}\n")
    with pytest.raises(
        GraftlineError, match=r"workflow/scripts/work\.py, line 2: an import that cannot"
    ):
        code_of(root, "work")


def test_the_schemas_of_derived_tables_are_code_of_the_rule_that_checks_them():
    found = code_of(ROOT, "check_derived")
    for path in (ROOT / "schemas" / "derived").glob("*.py"):
        assert path.relative_to(ROOT).as_posix() in found
