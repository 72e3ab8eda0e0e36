"""The manifest of a cut, and the cache of hashes that must never hide a changed file."""

import hashlib
import json
import os
import shutil

import pytest

from graftline.cuts import manifest
from graftline.cuts.manifest import HashCache, build_manifest, digest_of
from graftline.errors import GraftlineError


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def cut(tmp_path):
    folder = tmp_path / "cut"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.csv").write_text("one")
    (folder / "sub" / "b.csv").write_text("two")
    (folder / "SHA256SUMS").write_text(f"{sha256('one')}  a.csv\n{sha256('two')}  sub/b.csv\n")
    return folder


def test_the_manifest_states_each_file_and_the_digest_of_all(cut):
    files = {"a.csv": sha256("one"), "sub/b.csv": sha256("two")}
    digest = sha256(f'{{"a.csv":"{sha256("one")}","sub/b.csv":"{sha256("two")}"}}')
    assert build_manifest(cut, "cut") == {"files": files, "digest": digest}


def test_the_manifest_does_not_depend_on_the_folder_or_the_order_of_the_sums(cut, tmp_path):
    before = build_manifest(cut, "cut")
    other = shutil.copytree(cut, tmp_path / "elsewhere")
    sums = (other / "SHA256SUMS").read_text().splitlines()
    (other / "SHA256SUMS").write_text("\n".join(reversed(sums)))
    assert build_manifest(other, "other") == before


def test_a_changed_file_is_an_alarm_that_names_it(cut):
    (cut / "a.csv").write_text("on3")
    with pytest.raises(GraftlineError) as caught:
        build_manifest(cut, "data/s/cut")
    assert "data/s/cut/a.csv: the content is not what SHA256SUMS states" in str(caught.value)
    assert "b.csv" not in str(caught.value)


def test_a_file_that_is_not_named_is_told(cut):
    (cut / "c.csv").write_text("three")
    with pytest.raises(GraftlineError, match="cut: c.csv not named in SHA256SUMS"):
        build_manifest(cut, "cut")


def test_a_file_that_is_missing_is_told(cut):
    # A cut may be asked for by its date, past the choice of complete ones.
    (cut / "a.csv").unlink()
    with pytest.raises(GraftlineError, match="cut lacks a.csv, which its SHA256SUMS names"):
        build_manifest(cut, "cut")


def test_a_cut_without_sums_is_told(cut):
    (cut / "SHA256SUMS").unlink()
    with pytest.raises(GraftlineError, match="cut has no SHA256SUMS"):
        build_manifest(cut, "cut")


@pytest.mark.parametrize("value", [{"b": 1, "a": "é"}, [1, 2.5, None]])
def test_a_digest_is_the_sha256_of_canonical_json(value):
    text = '{"a":"é","b":1}' if isinstance(value, dict) else "[1,2.5,null]"
    assert digest_of(value) == sha256(text)


# The cache


@pytest.fixture
def hashed(monkeypatch):
    """The names of files that were really read, in order."""
    names = []
    real = manifest.hash_file

    def count(path):
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(manifest, "hash_file", count)
    return names


@pytest.fixture
def settled(monkeypatch):
    """As if the files of the test had been there for a while."""
    monkeypatch.setattr(manifest, "SETTLED_NS", -1)


def test_an_unchanged_file_is_hashed_once_also_by_the_next_run(tmp_path, hashed, settled):
    file = tmp_path / "a.csv"
    file.write_text("one")
    cache = HashCache(tmp_path / "hashes.json")
    assert cache.hash(file) == cache.hash(file) == sha256("one")
    cache.save()
    assert HashCache(tmp_path / "hashes.json").hash(file) == sha256("one")
    assert hashed == ["a.csv"]


def test_a_file_replaced_under_its_old_times_and_size_is_hashed_again(tmp_path, hashed, settled):
    file = tmp_path / "a.csv"
    file.write_text("one")
    times = file.stat()
    cache = HashCache(tmp_path / "hashes.json")
    cache.hash(file)
    replacement = tmp_path / "new"
    replacement.write_text("two")
    os.utime(replacement, ns=(times.st_atime_ns, times.st_mtime_ns))
    replacement.replace(file)
    assert file.stat().st_mtime_ns == times.st_mtime_ns
    assert cache.hash(file) == sha256("two")


def test_a_file_written_over_with_its_mtime_set_back_is_hashed_again(tmp_path, settled):
    file = tmp_path / "a.csv"
    file.write_text("one")
    times = file.stat()
    cache = HashCache(tmp_path / "hashes.json")
    cache.hash(file)
    while file.stat().st_ctime_ns == times.st_ctime_ns:  # the clock of the file system has steps
        file.write_text("two")
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert cache.hash(file) == sha256("two")


def test_a_file_touched_just_now_is_not_remembered(tmp_path, hashed):
    # It may change again within one step of the file system's clock, with the same size.
    file = tmp_path / "a.csv"
    file.write_text("one")
    cache = HashCache(tmp_path / "hashes.json")
    cache.hash(file)
    cache.hash(file)
    cache.save()
    assert hashed == ["a.csv", "a.csv"]
    assert not (tmp_path / "hashes.json").exists()


@pytest.mark.parametrize("content", ["", "{", "\x00"])
def test_a_spoilt_cache_is_made_anew(tmp_path, settled, content):
    file = tmp_path / "a.csv"
    file.write_text("one")
    (tmp_path / "hashes.json").write_text(content)
    cache = HashCache(tmp_path / "hashes.json")
    assert cache.hash(file) == sha256("one")
    cache.save()
    assert json.loads((tmp_path / "hashes.json").read_text())[str(file)]["sha256"] == sha256("one")


def test_a_cache_that_learnt_nothing_is_not_written(tmp_path, settled):
    file = tmp_path / "a.csv"
    file.write_text("one")
    cache = HashCache(tmp_path / "hashes.json")
    cache.hash(file)
    cache.save()
    before = (tmp_path / "hashes.json").stat().st_ino
    again = HashCache(tmp_path / "hashes.json")
    again.hash(file)
    again.save()
    assert (tmp_path / "hashes.json").stat().st_ino == before


def test_the_manifest_through_the_cache_is_that_without_it(cut, tmp_path, settled):
    cache = HashCache(tmp_path / "hashes.json")
    assert build_manifest(cut, "cut", cache.hash) == build_manifest(cut, "cut")
    (cut / "a.csv").write_text("changed, and longer")
    with pytest.raises(GraftlineError, match="cut/a.csv: the content is not"):
        build_manifest(cut, "cut", cache.hash)
