"""A scheduled run, from the lease to the summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graftline.errors import GraftlineError
from graftline.pipeline import Pipeline
from graftline.release.differences import format_differences
from graftline.release.finished import Project
from graftline.release.layout import StudyReleases
from graftline.release.seal import Sealed, seal_release
from graftline.scheduled_run.build import build
from graftline.scheduled_run.lease import hold_lease
from graftline.scheduled_run.left_over import PATIENCE, end_left_over
from graftline.scheduled_run.summary import (
    DATA_ERRORS,
    FAILED,
    NOTHING_NEW,
    RELEASED,
    Summary,
)

LOG = Path(".graftline") / "scheduled-run.log"


def _summarise_release(sealed: Sealed, target: Mapping[str, str], warnings: int) -> Summary:
    record = sealed.record
    details = {
        "release": str(sealed.folder),
        "sequence": record["sequence"],
        "build_digest": record["build_digest"],
        "warnings": warnings,
    }
    if not sealed.is_new:
        message = (
            f"{sealed.folder}: is what the data, the code and the configuration give; nothing new"
        )
        return Summary(NOTHING_NEW, message, **target, details=details)
    differences = record["differences"]
    message = f"{sealed.folder}: released; {format_differences(differences)}"
    return Summary(RELEASED, message, **target, details=details)


def _check_not_lost(releases: Path, target: Mapping[str, str]) -> None:
    """Raise GraftlineError where a newer cut than the newest one of the data was released."""
    released = [cut for cut, _ in StudyReleases(releases / target["study"]).list_folders()]
    if released and released[-1] > target["cut"]:
        raise GraftlineError(
            f"the cut {released[-1]} of {target['study']} was released and is no longer among the data, "
            f"whose newest is {target['cut']}; restore it, or say cut={target['cut']} if that is meant"
        )


def _run(
    root: Path, config: Mapping[str, Any], settings: list[str], cores: int, pipeline: Pipeline
) -> Summary:
    """Build and seal, holding the lease."""
    target = pipeline.target
    if config["cut"] == "latest":
        _check_not_lost(root / config.get("releases", "releases"), target)
    results = root / config["results"] / target["study"] / target["cut"]
    log = root / LOG
    built = build(root, target, results, log, cores=cores, config=settings)
    if built.queries:
        message = (
            f"the data have {built.errors} error{'s' * (built.errors != 1)}, and the last release stays "
            f"as it was; the queries for the sites are in {built.queries}"
        )
        details = {
            "errors": built.errors,
            "warnings": built.warnings,
            "queries": str(built.queries),
        }
        return Summary(DATA_ERRORS, message, **target, details=details)
    if built.status:
        message = f"the build failed, and the last release stays as it was\n{built.reasons}\nall that was said is in {log}"
        return Summary(FAILED, message, **target)
    sealed = seal_release(
        results,
        Project(root, config["studies"], config["data"]),
        root / config.get("releases", "releases"),
        sealed_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    return _summarise_release(sealed, target, built.warnings)


def run_scheduled(
    root: Path,
    config: Mapping[str, Any],
    *,
    settings: list[str],
    cores: int,
    tell: Callable[[str], None],
    patience: float = PATIENCE,
) -> Summary:
    """Build what `config` asks for and seal it, unless it is sealed already.

    `settings` are what was given on top of config/config.yaml, as KEY=VALUE, for Snakemake; `tell` says
    what is done about an earlier run that did not end, whose processes have `patience` seconds. Nothing is
    raised: whatever fails is a summary.
    """
    try:
        with hold_lease(root) as crashed:
            if crashed:
                tell(f"the run of {crashed} did not end; its work is completed now")
            count = end_left_over(root, patience=patience)
            if count:
                tell(f"{count} process{'es' * (count != 1)} of it had to end first")
            pipeline = Pipeline(root, dict(config))
            summary = _run(root, config, settings, cores, pipeline)
            for notice in pipeline.notices:
                tell(notice)
            said = {"notices": pipeline.notices} if pipeline.notices else {}
            return replace(summary, details=summary.details | said)
    except GraftlineError as error:
        return Summary(FAILED, str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return Summary(FAILED, f"{where}{error.strerror}; the last release stays as it was")
