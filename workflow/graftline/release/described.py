"""What the run crate and the rules' records say of a run's files, against the sums and digests of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graftline.crate.sums import name_sums
from graftline.tables import read_json

CRATE = "audit/ro-crate-metadata.json"
RULES = "audit/rules.json"
OWN = "audit/SHA256SUMS"


def compare_described(
    results: Path,
    sums: Mapping[str, str],
    build: Mapping[str, Any],
    configuration: Mapping[str, Any],
    manifest: Mapping[str, Any],
) -> list[str]:
    """A sentence for each file of which the crate states another sha256 than the run's other records,
    and for each output that the crate or a rule names and `sums` (name -> sha256) do not.

    A record that is not there, or cannot be read, is passed over: the sums name it.
    """
    base = f"results/{configuration['study']}/{configuration['cut']}/"
    try:
        described = {
            entity["name"]: entity["sha256"]
            for entity in read_json(results / CRATE)["@graph"]
            if "sha256" in entity
        }
        made = {
            path.removeprefix(base): name
            for name, rule in read_json(results / RULES)["rules"].items()
            for paths in rule["outputs"].values()
            for path in paths
            if path.startswith(base)
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []
    known = name_sums(dict(sums), build, configuration, manifest)
    problems = [
        f"{name.removeprefix(base)}: {CRATE} describes another content than the other records state"
        for name, digest in sorted(described.items())
        if known.get(name, digest) != digest
    ]
    problems += [
        f"{name.removeprefix(base)}: {CRATE} describes it, and {OWN} does not name it"
        for name in sorted(described)
        if name.startswith(base) and name not in known
    ]
    for name, rule in sorted(made.items()):
        stated = name in sums or any(inside.startswith(f"{name}/") for inside in sums)
        if not stated and name != OWN and base + name not in described:
            problems.append(f"{name}: rule {rule} makes it, and {OWN} does not name it")
    return problems
