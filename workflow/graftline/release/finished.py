"""Whether the run in a results folder is finished, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graftline.cuts.checksums import SUMS, hash_file, read_sums
from graftline.cuts.manifest import digest_of
from graftline.errors import GraftlineError
from graftline.release.described import CRATE, compare_described
from graftline.release.layout import OUTPUT_SUMS
from graftline.sealed_folder import compare_with_sums
from graftline.tables import read_json

LOCK = "requirements.lock"
BUILD = "audit/build.json"
CONFIGURATION = "audit/configuration.json"
MANIFEST = "audit/cut_manifest.json"
NUMBERS = "aggregate/numbers.json"
# What each record of the audit has to state.
PARTS = {"cut_manifest", "configuration", "code_tree", "lock", "numbers"}
FIELDS = {
    BUILD: {"build_digest", "parts", "code", "data_label"},
    CONFIGURATION: {"study", "cut", "protocol", "files"},
    MANIFEST: {"digest", "files"},
    CRATE: {"@graph"},
}


@dataclass(frozen=True)
class Project:
    """Where the code, the studies' protocols and the raw cuts of a project lie."""

    root: Path
    studies: str = "config"
    data: str = "data"

    def raw_cut(self, study: str, cut: str) -> Path:
        """The folder of a raw cut."""
        return self.root / self.data / study / cut


@dataclass(frozen=True)
class AuditRecords:
    """What the records in the results folder `path` say of the run that made it."""

    path: Path
    outputs: dict[str, str]
    build: dict[str, Any]
    configuration: dict[str, Any]
    manifest: dict[str, Any]

    @property
    def study(self) -> str:
        """The study."""
        return self.configuration["study"]

    @property
    def cut(self) -> str:
        """The date of the cut."""
        return self.configuration["cut"]


def _read_record(results: Path, name: str) -> dict[str, Any]:
    """One of the audit's records. Raises GraftlineError where it is not what the rules write."""
    try:
        record = read_json(results / name)
        whole = record.keys() >= FIELDS[name] and set(record.get("parts", PARTS)) >= PARTS
    except (ValueError, AttributeError):  # not JSON, or not an object
        whole = False
    if not whole:
        raise GraftlineError(f"{results / name}: is not what the run wrote; it was edited")
    return record


def read_audit_records(results: Path) -> AuditRecords:
    """The audit records of a results folder. Raises GraftlineError where the run was never finished, or
    a record cannot be read."""
    for name in (OUTPUT_SUMS, BUILD, CONFIGURATION, MANIFEST):
        if not (results / name).is_file():
            raise GraftlineError(
                f"{results}: the run is not finished ({name} is missing); run snakemake to its end"
            )
    return AuditRecords(
        results,
        read_sums(results / "audit", str(results / "audit")),
        *(_read_record(results, name) for name in (BUILD, CONFIGURATION, MANIFEST)),
    )


def compare_outputs(records: AuditRecords) -> list[str]:
    """What differs between the files of the results folder and its audit records, a sentence each."""
    problems = compare_with_sums(records.path, records.outputs)
    problems += [
        problem
        for problem in compare_described(
            records.path, records.outputs, records.build, records.configuration, records.manifest
        )
        # One sentence for each file.
        if not any(problem.split(": ")[0] == told.split(": ")[0] for told in problems)
    ]
    return problems + compare_digests(records)


def compare_digests(records: AuditRecords) -> list[str]:
    """In which the digests of the audit records do not agree with one another, a sentence each."""
    problems = []
    build, parts = records.build, records.build["parts"]
    unlabelled = {key: v for key, v in records.configuration.items() if key != "data_label"}
    for name, stated, found in (
        (BUILD, build["build_digest"], digest_of(parts)),
        (BUILD, parts["code_tree"], digest_of(build["code"])),
        (CONFIGURATION, parts["configuration"], digest_of(unlabelled)),
        (MANIFEST, parts["cut_manifest"], records.manifest["digest"]),
        (MANIFEST, records.manifest["digest"], digest_of(records.manifest["files"])),
        (NUMBERS, parts["numbers"], records.outputs.get(NUMBERS)),
    ):
        if stated != found:
            problems.append(f"{name}: does not agree with the digests in {BUILD}")
    return problems


def _list_other_raw(records: AuditRecords) -> dict[str, str]:
    """The raw files of the cuts that this one was compared with, as the crate describes them: name ->
    sha256."""
    file = records.path / CRATE
    if not file.is_file():
        return {}
    own = f"data/{records.study}/{records.cut}/"
    described = {
        entity["name"]: entity["sha256"]
        for entity in _read_record(records.path, CRATE)["@graph"]
        if "sha256" in entity
    }
    return {
        name: digest
        for name, digest in described.items()
        if name.startswith("data/") and not name.startswith(own)
    }


def list_sources(records: AuditRecords, project: Project) -> dict[str, tuple[Path, str]]:
    """Every file that the run was made from: its name in a release's `project` folder, where it lies in
    `project`, and the sha256 that the audit records state."""
    build, study = records.build, records.study
    sources = {name: (project.root / name, digest) for name, digest in build["code"].items()}
    sources[LOCK] = (project.root / LOCK, build["parts"]["lock"])
    for name, digest in records.configuration["files"].items():
        sources[f"config/{study}/{name}"] = (
            project.root / project.studies / study / name,
            digest,
        )
    raw = project.raw_cut(study, records.cut)
    for name, digest in records.manifest["files"].items():
        sources[f"data/{study}/{records.cut}/{name}"] = (raw / name, digest)
    for name, digest in _list_other_raw(records).items():
        path = project.root / project.data / name.removeprefix("data/")
        sources[name] = (path, digest)
    return sources


def compare_sources(sources: Mapping[str, tuple[Path, str]]) -> list[str]:
    """A sentence for each source file that is missing or is not what the run was made from."""
    problems = []
    for name, (path, digest) in sorted(sources.items()):
        if not path.is_file():
            problems.append(f"{name}: is missing; the run was made from it")
        elif hash_file(path) != digest:
            problems.append(f"{name}: the content is not what the run was made from")
    return problems


def check_finished(results: Path, project: Project) -> AuditRecords:
    """The audit records of the results folder, if its run is finished and nothing changed since.

    Raises GraftlineError, naming every file concerned: an output that is missing or differs, records
    that contradict each other, and a source (raw file, protocol, code, lock) that is not what the run
    was made from.
    """
    records = read_audit_records(results)
    problems = compare_outputs(records) + compare_sources(list_sources(records, project))
    raw = project.raw_cut(records.study, records.cut)
    if (raw / SUMS).is_file() and read_sums(raw, str(raw)) != records.manifest["files"]:
        problems.append(f"{raw / SUMS}: does not name the files that the run was made from")
    if problems:
        raise GraftlineError(
            f"{results}: the run is not finished, or something changed since; run snakemake again:\n"
            + "\n".join(problems)
        )
    return records
