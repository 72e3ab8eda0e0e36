"""A small results folder, written by hand, for tests of tracing and verifying.

Three patients; two of them are alive. P02's raw cells: followup.csv, whose column `vitals` is canonically
vital_status and whose column `vital_status` is canonically final_status, and labs.csv.
"""

import pandas as pd

from graftline import tables
from graftline.derive.lineage import LINEAGE_COLUMNS

TEXT = "string[pyarrow]"
DATA = "data/made-up/1999-12-31"
SUBJECTS = {
    "row_key": ["P01", "P02", "P03"],
    "vital_status": ["ALIVE", "ALIVE", "DEAD"],
    "age": [30, 40, 50],
}
# derived table, row, role, file, line, canonical column
CELLS = [
    ("subjects", "P02", "contributed", "labs.csv", 9, "date"),
    ("subjects", "P02", "contributed", "followup.csv", 12, "final_status"),
    ("subjects", "P02", "decided", "followup.csv", 12, "vital_status"),
    ("subjects", "P02", "decided", "followup.csv", 3, "date"),
    ("subjects", "P01", "decided", "followup.csv", 2, "vital_status"),
    ("toxicity", "P02", "decided", "ae.csv", 2, "pt"),
]
ALL = "SELECT row_key FROM subjects ORDER BY row_key"


def record(number, statistic, value, display, *, arguments=None, selected=ALL, decimals=0, **more):
    return {
        "id": number,
        "value": value,
        "display": display,
        "unit": "patients",
        "population": "all patients",
        "method": "A sentence.",
        "statistic": {"name": statistic, "arguments": arguments or {}},
        "format": {"display": "decimal" if decimals else "integer", "decimals": decimals},
        "table": "subjects",
        "selected_sql": selected,
        "considered_sql": ALL,
        "n_selected": 3,
        "n_considered": 3,
        "reason": None,
        "rule": "summarise_cohort",
        "data_label": "MADE UP FOR A TEST",
    } | more


ALIVE = "SELECT row_key FROM subjects WHERE vital_status = 'ALIVE' ORDER BY row_key"
RECORDS = [
    record("cohort.alive.n", "count", 2, "2", selected=ALIVE),
    # The mean of two middle values: of 30 and 40.
    record("cohort.alive.age", "median", 35.0, "35.0", arguments={"column": "age"}, selected=ALIVE,
           decimals=1),
    record("cohort.age.maximum", "maximum", 50, "50", arguments={"column": "age"}),
]  # fmt: skip


def write_registries(folder, records, released=None):
    private = {"n_selected", "n_considered"}
    tables.write_json(folder / "patient_level" / "numbers_full.json", records)
    tables.write_json(
        folder / "aggregate" / "numbers.json",
        [
            {name: value for name, value in one.items() if name not in private}
            for one in (records if released is None else released)
        ],
    )


def write_subjects(folder, **changes):
    frame = pd.DataFrame(SUBJECTS | changes).astype({"row_key": TEXT, "vital_status": TEXT})
    tables.write_parquet(folder / "patient_level/derived/subjects.parquet", frame)


def write_results(folder, *, records=RECORDS, corrections=(), cells=CELLS, raw_tables=None):
    """`corrections`: (file, line, canonical column, line of corrections.csv), and the patient if any."""
    derived = folder / "patient_level" / "derived"
    write_registries(folder, records)
    write_subjects(folder)
    lineage = pd.DataFrame(cells, columns=LINEAGE_COLUMNS)
    lineage["src_file"] = DATA + "/" + lineage["src_file"]
    kinds = dict.fromkeys(LINEAGE_COLUMNS, TEXT) | {"src_line": "Int64"}
    # Two files, as two rules write them.
    for name, half in (("derive_subjects", lineage.iloc[:2]), ("other", lineage.iloc[2:])):
        tables.write_parquet(derived / f"lineage_{name}.parquet", half.astype(kinds))
    names = ["src_file", "src_line", "column", "correction_line", "subject_id"]
    corrected = pd.DataFrame(
        [(*row, None)[: len(names)] for row in corrections], columns=names
    ).astype({name: "Int64" if name.endswith("line") else TEXT for name in names})
    corrected["src_file"] = (DATA + "/" + corrected["src_file"]).astype(TEXT)
    tables.write_parquet(derived / "corrections.parquet", corrected)
    raw_tables = raw_tables or {
        "followup": {
            "file": "followup.csv",
            "rename": {"vitals": "vital_status", "vital_status": "final_status"},
        },
        "labs": {"file": "labs.csv"},
    }
    write_audit(folder, raw_tables)
    return folder


def rule(*, outputs, inputs=(), params=None):
    """A rule as audit/rules.json tells of it; paths from the results folder."""
    return {
        "script": "",
        "code": [],
        "lock": [],
        "inputs": {"read": [f"results/made-up/1999-12-31/{path}" for path in inputs]},
        "outputs": {"made": [f"results/made-up/1999-12-31/{path}" for path in outputs]},
        "params": params or {},
    }


RULES = {
    "derive_subjects": rule(
        inputs=["patient_level/validated/followup.parquet"],
        outputs=["patient_level/derived/subjects.parquet"],
    ),
    "summarise_cohort": rule(
        inputs=["patient_level/derived/subjects.parquet"],
        outputs=["patient_level/fragments/summarise_cohort.json"],
    ),
}


def write_audit(folder, raw_tables, rules=RULES):
    """What the audit keeps: configuration, build, manifest, rules."""
    audit = folder / "audit"
    scripts = {f"workflow/scripts/{name}.py": f"{name} as sha256" for name in rules}
    files = {name: f"{name} as sha256" for name in ("followup.csv", "labs.csv", "ae.csv")}
    build = {"build_digest": "d1ge57", "code": scripts, "parts": {}}
    tables.write_json(audit / "configuration.json", {"protocol": {"tables": raw_tables}})
    tables.write_json(audit / "build.json", build)
    tables.write_json(audit / "cut_manifest.json", {"folder": DATA, "files": files})
    tables.write_json(audit / "rules.json", {"rules": rules})
