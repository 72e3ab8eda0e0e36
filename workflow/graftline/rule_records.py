"""What each rule of a run reads, makes and is told, for the audit, which never asks Snakemake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

# Declared beside what a rule reads, because an edit must run it again.
CODE, LOCK = "code", "lock"
LAST = "write_crate"
# The params of this rule are the records.
RECORDING = "record_rules"
# A param that says where a program lies on this machine.
PLACE = "python"


def _shorten(value: Any, places: Mapping[str, str]) -> Any:
    """`value` with the folders of this machine, where a path begins with one, named alike everywhere."""
    if isinstance(value, str):
        for place, name in places.items():
            if value == place or value.startswith(f"{place}/"):
                return (name + value[len(place) :]).removeprefix("./")
        return value
    if isinstance(value, Mapping):
        return {str(key): _shorten(item, places) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [_shorten(item, places) for item in value]
    return value


def _named_files(files: Any, places: Mapping[str, str]) -> dict[str, list[str]]:
    """Files of a job by their name in the rule; "" for those without."""
    names = {
        name: [str(value)] if isinstance(value, str) else [str(path) for path in value]
        for name, value in files.items()
    }
    named = {path for paths in names.values() for path in paths}
    rest = [str(path) for path in files if str(path) not in named]
    return _shorten(names | ({"": rest} if rest else {}), places)


def _message(job: Any) -> str:
    """The rule's message. Snakemake's own formatting would ask for the params, also of the rule whose
    params are being made."""
    message = job.rule.message or job.rule.name
    return message.format(wildcards=SimpleNamespace(**job.wildcards_dict))


def _depths(dag: Any, last: Any) -> dict[Any, int]:
    """How many jobs come before a job one after the other, for `last` and all that it stands on."""
    depths: dict[Any, int] = {}

    def depth(job: Any) -> int:
        if job not in depths:
            depths[job] = 1 + max((depth(one) for one in dag.dependencies[job]), default=-1)
        return depths[job]

    depth(last)
    return depths


def _describe_job(job: Any, places: Mapping[str, str]) -> dict[str, Any]:
    read = _named_files(job.input, places)
    told = job.rule.name != RECORDING
    params = {k: v for k, v in job.params.items() if k != PLACE} if told else {}
    return {
        "script": f"workflow/scripts/{job.rule.name}.py",
        "message": _message(job),
        "code": read.pop(CODE, []),
        "lock": read.pop(LOCK, []),
        "inputs": read,
        "outputs": _named_files(job.output, places),
        "params": _shorten(params, places),
    }


def _name_job(job: Any) -> str:
    """The rule, with what tells its jobs for one cut apart, if anything does."""
    more = {name: job.wildcards_dict[name] for name in job.wildcards_dict} | {
        "study": "",
        "cut": "",
    }
    return " ".join(
        [job.rule.name, *(f"{name}={value}" for name, value in sorted(more.items()) if value)]
    )


def describe_rules(dag: Any, wildcards: Any, places: Mapping[str, str]) -> dict[str, Any]:
    """What the last rule of a cut's run stands on, and itself: `rules`, rule -> its place in an order in
    which they can run, script, message, code, lock, inputs, outputs and params; and `other_cuts`, cut ->
    the same of the rules that were run for that cut, to compare with it.

    `dag` is Snakemake's graph: what it says is what runs, and whether a job has to run now or ran before
    makes no difference. `places`: folder -> its name in what is written.
    """
    wanted = dict(wildcards.items())
    (last,) = (
        job
        for job in dag.jobs
        if job.rule.name == LAST and dict(job.wildcards_dict.items()) == wanted
    )
    jobs = sorted(
        _depths(dag, last).items(),
        key=lambda one: (one[1], one[0].wildcards_dict["cut"], one[0].rule.name),
    )
    rules: dict[str, Any] = {}
    other_cuts: dict[str, dict[str, Any]] = {}
    for place, (job, _) in enumerate(jobs, start=1):
        cut = job.wildcards_dict["cut"]
        kept = rules if cut == wanted["cut"] else other_cuts.setdefault(cut, {})
        kept[_name_job(job)] = _describe_job(job, places) | {"place": place}
    return {"rules": rules, "other_cuts": other_cuts}
