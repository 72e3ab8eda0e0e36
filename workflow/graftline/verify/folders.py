"""Verifying a results folder, whole or only what may leave."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from graftline.code_tree import code_files
from graftline.cuts.checksums import LINE_DIGESTS, SUMS, read_sums
from graftline.cuts.lines import digest_lines, format_section, read_blocks
from graftline.environment import compare_environment
from graftline.errors import GraftlineError
from graftline.release.described import compare_described
from graftline.release.finished import (
    LOCK,
    AuditRecords,
    Project,
    compare_digests,
    compare_outputs,
    compare_sources,
    list_sources,
    read_audit_records,
)
from graftline.release.layout import OUTPUT_SUMS
from graftline.sealed_folder import compare_with_sums, list_all_files
from graftline.verify.outcome import Outcome
from graftline.verify.paper import compare_paper
from graftline.verify.released import verify_released_numbers

PATIENT_LEVEL = "patient_level"
# Lies in each folder that a rule makes as a whole.
SNAKEMAKES_OWN = ".snakemake_timestamp"
Recompute = Callable[[Path], dict[str, Any]]


def _list_files(results: Path) -> list[str]:
    """The files in a results folder, without Snakemake's marks, which are empty."""
    names = list_all_files(results)
    return [
        name
        for name in names
        if name.rpartition("/")[2] != SNAKEMAKES_OWN or (results / name).stat().st_size
    ]


def name_added(records: AuditRecords) -> list[str]:
    """A sentence for each file in the results folder that no rule of the run made."""
    known = set(records.outputs) | {OUTPUT_SUMS}
    there = _list_files(records.path)
    return [f"{name}: was added; no rule of the run made it" for name in there if name not in known]


def name_added_sources(records: AuditRecords, project: Project) -> list[str]:
    """A sentence for each file of code, protocol or raw cut that the project has and the run had not, and
    for a LINE_DIGESTS that is not of the lines of the raw files."""
    from graftline.pipeline import STUDY_FILES

    study = project.root / project.studies / records.study
    known = records.configuration["files"]
    added = [name for name in code_files(project.root) if name not in records.build["code"]]
    added += [
        f"config/{records.study}/{name}"
        for name in STUDY_FILES
        if (study / name).is_file() and name not in known
    ]
    problems = [f"{name}: was added; the run was made without it" for name in added]
    raw = project.raw_cut(records.study, records.cut)
    if (raw / LINE_DIGESTS).is_file() and all(
        (raw / name).is_file() for name in records.manifest["files"]
    ):
        stated = (raw / LINE_DIGESTS).read_text("utf-8", errors="replace")
        sections = [
            format_section(name, sha256, digest_lines(read_blocks(raw / name)))
            for name, sha256 in records.manifest["files"].items()
        ]
        if len(stated) != sum(map(len, sections)) or not all(one in stated for one in sections):
            problems.append(f"{raw / LINE_DIGESTS}: has not the digests of the lines of the cut")
    return problems


def verify_sources(records: AuditRecords, project: Project, outcome: Outcome, below="") -> None:
    """Whether the files that the run was made from are as they were, and the packages installed here
    those of its lock (a note: what is verified does not stand on them)."""
    sources = list_sources(records, project)
    outcome.add(compare_sources(sources), below)
    raw = project.raw_cut(records.study, records.cut)
    stated = records.manifest["files"]
    try:
        named = read_sums(raw, str(raw))
    except GraftlineError as error:
        outcome.problems.append(str(error))
    else:
        if named != stated:
            outcome.problems.append(
                f"{raw / SUMS}: does not name the files that the run was made from"
            )
    if raw.is_dir():
        beside = {*stated, SUMS, LINE_DIGESTS}
        there = [name for name in list_all_files(raw) if name not in beside]
        outcome.add([f"{raw / name}: was added" for name in there])
    outcome.count("sources", len(sources))
    lock = project.root / LOCK
    differs = compare_environment(lock.read_text("utf-8")) if lock.is_file() else []
    if differs:
        outcome.notes.append(f"the environment here is not that of the lock: {'; '.join(differs)}")


def verify_again(results: Path, recompute: Recompute, outcome: Outcome, below: str = "") -> None:
    """Whether numbers and estimates, computed again, are what the registry says, and the paper is of
    them; `below` is what the names of the results' files begin with."""
    found = recompute(results)
    outcome.add_unnamed(found["problems"], below)
    outcome.count("numbers", found["numbers"])
    outcome.count("estimates", found["estimates"])


def verify_results(results: Path, project: Project | None, recompute: Recompute) -> Outcome:
    """Verify a whole results folder; `project`, where it was made, if that is known.

    Raises GraftlineError where there is nothing to verify.
    """
    outcome = Outcome()
    try:
        records = read_audit_records(results)
    except GraftlineError as error:
        outcome.problems.append(str(error))
        with suppress(GraftlineError):  # told already
            sums = read_sums(results / "audit", str(results / "audit"))
            outcome.add(compare_with_sums(results, sums))
    else:
        outcome.add(compare_outputs(records) + name_added(records))
        outcome.count("outputs", len(records.outputs))
        if project is None:
            outcome.notes.append("code, protocol, lock and raw cut: not looked at, no project here")
        else:
            verify_sources(records, project, outcome)
            outcome.add_unnamed(name_added_sources(records, project))
    verify_again(results, recompute, outcome)
    return outcome


def verify_without_patients(results: Path) -> Outcome:
    """Verify `aggregate` and `audit` of a results folder whose patient-level part is not there."""
    outcome = Outcome(
        notes=["reduced: nothing was computed again, patient-level files are not here"]
    )
    digest = None
    try:
        records = read_audit_records(results)
    except GraftlineError as error:
        outcome.problems.append(str(error))
        sums = read_sums(results / "audit", str(results / "audit"))
    else:
        sums, digest = records.outputs, records.build["build_digest"]
        outcome.add(compare_digests(records))
        parts = (records.build, records.configuration, records.manifest)
        outcome.add_unnamed(compare_described(results, sums, *parts))
    released = {name: sums[name] for name in sums if not name.startswith(f"{PATIENT_LEVEL}/")}
    outcome.add_unnamed(compare_with_sums(results, released))
    there = _list_files(results)
    outcome.add([f"{name}: was added" for name in there if name not in {*released, OUTPUT_SUMS}])
    outcome.count("outputs", len(released))
    verify_released_numbers(results / "aggregate", outcome)
    paper = compare_paper(results / "aggregate", digest)
    outcome.add_unnamed([f"aggregate/{problem}" for problem in paper])
    return outcome
