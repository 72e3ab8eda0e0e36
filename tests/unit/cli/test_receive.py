"""graftline receive, as it is typed."""

import shutil
from pathlib import Path

import pytest

from graftline.cli import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with the study il2-ifn and no data; its first cut is the delivery."""
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copytree(ROOT / "data" / "il2-ifn" / "1996-12-31", tmp_path / "delivery")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def receive(*arguments):
    return main(["receive", *arguments, "--study", "il2-ifn", "--cut", "1996-12-31"])


def test_a_delivery_is_received_and_the_next_command_is_said(project, capsys):
    assert receive("delivery") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith(
        "data/il2-ifn/1996-12-31: received ae.csv, assessments.csv, disease.csv"
    )
    assert out[1] == "build it: ./run snakemake --cores 4 --config study=il2-ifn cut=1996-12-31"
    sums = (project / "data/il2-ifn/1996-12-31/SHA256SUMS").read_text("utf-8")
    assert sums == (project / "delivery" / "SHA256SUMS").read_text("utf-8")


def test_a_file_that_gives_no_table_is_refused_with_its_reason(project, capsys):
    (project / "delivery" / "SHA256SUMS").unlink()
    (project / "delivery" / "labs.csv").write_text("a;b\n1;2\n", "utf-8")
    assert receive("delivery") == 1
    assert "labs.csv: Cells are separated by semicolons" in capsys.readouterr().err
    assert not (project / "data").exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text[:-20], "the file ends amid this row; have it sent again"),
        (lambda text: text[:-60], "the file ends amid this row; have it sent again"),
        (lambda text: text.replace(b",HGB,", b",H\xe9B,", 1), "labs.csv, line "),
        (lambda text: text.replace(b",HGB,", b",H\0B,", 1), "labs.csv, line "),
        (lambda text: text.replace(b",HGB,", b',"HGB,', 1), "labs.csv, line "),
    ],
)
def test_a_file_that_was_cut_off_or_holds_bytes_that_are_no_text_is_refused(
    project, capsys, spoil, said
):
    (project / "delivery" / "SHA256SUMS").unlink()
    path = project / "delivery" / "labs.csv"
    spoilt = spoil(path.read_bytes())
    assert spoilt != path.read_bytes()
    path.write_bytes(spoilt)
    assert receive("delivery") == 1
    assert said in capsys.readouterr().err
    assert not (project / "data").exists()


def test_a_last_row_that_is_whole_needs_no_line_end(project):
    (project / "delivery" / "SHA256SUMS").unlink()
    path = project / "delivery" / "labs.csv"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert receive("delivery") == 0


def test_faults_in_cells_are_left_to_validation(project):
    (project / "delivery" / "SHA256SUMS").unlink()
    path = project / "delivery" / "vitals.csv"
    path.write_text(path.read_text("utf-8").replace("39.2", "hot"), "utf-8")
    assert receive("delivery") == 0


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(project, capsys):
    (project / "data").write_text("a file where the folder should be")
    assert receive("delivery") == 1
    assert capsys.readouterr().err.startswith("graftline: nothing was received: ")


def test_a_study_that_is_not_there_is_named(project, capsys):
    assert main(["receive", "delivery", "--study", "il3", "--cut", "1996-12-31"]) == 1
    assert "there is no study 'il3'" in capsys.readouterr().err
