"""Verifying a results folder, whole or only what may leave."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from graftline.cuts.checksums import SUMS, files_of, read_sums
from graftline.environment import compare_environment
from graftline.errors import GraftlineError
from graftline.release.finished import (
    LOCK,
    AuditRecords,
    Project,
    compare_outputs,
    compare_sources,
    list_sources,
    read_audit_records,
)
from graftline.release.layout import OUTPUT_SUMS
from graftline.sealed_folder import compare_with_sums, list_all_files
from graftline.verify.outcome import Outcome
from graftline.verify.released import verify_released_numbers

PATIENT_LEVEL = "patient_level"
# Lies in each folder that a rule makes as a whole.
SNAKEMAKES_OWN = ".snakemake_timestamp"
Recompute = Callable[[Path], dict[str, Any]]


def name_added(records: AuditRecords) -> list[str]:
    """A sentence for each file in the results folder that no rule of the run made."""
    known = set(records.outputs) | {OUTPUT_SUMS}
    there = [name for name in list_all_files(records.path) if not name.endswith(SNAKEMAKES_OWN)]
    return [f"{name}: was added; no rule of the run made it" for name in there if name not in known]


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
        outcome.add([f"{raw / name}: was added" for name in files_of(raw) if name not in stated])
    outcome.count("sources", len(sources))
    lock = project.root / LOCK
    differs = compare_environment(lock.read_text("utf-8")) if lock.is_file() else []
    if differs:
        outcome.notes.append(f"the environment here is not that of the lock: {'; '.join(differs)}")


def verify_again(results: Path, recompute: Recompute, outcome: Outcome) -> None:
    """Whether numbers and estimates, computed again, are what the registry says."""
    found = recompute(results)
    outcome.add(found["problems"])
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
    verify_again(results, recompute, outcome)
    return outcome


def verify_without_patients(results: Path) -> Outcome:
    """Verify `aggregate` and `audit` of a results folder whose patient-level part is not there."""
    outcome = Outcome(
        notes=["reduced: nothing was computed again, patient-level files are not here"]
    )
    sums = read_sums(results / "audit", str(results / "audit"))
    released = {name: sums[name] for name in sums if not name.startswith(f"{PATIENT_LEVEL}/")}
    outcome.add(compare_with_sums(results, released))
    there = [name for name in list_all_files(results) if not name.endswith(SNAKEMAKES_OWN)]
    outcome.add([f"{name}: was added" for name in there if name not in {*released, OUTPUT_SUMS}])
    outcome.count("outputs", len(released))
    verify_released_numbers(results / "aggregate", outcome)
    return outcome
