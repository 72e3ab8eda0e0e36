"""Whether the packages that are installed are those of the lock."""

from __future__ import annotations

import re
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


def compare_environment(text: str) -> list[str]:
    """What differs between the packages installed here and the pins of a lock file's text, a part of a
    sentence each."""
    wrong = []
    for name, version, _ in applicable_pins(text):
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            installed = "not installed"
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
