"""The study's protocol: one YAML file, checked against its schema and against itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graftline.config.schema import check_schema
from graftline.config.yaml_lines import Key, read_yaml
from graftline.errors import GraftlineError


@dataclass(frozen=True)
class Study:
    """A study's protocol (`content`), the lines of its keys, and the file they stand in."""

    name: str
    file: str
    content: dict[str, Any]
    lines: dict[Key, int]

    def uses(self, table: str) -> bool:
        """Whether the study has the canonical table `table`."""
        return table in self.content["tables"]


def _fail(study: Study, path: Key, sentence: str) -> None:
    line = study.lines.get(path, 1)
    raise GraftlineError(f"{study.file}, line {line}: {'.'.join(map(str, path))}: {sentence}")


def _check_treatment(study: Study) -> None:
    """That arms and drugs have ids of their own, and regimens are of arms and drugs that exist."""
    content = study.content
    for kind in ("arms", "drugs"):
        taken: dict[str, str] = {}
        for code, entry in content[kind].items():
            if entry["id"] in taken:
                _fail(study, (kind, code, "id"), f"is the id of {taken[entry['id']]} too")
            taken[entry["id"]] = code
    for code, drug in content["drugs"].items():
        if drug["dose_range"][0] > drug["dose_range"][1]:
            _fail(study, ("drugs", code, "dose_range"), "write the smallest dose first")
    for arm, regimen in content["regimens"].items():
        if arm not in content["arms"]:
            _fail(study, ("regimens", arm), "is not one of the arms; declare it under arms")
        for drug, cycles in regimen.items():
            if drug in ("weekdays", "dose_by_cycle"):
                continue
            if drug not in content["drugs"]:
                _fail(
                    study,
                    ("regimens", arm, drug),
                    "is not one of the drugs; declare it under drugs",
                )
            numbers = [cycle["cycle"] for cycle in cycles]
            if len(set(numbers)) < len(numbers):
                _fail(study, ("regimens", arm, drug), "a cycle stands twice")


def _check_endpoint(study: Study, name: str, endpoint: dict[str, Any]) -> None:
    """That what ends, competes with and censors an endpoint is one whole."""
    here = ("endpoints", name)
    competing = endpoint.get("competing", [])
    if competing and endpoint["estimator"] == "kaplan_meier":
        _fail(study, (*here, "estimator"), "with competing events it must be aalen_johansen")
    both = sorted(set(competing) & set(endpoint["events"]))
    if both:
        _fail(
            study, (*here, "competing"), f"{', '.join(both)} cannot be an event and compete with it"
        )
    if endpoint.get("source", "dates") == "dates" and "censored_at" not in endpoint:
        _fail(study, here, "say until when a patient is followed: last_alive or last_assessment")


def _check_references(study: Study) -> None:
    """What a schema cannot see: that names used in one place are declared in another."""
    content = study.content
    _check_treatment(study)
    for name, endpoint in content["endpoints"].items():
        _check_endpoint(study, name, endpoint)
        for key in ("origin", "entry"):
            if endpoint.get(key) is not None and endpoint[key] not in content["origins"]:
                _fail(
                    study,
                    ("endpoints", name, key),
                    f"{endpoint[key]} is not one of the origins: {', '.join(content['origins'])}",
                )
        if endpoint.get("source") == "outcomes" and not study.uses("outcomes"):
            _fail(study, ("endpoints", name, "source"), "the study has no outcomes table")
    followup_of = content["survival"].get("followup_of")
    if followup_of is not None and followup_of not in content["endpoints"]:
        _fail(study, ("survival", "followup_of"), f"{followup_of} is not one of the endpoints")
    if content["data_label"] and content["survival"].get("compare_groups"):
        _fail(
            study,
            ("survival", "compare_groups"),
            "the groups of a reconstruction are never compared for survival; set it to false",
        )


@cache
def read_schema(path: Path) -> dict:
    """A JSON Schema kept as YAML."""
    content, _ = read_yaml(path)
    return content


def read_study(root: Path, studies: str, name: str) -> Study:
    """The study `name` of the folder `studies` below `root`, checked.

    Raises GraftlineError, naming file and line, for anything that the schema
    (`schemas/study.schema.yaml`) or the protocol itself does not allow.
    """
    file = f"{studies}/{name}/study.yaml"
    path = root / file
    if not path.is_file():
        known = sorted(found.parent.name for found in (root / studies).glob("*/study.yaml"))
        raise GraftlineError(
            f"there is no study {name!r}: {file} is missing; known: {', '.join(known)}"
        )
    content, lines = read_yaml(path, file)
    check_schema(content, lines, read_schema(root / "schemas" / "study.schema.yaml"), file)
    study = Study(name=name, file=file, content=content, lines=lines)
    if content["study"] != name:
        _fail(study, ("study",), f"the file is for {name}; write study: {name}")
    _check_references(study)
    return study
