"""The chain of the ledger: what was edited, moved, added or taken out is found and named."""

import json

import pytest

from graftline.cuts.manifest import digest_of
from graftline.ledger.records import (
    FIELDS,
    NOTHING_BEFORE,
    find_head,
    format_record,
    make_record,
    parse_ledger,
)


def content(cut, sequence, **more):
    return dict.fromkeys(FIELDS[:-2]) | {"study": "s", "cut": cut, "sequence": sequence} | more


def chain(*releases):
    records = []
    for cut, sequence in releases:
        records.append(make_record(content(cut, sequence), find_head(records)))
    return records


@pytest.fixture
def lines():
    """Three releases: two of one cut, and one of a later cut between them."""
    records = chain(("1999-12-31", 1), ("2000-12-31", 1), ("1999-12-31", 2))
    return [format_record(record) for record in records]


def problems(lines):
    return parse_ledger("".join(lines))[1]


def test_a_whole_chain_has_no_problem_and_gives_its_records(lines):
    records, found = parse_ledger("".join(lines))
    assert found == []
    assert [(one["cut"], one["sequence"]) for one in records] == [
        ("1999-12-31", 1),
        ("2000-12-31", 1),
        ("1999-12-31", 2),
    ]


def test_an_empty_ledger_is_whole_and_its_head_is_nothing():
    assert parse_ledger("") == ([], [])
    assert find_head([]) == NOTHING_BEFORE


def test_a_record_holds_the_hash_before_it_and_the_hash_of_all_of_itself(lines):
    first, second, _ = (json.loads(line) for line in lines)
    assert first["previous"] == "0" * 64
    assert second["previous"] == first["hash"]
    assert second["hash"] == digest_of({key: second[key] for key in second if key != "hash"})


def test_lines_are_canonical_json(lines):
    record = json.loads(lines[0])
    assert lines[0] == json.dumps(record, sort_keys=True, separators=(",", ":")) + "\n"


def test_an_edited_record_is_named(lines):
    lines[1] = lines[1].replace('"lock":null', '"lock":"x"')
    assert problems(lines) == [
        "line 2 (2000-12-31/1) was edited: its hash is not that of its content"
    ]


def test_a_record_edited_and_hashed_again_is_found_by_the_next(lines):
    record = json.loads(lines[1])
    edited = make_record({**record, "lock": "x"}, record["previous"])
    del edited["hash"]
    lines[1] = format_record(edited | {"hash": digest_of(edited)})
    assert [problem.split(":")[0] for problem in problems(lines)] == [
        "line 3 (1999-12-31/2) does not follow the line before it"
    ]


@pytest.mark.parametrize("removed", [0, 1])
def test_a_record_taken_out_from_before_another_is_found(lines, removed):
    del lines[removed]
    assert any("does not follow the line before it" in problem for problem in problems(lines))


def test_records_that_changed_places_are_found(lines):
    lines[1], lines[2] = lines[2], lines[1]
    assert len([p for p in problems(lines) if "does not follow" in p]) == 2


def test_a_record_that_is_there_twice_is_found(lines):
    found = problems([*lines[:2], *lines[1:]])
    assert any(problem.startswith("line 3 (2000-12-31/1) does not follow") for problem in found)
    assert any(problem.startswith("line 3 (2000-12-31/1) is out of order") for problem in found)


def test_a_release_number_that_is_left_out_is_found():
    lines = [format_record(one) for one in chain(("1999-12-31", 1), ("1999-12-31", 3))]
    assert problems(lines) == [
        "line 2 (1999-12-31/3) is out of order: the release before it of this cut is number 1"
    ]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda line: line[:-20], "is not a record"),
        (lambda line: "\n", "is not a record"),
        (lambda line: "[1]\n", "has not the fields of a record"),
        (lambda line: '{"cut":"2000-12-31"}\n', "has not the fields of a record"),
        (lambda line: line.replace('":', '": '), "is not written as records are"),
        (lambda line: line.rstrip("\n"), "is not written as records are"),
    ],
)
def test_the_last_line_spoilt_is_named(lines, spoil, said):
    found = problems([*lines[:2], spoil(lines[2])])
    assert len(found) == 1 and found[0].startswith("line 3 ") and said in found[0]


def test_what_a_chain_cannot_show_is_that_its_end_was_cut_off(lines):
    assert problems(lines[:2]) == []
