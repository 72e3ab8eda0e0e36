"""Verifying a release against its own copy of code and data, its record, and the ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from graftline.cuts.checksums import hash_file
from graftline.errors import GraftlineError
from graftline.ledger.file import check_ledger
from graftline.ledger.heads import FOLDER, check_heads
from graftline.ledger.records import format_record, make_record, name_release
from graftline.release.finished import (
    AuditRecords,
    Project,
    compare_outputs,
    read_audit_records,
)
from graftline.release.latest import choose_latest
from graftline.release.layout import OUTPUT_SUMS, PROJECT, RECORD, RESULTS, StudyReleases
from graftline.release.recover import compare_release
from graftline.tables import read_json
from graftline.verify.folders import name_added, verify_again, verify_sources
from graftline.verify.outcome import Outcome

OwnCode = Callable[[Path, Path], dict[str, Any]]
PARTS = ("cut_manifest", "configuration", "code_tree", "lock", "numbers")


def verify_ledger(
    releases: StudyReleases, outcome: Outcome, *, allowed: Path | None, heads: Path | None
) -> list[dict[str, Any]]:
    """Check the chain of a study's ledger, that each record has its folder and each folder its record,
    where `latest` points, and, with a file of `allowed` signers, the signed heads. Returns the records."""
    records, problems = check_ledger(releases.ledger)
    outcome.add(problems, f"{releases.ledger.name}: ")
    outcome.count("records of the ledger", len(records))
    entered = {(record["cut"], record["sequence"]) for record in records}
    folders = set(releases.list_folders())
    for cut, sequence in sorted(entered - folders):
        outcome.problems.append(f"{cut}/{sequence}: is in the ledger, and its folder is missing")
    for cut, sequence in sorted(folders - entered):
        outcome.problems.append(f"{cut}/{sequence}: is not in the ledger; its record was removed")
    outcome.add([f"{name}: was added; it is no release" for name in releases.list_strays()])
    newest = choose_latest(records)
    link = releases.latest
    points = str(link.readlink()) if link.is_symlink() else "nothing"
    if newest and points != name_release(newest):
        outcome.problems.append(f"latest: points to {points}, not to {name_release(newest)}")
    if allowed is not None:
        outcome.add(check_heads(heads or releases.path / FOLDER, allowed, records))
    return records


def _compare_record(record: dict[str, Any], run: AuditRecords) -> list[str]:
    """What the ledger's record says of a run, against the run's own records."""
    stated = run.build["parts"] | {"build_digest": run.build["build_digest"]}
    problems = [
        f"{name}: the ledger states another digest than {RESULTS}/audit/build.json"
        for name in (*PARTS, "build_digest")
        if record[name] != stated[name]
    ]
    outputs = run.outputs | {OUTPUT_SUMS: hash_file(run.path / OUTPUT_SUMS)}
    return problems + [
        f"{RESULTS}/{name}: {OUTPUT_SUMS} states another content than the ledger"
        for name in sorted(record["outputs"].keys() | outputs.keys())
        if record["outputs"].get(name) != outputs.get(name)
    ]


def _read_record(
    folder: Path, ledger: list[dict[str, Any]], outcome: Outcome
) -> dict[str, Any] | None:
    """The record of a release: the ledger's, or its own copy where the ledger has none."""
    cut, sequence = folder.parent.name, folder.name
    entered = [one for one in ledger if name_release(one) == f"{cut}/{sequence}"]
    try:
        text = (folder / RECORD).read_text("utf-8")
        own = read_json(folder / RECORD)
        content = {key: own[key] for key in own if key not in ("previous", "hash")}
        if make_record(content, own["previous"]) != own or format_record(own) != text:
            outcome.problems.append(f"{RECORD}: was edited: its hash is not that of its content")
    except OSError:
        outcome.problems.append(f"{RECORD}: is missing")
        own = None
    except (ValueError, KeyError, TypeError):
        outcome.problems.append(f"{RECORD}: is not a record; it was edited")
        own = None
    if entered and own is not None and own != entered[0]:
        outcome.problems.append(f"{RECORD}: is not what the ledger says of this release")
    return entered[0] if entered else own


def verify_release(
    folder: Path,
    own_code: OwnCode,
    *,
    ledger: Path | None = None,
    allowed: Path | None = None,
    heads: Path | None = None,
) -> Outcome:
    """Verify the release in `folder`, with the ledger beside it or another copy of that, `ledger`.

    `own_code` computes the results again with the release's own code; it is not asked where that code
    is not as it was sealed.
    """
    outcome = Outcome()
    if ledger is not None:
        records, problems = check_ledger(ledger)
        outcome.add(problems, f"{ledger}: ")
        outcome.count("records of the ledger", len(records))
        if allowed is not None:
            outcome.add(check_heads(heads or ledger.parent / FOLDER, allowed, records))
    else:
        releases = StudyReleases(folder.parent.parent)
        records = verify_ledger(releases, outcome, allowed=allowed, heads=heads)
    if not any(name_release(one) == f"{folder.parent.name}/{folder.name}" for one in records):
        outcome.problems.append(
            f"{folder.parent.name}/{folder.name}: the ledger has no such release"
        )
    record = _read_record(folder, records, outcome)
    try:
        files = (
            compare_release(folder, record) if record else [f"{RECORD}: nothing to compare with"]
        )
    except (GraftlineError, KeyError) as error:
        files = [str(error)]
    outcome.add(files)
    there = [path for path in folder.rglob("*") if path.is_file()]
    outcome.count("files", len(there))
    open_files = [path for path in there if path.stat().st_mode & 0o222]
    if open_files:
        first = min(open_files).relative_to(folder)
        more = f" and {len(open_files) - 1} more files" if len(open_files) > 1 else ""
        outcome.notes.append(f"{first}{more}: can be written to; a release is sealed read-only")
    try:
        run = read_audit_records(folder / RESULTS)
    except (GraftlineError, ValueError, KeyError) as error:
        outcome.problems.append(f"{RESULTS}: {error}")
        return _once(outcome)
    if record:
        outcome.add(_compare_record(record, run))
    outcome.add(compare_outputs(run) + name_added(run), f"{RESULTS}/")
    verify_sources(run, Project(folder / PROJECT), outcome, f"{PROJECT}/")
    code = tuple(f"{PROJECT}/{name}" for name in ("workflow/", "schemas/"))
    if any(problem.startswith(code) for problem in outcome.problems):
        outcome.notes.append(
            "numbers: not computed again, the release's code is not what was sealed"
        )
    else:
        project = folder / PROJECT
        verify_again(
            folder / RESULTS, lambda results: own_code(project, results), outcome, f"{RESULTS}/"
        )
    return _once(outcome)


def _once(outcome: Outcome) -> Outcome:
    """The outcome with one sentence for each file of which two said that it is missing or differs."""
    first: dict[str, str] = {}
    for problem in outcome.problems:
        name, _, said = problem.partition(": ")
        same = "content" if "the content is not what" in said else said
        first.setdefault(f"{name}: {same}", problem)
    outcome.problems = list(first.values())
    return outcome
