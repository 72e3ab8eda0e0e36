"""sdtm.yaml: strict, with the line of whatever is wrong."""

import shutil
from pathlib import Path

import pytest

from graftline.config.study import read_study
from graftline.errors import GraftlineError

ROOT = Path(__file__).parents[3]
STUDY = "cdisc-pilot-01"


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    shutil.copytree(ROOT / "config" / STUDY, tmp_path / "config" / STUDY)
    return tmp_path


def change(project, old, new, file="sdtm.yaml"):
    path = project / "config" / STUDY / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_tables_of_a_study_may_stand_in_sdtm_yaml(project):
    study = read_study(project, "config", STUDY)
    assert set(study.content["tables"]) == {
        *("subjects", "exposure", "ae", "labs", "vitals", "followup"),
    }
    assert study.content["tables"]["labs"]["file"] == "lb.parquet"
    assert study.uses("labs") and not study.uses("transplant")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("      term: AETERM\n", "      term: aeterm\n", "aeterm"),
        ("    domain: LB\n", "    domain: LB\n    ignore: [LBCAT]\n", "unknown key 'ignore'"),
        ("part: year", "part: decade", "decade"),
        ("patients: true", "patient: true", "did you mean 'patients'"),
        ("file: ex.parquet", "file: ex.csv", "ex.csv"),
        ("file: ex.parquet", "file: ../ex.parquet", "ex.parquet"),
        ("temp_cel: {test: TEMP, unit: C}", "temp_cel: {test: TEMP}", "unit"),
    ],
)
def test_what_the_mapping_cannot_say_is_named_with_its_line(project, old, new, said):
    line = change(project, old, new)
    with pytest.raises(GraftlineError) as error:
        read_study(project, "config", STUDY)
    assert said in str(error.value)
    assert f"config/{STUDY}/sdtm.yaml, line" in str(error.value)
    stated = int(str(error.value).split("line ")[1].split(":")[0])
    assert line <= stated <= line + 1


def test_a_column_that_is_given_twice_is_an_error(project):
    change(project, "      visit: VISIT ", "      temp_cel: VSSTRESN\n      visit: VISIT ")
    with pytest.raises(GraftlineError, match="temp_cel of vitals is given twice"):
        read_study(project, "config", STUDY)


def test_a_file_holds_one_domain(project):
    change(project, "file: ex.parquet", "file: dm.parquet")
    with pytest.raises(GraftlineError, match="dm.parquet holds one domain and is given two"):
        read_study(project, "config", STUDY)


def test_the_file_has_one_name(project):
    change(project, "tables: sdtm.yaml", "tables: mapping.yaml", "study.yaml")
    with pytest.raises(GraftlineError, match="study.yaml, line"):
        read_study(project, "config", STUDY)


def test_a_mapping_that_is_not_there_is_named(project):
    (project / "config" / STUDY / "sdtm.yaml").unlink()
    with pytest.raises(GraftlineError, match="config/cdisc-pilot-01/sdtm.yaml"):
        read_study(project, "config", STUDY)
