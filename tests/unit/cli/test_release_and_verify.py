"""graftline release and graftline verify, as they are typed."""

import shutil

import pytest

from graftline.cli import main
from graftline.sealed_folder import remove_folder
from tests.unit.small_run import write_all, write_project, write_run

RESULTS = "results/made-up/1999-12-31"


@pytest.fixture
def project(tmp_path, monkeypatch):
    write_all(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for folder in (tmp_path / "releases").glob("*/*/*"):
        if folder.is_dir() and not folder.is_symlink():
            remove_folder(folder)


@pytest.fixture
def own_code(monkeypatch):
    """Computes in this process: the small project has no code of its own that could."""
    from graftline.verify.recompute import recompute_results

    monkeypatch.setattr(
        "graftline.verify.own_code.recompute_with_own_code",
        lambda project, results: recompute_results(results),
    )


def test_release_says_what_was_sealed_and_then_that_it_is(project, capsys):
    assert main(["release", RESULTS]) == 0
    assert capsys.readouterr().out == (
        "releases/made-up/1999-12-31/1: sealed; the first release of this cut\n"
    )
    assert main(["release"]) == 0
    assert capsys.readouterr().out == (
        "releases/made-up/1999-12-31/1: is this run already; nothing was made\n"
    )


def test_release_says_what_moved(project, capsys):
    main(["release"])
    write_project(project, adding="changed = True\n")
    write_run(project)
    capsys.readouterr()
    assert main(["release"]) == 0
    assert capsys.readouterr().out == (
        "releases/made-up/1999-12-31/2: sealed; code tree changed since release 1; no number moved\n"
    )


def test_release_of_what_is_not_finished_is_1_and_names_it(project, capsys):
    (project / RESULTS / "aggregate/manuscript.pdf").unlink()
    assert main(["release"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("graftline: ") and "aggregate/manuscript.pdf: is missing" in err
    assert not (project / "releases").exists()


@pytest.mark.parametrize("folder", ["1999-12-31/1", "latest", ""])
def test_verify_of_a_release_of_latest_and_of_all(project, own_code, capsys, folder):
    main(["release"])
    capsys.readouterr()
    assert main(["verify", f"releases/made-up/{folder}"]) == 0
    out = capsys.readouterr().out
    assert "3 numbers" in out and out.endswith("0 differences\n")


def test_verify_of_a_release_that_was_altered_is_1_and_names_it(project, own_code, capsys):
    main(["release"])
    file = project / "releases" / "made-up" / "1999-12-31" / "1" / "project" / "Snakefile"
    file.chmod(0o644)
    file.write_text("rule none:\n")
    assert main(["verify", "releases/made-up/latest"]) == 1
    assert "project/Snakefile: the content is not" in capsys.readouterr().out


def test_verify_of_aggregate_alone(project, capsys):
    main(["release"])
    shutil.copytree(project / RESULTS / "aggregate", project / "sent")
    capsys.readouterr()
    assert main(["verify", "sent", "--ledger", "releases/made-up/ledger.jsonl"]) == 0
    assert "note: reduced" in capsys.readouterr().out


def test_verify_of_results_without_patients(project, capsys):
    shutil.rmtree(project / RESULTS / "patient_level")
    assert main(["verify", RESULTS]) == 0
    assert "note: reduced" in capsys.readouterr().out


def test_verify_by_default_is_of_the_newest_results(project, capsys):
    assert main(["verify"]) == 0
    assert capsys.readouterr().out.startswith(f"{RESULTS}: ")


@pytest.mark.machine
def test_a_signed_head_shows_that_the_last_record_was_cut_off(project, own_code, capsys):
    from tests.unit.ledger.test_heads import make_key

    key = make_key(project / "key")
    (project / "allowed").write_text(f"a@b {key.with_suffix('.pub').read_text()}")
    assert main(["release", "--sign", str(key)]) == 0
    signed = ["verify", "releases/made-up/latest", "--allowed-signers", "allowed"]
    assert main(signed) == 0
    (project / "releases/made-up/ledger.jsonl").write_text("")
    capsys.readouterr()
    assert main(signed) == 1
    assert "its last ones were removed" in capsys.readouterr().out
