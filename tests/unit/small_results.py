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
    for name, half in (("a", lineage.iloc[:2]), ("b", lineage.iloc[2:])):
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
    tables.write_json(folder / "audit" / "configuration.json", {"protocol": {"tables": raw_tables}})
    return folder
