"""Which folders are cuts, and which of them is built."""

import hashlib

import pytest

from graftline.cuts.find import choose_cut, is_cut_name, list_cut_folders
from graftline.errors import GraftlineError


def write_cut(root, name, *, sums=True, **files):
    folder = root / "data" / "s" / name
    folder.mkdir(parents=True)
    lines = ""
    for file, text in files.items():
        (folder / file).write_text(text)
        lines += f"{hashlib.sha256(text.encode()).hexdigest()}  {file}\n"
    if sums:
        (folder / "SHA256SUMS").write_text(lines)
    return folder


@pytest.mark.parametrize(
    ("name", "yes"),
    [
        ("1997-12-31", True),
        ("2024-02-29", True),
        ("2023-02-29", False),  # not a leap year
        ("1997-13-01", False),
        ("19971231", False),
        ("1997-12-31.part", False),
        ("97-12-31", False),
        ("1997-W01-1", False),
        ("latest", False),
        ("", False),
    ],
)
def test_a_cut_is_named_by_a_date_that_exists(name, yes):
    assert is_cut_name(name) is yes


def test_cuts_are_listed_oldest_first_and_other_folders_left_out(tmp_path):
    for name in ("2020-01-01", "1999-12-31", "2019-06-30"):
        write_cut(tmp_path, name, a="x")
    write_cut(tmp_path, "2021-01-01.incoming", a="x")
    (tmp_path / "data" / "s" / "2022-01-01").write_text("a file")
    folders = list_cut_folders(tmp_path, "data", "s")
    assert [folder.name for folder in folders] == ["1999-12-31", "2019-06-30", "2020-01-01"]
    assert [folder.missing for folder in folders] == [None] * 3
    assert folders[0].shown == "data/s/1999-12-31"


def test_latest_is_the_newest_complete_cut(tmp_path):
    write_cut(tmp_path, "2019-01-01", a="x")
    write_cut(tmp_path, "2020-01-01", a="x")
    write_cut(tmp_path, "2021-01-01", a="x", sums=False)
    folders = list_cut_folders(tmp_path, "data", "s")
    assert choose_cut(folders, "latest", "s").name == "2020-01-01"
    assert folders[2].missing == "data/s/2021-01-01 has no SHA256SUMS"


def half_copied_sums(folder):
    first, second = (folder / "SHA256SUMS").read_text().splitlines()
    (folder / "SHA256SUMS").write_text(f"{first}\n{second[:30]}")


def empty_sums(folder):
    (folder / "SHA256SUMS").write_text("")


def missing_file(folder):
    (folder / "b").unlink()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (half_copied_sums, "SHA256SUMS, line 2: not a line"),
        (empty_sums, "names no file"),
        (missing_file, "data/s/2021-01-01 lacks b, which its SHA256SUMS names"),
    ],
)
def test_a_half_copied_cut_is_left_alone_and_the_one_before_is_built(tmp_path, spoil, why):
    write_cut(tmp_path, "2020-01-01", a="x")
    folder = write_cut(tmp_path, "2021-01-01", a="x", b="y")
    assert choose_cut(list_cut_folders(tmp_path, "data", "s"), "latest", "s").name == "2021-01-01"
    spoil(folder)
    folders = list_cut_folders(tmp_path, "data", "s")
    assert choose_cut(folders, "latest", "s").name == "2020-01-01"
    assert why in folders[1].missing
    with pytest.raises(GraftlineError, match="the cut 2021-01-01 is not complete"):
        choose_cut(folders, "2021-01-01", "s")


def test_a_cut_is_chosen_by_its_date(tmp_path):
    write_cut(tmp_path, "2019-01-01", a="x")
    write_cut(tmp_path, "2020-01-01", a="x")
    folders = list_cut_folders(tmp_path, "data", "s")
    assert choose_cut(folders, "2019-01-01", "s").name == "2019-01-01"
    with pytest.raises(GraftlineError) as caught:
        choose_cut(folders, "2018-01-01", "s")
    assert "no data cut '2018-01-01'; there are: 2019-01-01, 2020-01-01" in str(caught.value)


def test_without_a_complete_cut_each_reason_is_told(tmp_path):
    write_cut(tmp_path, "2019-01-01", a="x", sums=False)
    with pytest.raises(
        GraftlineError, match="no complete data cut: data/s/2019-01-01 has no SHA256SUMS"
    ):
        choose_cut(list_cut_folders(tmp_path, "data", "s"), "latest", "s")
    with pytest.raises(GraftlineError, match="no folder is named by a date"):
        choose_cut([], "latest", "s")


def test_a_study_without_data_folder_is_told_where_data_belong(tmp_path):
    with pytest.raises(
        GraftlineError, match="there is no folder data/s; .* graftline receive FOLDER --study s"
    ):
        list_cut_folders(tmp_path, "data", "s")
