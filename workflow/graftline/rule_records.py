"""What each rule of a run reads, makes and is told, for the audit, which never asks Snakemake."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

# Declared beside what a rule reads, because an edit must run it again.
CODE, LOCK = "code", "lock"


def _from_root(path: str, root: str) -> str:
    """`path` as seen from the project's folder, wherever Snakemake was started."""
    return os.path.relpath(path, root) if Path(path).is_absolute() else str(path)


def _named(files: Any, root: str) -> dict[str, list[str]]:
    """Name -> paths below `root`, of Snakemake's named inputs or outputs."""
    return {
        name: sorted(
            _from_root(path, root) for path in ([value] if isinstance(value, str) else value)
        )
        for name, value in files.items()
    }


def _given(value: Any, wildcards: Any, root: str) -> Any:
    """A param as the script gets it."""
    if callable(value):
        value = value(wildcards)
    elif isinstance(value, str):
        value = value.format(**dict(wildcards.items()))
    return _from_root(value, root) if isinstance(value, str) else value


def describe_rules(workflow: Any, wildcards: Any, *, root: str, but: str) -> dict[str, Any]:
    """Rule -> script, code, inputs, outputs and params, for the rules that `rule all` needs.

    `root` is the project's folder: paths are told from there. `but` names a param that is left out:
    the one that this fills.
    """
    rules = {rule.name: rule for rule in workflow.rules if rule.output}
    makers = {
        str(file): name for name, rule in rules.items() for file in rule.expand_output(wildcards)[0]
    }
    (everything,) = (rule for rule in workflow.rules if rule.name == "all")
    waiting = [str(file) for file in everything.expand_input({})[0]]
    described: dict[str, Any] = {}
    while waiting:
        name = makers.get(waiting.pop())
        if name is None or name in described:
            continue
        rule = rules[name]
        inputs = rule.expand_input(wildcards)[0]
        waiting += [str(file) for file in inputs]
        read = _named(inputs, root)
        described[name] = {
            "script": f"workflow/scripts/{name}.py",
            "code": read.pop(CODE, []),
            "lock": read.pop(LOCK, []),
            "inputs": read,
            "outputs": _named(rule.expand_output(wildcards)[0], root),
            "params": {
                key: _given(value, wildcards, root)
                for key, value in rule.params.items()
                if key != but
            },
        }
    return described
