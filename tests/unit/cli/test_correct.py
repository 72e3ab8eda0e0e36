"""graftline correct, as it is typed."""

import csv
import shutil
from pathlib import Path

import pytest

from graftline.cli import main

ROOT = Path(__file__).parents[3]
HEADER = "table,key,column,old,new,reason,author,date,from_cut\n"
# The first patient's fever, in the chart of both cuts.
CELL = ("vitals", "P01|1993-06-15", "temp_cel")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with both cuts of il2-ifn and no correction."""
    for folder in ("schemas", "config", "data"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def corrections(project):
    return project / "config" / "il2-ifn" / "corrections.csv"


def value(project, cut="1997-12-31"):
    lines = (project / "data/il2-ifn" / cut / "vitals.csv").read_text("utf-8").splitlines()
    return next(line for line in lines if line.startswith("P01,1993-06-15")).split(",")[3]


def sex_of(patient, project):
    with open(project / "data/il2-ifn/1997-12-31/subjects.csv", encoding="utf-8") as file:
        return next(row["sex"] for row in csv.DictReader(file) if row["subject_id"] == patient)


def correct(cell, old, new, cut="1997-12-31", reason="misread chart"):
    return main(
        ["correct", *cell, "--old", old, "--new", new, "--reason", reason, "--author", "A. Author"]
        + ["--study", "il2-ifn", "--cut", cut]
    )


def refused(project, capsys, *arguments, **more):
    """What is said; the file is as it was."""
    before = corrections(project).read_bytes()
    assert correct(*arguments, **more) == 1
    assert corrections(project).read_bytes() == before
    said = capsys.readouterr().err
    assert said.startswith("graftline: not added: ")
    return said


def edit(project, cut, file, old, new):
    """A delivery that differs, with its sums made anew."""
    import hashlib

    folder = project / "data/il2-ifn" / cut
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.glob("*.csv"))
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


def test_a_row_is_added_that_says_who_corrects_what_from_which_cut_on(project, capsys):
    assert correct(CELL, value(project), "38.1", reason='misread, says "A"') == 0
    said = capsys.readouterr().out
    assert "data/il2-ifn/1997-12-31/vitals.csv, line 3, column temp_cel" in said
    header, row = corrections(project).read_text("utf-8").splitlines()
    assert header + "\n" == HEADER
    start = f'vitals,P01|1993-06-15,temp_cel,{value(project)},38.1,"misread, says ""A""",A. Author,'
    assert row.startswith(start) and row.endswith(",1997-12-31")


def test_an_old_value_that_is_not_there_is_refused_with_the_place_and_not_the_value(
    project, capsys
):
    said = refused(project, capsys, CELL, "36.0", "38.1")
    assert "vitals.csv, line 3, column temp_cel" in said
    assert value(project) not in said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (("vitals", "P01|1999-01-01", "temp_cel"), "No row of vitals has this key"),
        (("vitals", "P01|1993-06-15", "temperature"), "vitals has no such column"),
        (("vitalz", "P01|1993-06-15", "temp_cel"), "no such table"),
    ],
)
def test_a_cell_that_is_not_there_is_refused(project, capsys, cell, said):
    assert said in refused(project, capsys, cell, "1", "2")


@pytest.mark.parametrize(
    ("cell", "new", "said"),
    [
        (CELL, "hot", "vitals.csv, line 3, column temp_cel"),
        (CELL, "38,1", "vitals.csv, line 3, column temp_cel"),
        (("vitals", "P01|1993-06-15", "date"), "15.6.1993", "write the year first"),
        (("vitals", "P01|1993-06-15", "date"), "", "is empty and is needed"),
        (("subjects", "P01", "sex"), "X", "column sex"),
    ],
)
def test_a_new_value_that_the_column_cannot_hold_is_refused(project, capsys, cell, new, said):
    old = {"date": "1993-06-15", "temp_cel": value(project), "sex": sex_of("P01", project)}
    told = refused(project, capsys, cell, old[cell[2]], new)
    assert "new of the correction: " in told and said in told


def test_a_cell_that_may_be_empty_may_be_emptied(project):
    assert correct(CELL, value(project), "") == 0


def test_what_a_run_will_ask_because_of_the_new_value_is_said_at_once(project, capsys):
    # Plausible are 33 to 43 degrees (docs/reference/raw-tables.md).
    assert correct(CELL, value(project), "43") == 0
    assert "a run will ask" not in capsys.readouterr().out
    assert correct(CELL, "43", "43.1") == 0
    said = capsys.readouterr().out
    assert "a run will ask because of it: E20, data/il2-ifn/1997-12-31/vitals.csv, line 3" in said


def test_the_same_correction_is_not_added_twice(project, capsys):
    old = value(project)
    assert correct(CELL, old, "38.1") == 0
    before = corrections(project).read_bytes()
    assert correct(CELL, old, "38.1") == 1
    assert "line 2: the correction is there already" in capsys.readouterr().err
    assert corrections(project).read_bytes() == before


def test_a_correction_may_be_corrected_again(project):
    assert correct(CELL, value(project), "38.1") == 0
    assert correct(CELL, "38.1", "38.2") == 0


def test_the_file_keeps_its_form(project):
    # A byte order mark, Windows line ends, a column more, another order, and no end of the last line.
    form = "\ufeffcolumn,table,key,old,new,from_cut,reason,author,date,query\r\n"
    last = "sex,subjects,P01,F,M,2099-12-31,typing error,A. Author,1999-01-05,17"
    corrections(project).write_bytes((form + last).encode())
    assert correct(CELL, value(project), "38.1") == 0
    text = corrections(project).read_bytes().decode()
    assert text.startswith(form + last + "\r\n")
    assert text.removeprefix(form + last + "\r\n").startswith("temp_cel,vitals,P01|1993-06-15,")
    assert text.endswith(",\r\n") and text.count("\n") == text.count("\r\n") == 3


def test_a_study_without_the_file_gets_one(project):
    corrections(project).unlink()
    assert correct(CELL, value(project), "38.1") == 0
    assert corrections(project).read_text("utf-8").startswith(HEADER + "vitals,")


def test_a_file_that_is_broken_is_not_added_to(project, capsys):
    corrections(project).write_text("table,key\n")
    assert correct(CELL, value(project), "38.1") == 1
    assert "has to be put right" in capsys.readouterr().err
    assert corrections(project).read_text() == "table,key\n"


def test_a_row_may_explain_what_a_delivery_changed(project, capsys):
    old = value(project)
    edit(project, "1997-12-31", "vitals.csv", f"P01,1993-06-15,,{old}", "P01,1993-06-15,,38.1")
    assert correct(CELL, old, "38.1") == 0
    assert "explains the change since 1996-12-31" in capsys.readouterr().out


def test_a_row_that_explains_no_change_is_refused(project, capsys):
    assert "already" in refused(project, capsys, CELL, "36.0", value(project))


def test_a_row_says_what_became_of_a_patient_who_is_gone(project, capsys):
    gone = ("subjects", "P08", "subject_id")
    assert "the patient is in the cut" in refused(project, capsys, gone, "P08", "")
    edit(project, "1997-12-31", "subjects.csv", ",P08,", ",P10,")
    assert "not have the patient named in new" in refused(project, capsys, gone, "P08", "P99")
    assert correct(gone, "P08", "P10") == 0
    assert corrections(project).read_text("utf-8").splitlines()[1].startswith(
        "subjects,P08,subject_id,P08,P10,"
    )  # fmt: skip


def test_a_patient_whom_no_cut_has_is_refused(project, capsys):
    said = refused(project, capsys, ("subjects", "P77", "subject_id"), "P77", "")
    assert "does not have the patient either" in said


def test_a_cut_that_is_not_there_is_named(project, capsys):
    assert correct(CELL, value(project), "38.1", cut="1998-12-31") == 1
    assert "no data cut '1998-12-31'" in capsys.readouterr().err
