"""validate_raw on the studies that are shipped, and on copies with faults."""

import csv
import hashlib
import json
import runpy
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from graftline import tables
from schemas.raw import RAW_SCHEMAS

ROOT = Path(__file__).parents[2]
MAIN = runpy.run_path(str(ROOT / "workflow" / "scripts" / "validate_raw.py"))["main"]
PARAMS = ("tables", "arms", "drugs", "regimens", "toxicity", "data_label")


class Cut:
    """A copy of a shipped cut that a test may spoil."""

    def __init__(self, folder, study, cut):
        self.study, self.cut = study, cut
        self.raw = folder / "elsewhere" / study / cut
        self.out = folder / "out"
        self.corrections = folder / "corrections.csv"
        shutil.copytree(ROOT / "data" / study / cut, self.raw)
        shutil.copy(ROOT / "config" / study / "corrections.csv", self.corrections)

    def replace(self, file, line, old, new):
        """Replace `old`, which must be there once, in a line of a file."""
        path = self.raw / file
        lines = path.read_bytes().split(b"\n")
        assert lines[line - 1].count(old) == 1, (file, line)
        lines[line - 1] = lines[line - 1].replace(old, new)
        path.write_bytes(b"\n".join(lines))

    def validate(self, **changes):
        """Run the script; gives counts and findings (dictionaries of the CSV)."""
        config = yaml.safe_load((ROOT / "config" / self.study / "study.yaml").read_text("utf-8"))
        raw = sorted(self.raw.glob("*.csv"))
        manifest = self.out / "manifest.json"
        sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in raw}
        tables.write_json(manifest, {"files": sums | changes.pop("sums", {})})
        self.outputs = {name: str(self.out / f"{name}.parquet") for name in RAW_SCHEMAS}
        self.outputs |= {
            "corrections": str(self.out / "corrections.parquet"),
            "set_aside": str(self.out / "set_aside.parquet"),
            "identifiers": str(self.out / "identifiers.txt"),
            "queries": str(self.out / "queries.csv"),
            "queries_page": str(self.out / "queries.html"),
            "findings": str(self.out / "findings.json"),
        }
        MAIN(
            {
                "manifest": str(manifest),
                "raw": [str(path) for path in raw],
                "corrections": [str(self.corrections)],
                "code": [],
                "lock": "requirements.lock",
            },
            self.outputs,
            params={"study": self.study, "cut": self.cut, "data_root": "data"}
            | {name: config.get(name) for name in PARAMS}
            | changes,
        )
        with open(self.outputs["queries"], encoding="utf-8", newline="") as file:
            findings = list(csv.DictReader(file))
        return tables.read_json(self.outputs["findings"]), findings


@pytest.fixture
def il2(tmp_path):
    return Cut(tmp_path, "il2-ifn", "1997-12-31")


@pytest.mark.parametrize(
    ("study", "cut"),
    [("il2-ifn", "1997-12-31"), ("il2-ifn", "1996-12-31"), ("hsct-35", "2007-08-31")],
)
def test_the_shipped_data_have_no_errors(tmp_path, study, cut):
    counts, findings = Cut(tmp_path, study, cut).validate()
    assert counts["errors"] == 0, findings
    assert counts["files_with_errors"] == 0


def test_ten_faults_of_ten_kinds_are_ten_errors_with_their_lines(il2):
    folder = "data/il2-ifn/1997-12-31"
    # A line end in a quoted cell of P01 moves what follows in disease.csv down by a line.
    il2.replace("disease.csv", 2, b"autograft in second", b'"autograft\nin second')
    il2.replace("disease.csv", 3, b"lymphoma,", b'lymphoma",')
    il2.replace("disease.csv", 5, b"AML", b"aml")
    il2.replace("disease.csv", 11, b"P09,MM,", b"P09,MM\xe9,")
    il2.replace("vitals.csv", 3, b"39.2", b'"39,2"')
    il2.replace("labs.csv", 2, b"g/dL", b"g/dl")
    il2.replace("followup.csv", 2, b"ALIVE,,", b"ALIVE,1997-11-18,")
    il2.replace("assessments.csv", 2, b"1993-06-07", b"1993-06-31")
    il2.replace("transplant.csv", 5, b"1994-01-18", b"1994-01")
    il2.replace("exposure.csv", 20, b"1995-02-03", b"1995-01-08")
    il2.replace("ae.csv", 10, b"Chills,Chills", b"Chills,Chills,Chills")
    path = il2.raw / "subjects.csv"
    last = path.read_bytes().rstrip(b"\n").split(b"\n")[-1]
    path.write_bytes(path.read_bytes() + last.replace(b",9,", b",10,") + b"\n")  # P09 again
    counts, findings = il2.validate()
    found = sorted(
        (row["rule"], row["file"].removeprefix(f"{folder}/"), int(row["line"]), row["column"])
        for row in findings
        if row["severity"] == "E"
    )
    assert found == [
        ("E01", "subjects.csv", 11, "subject_id"),
        ("E04", "vitals.csv", 3, "temp_cel"),
        ("E05", "disease.csv", 5, "diagnosis"),
        ("E06", "assessments.csv", 2, "date"),
        ("E13", "exposure.csv", 20, "end_date"),
        ("E24", "labs.csv", 2, "unit"),
        ("E46", "followup.csv", 2, "vital_status"),
        ("E54", "transplant.csv", 5, "tx_date"),
        ("R02", "disease.csv", 11, ""),
        ("R05", "ae.csv", 10, ""),
    ]
    assert counts["errors"] == 10
    assert counts["files_with_errors"] == 9
    # Every table is written, what could not be read being missing.
    vitals = tables.read_parquet(il2.outputs["vitals"])
    assert vitals.loc[vitals["src_line"] == 3, "temp_cel"].isna().all()
    assert len(tables.read_parquet(il2.outputs["ae"])) == 62


def test_a_missing_column_is_reported_alone(il2):
    path = il2.raw / "followup.csv"
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([row[:2] + row[3:] for row in rows])  # without vital_status
    _, findings = il2.validate()
    (error,) = [row for row in findings if row["severity"] == "E"]
    assert (error["rule"], error["column"]) == ("E03", "vital_status")
    assert "followup.csv" in error["message"]


@pytest.mark.parametrize("column", ["subject_id", "death_date", "date"])
def test_no_column_of_followup_drags_others_along(il2, column):
    path = il2.raw / "followup.csv"
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    at = rows[0].index(column)
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([row[:at] + row[at + 1 :] for row in rows])
    _, findings = il2.validate()
    assert [(row["rule"], row["column"]) for row in findings] == [("E03", column)]


@pytest.mark.parametrize("file", ["subjects.csv", "transplant.csv", "followup.csv", "ae.csv"])
def test_an_empty_file_is_one_finding(il2, file):
    (il2.raw / file).write_bytes(b"")
    _, findings = il2.validate()
    assert [(row["rule"], row["severity"]) for row in findings] == [("R01", "E")]


def test_a_table_of_subjects_without_a_patient_is_one_error(il2):
    path = il2.raw / "subjects.csv"
    path.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n")
    _, findings = il2.validate()
    assert [(row["rule"], row["severity"], row["table"]) for row in findings] == [
        ("R01", "E", "subjects")
    ]


@pytest.mark.parametrize(("file", "warnings"), [("followup.csv", 9), ("exposure.csv", 9)])
def test_a_table_without_rows_leaves_every_patient_without_one(il2, file, warnings):
    path = il2.raw / file
    path.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n")
    _, findings = il2.validate()
    found = [row for row in findings if row["table"] == "subjects"]
    assert [row["rule"] for row in found] == ["E02"] * warnings
    assert {row["severity"] for row in findings} == {"W"}


@pytest.mark.parametrize("table", ["disease", "ae", "labs", "vitals", "assessments"])
def test_a_table_without_rows_is_never_taken_for_nothing_to_report_in_silence(il2, table):
    path = il2.raw / f"{table}.csv"
    path.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n")
    _, findings = il2.validate()
    found = [(row["rule"], row["severity"]) for row in findings if row["table"] == table]
    assert found == [("R01", "W")]


@pytest.mark.parametrize("column", ["unit", "value", "test", "date"])
def test_no_column_of_labs_drags_others_along(il2, column):
    path = il2.raw / "labs.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.drop(columns=column).to_csv(path, index=False)
    _, findings = il2.validate()
    assert [(row["rule"], row["column"]) for row in findings] == [("E03", column)]


def test_a_missing_file_is_one_finding_that_names_it(il2):
    (il2.raw / "transplant.csv").unlink()
    _, findings = il2.validate()
    assert [(row["rule"], row["file"]) for row in findings] == [
        ("R01", "data/il2-ifn/1997-12-31/transplant.csv")
    ]


def test_a_file_that_no_table_uses_is_a_warning(il2):
    (il2.raw / "extra.csv").write_text("a,b\n1,2\n")
    _, findings = il2.validate()
    assert [(row["rule"], row["severity"]) for row in findings] == [("R01", "W")]


def test_a_file_that_is_not_the_manifests_is_an_error(il2):
    _, findings = il2.validate(sums={"ae.csv": "0" * 64})
    assert [(row["rule"], row["file"]) for row in findings] == [
        ("E60", "data/il2-ifn/1997-12-31/ae.csv")
    ]


def test_a_correction_is_applied_before_the_checks_and_listed(il2):
    il2.replace("vitals.csv", 3, b"39.2", b"92.3")
    assert il2.validate()[0]["errors"] == 1
    with open(il2.corrections, "a", encoding="utf-8") as file:
        file.write(
            "vitals,P01|1993-06-15|,temp_cel,92.3,39.2,chart,A. Author,1998-01-05,1997-12-31\n"
        )
    assert il2.validate()[0]["errors"] == 0
    vitals = tables.read_parquet(il2.outputs["vitals"])
    assert vitals.loc[vitals["src_line"] == 3, "temp_cel"].tolist() == [39.2]
    corrections = tables.read_parquet(il2.outputs["corrections"])
    assert corrections[["table", "src_line", "old", "new"]].values.tolist() == [
        ["vitals", 3, "92.3", "39.2"]
    ]


def test_validated_tables_have_the_columns_and_types_of_their_schemas(il2):
    il2.validate()
    for name, schema in RAW_SCHEMAS.items():
        frame = tables.read_parquet(il2.outputs[name])
        assert list(frame.columns) == list(schema.columns), name
        schema.validate(frame)
    assert len(tables.read_parquet(il2.outputs["outcomes"])) == 0  # the study has none
    labs = tables.read_parquet(il2.outputs["labs"])
    assert set(labs["src_file"]) == {"data/il2-ifn/1997-12-31/labs.csv"}
    lines = (il2.raw / "labs.csv").read_text("utf-8").splitlines()
    line = lines[int(labs["src_line"][100]) - 1]
    assert line.startswith(f"{labs['subject_id'][100]},{labs['date'][100]:%Y-%m-%d},")


def test_queries_carry_the_data_label_and_are_safe_in_a_spreadsheet(il2):
    il2.replace("ae.csv", 2, b"P01,1,Fever,Pyrexia", b"P01,1,Fever,Pyrexia")
    il2.replace("disease.csv", 4, b"AML", b"=AML()")
    counts, findings = il2.validate()
    label = "RECONSTRUCTED FROM AN ABSTRACT, NOT PATIENT DATA"
    assert {row["data_label"] for row in findings} == {label}
    assert [row["value"] for row in findings] == ["'=AML()"]
    assert counts["data_label"] == label
    assert label in Path(il2.outputs["queries_page"]).read_text("utf-8")


def test_the_same_data_give_the_same_bytes(il2):
    il2.replace("disease.csv", 4, b"AML", b"aml")
    il2.validate()
    first = {name: Path(path).read_bytes() for name, path in il2.outputs.items()}
    il2.validate()
    assert first == {name: Path(path).read_bytes() for name, path in il2.outputs.items()}


def test_values_of_patients_are_not_in_messages(il2):
    il2.replace("vitals.csv", 3, b"39.2", b"3.92")
    il2.replace("disease.csv", 4, b"AML", b"xyzzy")
    _, findings = il2.validate()
    assert [row["value"] for row in findings] == ["xyzzy", "3.92"]
    for row in findings:
        assert "xyzzy" not in row["message"]
        assert "3.92" not in row["message"]
        assert "P0" not in row["message"]
    assert json.dumps(tables.read_json(il2.outputs["findings"])).count("xyzzy") == 0


def test_rows_left_out_are_counted(il2):
    path = il2.raw / "vitals.csv"
    row = path.read_bytes().rstrip(b"\n").split(b"\n")[-1]
    path.write_bytes(path.read_bytes() + row.replace(b"1996-05-29", b"1998-01-03") + b"\n")
    counts, _ = il2.validate()
    assert counts["by_rule"] == {"E06": {"errors": 0, "warnings": 1}}
    assert isinstance(tables.read_parquet(il2.outputs["vitals"]), pd.DataFrame)
    assert len(tables.read_parquet(il2.outputs["vitals"])) == 27


DERIVATIONS = {
    "derive_subjects": ["subjects"],
    "derive_exposure": ["exposure", "exposure_total"],
    "grade_toxicity": ["toxicity", "toxicity_worst", "signs"],
    "derive_endpoints": ["endpoints", "endpoints_bounds"],
}


@pytest.fixture(scope="module")
def derived(tmp_path_factory):
    """Runs check_derived on what the derivations make of the shipped study; `change` is called with
    the folder of derived tables before."""
    cut = Cut(tmp_path_factory.mktemp("derived"), "il2-ifn", "1997-12-31")
    cut.validate()
    config = yaml.safe_load((ROOT / "config" / "il2-ifn" / "study.yaml").read_text("utf-8"))
    params = config | {"cut": cut.cut, "study": cut.study}
    scales = [str(ROOT / "config" / "scales" / "who-1981.yaml")]
    units = str(ROOT / "config" / "units.yaml")
    validated = {name: cut.outputs[name] for name in config["tables"]}
    for script, names in DERIVATIONS.items():
        outputs = {name: str(cut.out / "derived" / f"{name}.parquet") for name in names}
        outputs["lineage"] = str(cut.out / "lineage.parquet")
        main = runpy.run_path(str(ROOT / "workflow" / "scripts" / f"{script}.py"))["main"]
        main(validated | {"scales": scales, "units": units}, outputs, params=params)
    check = runpy.run_path(str(ROOT / "workflow" / "scripts" / "check_derived.py"))["main"]

    def run(change=lambda folder: None):
        folder = cut.out / "changed"
        shutil.copytree(cut.out / "derived", folder, dirs_exist_ok=True)
        change(folder)
        outputs = {
            name: str(cut.out / f"{name}_derived")
            for name in ("queries", "queries_page", "findings")
        }
        inputs = validated | {"derived": sorted(map(str, folder.glob("*.parquet")))}
        check(inputs, outputs, params=params)
        with open(outputs["queries"], encoding="utf-8", newline="") as file:
            return tables.read_json(outputs["findings"]), list(csv.DictReader(file))

    return run


def test_what_is_derived_from_the_shipped_data_passes_the_second_stage(derived):
    counts, findings = derived()
    assert counts["errors"] == 0, findings


def test_a_derived_value_that_its_schema_does_not_allow_is_an_error(derived):
    def spoil(folder):
        frame = tables.read_parquet(folder / "toxicity.parquet")
        frame.loc[0, "grade"] = 9
        tables.write_parquet(folder / "toxicity.parquet", frame)

    counts, findings = derived(spoil)
    assert counts["errors"] >= 1
    assert {(row["rule"], row["table"]) for row in findings} == {("S01", "toxicity")}


def test_a_patient_that_an_endpoint_lost_is_an_error(derived):
    def spoil(folder):
        frame = tables.read_parquet(folder / "endpoints.parquet")
        lost = (frame["subject_id"] == "P03") & (frame["endpoint"] == "os")
        tables.write_parquet(folder / "endpoints.parquet", frame[~lost])

    _, findings = derived(spoil)
    assert [(row["rule"], row["subject_id"]) for row in findings] == [("E56", "P03")]


def test_what_names_patients_is_listed_for_the_gate(il2):
    il2.validate()
    lines = Path(il2.outputs["identifiers"]).read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("subject")] == [
        f"subject\tP{number:02d}" for number in range(1, 10)
    ]
    assert "date\t1993-06-14" in lines  # the first dose of P01
    assert all(line.split("\t")[0] in ("subject", "date") for line in lines)
