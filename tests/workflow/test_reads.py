"""Every file of the project that a job opens is one that audit/rules.json says it reads, by strace."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.workflow.conftest import check_out

pytestmark = [pytest.mark.workflow, pytest.mark.machine]

CALLS = "trace=execve,clone,clone3,fork,vfork,open,openat,openat2"
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
_RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)")
# A script of Snakemake, or one that a rule runs as a command.
_SCRIPT = re.compile(r"(?:/\.snakemake/scripts/tmp\w+\.|\bworkflow/scripts/)(\w+)\.py")


def trace_run(checkout, log, *arguments):
    done = subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-s", "4096", "-e", CALLS, "-o", log]
        + [sys.executable, "-m", "snakemake", "--cores", "1", *arguments],
        cwd=checkout.path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def read_by_rule(log):
    """Rule -> the paths that the process of its script, or one that it started, opened for reading."""
    rule_of, opened, begun = {}, {}, {}
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if "<unfinished ...>" in line:
            process, rest = line.split(maxsplit=1)
            begun[process] = rest.removesuffix("<unfinished ...>")
            continue
        resumed = _RESUMED.match(line)
        if resumed:
            line = f"{resumed[1]} {begun.pop(resumed[1])}{resumed[3]}) = {resumed[4]}"
        call = _LINE.match(line)
        if call is None or int(call[4]) < 0:
            continue
        process, name, arguments, result = call.groups()
        if name in ("clone", "clone3", "fork", "vfork"):
            rule_of.setdefault(result, rule_of.get(process))
        elif name == "execve":
            script = _SCRIPT.search(arguments)
            rule_of[process] = script[1] if script else rule_of.get(process)
        elif rule_of.get(process) and "O_WRONLY" not in arguments and "O_PATH" not in arguments:
            path = re.search(r'"([^"]*)"', arguments)[1]
            opened.setdefault(rule_of[process], set()).add(path)
    return opened


@pytest.fixture(scope="module")
def traced(tmp_path_factory):
    assert shutil.which("strace"), "strace is missing: apt-get install strace"
    folder = tmp_path_factory.mktemp("traced")
    checkout = check_out(folder / "graftline")
    trace_run(checkout, folder / "strace.log")
    rules = json.loads(
        (checkout.results("il2-ifn", "1997-12-31") / "audit/rules.json").read_text("utf-8")
    )
    opened = read_by_rule(folder / "strace.log")
    del opened["write_crate"]  # it hashes all outputs, as audit/rules.json lists them
    return checkout.path, rules, opened


def test_every_job_was_seen(traced):
    rules, opened = traced[1]["rules"], traced[2]
    assert set(opened) == set(rules) - {"write_crate"} and len(rules) > 15


def test_every_file_that_a_job_opened_is_declared(traced):
    root, recorded, opened = traced
    cuts = [recorded["rules"], *recorded["other_cuts"].values()]
    undeclared = []
    for rule, paths in opened.items():
        declared = set()
        for told in (cut[rule] for cut in cuts if rule in cut):
            declared |= {told["script"], *told["code"], *told["lock"]}
            declared.update(*told["inputs"].values())
        for path in paths:
            full = (root / path).resolve()
            if not full.is_file() or not full.is_relative_to(root):
                continue
            name = full.relative_to(root).as_posix()
            name = re.sub(r"__pycache__/(\w+)\.cpython-\d+\.pyc$", r"\1.py", name)
            if name not in declared and not name.startswith(".snakemake/"):
                undeclared.append(f"{rule}: {name}")
    assert undeclared == []


def test_every_input_beside_code_and_gates_was_opened(traced):
    # What is declared and never read would only be claimed.
    root, recorded, opened = traced
    for rule in ("derive_endpoints", "grade_toxicity", "estimate_survival", "validate_raw"):
        read = {(root / path).resolve() for path in opened[rule]}
        for name, paths in recorded["rules"][rule]["inputs"].items():
            if name != "gate":
                assert {(root / path).resolve() for path in paths} <= read, f"{rule}: {name}"
