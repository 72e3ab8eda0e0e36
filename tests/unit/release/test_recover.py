"""After a crash at any point of a sealing, the next one brings the releases into order."""

import pytest

from graftline.errors import GraftlineError
from graftline.ledger.file import read_ledger
from graftline.release import seal as sealing
from graftline.release.layout import StudyReleases
from graftline.release.recover import recover_releases
from graftline.release.seal import seal_release
from graftline.sealed_folder import remove_folder
from tests.unit.small_run import STUDY, write_all, write_project, write_run

FIRST, SECOND = "2026-01-02T12:00:00Z", "2026-01-03T12:00:00Z"


class Killed(BaseException):
    """The process ends here: nothing that would clean up runs."""


@pytest.fixture
def run(tmp_path):
    return write_all(tmp_path / "project")


@pytest.fixture
def releases(tmp_path):
    yield tmp_path / "releases"
    for folder in (tmp_path / "releases").glob("*/*/*"):
        if folder.is_dir() and not folder.is_symlink():
            remove_folder(folder)


def seal(run, releases, at=FIRST):
    project, results = run
    return seal_release(results, project, releases, sealed_at=at)


def change_code(run):
    write_project(run[0].root, adding="changed = True\n")
    write_run(run[0].root)


def kill_at(monkeypatch, function):
    def killed(*_, **__):
        raise Killed

    monkeypatch.setattr(sealing, function, killed)
    if function != "append_record":  # killed: nothing is tidied up either
        monkeypatch.setattr(sealing, "remove_folder", lambda folder: None)


@pytest.mark.parametrize("function", ["compare_with_sums", "make_record", "make_read_only"])
def test_killed_while_copying_the_rest_is_removed_and_the_release_made(
    run, releases, monkeypatch, function
):
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_at(patch, function)
        seal(run, releases)
    assert (releases / STUDY / "1999-12-31" / ".1.part").is_dir()
    assert not (releases / STUDY / "latest").exists()
    sealed = seal(run, releases, SECOND)
    assert sealed.is_new and sealed.record["sequence"] == 1
    assert (
        len(sealed.notices) == 1 and "removed, a copy that was not completed" in sealed.notices[0]
    )


def test_killed_before_the_ledger_the_release_is_entered_as_it_would_have_been(
    run, releases, monkeypatch
):
    seal(run, releases)
    change_code(run)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_at(patch, "append_record")
        seal(run, releases, SECOND)
    assert str((releases / STUDY / "latest").readlink()) == "1999-12-31/1"
    again = seal(run, releases, "2026-01-04T12:00:00Z")
    assert not again.is_new and again.record["sequence"] == 2
    assert "entered in the ledger, which a crash had prevented" in again.notices[0]
    assert [one["sealed_at"] for one in read_ledger(releases / STUDY / "ledger.jsonl")] == [
        FIRST,
        SECOND,
    ]
    assert str((releases / STUDY / "latest").readlink()) == "1999-12-31/2"


def test_killed_before_latest_it_is_moved(run, releases, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_at(patch, "point_latest")
        seal(run, releases)
    again = seal(run, releases)
    assert not again.is_new and "moved to the newest release" in again.notices[0]
    assert str((releases / STUDY / "latest").readlink()) == "1999-12-31/1"


def test_in_order_there_is_nothing_to_do(run, releases):
    seal(run, releases)
    assert recover_releases(StudyReleases(releases / STUDY)) == []
    assert recover_releases(StudyReleases(releases / "nothing-yet")) == []


def test_the_last_record_taken_out_of_the_ledger_is_told_and_comes_back_the_same(run, releases):
    seal(run, releases)
    change_code(run)
    seal(run, releases, SECOND)
    ledger = releases / STUDY / "ledger.jsonl"
    whole = ledger.read_text()
    ledger.write_text(whole.splitlines(keepends=True)[0])
    done = recover_releases(StudyReleases(releases / STUDY))
    assert "1999-12-31/2: entered in the ledger" in done[0]
    assert ledger.read_text() == whole


def test_a_release_in_place_that_was_edited_is_not_entered(run, releases):
    folder = seal(run, releases).folder
    (releases / STUDY / "ledger.jsonl").unlink()
    file = folder / "results/aggregate/manuscript.pdf"
    file.chmod(0o644)
    file.write_text("other\n")
    with pytest.raises(GraftlineError, match="manuscript.pdf: the content is not"):
        recover_releases(StudyReleases(releases / STUDY))
    assert not (releases / STUDY / "ledger.jsonl").exists()


def test_a_release_under_another_number_is_not_entered(run, releases):
    folder = seal(run, releases).folder
    folder.rename(folder.with_name("3"))
    (releases / STUDY / "ledger.jsonl").unlink()
    with pytest.raises(GraftlineError, match="1999-12-31/3: .* is that of another release"):
        recover_releases(StudyReleases(releases / STUDY))


def test_a_release_that_does_not_follow_the_ledger_is_not_entered(run, releases):
    seal(run, releases)
    change_code(run)
    seal(run, releases, SECOND)
    ledger = releases / STUDY / "ledger.jsonl"
    ledger.unlink()
    remove_folder(releases / STUDY / "1999-12-31" / "1")
    with pytest.raises(GraftlineError, match="1999-12-31/2: .* does not follow"):
        recover_releases(StudyReleases(releases / STUDY))
    assert not ledger.exists()


def test_a_release_folder_that_is_gone_is_named(run, releases):
    folder = seal(run, releases).folder
    remove_folder(folder)
    with pytest.raises(GraftlineError, match="the ledger has 1999-12-31/1, of which there is no"):
        seal(run, releases)
