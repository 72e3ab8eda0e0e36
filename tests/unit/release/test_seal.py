"""Sealing: a finished run becomes a release once, whole or not at all."""

import stat

import pytest

from graftline.cuts.checksums import hash_file
from graftline.errors import GraftlineError
from graftline.ledger.file import read_ledger
from graftline.release.layout import StudyReleases
from graftline.release.recover import compare_release, hold_releases
from graftline.release.seal import seal_release
from graftline.sealed_folder import list_all_files, remove_folder
from graftline.tables import read_json, write_json
from tests.unit.small_results import RECORDS
from tests.unit.small_run import STUDY, write_all, write_cut, write_project, write_run, write_sums

NOON = "2026-01-02T12:00:00Z"


@pytest.fixture
def run(tmp_path):
    return write_all(tmp_path / "project")


@pytest.fixture
def releases(tmp_path):
    yield tmp_path / "releases"
    for folder in (tmp_path / "releases").glob("*/*/*"):
        if folder.is_dir():
            remove_folder(folder)


def seal(run, releases):
    project, results = run
    return seal_release(results, project, releases, sealed_at=NOON)


def everything(folder):
    """Name -> content or target of all files and links below `folder`."""
    return {
        name: str((folder / name).readlink())
        if (folder / name).is_symlink()
        else (folder / name).read_bytes()
        for name in list_all_files(folder)
    }


def latest(releases):
    return str((releases / STUDY / "latest").readlink())


def test_a_release_holds_results_code_protocol_lock_and_raw_cut(run, releases):
    sealed = seal(run, releases)
    assert sealed.is_new and sealed.folder == releases / STUDY / "1999-12-31" / "1"
    inside = everything(sealed.folder)
    project, results = run
    for name in everything(results):
        assert inside[f"results/{name}"] == (results / name).read_bytes()
    for name in (
        *("Snakefile", "workflow/graftline/adding.py", "requirements.lock"),
        *("config/made-up/study.yaml", "config/config.yaml"),
        *("data/made-up/1999-12-31/subjects.csv", "data/made-up/1999-12-31/SHA256SUMS"),
    ):
        assert inside[f"project/{name}"] == (project.root / name).read_bytes()


def test_the_raw_cuts_that_it_was_compared_with_are_in_it_too(run, releases):
    project, results = run
    earlier = write_cut(project.root, "1998-12-31", "subject_id,age\nP01,29\n")
    entities = [
        {
            "name": "data/made-up/1998-12-31/subjects.csv",
            "sha256": hash_file(earlier / "subjects.csv"),
        },
        {"name": "data/made-up/1998-12-31/SHA256SUMS"},
    ]
    write_json(results / "audit/ro-crate-metadata.json", {"@graph": entities})
    write_sums(results)
    inside = everything(seal(run, releases).folder)
    for name in ("subjects.csv", "SHA256SUMS"):
        assert inside[f"project/data/made-up/1998-12-31/{name}"] == (earlier / name).read_bytes()


def test_its_record_is_in_the_ledger_with_the_time_that_was_given(run, releases):
    sealed = seal(run, releases)
    (record,) = read_ledger(releases / STUDY / "ledger.jsonl")
    assert record == sealed.record == read_json(sealed.folder / "release.json")
    build = read_json(run[1] / "audit/build.json")
    assert record["sealed_at"] == NOON
    assert record["build_digest"] == build["build_digest"]
    assert {name: record[name] for name in build["parts"]} == build["parts"]
    assert record["differences"] is None
    assert "aggregate/manuscript.pdf" in record["outputs"]
    assert compare_release(sealed.folder, record) == []


def test_copies_are_read_only_and_no_hard_links(run, releases):
    sealed = seal(run, releases)
    for path in (sealed.folder, *sealed.folder.rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o222
        assert path.is_dir() or path.stat().st_nlink == 1


def test_a_command_stays_one(run, releases):
    (run[0].root / "run").write_text("#!/bin/sh\n")
    (run[0].root / "run").chmod(0o755)
    copy = seal(run, releases).folder / "project" / "run"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o555


def test_sealing_the_same_again_makes_nothing(run, releases):
    seal(run, releases)
    before = everything(releases)
    again = seal(run, releases)
    assert not again.is_new and again.record["sequence"] == 1
    assert everything(releases) == before


def test_todays_code_on_the_same_cut_is_a_new_sequence_that_says_what_moved(run, releases):
    seal(run, releases)
    root = run[0].root
    write_project(root, adding="def add(a, b):\n    return b + a\n")
    moved = [RECORDS[0] | {"value": 1, "display": "1"}, RECORDS[1], RECORDS[2] | {"id": "new"}]
    write_run(root, records=moved)
    sealed = seal(run, releases)
    assert sealed.record["sequence"] == 2 and latest(releases) == "1999-12-31/2"
    assert sealed.record["differences"] == {
        "sequence": 1,
        "changed": ["code_tree"],
        "moved": [{"id": "cohort.alive.n", "from": "2", "to": "1"}],
        "new": ["new"],
        "gone": ["cohort.age.maximum"],
    }


def test_an_old_cut_rebuilt_never_becomes_latest(run, releases):
    root = run[0].root
    write_cut(root, "2000-12-31", "subject_id,age\nP01,31\n")
    newer = write_run(root, "2000-12-31")
    seal((run[0], newer), releases)
    assert latest(releases) == "2000-12-31/1"
    old = seal(run, releases)
    assert old.is_new and old.record["cut"] == "1999-12-31"
    assert latest(releases) == "2000-12-31/1"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("results/made-up/1999-12-31/audit/SHA256SUMS", "the run is not finished"),
        ("results/made-up/1999-12-31/audit/build.json", "the run is not finished"),
        ("results/made-up/1999-12-31/aggregate/manuscript.pdf", "manuscript.pdf: is missing"),
        ("data/made-up/1999-12-31/subjects.csv", "subjects.csv: is missing"),
        ("Snakefile", "Snakefile: is missing"),
        ("requirements.lock", "requirements.lock: is missing"),
    ],
)
def test_a_run_that_lacks_something_is_refused_by_name(run, releases, name, said):
    (run[0].root / name).unlink()
    with pytest.raises(GraftlineError, match=said):
        seal(run, releases)
    assert not releases.exists()


@pytest.mark.parametrize(
    "name",
    [
        "results/made-up/1999-12-31/patient_level/derived/subjects.parquet",
        "results/made-up/1999-12-31/aggregate/numbers.json",
        "data/made-up/1999-12-31/subjects.csv",
        "config/made-up/study.yaml",
        "workflow/graftline/adding.py",
        "requirements.lock",
    ],
)
def test_a_run_that_changed_since_is_refused_and_no_release_is_touched(run, releases, name):
    seal(run, releases)
    before = everything(releases)
    file = run[0].root / name
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(GraftlineError, match=f"{file.name}: the content is not"):
        seal(run, releases)
    assert everything(releases) == before


def test_records_that_contradict_each_other_are_refused(run, releases):
    project, results = run
    numbers = results / "aggregate/numbers.json"
    numbers.write_text(numbers.read_text().replace('"value": 2', '"value": 3'))
    write_sums(results)  # the outputs are stated anew, the build is not
    with pytest.raises(GraftlineError, match="numbers.json: does not agree with the digests"):
        seal(run, releases)


def test_a_file_that_no_rule_made_does_not_enter(run, releases):
    (run[1] / "aggregate" / "note.txt").write_text("left over\n")
    assert not (seal(run, releases).folder / "results/aggregate/note.txt").exists()


def test_a_full_disk_leaves_everything_as_it_was(run, releases, monkeypatch):
    seal(run, releases)
    before = everything(releases)
    write_project(run[0].root, adding="changed = True\n")
    write_run(run[0].root)

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("graftline.sealed_folder.os.fsync", fail)
    with pytest.raises(GraftlineError, match="nothing was released: No space left"):
        seal(run, releases)
    assert everything(releases) == before


def test_two_at_once_one_seals_and_the_other_says_so(run, releases):
    with (
        hold_releases(StudyReleases(releases / STUDY)),
        pytest.raises(GraftlineError, match="another process is sealing"),
    ):
        seal(run, releases)


def test_nothing_is_sealed_onto_a_ledger_that_was_edited(run, releases):
    seal(run, releases)
    ledger = releases / STUDY / "ledger.jsonl"
    ledger.write_text(ledger.read_text().replace(NOON, "2026-01-01T12:00:00Z"))
    with pytest.raises(GraftlineError, match="line 1 .* was edited"):
        seal(run, releases)
