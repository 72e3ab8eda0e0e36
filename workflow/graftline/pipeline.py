"""What the Snakefile asks: which study, which cut, which files a rule reads and with which values.

Everything here is a function of the configuration and of what lies in the project's folder, so that
the rules files hold rules and nothing else.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from graftline.build_record import digest_sources
from graftline.canonical_tables import CANONICAL_TABLES
from graftline.code_tree import code_files, code_of
from graftline.config.schema import check_schema
from graftline.config.study import Study, read_schema, read_study
from graftline.config.yaml_lines import read_yaml
from graftline.cuts.find import CutFolder, choose_cut, list_cut_folders
from graftline.cuts.manifest import HashCache, build_manifest, describe_cut
from graftline.environment import check_environment
from graftline.errors import GraftlineError
from graftline.tables import read_json, write_json
from graftline.validation.gate import has_passed

LOCK = "requirements.lock"
EXPLORER = "report/explorer/"
STUDY_FILES = (
    *("claims.yaml", "corrections.csv", "discussion.md", "introduction.md"),
    *("references.json", "sdtm.yaml", "study.yaml"),
)


class Pipeline:
    """The answers for one run of Snakemake, at `root`, with its merged `config`."""

    def __init__(self, root: str | Path, config: dict[str, Any]):
        self.root = Path(root)
        self.config = config = {key: _as_in_yaml(value) for key, value in config.items()}
        schema = read_schema(self.root / "schemas" / "config.schema.yaml")
        _, lines = read_yaml(self.root / "config" / "config.yaml", "config/config.yaml")
        check_schema(config, lines, schema, "config/config.yaml")
        self._studies: dict[str, Study] = {}
        self._cuts: dict[tuple[str, str], dict[str, Any]] = {}
        self._hashes = HashCache(self.root / ".graftline" / "hashes.json")
        # Of code, lock and protocol when the run began; the main process alone knows.
        self.sources_at_start: str | None = None

    # Studies and cuts

    def study(self, name: str) -> Study:
        """The protocol of the study `name`."""
        if name not in self._studies:
            self._studies[name] = read_study(self.root, self.config["studies"], name)
        return self._studies[name]

    @cached_property
    def _code_files(self) -> list[str]:
        """All files of the code, relative to the root, listed once: every run waits for it."""
        return code_files(self.root)

    @cached_property
    def cut_folders(self) -> list[CutFolder]:
        """The data cuts of the configured study, complete or not, oldest first."""
        return list_cut_folders(self.root, self.config["data"], self.config["study"])

    @cached_property
    def target(self) -> dict[str, str]:
        """The study and cut that this run builds."""
        study = self.study(self.config["study"]).name
        cut = choose_cut(self.cut_folders, str(self.config["cut"]), study)
        for folder in self.cut_folders:
            if folder.missing and self._was_built(study, folder.name):
                raise GraftlineError(
                    f"{folder.missing}; results were made from this cut when it was whole: restore it "
                    "from a release or a backup"
                )
        return {"study": study, "cut": cut.name}

    def _was_built(self, study: str, cut: str) -> bool:
        """Whether results or a release of the cut are there: then it is not one that is still copied."""
        releases = self.root / self.config.get("releases", "releases") / study / cut
        manifest = self.root / self.config["results"] / study / cut / "audit" / "cut_manifest.json"
        return releases.is_dir() or manifest.is_file()

    @property
    def notices(self) -> list[str]:
        """A sentence for each folder that looks like a cut and is not complete."""
        return [f"not a cut yet, left alone: {f.missing}" for f in self.cut_folders if f.missing]

    def previous_cut(self, wildcards) -> str | None:
        """The newest complete cut before this one; None for the first, and where none is compared."""
        if not self.config.get("compare", True):
            return None
        older = [f.name for f in self.cut_folders if not f.missing and f.name < wildcards.cut]
        return older[-1] if older else None

    def is_target(self, wildcards) -> int:
        """1 for the cut that this run builds, 0 for one that it is compared with."""
        return int(wildcards.cut == self.target["cut"])

    @cached_property
    def built(self) -> list[SimpleNamespace]:
        """The cuts that this run builds something of: the target, and the one it is compared with."""
        target = SimpleNamespace(**self.target)
        previous = self.previous_cut(target)
        return [target] + ([SimpleNamespace(study=target.study, cut=previous)] if previous else [])

    def cut_folder(self, wildcards) -> str:
        """The folder of a cut, as the configuration names it."""
        return f"{self.config['data']}/{wildcards.study}/{wildcards.cut}"

    def manifest(self, wildcards) -> dict[str, Any]:
        """The manifest of a cut, its files hashed once (see `build_manifest`)."""
        key = (wildcards.study, wildcards.cut)
        if key not in self._cuts:
            shown = self.cut_folder(wildcards)
            self._cuts[key] = build_manifest(self.root / shown, shown, self._hashes.hash)
        return self._cuts[key]

    def prepare(self, manifest: str, *, dryrun: bool) -> None:
        """What the main process does before any rule.

        The environment is compared with the lock, folders that are not cuts yet are named, the cut
        and the protocol are checked, and, unless it is a dry run, the manifest is refreshed.
        """
        check_environment(self.root / LOCK)
        for notice in self.notices:
            print(notice, file=sys.stderr)
        target = SimpleNamespace(**self.target)
        self._check_scales(self.study(target.study))
        for cut in self.built:
            self.manifest(cut)
        self.sources_at_start = self._digest_sources(target)
        if not dryrun:
            self._forget_empty(manifest)
            for cut in self.built:
                self.refresh(manifest, cut)
            self._hashes.save()

    def _digest_sources(self, target) -> str:
        """The digest of code, lock and the study's files as they are now."""
        return digest_sources(
            {name: self._hashes.hash(self.root / name) for name in self._code_files},
            self._hashes.hash(self.root / LOCK),
            {Path(path).name: self._hashes.hash(Path(path)) for path in self.study_files(target)},
        )

    def _forget_empty(self, manifest: str) -> None:
        """Remove what was made of the target when it had errors and was only compared with.

        These files are empty (`graftline.script`); as a target its gate has to stop the run.
        """
        patients = (self.root / manifest.format(**self.target)).parents[1] / "patient_level"
        gates = [path for path in sorted(patients.glob("gate_*.json")) if not has_passed(path)]
        if gates:
            for folder in ("derived", "fragments"):
                shutil.rmtree(patients / folder, ignore_errors=True)
            for path in gates:
                path.unlink()

    def _check_scales(self, study: Study) -> None:
        """Raise GraftlineError if the protocol names a toxicity scale that there is not."""
        known = sorted(path.stem for path in (self.root / "config" / "scales").glob("*.yaml"))
        toxicity = study.content.get("toxicity", {})
        for key, names in (
            ("scale", [toxicity["scale"]] if "scale" in toxicity else []),
            ("also", toxicity.get("also", [])),
        ):
            for name in names:
                if name not in known:
                    line = study.lines[("toxicity", key)]
                    raise GraftlineError(
                        f"{study.file}, line {line}: there is no scale {name!r} in config/scales; "
                        f"known: {', '.join(known)}"
                    )

    def refresh(self, manifest: str, wildcards) -> None:
        """Write a cut's manifest anew where it is no longer true.

        `manifest` is the path of manifests among the results, with {study} and {cut}. A manifest
        that is missing beside other results is written too: Snakemake does not miss a file between
        others that are there. Where there are no results, `register_cut` makes it.
        """
        path = self.root / manifest.format(**vars_of(wildcards))
        true = describe_cut(
            self.cut_folder(wildcards),
            self.manifest(wildcards),
            self.value("data_label")(wildcards),
        )
        known = path.is_file() and read_json(path) == true
        if not known and path.parent.parent.is_dir():
            write_json(path, true)

    # Inputs

    def _here(self, path: str) -> str:
        """`path` below the root, as seen from the folder that Snakemake runs in."""
        return path if self.root.samefile(Path.cwd()) else str(self.root / path)

    @property
    def places(self) -> dict[str, str]:
        """Folder, as Snakemake sees it -> its name in the records of a run, which are the same wherever
        data, results and the project lie."""
        return {
            self.config["results"]: "results",
            self.config["data"]: "data",
            self.config["studies"]: "config",
            str(self.root): ".",
        }

    @property
    def folder(self) -> str:
        """The project's root, as seen from the folder that Snakemake runs in."""
        return self._here(".")

    def code(self, script: str) -> list[str]:
        """The modules that a rule's script imports."""
        return [self._here(path) for path in code_of(self.root, script)]

    @property
    def snakefile(self) -> str:
        """The Snakefile."""
        return self._here("Snakefile")

    def script(self, name: str) -> str:
        """The script of a rule that runs it as a command."""
        return self._here(f"workflow/scripts/{name}.py")

    def python(self, wildcards, input) -> str:
        """The Python that runs a command: where it lies is no reason to run again, and what is a
        function of the input is none for Snakemake."""
        return sys.executable

    @property
    def code_tree(self) -> list[str]:
        """All files of the code."""
        return [self._here(path) for path in self._code_files]

    @property
    def lock(self) -> str:
        """The lock file of the packages."""
        return self._here(LOCK)

    def raw_files(self, wildcards) -> list[str]:
        """All files of the cut."""
        folder = self.cut_folder(wildcards)
        return [f"{folder}/{name}" for name in sorted(self.manifest(wildcards)["files"])]

    def study_file(self, name: str) -> Callable:
        """The file `name` of a study's folder, if it is there."""

        def find(wildcards) -> list[str]:
            path = f"{self.config['studies']}/{wildcards.study}/{name}"
            return [self._here(path)] if (self.root / path).is_file() else []

        return find

    def study_files(self, wildcards) -> list[str]:
        """The files of a study's folder that enter its manuscript."""
        return [path for name in STUDY_FILES for path in self.study_file(name)(wildcards)]

    def prose(self, wildcards) -> list[str]:
        """The Markdown files of a study's folder: introduction and discussion."""
        return [path for path in self.study_files(wildcards) if path.endswith(".md")]

    def scales(self, wildcards) -> list[str]:
        """The files of the study's toxicity scales, the main one first."""
        toxicity = self.study(wildcards.study).content["toxicity"]
        names = [toxicity["scale"], *toxicity.get("also", [])]
        return [self._here(f"config/scales/{name}.yaml") for name in names]

    @property
    def units(self) -> str:
        """The file of the units of laboratory values."""
        return self._here("config/units.yaml")

    def tables(self, folder: str, names: tuple[str, ...] = CANONICAL_TABLES) -> Callable:
        """Table -> validated file, for those of `names` that the study has."""

        def find(wildcards) -> dict[str, str]:
            study = self.study(wildcards.study)
            return {
                name: f"{folder}/{name}.parquet".format(**vars_of(wildcards))
                for name in names
                if study.uses(name)
            }

        return find

    def has(self, wildcards) -> dict[str, bool]:
        """Which parts of the analysis a study has data for."""
        study = self.study(wildcards.study)
        return {
            "cohort": True,
            "exposure": study.uses("exposure"),
            "toxicity": "toxicity" in study.content and (study.uses("ae") or study.uses("labs")),
            "survival": bool(study.content["endpoints"]),
            "changes": self.previous_cut(wildcards) is not None,
        }

    def parts(self, **patterns: list[str] | str) -> Callable:
        """Files of the parts that a study has: `patterns` maps a part to its path or paths."""

        def find(wildcards) -> list[str]:
            has = self.has(wildcards)
            paths = []
            for part, given in patterns.items():
                if has[part]:
                    paths += [given] if isinstance(given, str) else given
            return [path.format(**vars_of(wildcards)) for path in paths]

        return find

    def files(self, find: Callable) -> Callable:
        """The paths alone of an input function that names them, sorted by name."""
        return lambda wildcards: [path for _, path in sorted(find(wildcards).items())]

    def before(self, *given: Callable | str) -> Callable:
        """The same files of the previous cut: patterns, or input functions. None for the first cut."""

        def find(wildcards) -> list[str]:
            previous = self.previous_cut(wildcards)
            if previous is None:
                return []
            earlier = SimpleNamespace(study=wildcards.study, cut=previous)
            paths = []
            for one in given:
                paths += one(earlier) if callable(one) else [one.format(**vars_of(earlier))]
            return paths

        return find

    @property
    def templates(self) -> list[str]:
        """All files of the report: templates, sections and style."""
        return [
            self._here(path)
            for path in self._code_files
            if path.startswith("report/") and not path.startswith(EXPLORER)
        ]

    @property
    def explorer_page(self) -> list[str]:
        """The page of the explorer, its script and its style."""
        return [self._here(path) for path in self._code_files if path.startswith(EXPLORER)]

    # Params

    def value(self, *keys: str, default: Any = None) -> Callable:
        """The value of a key of the study's protocol; `default` where it is not given."""

        def find(wildcards) -> Any:
            content: Any = self.study(wildcards.study).content
            for key in keys:
                content = content.get(key) if isinstance(content, dict) else None
            return default if content is None else content

        return find

    def merged_configuration(self, wildcards) -> dict[str, Any]:
        """The configuration that decides results: study, cut, the cut that it is compared with (with
        its digest) and the protocol; not where results lie."""
        previous = self.previous_cut(wildcards)
        earlier = SimpleNamespace(study=wildcards.study, cut=previous)
        return {
            "study": wildcards.study,
            "cut": wildcards.cut,
            "compared_with": {"cut": previous, "digest": self.manifest(earlier)["digest"]}
            if previous
            else None,
            "protocol": self.study(wildcards.study).content,
        }


def _as_in_yaml(value: Any) -> Any:
    """A value of the configuration as it is meant: Snakemake reads an unquoted date as a date, and
    `true` and `false` of the command line as text."""
    if isinstance(value, date):
        return value.isoformat()
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def vars_of(wildcards) -> dict[str, str]:
    """The wildcards that every path of the project carries."""
    return {"study": wildcards.study, "cut": wildcards.cut}
