"""The study's protocol: one YAML file, checked against its schema and against itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from graftline.config.schema import check_schema
from graftline.config.yaml_lines import Key, read_yaml
from graftline.errors import GraftlineError

# How SDTM domains become the study's tables, where they come as SDTM.
SDTM_FILE = "sdtm.yaml"


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


# Event or censoring -> the table without which nobody ever has it.
NEEDED_TABLES = {
    "new_therapy": "new_therapy",
    "second_transplant": "transplant",
    "missed_assessments": "assessments",
    "last_assessment": "assessments",
    "death": "followup",
}
BUILT_IN_EVENTS = (
    *("death", "relapse", "relapse_only", "progression"),
    *("second_transplant", "new_therapy"),
)
STOPS = ("new_therapy", "second_transplant", "missed_assessments")


def _check_events(study: Study, name: str, endpoint: dict[str, Any]) -> None:
    """That the events of a dated endpoint are known, and its tables are there."""
    here = ("endpoints", name)
    known = (*BUILT_IN_EVENTS, *study.content.get("events", {}))
    for key in ("events", "competing", "censorings"):
        for entry in endpoint.get(key, []):
            if key != "censorings" and entry not in known:
                _fail(study, (*here, key), f"{entry} is not one of the events: {', '.join(known)}")
            table = NEEDED_TABLES.get(entry)
            if table and not study.uses(table):
                _fail(
                    study, (*here, key), f"{entry} needs the table {table}, which the study lacks"
                )


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
    if endpoint.get("source", "dates") != "dates":
        return
    _check_events(study, name, endpoint)
    listed = endpoint.get("censorings", [])
    if set(listed) <= set(STOPS):
        _fail(study, here, "say until when a patient is followed: last_alive or last_assessment")
    sentences = study.content.get("censorings", {})
    missing = [one for one in listed if one not in sentences]
    if missing and endpoint.get("report", "main") != "registry":
        _fail(
            study,
            (*here, "censorings"),
            f"write the sentence that the methods print of {missing[0]} under censorings",
        )
    if "missed_assessments" in listed and not study.content["survival"].get(
        "assessment_interval_days"
    ):
        _fail(
            study,
            (*here, "censorings"),
            "missed_assessments needs survival.assessment_interval_days",
        )


def _check_own_events(study: Study) -> None:
    """That the study's own events have names of their own and tables that it has."""
    for name, event in study.content.get("events", {}).items():
        if name in (*BUILT_IN_EVENTS, *STOPS):
            _fail(study, ("events", name), "is built in; use another name")
        if not study.uses(event["table"]):
            _fail(study, ("events", name, "table"), f"the study has no table {event['table']}")


def _check_age_bands(study: Study) -> None:
    """That each band begins a year after the one before ends, so that each age is in one."""
    here = ("baseline", "age_bands")
    bands = study.content["baseline"].get("age_bands", [])
    for place, (first, last) in enumerate(bands):
        if first > last:
            _fail(study, (*here, place), f"[{first}, {last}] ends before it begins")
    for place, ((_, last), (first, _)) in enumerate(pairwise(bands), start=1):
        if first != last + 1:
            _fail(
                study,
                (*here, place),
                f"the band after {last} begins with {first} and not with {last + 1}; list them in "
                "order, without a gap",
            )


def _check_references(study: Study) -> None:
    """What a schema cannot see: that names used in one place are declared in another."""
    content = study.content
    _check_treatment(study)
    _check_own_events(study)
    _check_age_bands(study)
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
    toxicity = content.get("toxicity") or {}
    if toxicity.get("scale") in toxicity.get("also", []):
        _fail(study, ("toxicity", "also"), f"{toxicity['scale']} is the main scale already")
    followup_of = content["survival"].get("followup_of")
    if followup_of is not None and followup_of not in content["endpoints"]:
        _fail(study, ("survival", "followup_of"), f"{followup_of} is not one of the endpoints")
    if content["disclosure"]["case_listing"] and content["disclosure"].get("mask_below"):
        _fail(
            study,
            ("disclosure", "mask_below"),
            "a list of patients tells every count; set it to 0, or case_listing to false",
        )
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


def _read_mapping(root: Path, file: str) -> dict[str, Any]:
    """The tables that the study's sdtm.yaml makes of SDTM domains."""
    content, lines = read_yaml(root / file, file)
    check_schema(content, lines, read_schema(root / "schemas" / "sdtm.schema.yaml"), file)
    tables = content["tables"]
    for table, entry in tables.items():
        for other in tables.values():
            if entry["file"] == other["file"] and entry["domain"] != other["domain"]:
                line = lines[("tables", table, "domain")]
                raise GraftlineError(
                    f"{file}, line {line}: {entry['file']} holds one domain and is given two"
                )
        twice = set(entry["columns"]) & set(entry.get("gather", {}).get("to", {}))
        if twice:
            line = lines[("tables", table, "gather")]
            raise GraftlineError(
                f"{file}, line {line}: {', '.join(sorted(twice))} of {table} is given twice"
            )
    return tables


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
    if content["tables"] == SDTM_FILE:
        content["tables"] = _read_mapping(root, f"{studies}/{name}/{SDTM_FILE}")
    study = Study(name=name, file=file, content=content, lines=lines)
    if content["study"] != name:
        _fail(study, ("study",), f"the file is for {name}; write study: {name}")
    _check_references(study)
    return study
