"""Results of three patients, written by hand, for tests of what depends on a cell.

P01 and P02 had a high dose, P03 a low one. Each has a row of subjects.csv and one fever in vitals.csv, on
lines 2, 3 and 4; the fevers have grade 2, 4 and 1. The age is read by derive_subjects, the fever by
grade_toxicity, and both read the arm.
"""

import pandas as pd

from graftline import tables
from graftline.derive.lineage import LINEAGE_COLUMNS
from tests.unit.small_results import DATA, TEXT, record, rule, write_audit, write_registries

STUDY = "config/made-up/study.yaml"
WHO = {"row_key": ["P01", "P02", "P03"], "subject_id": ["P01", "P02", "P03"]}
ARM = ["HD", "HD", "LD"]
DERIVED = {
    "subjects": WHO | {"arm": ARM, "case_label": ["Case 1", "Case 2", "Case 3"]},
    "toxicity": {
        "row_key": ["P01/1", "P02/1", "P03/1"],
        "subject_id": WHO["subject_id"],
        "arm": ARM,
        "grade": [2, 4, 1],
    },
    "corrections": {"row_key": [], "src_file": [], "src_line": [], "column": []}
    | {"subject_id": [], "correction_line": []},
    "set_aside": {"row_key": [], "subject_id": [], "src_file": [], "src_line": []},
    "configuration": {"row_key": ["config.toxicity.limit"], "number": [38]},
}
LINEAGE = [
    *(
        cell
        for line, who in enumerate(WHO["row_key"], start=2)
        for cell in (
            ("subjects", who, "decided", f"{DATA}/subjects.csv", line, "arm"),
            ("toxicity", f"{who}/1", "contributed", f"{DATA}/subjects.csv", line, "arm"),
            ("toxicity", f"{who}/1", "decided", f"{DATA}/vitals.csv", line, "temp_cel"),
        )
    ),
    ("configuration", "config.toxicity.limit", "decided", STUDY, 5, "value"),
]


def _query(table, where=""):
    return f"SELECT row_key FROM {table}{f' WHERE {where}' if where else ''} ORDER BY row_key"


def _count(number, table, selected="", considered="", made_by="tabulate_toxicity"):
    queries = {
        "table": table,
        "selected_sql": _query(table, selected),
        "considered_sql": _query(table, considered),
        "rule": made_by,
    }
    return record(number, "count", 1, "1", **{"selected": queries.pop("selected_sql")}) | queries


COHORT, REST = "summarise_cohort", "collect_numbers"
RECORDS = [
    _count("cohort.n", "subjects", made_by=COHORT),
    _count("cohort.hd.n", "subjects", "arm = 'HD'", made_by=COHORT),
    _count("case.1", "subjects", "case_label = 'Case 1'", "case_label = 'Case 1'", COHORT),
    _count("fever.grade4.n", "toxicity", "grade = 4"),
    _count("fever.hd.grade4.n", "toxicity", "arm = 'HD' AND grade = 4", "arm = 'HD'"),
    _count("fever.ld.grade1.n", "toxicity", "arm = 'LD' AND grade = 1", "arm = 'LD'"),
    _count("quality.corrections.n", "corrections", made_by=REST),
    _count("config.toxicity.limit", "configuration", made_by=REST),
]
VALIDATED = {
    "subjects": {"subject_id": WHO["subject_id"], "arm": ARM},
    "vitals": {"subject_id": WHO["subject_id"], "temp_cel": [38.5, 41.0, 37.9]},
}
RAW_TABLES = {
    "subjects": {"file": "subjects.csv", "rename": {"dose_group": "arm"}},
    "vitals": {"file": "vitals.csv", "rename": {"temperature": "temp_cel"}},
}
_SUBJECTS, _VITALS = (f"patient_level/validated/{name}.parquet" for name in VALIDATED)
RULES = {
    "derive_subjects": rule(inputs=[_SUBJECTS], outputs=["patient_level/derived/subjects.parquet"]),
    "grade_toxicity": rule(
        inputs=[_SUBJECTS, _VITALS],
        outputs=["patient_level/derived/toxicity.parquet"],
        params={"toxicity": {"limit": 38}},
    ),
    "tabulate_toxicity": rule(
        inputs=["patient_level/derived/toxicity.parquet"],
        outputs=["patient_level/fragments/tabulate_toxicity.json", "aggregate/figures/fever.svg"],
    ),
    "summarise_cohort": rule(
        inputs=["patient_level/derived/subjects.parquet"],
        outputs=["patient_level/fragments/summarise_cohort.json"],
    ),
}
FRAGMENTS = {
    "tabulate_toxicity": {
        "numbers": [number for number in RECORDS if number["table"] == "toxicity"],
        "tables": {
            "fevers": {
                "caption": "Fevers of {cohort.n} patients.",
                "columns": ["Grade", "High dose", "All"],
                "footnotes": [],
                "rows": [
                    {"label": "Fever", "cells": []},
                    {"label": "grade IV", "cells": ["{fever.hd.grade4.n}", "{fever.grade4.n}"]},
                    {"label": "grade I", "cells": ["", "{fever.ld.grade1.n}"]},
                ],
            }
        },
        "figures": {"fever": {"file": "figures/fever.svg", "caption": "Of {cohort.n}.", "alt": ""}},
    },
    "summarise_cohort": {
        "numbers": [number for number in RECORDS if number["table"] == "subjects"],
        "tables": {},
        "figures": {"course": {"file": "figures/course.svg", "caption": "Course.", "alt": ""}},
    },
}
CLAIMS = [{"id": "C01", "published": {"fever.hd.grade4.n": 1}}]
HTML = """<h1>{}</h1><section class="x" id="results"><a data-number-id="fever.grade4.n">1</a></section>
<section id="methods"><a data-number-id="config.toxicity.limit">38</a></section>"""

# The paper's text is on pages 1 and 2, the figures on 3 and 4, the appendix on 5, the digest on 6.
PAGES = {
    "pages": 6,
    "numbers": {"config.toxicity.limit": [1], "fever.grade4.n": [2]},
    "places": {"figure-fever": [3], "figure-course": [4], "entry-1": [5], "entry-2": [5]},
    "digests": [6],
}


def _frame(columns):
    """Text, but for lines and for columns of numbers."""
    frame = pd.DataFrame(
        {name: pd.Series(list(column), dtype=object) for name, column in columns.items()}
    )
    numbers = {"grade": "Int64", "temp_cel": "float64", "number": "float64"}
    return frame.astype(
        {name: "Int64" if name.endswith("line") else numbers.get(name, TEXT) for name in frame}
    )


def write_forward_results(folder, *, lineage=LINEAGE, validated=VALIDATED, raw_tables=RAW_TABLES):
    """All of it as a results folder."""
    level = folder / "patient_level"
    write_registries(folder, RECORDS)
    for name, columns in DERIVED.items():
        tables.write_parquet(level / f"derived/{name}.parquet", _frame(columns))
    cells = pd.DataFrame(lineage, columns=LINEAGE_COLUMNS)
    tables.write_parquet(level / "derived/lineage_all.parquet", _frame(cells.to_dict("list")))
    for name, columns in validated.items():
        frame = _frame(columns)
        file = f"{DATA}/{raw_tables[name]['file']}"
        lines = frame.get("src_line", pd.Series(range(2, len(frame) + 2)))
        frame = frame.assign(src_file=file, src_line=lines).astype({"src_line": "Int64"})
        tables.write_parquet(level / f"validated/{name}.parquet", frame)
    for name, fragment in FRAGMENTS.items():
        tables.write_json(level / f"fragments/{name}.json", fragment)
    write_audit(folder, raw_tables, RULES)
    configuration = {"tables": raw_tables, "toxicity": {"limit": 38}}
    tables.write_json(folder / "audit/configuration.json", {"protocol": configuration})
    files = {table["file"]: f"{table['file']} as sha256" for table in raw_tables.values()}
    tables.write_json(folder / "audit/cut_manifest.json", {"folder": DATA, "files": files})
    tables.write_json(folder / "aggregate/claims.json", CLAIMS)
    tables.write_json(level / "pages.json", PAGES)
    tables.write_text(folder / "aggregate/manuscript.html", HTML)
    tables.write_text(folder / "aggregate/figures/fever.svg", "<svg/>")
    return folder
