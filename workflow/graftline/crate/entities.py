"""Entities of the run crate's JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

Entity = dict[str, Any]
DESCRIPTOR = "ro-crate-metadata.json"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/ro/wfrun/provenance/0.5": "Provenance Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
PARAMETER_PROFILE = "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"
DONE = "http://schema.org/CompletedActionStatus"
KINDS = {
    **{"csv": "text/csv", "html": "text/html", "json": "application/json", "md": "text/markdown"},
    **{"pdf": "application/pdf", "svg": "image/svg+xml", "py": "text/x-python", "css": "text/css"},
    **{"yaml": "application/yaml", "parquet": "application/vnd.apache.parquet"},
}


def refer(ids: Iterable[str] | str) -> Any:
    """A reference to an entity, or to several, each once and in order."""
    if isinstance(ids, str):
        return {"@id": ids}
    return [{"@id": id} for id in dict.fromkeys(ids)]


def describe_file(id: str, name: str, sha256: str | None, *, patient_level: bool) -> Entity:
    """A file: what it is called in a release, its sha256, and whether patients are in it."""
    entity: Entity = {"@id": id, "@type": "File", "name": name}
    kind = KINDS.get(name.rpartition(".")[2])
    if kind:
        entity["encodingFormat"] = kind
    if sha256:
        entity["sha256"] = sha256
    if patient_level:
        entity["conditionsOfAccess"] = "patient-level: described here, not carried"
    return entity


def describe_parameter(
    id: str, name: str, kind: str, examples: Iterable[str], *, required: bool = True
) -> Entity:
    """A formal parameter of a rule; `kind` is File or Text."""
    return {
        "@id": id,
        "@type": "FormalParameter",
        "name": name,
        "additionalType": kind,
        "conformsTo": refer(PARAMETER_PROFILE),
        "valueRequired": required,
        "workExample": refer(examples),
    }


def describe_value(id: str, name: str, value: Any, parameter: str) -> Entity:
    """What a rule was told: a param, as text or as JSON."""
    text = (
        value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
    )
    return {
        "@id": id,
        "@type": "PropertyValue",
        "name": name,
        "value": text,
        "exampleOfWork": refer(parameter),
    }


def describe_action(
    id: str, name: str, instrument: str, objects: Iterable[str], results: Iterable[str]
) -> Entity:
    """A run of something. No time enters it: the same inputs give the same crate."""
    return {
        "@id": id,
        "@type": "CreateAction",
        "name": name,
        "instrument": refer(instrument),
        "object": refer(objects),
        "result": refer(results),
        "actionStatus": refer(DONE),
    }


def describe_profiles() -> list[Entity]:
    """The profiles that the crate keeps to."""
    found = [
        {"@id": id, "@type": "CreativeWork", "name": name, "version": id.rpartition("/")[2]}
        for id, name in PROFILES.items()
    ]
    parameters = {"@id": PARAMETER_PROFILE, "@type": "CreativeWork", "name": "FormalParameter"}
    return [*found, parameters]


def describe_descriptor() -> Entity:
    """The crate's own file."""
    versions = (
        "https://w3id.org/ro/crate/1.1",
        "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
    )
    return {
        "@id": DESCRIPTOR,
        "@type": "CreativeWork",
        "about": refer("./"),
        "conformsTo": refer(versions),
    }


def join_examples(entities: Iterable[Entity], uses: Mapping[str, Iterable[str]]) -> None:
    """State with each file which formal parameters it is an example of."""
    for entity in entities:
        if entity["@id"] in uses:
            entity["exampleOfWork"] = refer(uses[entity["@id"]])
