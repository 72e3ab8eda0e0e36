"""Whether the packages that are installed are those of the lock."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

from graftline.errors import GraftlineError

_PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)\s*(?:;\s*(?P<marker>[^\\]+))?"
)


def read_lock(text: str) -> list[tuple[str, str, str, int]]:
    """The pins of a lock file as (name, version, environment marker or "", line)."""
    pins = []
    for number, line in enumerate(text.splitlines(), start=1):
        found = _PIN.match(line)
        if found:
            pins.append((found["name"], found["version"], (found["marker"] or "").strip(), number))
    return pins


def applicable_pins(text: str) -> list[tuple[str, str, int]]:
    """The pins that hold for this machine and Python, as (name, version, line)."""
    from packaging.markers import Marker

    return [
        (name, version, line)
        for name, version, marker, line in read_lock(text)
        if not marker or Marker(marker).evaluate()
    ]


def _installed_versions() -> dict[str, str]:
    """Package -> version, by the names of the folders in which installers describe what they installed;
    the first on Python's path, which is the one imported."""
    found: dict[str, str] = {}
    for entry in sys.path:
        for folder in Path(entry).glob("*.dist-info"):
            name, _, version = folder.stem.rpartition("-")
            found.setdefault(_plain_name(name), version)
    return found


def _plain_name(name: str) -> str:
    """A package's name as all its spellings have it."""
    return re.sub(r"[-_.]+", "_", name).lower()


def _described_version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def compare_environment(text: str) -> list[str]:
    """What differs between the packages installed here and the pins of a lock file's text, a part of a
    sentence each."""
    wrong = []
    # Every run would wait for the reading of a hundred descriptions: those in doubt are read.
    versions = _installed_versions()
    for name, version, _ in applicable_pins(text):
        if versions.get(_plain_name(name)) == version:
            continue
        installed = _described_version(name)
        if installed != version:
            wrong.append(f"{name} is {installed}, not {version}")
    return wrong


def check_environment(lock: Path) -> None:
    """Raise GraftlineError naming every installed package that is not what the lock states.

    The lock alone proves nothing about what runs.
    """
    text = lock.read_text(encoding="utf-8")
    if not applicable_pins(text):
        raise GraftlineError(f"{lock.name} pins no package; restore it as it was received")
    wrong = compare_environment(text)
    if wrong:
        raise GraftlineError(
            f"the environment is not that of {lock.name}: {'; '.join(wrong)}. "
            "Use ./run, which sets it up, or install the lock again"
        )
