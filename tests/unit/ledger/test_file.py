"""The ledger's file: it only grows, by whole lines, and only where its chain holds."""

import pytest

from graftline.errors import GraftlineError
from graftline.ledger.file import append_record, check_ledger, read_ledger
from graftline.ledger.records import FIELDS, NOTHING_BEFORE, find_head, make_record


def record(sequence, previous):
    content = {"study": "s", "cut": "1999-12-31", "sequence": sequence}
    return make_record(dict.fromkeys(FIELDS[:-2]) | content, previous)


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "ledger.jsonl"
    append_record(path, record(1, NOTHING_BEFORE))
    return path


def test_no_file_is_an_empty_ledger(tmp_path):
    assert read_ledger(tmp_path / "ledger.jsonl") == []
    assert check_ledger(tmp_path / "ledger.jsonl") == ([], [])


def test_what_was_there_stays_byte_for_byte(ledger):
    before = ledger.read_bytes()
    append_record(ledger, record(2, find_head(read_ledger(ledger))))
    assert ledger.read_bytes().startswith(before)
    assert [one["sequence"] for one in read_ledger(ledger)] == [1, 2]


def test_nothing_else_is_left_in_the_folder(ledger):
    assert [path.name for path in ledger.parent.iterdir()] == ["ledger.jsonl"]


def test_a_record_that_does_not_follow_is_refused(ledger):
    before = ledger.read_bytes()
    with pytest.raises(GraftlineError, match="does not follow the last one"):
        append_record(ledger, record(2, NOTHING_BEFORE))
    assert ledger.read_bytes() == before


def test_nothing_is_added_to_a_ledger_that_was_edited(ledger):
    head = find_head(read_ledger(ledger))
    ledger.write_text(ledger.read_text().replace('"lock":null', '"lock":"x"'))
    with pytest.raises(GraftlineError, match="line 1 .* was edited"):
        append_record(ledger, record(2, head))


def test_a_crash_while_writing_leaves_the_ledger_as_it_was(ledger, monkeypatch):
    before = ledger.read_bytes()

    def crash(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("graftline.replace_file.os.fsync", crash)
    with pytest.raises(OSError, match="no space"):
        append_record(ledger, record(2, find_head(read_ledger(ledger))))
    assert ledger.read_bytes() == before
