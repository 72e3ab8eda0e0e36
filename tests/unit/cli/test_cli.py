"""The command line: what it prints, and status 0 when all is well and 1 when it is not."""

import json

import pytest

from graftline.cli import main
from tests.unit.small_results import RECORDS, write_registries, write_results
from tests.unit.small_run import write_all


@pytest.fixture
def folder(tmp_path):
    return write_results(tmp_path / "results" / "made-up" / "1999-12-31")


def test_verify_is_0_and_says_how_much_was_checked(tmp_path, monkeypatch, capsys):
    _, results = write_all(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["verify", str(results)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{results}: ") and out.endswith(
        "3 numbers, 0 estimates checked, 0 differences\n"
    )


def test_verify_is_1_and_names_what_differs(folder, capsys):
    wrong = [RECORDS[0] | {"value": 3, "display": "3"}, *RECORDS[1:]]
    write_registries(folder, wrong)
    assert main(["verify", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "\ncohort.alive.n: the registry says 3, the rows give 2\n" in out
    assert "the run is not finished" in out


def test_trace_prints_the_number_and_its_rows(folder, capsys):
    assert main(["trace", "cohort.alive.n", "--results", str(folder)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("cohort.alive.n = 2 (patients)\n") and "followup.csv:12 vitals" in out


def test_trace_for_programs_is_json_with_all_rows(folder, capsys):
    assert main(["trace", "cohort.alive.n", "--results", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["number"]["value"] == 2
    assert [row["row_key"] for row in found["rows"]] == ["P01", "P02", "P03"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["trace", "cohort.alive.m"], "did you mean cohort.alive.n"),
        (["trace", "cohort.alive.n", "--results", "nowhere"], "nowhere: there are no finished"),
        (["verify", "nowhere"], "nowhere: there are no finished results here"),
    ],
)
def test_what_is_unknown_is_1_and_one_sentence_on_stderr(
    folder, tmp_path, monkeypatch, capsys, arguments, sentence
):
    monkeypatch.chdir(tmp_path)
    if "nowhere" not in arguments:
        arguments = [*arguments, "--results", str(folder)]
    assert main(arguments) == 1
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.startswith("graftline: ") and sentence in shown.err
    assert shown.err.count("\n") == 1


def test_without_a_folder_the_newest_cut_of_the_configured_study_is_taken(
    folder, tmp_path, monkeypatch, capsys
):
    (tmp_path / "config").mkdir()
    (tmp_path / "config/config.yaml").write_text("study: made-up\nresults: results\n")
    monkeypatch.chdir(tmp_path)
    assert main(["verify"]) == 1  # only numbers are there
    assert "results/made-up/1999-12-31: 3 numbers" in capsys.readouterr().out


def test_outside_of_a_project_it_says_what_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["verify"]) == 1
    assert "config/config.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["trace"], ["trace", "a", "--nonsense"]])
def test_a_wrong_command_is_2_as_argparse_has_it(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: graftline" in capsys.readouterr().err


def test_help_is_0(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    assert "trace" in capsys.readouterr().out
