"""A small cut of SDTM domains, validated whole: findings, corrections and source rows."""

import hashlib
import json

from graftline.validation.cut import validate_cut

FOLDER, CUT = "data/s/2015-01-01", "2015-01-01"
TABLES = {
    "subjects": {
        "file": "dm.ndjson",
        "domain": "DM",
        "columns": {"study_id": "STUDYID", "subject_id": "USUBJID", "arm": "ACTARMCD"},
        "absent": ["site_id", "birth_year", "sex", "consent_date", "enrol_order"],
        "set_aside": [
            {"where": {"ACTARMCD": ["SF"]}, "patients": True, "reason": "screen failure"}
        ],
    },
    "exposure": {
        "file": "ex.ndjson",
        "domain": "EX",
        "columns": {
            "subject_id": "USUBJID",
            "drug": "EXTRT",
            "cycle": "EXSEQ",
            "start_date": {"from": "EXSTDTC", "part": "date"},
            "end_date": {"from": "EXENDTC", "part": "date"},
            "dose_actual": "EXDOSE",
        },
        "constants": {"dose_unit": "mg", "route": "TD"},
        "absent": ["dose_planned", "freq_per_week", "n_planned", "n_given", "action", "action_reason"],
    },
    "vitals": {
        "file": "vs.ndjson",
        "domain": "VS",
        "columns": {
            "subject_id": "USUBJID",
            "date": {"from": "VSDTC", "part": "date"},
            "time": {"from": "VSDTC", "part": "time"},
            "visit": "VISIT",
        },
        "gather": {
            "test": "VSTESTCD",
            "value": "VSSTRESN",
            "unit": "VSSTRESU",
            "to": {
                "temp_cel": {"test": "TEMP", "unit": "C"},
                "sbp_mmhg": {"test": "SYSBP", "unit": "mmHg"},
            },
        },
        "absent": ["dbp_mmhg", "pulse_min", "weight_kg", "height_cm", "ecog", "karnofsky"],
    },
}  # fmt: skip
DOMAINS = {
    "dm": [
        {"STUDYID": "S", "USUBJID": "A", "ACTARMCD": "X"},
        {"STUDYID": "S", "USUBJID": "B", "ACTARMCD": "X"},
        {"STUDYID": "S", "USUBJID": "F", "ACTARMCD": "SF"},
    ],
    "ex": [
        {"USUBJID": who, "EXSEQ": 1, "EXTRT": "D", "EXDOSE": 54, "EXSTDTC": "2014-01-02"}
        | {"EXENDTC": end}
        for who, end in (("A", "2014-02-02"), ("B", None))
    ],
    "vs": [
        {"USUBJID": who, "VSSEQ": seq, "VSTESTCD": test, "VSSTRESN": value, "VSSTRESU": unit}
        | {"VSDTC": "2014-01-16T08:00", "VISIT": "WEEK 2"}
        for who, seq, test, value, unit in (
            ("A", 1, "SYSBP", 120, "mmHg"),
            ("A", 9, "TEMP", 45.5, "C"),
            ("B", 1, "SYSBP", 110, "mmHg"),
            ("B", 9, "TEMP", 36.5, "C"),
            ("F", 1, "TEMP", 99, "C"),
        )
    ],
}
HEADER = "table,key,column,old,new,reason,author,date,from_cut\n"


def ndjson(rows):
    names = list(rows[0])
    head = {"datasetJSONVersion": "1.1.0", "columns": [{"name": name} for name in names]}
    lines = [head, *([row[name] for name in names] for row in rows)]
    return "\n".join(map(json.dumps, lines)).encode()


def validate(corrections="", tables=TABLES, **domains):
    files = {f"{name}.ndjson": ndjson(rows) for name, rows in (DOMAINS | domains).items()}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    study = {
        "tables": tables,
        "arms": {"X": {}},
        "drugs": {"D": {"dose_units": ["mg"], "dose_range": [1, 100], "routes": ["TD"]}},
    }
    result = validate_cut(
        files,
        folder=FOLDER,
        study=study,
        cut=CUT,
        manifest={"files": sums},
        corrections=("corrections.csv", (HEADER + corrections).encode()),
    )
    return result, [
        (row.rule, row.severity, row.file.removeprefix(f"{FOLDER}/"), row.line, row.column)
        for row in result.findings.itertuples()
    ]


def test_findings_name_the_record_of_the_cell_and_the_patient():
    result, found = validate()
    assert found == [
        ("E04", "E", "ex.ndjson", 1, "end_date"),
        ("E20", "E", "vs.ndjson", 9, "temp_cel"),
    ]
    assert result.findings["subject_id"].tolist() == ["B", "A"]


def test_patients_set_aside_are_in_no_table_and_are_counted():
    result, _ = validate()
    assert result.tables["subjects"]["subject_id"].tolist() == ["A", "B"]
    assert result.tables["vitals"]["subject_id"].tolist() == ["A", "B"]
    aside = result.set_aside[["table_name", "subject_id", "src_file", "src_line", "what"]]
    assert aside.values.tolist() == [
        ["subjects", "F", f"{FOLDER}/dm.ndjson", 3, "patient"],
        ["vitals", "F", f"{FOLDER}/vs.ndjson", 1, "row"],
    ]


def test_corrections_find_their_row_by_patient_and_name_its_record():
    rows = (
        "exposure,B|D|1,end_date,,2014-03-01,asked,me,2015-01-02,2015-01-01\n"
        # The visit, which is part of the key, stands last; the key of the other row leaves nothing out.
        "vitals,A|2014-01-16|08:00|WEEK 2,temp_cel,45.5,35.5,slip,me,2015-01-02,2015-01-01\n"
    )
    result, found = validate(rows)
    assert found == []
    applied = result.corrections[["table", "subject_id", "src_line", "column", "new"]]
    assert applied.values.tolist() == [
        ["exposure", "B", 1, "end_date", "2014-03-01"],
        ["vitals", "A", 9, "temp_cel", "35.5"],
    ]
    assert result.tables["vitals"]["temp_cel"].tolist() == [35.5, 36.5]


def test_the_source_row_of_a_cell_cannot_be_corrected():
    row = "vitals,A|2014-01-16|08:00|WEEK 2,temp_cel_line,9,8,slip,me,2015-01-02,2015-01-01\n"
    assert ("C01", "E", "corrections.csv", 2, "column") in validate(row)[1]


def test_a_canonical_column_that_nothing_gives_is_an_error_of_its_table():
    subjects = TABLES["subjects"] | {"absent": TABLES["subjects"]["absent"][1:]}
    _, found = validate(tables=TABLES | {"subjects": subjects})
    assert [(rule, column) for rule, _, file, _, column in found if file == "dm.ndjson"] == [
        ("E03", "site_id")
    ]


def test_a_missing_variable_is_one_finding_and_drags_no_others_along():
    rows = [{k: v for k, v in row.items() if k != "EXTRT"} for row in DOMAINS["ex"]]
    _, found = validate(ex=rows)
    found = [(rule, column) for rule, _, file, _, column in found if file == "ex.ndjson"]
    assert sorted(found) == [("E03", "EXTRT"), ("E04", "end_date")]


def test_a_file_that_is_no_table_s_is_a_warning_also_if_it_is_sdtm():
    files = {f"{name}.ndjson": ndjson(rows) for name, rows in DOMAINS.items()} | {"lb.xpt": b"x"}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    result = validate_cut(
        files, folder=FOLDER, study={"tables": TABLES}, cut=CUT, manifest={"files": sums}
    )
    unused = result.findings[result.findings["rule"] == "R01"]
    assert unused[["severity", "file"]].values.tolist() == [["W", f"{FOLDER}/lb.xpt"]]
