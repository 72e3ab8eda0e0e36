"""The build: Snakemake, called as a person calls it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graftline.scheduled_run.left_over import mark_environment
from graftline.tables import read_json

# A gate's log -> the findings that it looked at and the queries for the sites.
GATES = {
    "gate_raw": ("findings.json", "queries.csv"),
    "gate_derived": ("findings_derived.json", "queries_derived.csv"),
    "gate_comparison": ("findings_comparison.json", "queries_comparison.csv"),
}


SHOWN_LINES = 15


@dataclass(frozen=True)
class Built:
    """How a build ended: Snakemake's status, the queries of the gate that stopped it, if one did, and
    otherwise `reasons`, what the rules that failed say."""

    status: int
    queries: Path | None = None
    errors: int = 0
    warnings: int = 0
    reasons: str = ""


def _call_snakemake(root: Path, arguments: list[str], log: Path) -> int:
    """The exit status of Snakemake; what it says is kept in `log`."""
    with open(log, "ab") as file:
        return subprocess.run(
            [sys.executable, "-m", "snakemake", *arguments],
            cwd=root,
            env=mark_environment(root),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            check=False,
        ).returncode


def _find_gate(root: Path, target: Mapping[str, str], results: Path, since: int) -> Built | None:
    """The gate that stopped a run begun at `since` (nanoseconds); None if none did."""
    for gate, (findings, queries) in GATES.items():
        log = root / "logs" / target["study"] / target["cut"] / f"{gate}.log"
        file = results / "patient_level" / findings
        if log.is_file() and log.stat().st_mtime_ns >= since and file.is_file():
            counts = read_json(file)
            if counts["errors"]:
                path = results / "patient_level" / queries
                return Built(1, path, counts["errors"], counts["warnings"])
    return None


def _find_reasons(root: Path, log: Path, since: int) -> str:
    """What the rules that failed since `since` wrote into their logs; else the end of Snakemake's. None of
    them holds a patient's value."""
    texts = [
        f"{file.stem}: {text}"
        for file in sorted((root / "logs").rglob("*.log"))
        if file.stat().st_mtime_ns >= since
        and not (text := file.read_text(encoding="utf-8").strip()).startswith(f"{file.stem}: done")
    ]
    if not texts:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        texts = lines[-SHOWN_LINES:]
    return "\n".join(texts)


def build(
    root: Path,
    target: Mapping[str, str],
    results: Path,
    log: Path,
    *,
    cores: int,
    config: list[str],
) -> Built:
    """Build `target` (study and cut) into `results` (results/<study>/<cut>).

    A lock that a killed Snakemake left is removed first, and what it was writing is written again; the
    caller has made sure that nothing of it runs any more.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    settings = ["--config", *config] if config else []
    if any((root / ".snakemake" / "locks").glob("*")):
        status = _call_snakemake(root, ["--unlock", "--cores", "1", *settings], log)
        if status:
            return Built(status, reasons=_find_reasons(root, log, time.time_ns()))
    begun = log.stat().st_mtime_ns
    arguments = ["--cores", str(cores), "--rerun-incomplete", *settings]
    status = _call_snakemake(root, arguments, log)
    if not status:
        return Built(status)
    stopped = _find_gate(root, target, results, begun)
    return stopped or Built(status, reasons=_find_reasons(root, log, begun))
