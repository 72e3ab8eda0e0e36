"""Which lines of a frozen cut were edited."""

import hashlib

import pytest

from graftline.cuts.lines import describe_edit, digest_lines, format_section, list_edits


def digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[:16]


def frozen(folder, content: bytes) -> str:
    """A file and the digests of its lines; returns its sha256."""
    (folder / "a.csv").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    other = format_section("b.csv", "0" * 64, [digest(b"x")])
    section = format_section("a.csv", sha256, digest_lines([content]))
    (folder / "LINE_DIGESTS").write_text(other + section + other.replace("b.csv", "c.csv"))
    return sha256


def test_each_line_has_a_digest_however_the_file_is_cut_into_blocks():
    lines = [digest(b"one"), digest(b"two\r"), digest(b""), digest(b"four")]
    assert digest_lines([b"one\ntwo\r\n\nfour"]) == lines
    assert digest_lines([b"on", b"e\ntwo\r", b"\n\nfour", b""]) == lines
    assert digest_lines([b"one\n"]) == [digest(b"one")]
    assert digest_lines([]) == []


def test_a_file_that_is_not_text_has_no_lines():
    assert digest_lines([b"PAR1", b"\x00\n"]) is None
    assert format_section("a.parquet", "0" * 64, None) == ""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("abc", "abc", []),
        ("abc", "aXc", ["line 2 changed"]),
        ("abcd", "aXYd", ["lines 2 to 3 changed"]),
        ("abc", "abXc", ["line 3 added"]),
        ("abc", "ac", ["line 2 removed"]),
        ("abc", "", ["lines 1 to 3 removed"]),
        ("", "ab", ["lines 1 to 2 added"]),
        ("abc", "aXYZc", ["lines 2 to 4 in place of 1"]),
        ("abcdef", "Xbcdf", ["line 1 changed", "line 5 removed"]),
        ("aa", "aaa", ["line 3 added"]),
    ],
)
def test_edits_are_told_by_the_lines_where_they_are(before, after, said):
    assert list_edits(list(before), list(after)) == said


def test_in_a_long_edit_of_as_many_lines_each_is_told_by_its_place():
    before = [str(n) for n in range(5000)]
    after = ["X", *before[1:4999], "Y"]
    assert list_edits(before, after) == ["line 1 changed", "line 5000 changed"]
    assert list_edits(before, ["X", *before[2:4999], "Y"]) == ["lines 1 to 4999 in place of 5000"]


def test_an_edited_file_is_described_by_its_lines(tmp_path):
    sha256 = frozen(tmp_path, b"a\nb\nc\n")
    (tmp_path / "a.csv").write_bytes(b"a\nB\nc\n")
    assert describe_edit(tmp_path, "a.csv", sha256) == "line 2 changed"


def test_a_lost_line_end_alone_is_said(tmp_path):
    sha256 = frozen(tmp_path, b"a\nb\n")
    (tmp_path / "a.csv").write_bytes(b"a\nb")
    assert describe_edit(tmp_path, "a.csv", sha256) == "the same lines with another end of the file"


def test_many_edits_are_told_by_the_first_and_their_number(tmp_path):
    sha256 = frozen(tmp_path, b"".join(b"%d\nsame%d\n" % (n, n) for n in range(12)))
    (tmp_path / "a.csv").write_bytes(b"".join(b"X%d\nsame%d\n" % (n, n) for n in range(12)))
    said = describe_edit(tmp_path, "a.csv", sha256)
    assert said.startswith("line 1 changed, line 3 changed, ")
    assert said.endswith("line 19 changed and 2 more")


def test_nothing_is_said_without_digests_or_with_those_of_another_content(tmp_path):
    sha256 = frozen(tmp_path, b"a\n")
    assert describe_edit(tmp_path, "a.csv", "1" * 64) is None
    (tmp_path / "LINE_DIGESTS").unlink()
    assert describe_edit(tmp_path, "a.csv", sha256) is None
