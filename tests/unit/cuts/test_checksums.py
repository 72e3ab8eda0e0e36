"""SHA256SUMS as sha256sum writes it."""

import hashlib

import pytest

from graftline.cuts.checksums import files_of, hash_file, read_sums
from graftline.errors import GraftlineError

A = "a" * 64
B = "b" * 64


def test_the_hash_is_that_of_the_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    # FIPS 180-4's own example
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hash_file(tmp_path / "a") == expected == hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        (f"{A}  a.csv\n{B}  sub/b c.csv\n", {"a.csv": A, "sub/b c.csv": B}),
        (f"{A} *a.csv\n", {"a.csv": A}),  # --binary
        (f"{A}  ./a.csv\n", {"a.csv": A}),  # made by find
        (f"{A}  a.csv\r\n", {"a.csv": A}),
        (f"{A}  a.csv", {"a.csv": A}),
    ],
)
def test_sums_are_read(tmp_path, text, sums):
    (tmp_path / "SHA256SUMS").write_bytes(text.encode())
    assert read_sums(tmp_path, "cut") == sums


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{A}  a.csv\n{B[:40]}", "cut/SHA256SUMS, line 2: not a line of sha256sum"),  # half copied
        (f"{A}\n", "line 1: not a line"),
        (f"{A.upper()}  a.csv\n", "line 1: not a line"),
        ("\n", "line 1: not a line"),
        ("\xff\xfe", "line 1: not a line"),
        (f"{A}  a.csv\n{B}  a.csv\n", "line 2: a.csv is named twice"),
        (f"{A}  a.csv\n{A}  ./a.csv\n", "line 2: a.csv is named twice"),
        (f"{A}  ../a.csv\n", "line 1: ../a.csv lies outside the folder"),
        (f"{A}  sub/../../a.csv\n", "lies outside the folder"),
        (f"{A}  /etc/passwd\n", "lies outside the folder"),
        ("", "cut/SHA256SUMS names no file"),
    ],
)
def test_what_is_not_a_list_of_sums_is_told(tmp_path, text, message):
    (tmp_path / "SHA256SUMS").write_bytes(text.encode("latin-1"))
    with pytest.raises(GraftlineError) as caught:
        read_sums(tmp_path, "cut")
    assert message in str(caught.value)


def test_a_folder_without_sums_is_told(tmp_path):
    with pytest.raises(GraftlineError, match="cut has no SHA256SUMS"):
        read_sums(tmp_path, "cut")


def test_the_files_of_a_cut_are_all_but_the_sums_and_hidden_ones(tmp_path):
    for name in ("b.csv", "a.csv", "sub/c.csv", ".DS_Store", ".git/x", "SHA256SUMS"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert files_of(tmp_path) == ["a.csv", "b.csv", "sub/c.csv"]


def test_a_cut_below_a_hidden_folder_has_its_files(tmp_path):
    (tmp_path / ".mount").mkdir()
    (tmp_path / ".mount" / "a.csv").write_text("")
    assert files_of(tmp_path / ".mount") == ["a.csv"]
