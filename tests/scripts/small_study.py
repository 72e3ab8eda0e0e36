"""Two patients, taken through the scripts from validated tables to the numbers, for tests.

P01, high dose, is alive after both planned cycles; a fever with low pressure is of grade IV. P02, escalating,
stopped after five doses, had nausea of grade I and died of relapse. The protocol is that of il2-ifn.
"""

import json
from functools import cache
from pathlib import Path
from runpy import run_path
from tempfile import TemporaryDirectory

import yaml

from graftline import tables
from graftline.raw.sdtm.mapping import no_set_aside
from tests.unit.validation.small_cohort import type_rows

ROOT = Path(__file__).parents[2]
CUT, LABEL = "1997-12-31", "MADE UP FOR A TEST"
PROTOCOL = yaml.safe_load((ROOT / "config/il2-ifn/study.yaml").read_text("utf-8"))
PROTOCOL["data_label"] = LABEL
UNIT = "10*6.[iU]/m2"
ROWS = {
    "subjects": [
        {"subject_id": "P01", "birth_year": "1950", "sex": "F", "arm": "HD", "enrol_order": "1"},
        {"subject_id": "P02", "birth_year": "1960", "sex": "M", "arm": "ESC", "enrol_order": "2"},
    ],
    "disease": [
        {"subject_id": "P01", "diagnosis": "AML", "status_at_tx": "CR1", "risk_reason": "cells"},
        {"subject_id": "P02", "diagnosis": "CML", "status_at_tx": "CP1"},
    ],
    "transplant": [
        {"subject_id": "P01", "tx_no": "1", "tx_date": "1994-01-10", "graft": "BM"},
        {"subject_id": "P02", "tx_no": "1", "tx_date": "1995-01-10", "graft": "PBSC"},
    ],
    "exposure": [
        {"subject_id": who, "drug": "IL-2", "cycle": cycle, "start_date": start, "end_date": end}
        | {"dose_planned": dose, "dose_actual": dose, "dose_unit": UNIT, "freq_per_week": "5"}
        | {"n_planned": "20", "n_given": given, "route": "SC", "action": action}
        | {"action_reason": reason}
        for who, cycle, start, end, dose, given, action, reason in (
            ("P01", "1", "1994-04-11", "1994-05-06", "9.0", "20", "NONE", ""),
            ("P01", "2", "1994-06-06", "1994-07-01", "9.0", "20", "NONE", ""),
            ("P02", "1", "1995-04-10", "1995-04-14", "1.0", "5", "WITHDRAW", "weakness"),
        )
    ],
    "ae": [
        {"subject_id": "P01", "ae_no": "1", "term": "Fever", "pt": "Pyrexia", "related": "Y"}
        | {"start_date": "1994-04-12", "end_date": "1994-04-13", "serious": "Y", "infection": "N"},
        {"subject_id": "P02", "ae_no": "1", "term": "sick", "pt": "Nausea", "finding": "nausea"}
        | {"start_date": "1995-04-11", "end_date": "1995-04-12", "serious": "N", "infection": "N"},
    ],
    "labs": [
        {"subject_id": "P02", "date": "1995-04-10", "test": "BILI", "value": "10", "unit": "umol/L"}
    ],
    "vitals": [
        {"subject_id": "P01", "date": "1994-04-11", "temp_cel": "36.5", "sbp_mmhg": "120"},
        {"subject_id": "P01", "date": "1994-04-12", "temp_cel": "39.0", "sbp_mmhg": "85"},
        {"subject_id": "P02", "date": "1995-04-10", "temp_cel": "36.5", "sbp_mmhg": "120"},
    ],
    "assessments": [
        {"subject_id": "P02", "date": "1995-09-01", "response": "REL", "adequate": "Y"}
    ],
    "followup": [
        {"subject_id": "P01", "date": "1996-01-01", "vital_status": "ALIVE", "final_status": "CR"},
        {"subject_id": "P02", "date": "1995-10-01", "vital_status": "DEAD"}
        | {"death_date": "1995-10-01", "death_cause": "RELAPSE", "final_status": "DEAD"},
    ],
}
ANALYSES = ("summarise_cohort", "tabulate_toxicity")


def load_script(name):
    """The `main` of a workflow script, which is no module of the package."""
    return run_path(str(ROOT / "workflow" / "scripts" / f"{name}.py"))["main"]


class Made:
    """Files in a folder, by name: `path("subjects")`; made by the scripts, in their order."""

    def __init__(self, folder, protocol=PROTOCOL):
        self.folder, self.protocol = Path(folder), protocol

    @property
    def scales(self):
        toxicity = self.protocol["toxicity"]
        names = [toxicity["scale"], *toxicity.get("also", [])]
        return [str(ROOT / f"config/scales/{name}.yaml") for name in names]

    def path(self, name):
        return str(self.folder / name)

    def frame(self, name):
        return tables.read_parquet(self.path(name))

    def json(self, name):
        return json.loads(Path(self.path(name)).read_text("utf-8"))

    def values(self, fragment):
        return {record["id"]: record["value"] for record in self.json(fragment)["numbers"]}

    def run(self, script, inputs, outputs, **params):
        """Run a script: `inputs` and `outputs` are names, or dictionaries of a script's name to one."""
        files = [
            {name: self.path(name) for name in part} if not isinstance(part, dict) else part
            for part in (inputs, outputs)
        ]
        load_script(script)(*files, params=params | {"data_label": LABEL})

    def write_validated(self, rows=ROWS):
        for name, entries in rows.items():
            tables.write_parquet(self.path(f"{name}.raw"), type_rows(name, entries).frame)
        self.raw = {name: self.path(f"{name}.raw") for name in rows}
        tables.write_parquet(self.path("set_aside.raw"), no_set_aside())
        return self

    def derive(self):
        study = self.protocol
        scales = {"scales": self.scales, "units": str(ROOT / "config/units.yaml")}
        self.run(
            "derive_subjects",
            self.raw,
            {"subjects": self.path("subjects"), "lineage": self.path("lineage_subjects")},
            cut=CUT,
        )
        self.run(
            "derive_exposure",
            self.raw,
            {name: self.path(name) for name in ("exposure", "exposure_total")}
            | {"lineage": self.path("lineage_exposure")},
            cut=CUT,
            regimens=study["regimens"],
            drugs=study["drugs"],
        )
        self.run(
            "grade_toxicity",
            self.raw | scales,
            {name: self.path(name) for name in ("toxicity", "toxicity_worst", "signs")}
            | {"lineage": self.path("lineage_toxicity")},
            cut=CUT,
            toxicity=study["toxicity"],
        )
        return self

    def summarise_cohort(self, made):
        """The cohort of `made`, whose tables are read, described under this one's protocol."""
        inputs = {"subjects": made.path("subjects"), "validated": made.path("subjects.raw")}
        inputs |= {"set_aside": made.path("set_aside.raw"), "endpoints": []}
        inputs |= {"toxicity_worst": [made.path("toxicity_worst")]}
        inputs |= {"exposure": [made.path(name) for name in ("exposure", "exposure_total")]}
        figures = ("swimmer", "flow", "dose_intensity")
        outputs = {name: self.path(f"{name}.svg") for name in figures}
        outputs |= {"fragment": self.path("summarise_cohort"), "received": self.path("received")}
        outputs |= {"lineage": self.path("lineage_cohort")}
        names = ("arms", "drugs", "labels", "baseline", "disclosure", "toxicity", "endpoints")
        params = {name: self.protocol[name] for name in names}
        self.run("summarise_cohort", inputs, outputs, **params)

    def analyse(self):
        study = self.protocol
        self.summarise_cohort(made=self)
        names = ("toxicity", "toxicity_worst", "signs", "subjects")
        inputs = {name: self.path(name) for name in names}
        inputs["units"] = str(ROOT / "config/units.yaml")
        outputs = {"figure": "toxicity.svg", "laboratory": "laboratory.svg"}
        outputs["fragment"] = "tabulate_toxicity"
        self.run(
            "tabulate_toxicity",
            inputs | {"scales": self.scales},
            {name: self.path(path) for name, path in outputs.items()},
            arms=study["arms"],
            toxicity=study["toxicity"],
            disclosure=study["disclosure"],
        )
        return self

    def collect(self, fragments=None):
        header = "file,table,line,column,subject_id,rule,severity,value,message\n"
        for name in ("queries", "queries_derived"):
            Path(self.path(name)).write_text(header, "utf-8")
        corrections = tables.read_parquet(self.raw["subjects"])[["src_file", "src_line"]]
        types = dict.fromkeys(("table", "subject_id", "column"), "string")
        types["correction_line"] = "Int64"
        tables.write_parquet(
            self.path("corrections.raw"),
            corrections.iloc[:0].assign(**dict.fromkeys(types, None)).astype(types),
        )
        tables.write_parquet(self.path("set_aside.raw"), no_set_aside())
        outputs = ("numbers_full", "numbers", "configuration", "software", "findings", "set_aside")
        self.run(
            "collect_numbers",
            {name: self.path(name) for name in ("queries", "queries_derived")}
            | {"fragments": fragments or [self.path(name) for name in ANALYSES]}
            | {name: self.path(f"{name}.raw") for name in ("corrections", "set_aside")}
            | {"lock": str(ROOT / "requirements.lock")}
            | {name: [str(ROOT / f"config/il2-ifn/{name}.yaml")] for name in ("study", "claims")},
            {name: self.path(name) for name in (*outputs, "corrections", "cut", "lineage")},
            cut=CUT,
            cut_folder="data/made-up/1997-12-31",
            study_file="study.yaml",
            claims_file="claims.yaml",
            disclosure=self.protocol["disclosure"],
        )
        return self


_FOLDER = TemporaryDirectory(prefix="graftline-small-study-")


@cache
def made():
    """The small study, derived, analysed and collected, once for all tests that read it."""
    return Made(_FOLDER.name).write_validated().derive().analyse().collect()
