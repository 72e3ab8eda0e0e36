"""The sha256 of every output of a run. Nothing is imported that takes time: the run waits for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from graftline.errors import GraftlineError


def list_outputs(rules: Mapping[str, Mapping[str, Any]], results: Path) -> list[str]:
    """The outputs of all `rules` of the run in the folder `results` (results/<study>/<cut>), relative to
    it, sorted; of a folder that is an output, its files."""
    base = f"results/{results.parent.name}/{results.name}/"
    names = {
        path.removeprefix(base)
        for rule in rules.values()
        for paths in rule["outputs"].values()
        for path in paths
        if path.startswith(base)
    }
    files = set()
    for name in names:
        inside = [path for path in (results / name).rglob("*") if path.is_file()]
        files |= {path.relative_to(results).as_posix() for path in inside} or {name}
    # Snakemake marks a folder that it owns.
    return sorted(file for file in files if not file.endswith("/.snakemake_timestamp"))


def hash_outputs(results: Path, names: Iterable[str]) -> dict[str, str]:
    """Name -> sha256 of outputs in the folder `results`. Raises GraftlineError for one that is not
    there."""
    sums = {}
    for name in names:
        try:
            with open(results / name, "rb") as file:
                sums[name] = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            raise GraftlineError(
                f"{results / name} is not there, although the run is at its end; run snakemake again, "
                "and if it stays away, let write_crate wait for the rule that makes it"
            ) from None
    return sums


def name_sums(
    outputs: Mapping[str, str],
    build: Mapping[str, Any],
    configuration: Mapping[str, Any],
    manifest: Mapping[str, Any],
) -> dict[str, str]:
    """Sha256 of every file that a run made or was made from, by the file's name in audit/rules.json."""
    study, cut = configuration["study"], configuration["cut"]
    sums = {f"results/{study}/{cut}/{name}": digest for name, digest in outputs.items()}
    sums |= build["code"] | {"requirements.lock": build["parts"]["lock"]}
    sums |= {f"config/{study}/{name}": sha for name, sha in configuration["files"].items()}
    return sums | {f"data/{study}/{cut}/{name}": sha for name, sha in manifest["files"].items()}


def sum_other_cuts(
    other_cuts: Mapping[str, Mapping[str, Mapping[str, Any]]], results: Path
) -> dict[str, str]:
    """Sha256 of what was made of other cuts, to compare the cut in `results` with them, and of their raw
    files, by the name in audit/rules.json."""
    sums = {}
    study = results.parent.name
    for cut, rules in other_cuts.items():
        folder = results.parent / cut
        hashed = hash_outputs(folder, list_outputs(rules, folder))
        sums |= {f"results/{study}/{cut}/{name}": digest for name, digest in hashed.items()}
        manifest = folder / "audit" / "cut_manifest.json"
        if manifest.is_file():
            raw = json.loads(manifest.read_text("utf-8"))["files"]
            sums |= {f"data/{study}/{cut}/{name}": digest for name, digest in raw.items()}
    return sums
