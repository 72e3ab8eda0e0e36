"""The run crate of a finished run, after the Provenance Run Crate profile 0.5.

Every rule is a tool (its script), a step of the workflow and a run with inputs, params and outputs. The
crate's folder is `audit`: what lies there is carried, everything else is described by name and sha256, as
a resource of the run: its identifier is an `arcp` address below the build digest. Only the standard library is used.
"""

from __future__ import annotations

import base64
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graftline.crate import entities as make
from graftline.crate.entities import Entity, refer

CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    "https://w3id.org/ro/terms/workflow-run/context",
]
SNAKEFILE = "Snakefile"
# The input of rules that read every file of the code.
CODE_TREE = "code_tree"
LICENSE = (
    "The code is under the licence in its LICENSE file. No licence to the data or to the manuscript is "
    "given here; ask the investigators."
)


@dataclass(frozen=True)
class Sources:
    """What is known of a run: its rules (as audit/rules.json has them), the sha256 of each file by the
    name that it has there, the build digest, study, cut, title and data label."""

    rules: Mapping[str, Mapping[str, Any]]
    sums: Mapping[str, str]
    build_digest: str
    study: str
    cut: str
    title: str
    data_label: str | None
    snakemake: str
    python: str
    other_cuts: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)


class _Crate:
    def __init__(self, sources: Sources):
        self.sources = sources
        self.audit = f"results/{sources.study}/{sources.cut}/audit/"
        self.files: dict[str, Entity] = {}
        self.others: list[Entity] = []
        self.uses: dict[str, list[str]] = {}
        digest = base64.urlsafe_b64encode(bytes.fromhex(sources.build_digest)).decode("ascii")
        self.run = f"arcp://ni,sha-256;{digest.rstrip('=')}/"

    def file(self, name: str) -> str:
        """The id of a file; it is described when it is first asked for."""
        name = name.removeprefix("./")
        carried = name.startswith(self.audit) or name == SNAKEFILE
        id = name.removeprefix(self.audit) if carried else self.run + urllib.parse.quote(name)
        if id not in self.files and name not in self.sources.sums:
            inside = [file for file in sorted(self.sources.sums) if file.startswith(f"{name}/")]
            if inside:  # a folder that a rule makes as a whole
                parts = refer(map(self.file, inside))
                self.files[id] = {"@id": id, "@type": "Dataset", "name": name, "hasPart": parts}
        if id not in self.files:
            corrections = name.endswith("/corrections.csv")
            hidden = name.startswith("data/") or "/patient_level/" in name or corrections
            self.files[id] = make.describe_file(
                id, name, self.sources.sums.get(name), patient_level=hidden
            )
        return id

    def tool(self, rule: str, told: Mapping[str, Any]) -> str:
        """The script of a rule as a tool, with the modules that it imports."""
        id = self.file(told["script"])
        self.files[id] |= {
            "@type": ["File", "SoftwareSourceCode"],
            "description": told["message"],
            "programmingLanguage": refer("#python"),
            "softwareRequirements": refer(map(self.file, told["lock"])),
            "hasPart": refer(map(self.file, told["code"])),
        }
        self.files[id].setdefault("input", [])
        self.files[id].setdefault("output", [])
        return id

    def code_tree(self, paths: list[str]) -> str:
        """The id of all of the code as one; a rule that reads it all is told no file of it by name."""
        id = f"{self.run}code"
        self.files.setdefault(
            id,
            {
                "@id": id,
                "@type": "Dataset",
                "name": "all files of the code",
                "hasPart": refer(map(self.file, paths)),
            },
        )
        return id

    def ports(self, rule: str, told: Mapping[str, Any], kind: str) -> tuple[list[str], list[str]]:
        """(formal parameters, files) of a rule's inputs or outputs."""
        parameters, files = [], []
        for name, paths in sorted(told[kind].items()):
            # The crate's own file is its descriptor and no part of it.
            paths = [path for path in paths if path != self.audit + make.DESCRIPTOR]
            ids = [self.code_tree(paths)] if name == CODE_TREE else [*map(self.file, paths)]
            if not ids:  # or an optional file that this study has not
                continue
            parameter = f"#{rule}/{kind}/{name or 'files'}"
            self.others.append(make.describe_parameter(parameter, name or "files", "File", ids))
            for id in ids:
                self.uses.setdefault(id, []).append(parameter)
            parameters.append(parameter)
            files += ids
        return parameters, files

    def params(self, rule: str, told: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """(formal parameters, values) of a rule's params; those that the study does not give are left
        out."""
        parameters, values = [], []
        for name, value in sorted(told["params"].items()):
            if value is None:
                continue
            parameter, id = f"#{rule}/params/{name}", f"#{rule}/params/{name}/value"
            self.others.append(
                make.describe_parameter(parameter, name, "Text", [id], required=False)
            )
            self.others.append(make.describe_value(id, name, value, parameter))
            parameters.append(parameter)
            values.append(id)
        return parameters, values

    def rule(self, rule: str, told: Mapping[str, Any]) -> tuple[str, str, str]:
        """A rule as tool, step and run: the ids of tool, step and the control of its run."""
        tool = self.tool(rule, told)
        inputs, read = self.ports(rule, told, "inputs")
        outputs, made = self.ports(rule, told, "outputs")
        params, values = self.params(rule, told)
        for kind, ids in (("input", inputs + params), ("output", outputs)):
            self.files[tool][kind] += refer(ids)
        step, run, control = f"#{rule}/step", f"#{rule}/run", f"#{rule}/control"
        self.others += [
            {
                "@id": step,
                "@type": "HowToStep",
                "name": rule,
                "position": str(told["place"]),
                "workExample": refer(tool),
            },
            make.describe_action(run, f"{rule}: {told['message']}", tool, read + values, made),
            {
                "@id": control,
                "@type": "ControlAction",
                "name": f"Snakemake ran {rule}",
                "instrument": refer(step),
                "object": refer([run]),
            },
        ]
        return tool, step, control

    def workflow(self, tools: list[str], steps: list[str], controls: list[str]) -> None:
        """The Snakefile as workflow, its run, and Snakemake that organised it."""
        rules = [*self.sources.rules.values()]
        rules += [one for of_cut in self.sources.other_cuts.values() for one in of_cut.values()]
        made = {path for one in rules for paths in one["outputs"].values() for path in paths}
        made.discard(self.audit + make.DESCRIPTOR)
        read = {path for one in rules for paths in one["inputs"].values() for path in paths}
        code = {path for one in rules for path in (*one["code"], one["script"])}
        code |= {path for one in rules for path in one["inputs"].get(CODE_TREE, [])}
        sources = sorted(read - made - code)
        id = self.file(SNAKEFILE)
        self.files[id] |= {
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
            "programmingLanguage": refer("#snakemake-language"),
            "hasPart": refer(tools),
            "step": refer(steps),
        }
        name = f"{self.sources.study}, cut {self.sources.cut}"
        self.others += [
            make.describe_action(
                "#run",
                f"Run of the pipeline for {name}",
                id,
                [self.file(path) for path in sources],
                [self.file(path) for path in sorted(made)],
            ),
            {
                "@id": "#organisation",
                "@type": "OrganizeAction",
                "name": f"Snakemake ran the steps for {name}",
                "instrument": refer("#snakemake"),
                "object": refer(controls),
                "result": refer("#run"),
            },
            _software("#snakemake", "Snakemake", self.sources.snakemake),
            _language("#snakemake-language", "Snakemake", self.sources.snakemake),
            _language("#python", "Python", self.sources.python),
        ]

    def root(self) -> Entity:
        """The crate as a dataset."""
        label = f" {self.sources.data_label}." if self.sources.data_label else ""
        return {
            "@id": "./",
            "@type": "Dataset",
            "name": f"{self.sources.title}: audit of the cut {self.sources.cut}",
            "description": "What was run, on which files, with which values, to make the results of the data "
            f"cut {self.sources.cut} of {self.sources.study}; build digest {self.sources.build_digest}.{label}",
            # The data's date: no clock is read for anything among the results.
            "datePublished": self.sources.cut,
            "license": LICENSE,
            "conformsTo": refer(make.PROFILES),
            "mainEntity": refer(SNAKEFILE),
            "hasPart": refer(self.files),
            "mentions": refer(["#run", "#organisation"]),
        }


def _software(id: str, name: str, version: str) -> Entity:
    return {"@id": id, "@type": "SoftwareApplication", "name": name, "softwareVersion": version}


def _language(id: str, name: str, version: str) -> Entity:
    return {"@id": id, "@type": "ComputerLanguage", "name": name, "version": version}


def find_version(lock: str, package: str) -> str:
    """The version that the text of a lock file pins; "" where it pins none."""
    found = re.search(rf"^{re.escape(package)}==([^\s;\\]+)", lock, re.MULTILINE)
    return found[1] if found else ""


def describe_run(sources: Sources) -> dict[str, Any]:
    """The crate's JSON-LD."""
    crate = _Crate(sources)
    described = [
        crate.rule(name, told)
        for name, told in sorted(sources.rules.items(), key=lambda one: one[1]["place"])
    ]
    for cut, rules in sorted(sources.other_cuts.items()):
        described += [
            crate.rule(f"{cut}/{name}", told)
            for name, told in sorted(rules.items(), key=lambda one: one[1]["place"])
        ]
    tools, steps, controls = (list(ids) for ids in zip(*described, strict=True))
    crate.workflow(tools, steps, controls)
    make.join_examples(crate.files.values(), crate.uses)
    graph = [make.describe_descriptor(), crate.root(), *make.describe_profiles()]
    graph += [*crate.files.values(), *crate.others]
    if sources.data_label:
        graph[1]["keywords"] = sources.data_label
    return {"@context": CONTEXT, "@graph": graph}
