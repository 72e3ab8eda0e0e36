"""Sealing: a finished run becomes a release, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graftline.cuts.checksums import LINE_DIGESTS, SUMS, hash_file
from graftline.errors import GraftlineError
from graftline.ledger.file import append_record, read_ledger
from graftline.ledger.records import find_head, format_record, make_record
from graftline.release.differences import PARTS, describe_differences
from graftline.release.finished import (
    NUMBERS,
    AuditRecords,
    Project,
    check_finished,
    list_sources,
)
from graftline.release.latest import point_latest
from graftline.release.layout import OUTPUT_SUMS, PROJECT, RECORD, RESULTS, StudyReleases
from graftline.release.recover import hold_releases, recover_releases
from graftline.sealed_folder import (
    compare_with_sums,
    copy_file,
    format_sums,
    make_read_only,
    remove_folder,
    sync_folder,
)
from graftline.tables import read_json, write_text

# Not part of what decides results, and needed to run the project's copy.
BESIDE_THE_CODE = (
    *("config/config.yaml", "profiles/default/config.yaml"),
    *("pyproject.toml", "run", "README.md", "LICENSE"),
)


@dataclass(frozen=True)
class Sealed:
    """A release: its folder, its record in the ledger, whether it was made now, and what had to be
    brought into order before, a sentence each."""

    folder: Path
    record: dict[str, Any]
    is_new: bool
    notices: list[str]


def seal_release(results: Path, project: Project, releases: Path, *, sealed_at: str) -> Sealed:
    """Seal the finished run in `results` (results/<study>/<cut>) into `releases`/<study>/<cut>/<sequence>.

    `sealed_at` is the real time, as the ledger shall state it. A run that is what the newest release of
    its cut was made of is not sealed again. Raises GraftlineError, and leaves every release, the ledger
    and `latest` as they were, for a run that is not finished, a ledger that does not hold, and a disk
    that is full.
    """
    records = check_finished(results, project)
    of_study = StudyReleases(releases / records.study)
    try:
        with hold_releases(of_study):
            notices = recover_releases(of_study)
            return _seal(records, project, of_study, sealed_at, notices)
    except OSError as error:  # no right to write, a full disk
        raise GraftlineError(
            f"{of_study.path}: nothing was released: {error.strerror}: {error.filename or ''}"
        ) from error


def _seal(
    records: AuditRecords,
    project: Project,
    releases: StudyReleases,
    sealed_at: str,
    notices: list[str],
) -> Sealed:
    ledger = read_ledger(releases.ledger)
    of_cut = [record for record in ledger if record["cut"] == records.cut]
    previous = of_cut[-1] if of_cut else None
    outputs = records.outputs | {OUTPUT_SUMS: hash_file(records.path / OUTPUT_SUMS)}
    build_digest = records.build["build_digest"]
    if previous and (previous["build_digest"], previous["outputs"]) == (build_digest, outputs):
        return Sealed(releases.of(previous), previous, False, notices)
    sequence = previous["sequence"] + 1 if previous else 1
    folder = releases.folder(records.cut, sequence)
    temporary = folder.with_name(f".{sequence}.part")
    parts = {name: records.build["parts"][name] for name in PARTS}
    try:
        sums = copy_release(records, outputs, project, temporary)
        write_text(temporary / SUMS, format_sums(sums))
        content = parts | {
            "study": records.study,
            "cut": records.cut,
            "sequence": sequence,
            "data_label": records.build["data_label"],
            "sealed_at": sealed_at,
            "build_digest": build_digest,
            "numbers": records.build["parts"]["numbers"],
            "outputs": outputs,
            "contents": hash_file(temporary / SUMS),
            "differences": describe_differences(
                previous,
                parts,
                read_json(releases.of(previous) / RESULTS / NUMBERS) if previous else [],
                read_json(temporary / RESULTS / NUMBERS),
            ),
        }
        record = make_record(content, find_head(ledger))
        # As the ledger will have it, so that a crash before that can be made good.
        write_text(temporary / RECORD, format_record(record))
        make_read_only(temporary)
        temporary.rename(folder)
    finally:
        if temporary.exists():
            remove_folder(temporary)
    sync_folder(folder.parent)
    sync_folder(releases.path)
    append_record(releases.ledger, record)
    point_latest(releases, [*ledger, record])
    return Sealed(folder, record, True, notices)


def copy_release(
    records: AuditRecords, outputs: dict[str, str], project: Project, folder: Path
) -> dict[str, str]:
    """Copy outputs and sources of a run into `folder`; returns the sha256 of every file copied.

    What was copied is read again. Raises GraftlineError for a file that is not, or no longer, what the
    run's audit records state.
    """
    wanted = {f"{RESULTS}/{name}": (records.path / name, outputs[name]) for name in outputs}
    for name, source in list_sources(records, project).items():
        wanted[f"{PROJECT}/{name}"] = source
    cuts = {name.split("/")[3] for name in wanted if name.startswith(f"{PROJECT}/data/")}
    beside = {
        f"data/{records.study}/{cut}/{name}": project.raw_cut(records.study, cut) / name
        for cut in sorted(cuts)
        for name in (SUMS, LINE_DIGESTS)
    }
    beside |= {name: project.root / name for name in BESIDE_THE_CODE}
    for name, path in beside.items():
        if path.is_file():
            wanted.setdefault(f"{PROJECT}/{name}", (path, hash_file(path)))
    changed = [
        name for name, (path, digest) in wanted.items() if copy_file(path, folder / name) != digest
    ]
    sums = {name: digest for name, (_, digest) in wanted.items()}
    changed = changed or compare_with_sums(folder, sums)
    if changed:
        raise GraftlineError(
            f"{', '.join(changed)}: changed while it was copied; nothing was released"
        )
    return sums
