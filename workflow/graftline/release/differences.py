"""What a release of a cut changed of the one before it of the same cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

PARTS = ("cut_manifest", "configuration", "code_tree", "lock")


def compare_numbers(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Released numbers that moved (id, from, to, as they are displayed), that are new, and that are
    gone. A number whose display stays while its value moves has moved."""
    old = {record["id"]: record for record in before}
    new = {record["id"]: record for record in after}
    moved = [
        {"id": id, "from": old[id]["display"], "to": new[id]["display"]}
        for id in sorted(old.keys() & new.keys())
        if (old[id]["value"], old[id]["display"]) != (new[id]["value"], new[id]["display"])
    ]
    return {
        "moved": moved,
        "new": sorted(new.keys() - old.keys()),
        "gone": sorted(old.keys() - new.keys()),
    }


def describe_differences(
    previous: Mapping[str, Any] | None,
    parts: Mapping[str, str],
    before: Iterable[Mapping[str, Any]],
    after: Iterable[Mapping[str, Any]],
) -> dict[str, Any] | None:
    """What the record of a release says of the `previous` release of its cut; None for the first.

    `parts` are the digests of what the release was made from; `before` and `after` the released
    numbers of both.
    """
    if previous is None:
        return None
    changed = [name for name in PARTS if previous[name] != parts[name]]
    return {"sequence": previous["sequence"], "changed": changed} | compare_numbers(before, after)


def format_differences(differences: Mapping[str, Any] | None) -> str:
    """The differences as a sentence for people."""
    if differences is None:
        return "the first release of this cut"
    changed = " and ".join(name.replace("_", " ") for name in differences["changed"])
    why = f"{changed or 'none of its sources'} changed since release {differences['sequence']}"
    counts = [
        f"{len(differences[kind])} {word}"
        for kind, word in (("moved", "moved"), ("new", "are new"), ("gone", "are gone"))
        if differences[kind]
    ]
    if not counts:
        return f"{why}; no number moved"
    return f"{why}; numbers: {', '.join(counts)}"
