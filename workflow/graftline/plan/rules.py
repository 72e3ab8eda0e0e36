"""Which rules a run would run, as Snakemake plans it, and what of the changes each of them reads."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from graftline.errors import GraftlineError
from graftline.plan.changes import CODE, CONFIGURATION, FILE, PACKAGE, TABLE, Change

_STATISTICS = re.compile(r"^Job stats:\n.*?\n-.*?\n(.*?)^total", re.MULTILINE | re.DOTALL)
SHOWN_LINES = 5


def plan_rules(root: Path, settings: Iterable[str]) -> dict[str, int]:
    """Rule -> how many of its jobs a run would run now; empty where there is nothing to do.

    `settings` are KEY=VALUE of the configuration. Raises GraftlineError with Snakemake's reason where it
    refuses.
    """
    settings = list(settings)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "snakemake", "--dry-run", "--nocolor", "--cores", "1"),
            *(["--config", *settings] if settings else []),
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise GraftlineError("nothing can be planned:\n" + "\n".join(said[-SHOWN_LINES:]))
    return read_job_counts(done.stdout + done.stderr)


def read_job_counts(text: str) -> dict[str, int]:
    """Rule -> number of jobs, from the table that Snakemake prints; without `all`, which makes nothing."""
    table = _STATISTICS.search(text)
    lines = [line.split() for line in table[1].splitlines()] if table else []
    return {rule: int(count) for rule, count in lines if rule != "all"}


def _reads(rule: Mapping[str, Any], change: Change) -> bool:
    """Whether a rule, as recorded, reads what changed."""
    if change.kind == CODE:
        return change.what in (*rule["code"], rule.get("script"))
    if change.kind == CONFIGURATION:
        return bool({change.what.split(".")[0], "configuration", "protocol"} & set(rule["params"]))
    if change.kind == PACKAGE:
        return True
    paths = [Path(path) for paths in rule["inputs"].values() for path in paths]
    if change.kind == TABLE:
        return any(path.name == change.what and "results" not in path.parts for path in paths)
    return change.kind == FILE and any(path.name == change.what for path in paths)


def explain_rules(
    planned: Mapping[str, int], rules: Mapping[str, Mapping[str, Any]], changes: Iterable[Change]
) -> dict[str, list[str]]:
    """Rule -> why it would run: the changes that it reads itself, else the planned rules before it.

    `rules` is what the last run recorded (audit/rules.json); a rule that is not there is new.
    """
    changes = list(changes)
    made_by = {
        path: name.split()[0]
        for name, rule in rules.items()
        for paths in rule["outputs"].values()
        for path in paths
    }
    found = {}
    for name in planned:
        rule = rules.get(name)
        if rule is None:
            found[name] = ["it did not run before"]
            continue
        own = [str(change) for change in changes if _reads(rule, change)]
        inputs = [path for paths in rule["inputs"].values() for path in paths]
        before = sorted(
            {made_by[path] for path in inputs if path in made_by} & set(planned) - {name}
        )
        after = [f"after {', '.join(before)}"] if before else []
        found[name] = own or after or ["what it made is missing, or was not completed"]
    return found
