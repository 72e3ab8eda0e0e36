"""Signed heads: the end of a ledger cut off, or the whole written anew, is found."""

import shutil
import subprocess

import pytest

from graftline.errors import GraftlineError
from graftline.ledger.heads import check_heads, describe_head, sign_head
from graftline.ledger.records import FIELDS, find_head, make_record

pytestmark = pytest.mark.machine


def chain(length, lock=None):
    records = []
    for sequence in range(1, length + 1):
        content = {"study": "s", "cut": "1999-12-31", "sequence": sequence, "lock": lock}
        records.append(make_record(dict.fromkeys(FIELDS[:-2]) | content, find_head(records)))
    return records


def make_key(path):
    assert shutil.which("ssh-keygen"), "install OpenSSH's client (openssh-client)"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True
    )
    return path


@pytest.fixture
def key(tmp_path):
    return make_key(tmp_path / "key")


@pytest.fixture
def allowed(tmp_path, key):
    file = tmp_path / "allowed"
    file.write_text(f"auditor@example.org {key.with_suffix('.pub').read_text()}")
    return file


@pytest.fixture
def heads(tmp_path, key):
    sign_head(describe_head("s", chain(2)), tmp_path / "heads", key)
    return tmp_path / "heads"


def test_a_ledger_that_grew_since_is_well(heads, allowed):
    assert check_heads(heads, allowed, chain(2)) == check_heads(heads, allowed, chain(3)) == []


def test_the_last_record_cut_off_is_found(heads, allowed):
    (problem,) = check_heads(heads, allowed, chain(1))
    assert "had 2 records when this was signed and has 1: its last ones were removed" in problem


def test_a_chain_written_anew_is_found(heads, allowed):
    (problem,) = check_heads(heads, allowed, chain(3, lock="x"))
    assert "record 2 of the ledger is not the one that was signed" in problem


def test_an_edited_head_is_found(heads, allowed):
    file = heads / "000002.json"
    file.write_text(file.read_text().replace('"records":2', '"records":1'))
    (problem,) = check_heads(heads, allowed, chain(1))
    assert "signature is not that of an allowed signer" in problem


def test_another_persons_signature_is_found(tmp_path, heads, allowed):
    sign_head(describe_head("s", chain(2)), heads, make_key(tmp_path / "other"))
    (problem,) = check_heads(heads, allowed, chain(2))
    assert "signature is not that of an allowed signer" in problem


def test_a_signature_taken_away_is_found(heads, allowed):
    (heads / "000002.json.sig").unlink()
    assert "no signature" in check_heads(heads, allowed, chain(2))[0]


def test_no_head_at_all_is_found(tmp_path, allowed):
    assert "no signed head" in check_heads(tmp_path / "none", allowed, chain(2))[0]


def test_a_key_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(GraftlineError, match="was not signed"):
        sign_head(describe_head("s", chain(1)), tmp_path, tmp_path / "nothing")
