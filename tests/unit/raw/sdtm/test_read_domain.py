"""Records of a domain and the row that each is found by."""

import json

from graftline.raw.sdtm import read_domain

FILE = "data/s/2015-01-01/ae.ndjson"


def domain(names, *rows, name="ae.ndjson", domain="AE", **more):
    head = {"datasetJSONVersion": "1.1.0", "columns": [{"name": one} for one in names]} | more
    content = "\n".join(json.dumps(line) for line in [head, *rows])
    return read_domain(content.encode(), f"data/s/2015-01-01/{name}", domain)


def found(raw):
    return [(one["rule"], one["line"], one.get("column")) for one in raw.findings]


def test_the_source_row_is_seq_and_not_the_place_in_the_file():
    raw = domain(["USUBJID", "AESEQ"], ["A", 39], ["A", 7], ["B", 7])
    assert raw.frame["src_line"].tolist() == [39, 7, 7]
    assert raw.findings == []


def test_a_domain_without_seq_has_the_number_of_the_record():
    raw = domain(["USUBJID", "DOMAIN"], ["A", "DM"], ["B", "DM"], domain="DM")
    assert raw.frame["src_line"].tolist() == [1, 2]


def test_records_lost_in_reading_do_not_move_the_numbers_of_the_others():
    raw = domain(["USUBJID"], ["A"], ["B", "too much"], ["C"], domain="DM")
    assert raw.frame["USUBJID"].tolist() == ["A", "C"]
    assert raw.frame["src_line"].tolist() == [1, 3]
    assert raw.lost_rows == 1


def test_a_record_without_a_usable_seq_is_left_out_and_named_by_its_place():
    raw = domain(["USUBJID", "AESEQ"], ["A", 1], ["A", None], ["B", "x"], ["B", 1.5], ["B", 2])
    assert raw.frame["src_line"].tolist() == [1, 2]
    assert found(raw) == [("R12", 2, "AESEQ"), ("R12", 3, "AESEQ"), ("R12", 4, "AESEQ")]
    assert [one["subject_id"] for one in raw.findings] == ["A", "B", "B"]
    assert raw.lost_rows == 3


def test_a_domain_of_which_no_record_has_a_seq_is_one_finding():
    raw = domain(["USUBJID", "AESEQ"], ["A", None], ["B", None])
    assert raw.unreadable and found(raw) == [("R12", None, None)]


def test_a_seq_that_a_patient_has_twice_is_an_error_and_both_records_stay():
    raw = domain(["USUBJID", "AESEQ"], ["A", 1], ["B", 1], ["A", 1])
    assert len(raw.frame) == 3
    assert found(raw) == [("R12", 3, "AESEQ")]


def test_records_of_another_domain_are_one_finding():
    raw = domain(["USUBJID", "DOMAIN", "AESEQ"], ["A", "AE", 1], ["A", "CM", 2], ["A", "CM", 3])
    assert found(raw) == [("R13", None, "DOMAIN")]
    assert "2 records" in raw.findings[0]["message"]


def test_a_variable_that_stands_twice_is_reported_and_not_read():
    raw = domain(["USUBJID", "AESEQ", "AETERM", "AETERM"], ["A", 1, "x", "y"])
    assert found(raw) == [("R04", None, "AETERM")]
    assert raw.repeated == ["AETERM"] and "AETERM" not in raw.frame


def test_a_file_that_cannot_be_read_is_one_finding():
    raw = read_domain(b"hello", FILE, "AE")
    assert raw.unreadable and found(raw) == [("R10", None, None)]
    raw = read_domain(b"", FILE, "AE")
    assert raw.unreadable and found(raw) == [("R01", None, None)]


def test_the_ending_of_the_name_may_be_in_capitals():
    raw = domain(["USUBJID", "AESEQ"], ["A", 1], name="AE.NDJSON")
    assert len(raw.frame) == 1
