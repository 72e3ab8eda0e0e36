"""Rows of a file as patients: what is accepted, and every fault with its lines."""

import numpy as np
import pandas as pd
import pytest

from graftline.errors import GraftlineError
from graftline.estimate.listing.columns import (
    Faults,
    check_columns,
    join_rows,
    name_lines,
    read_numbers,
    read_rows,
)


def read(rows, columns="subject_id time status", causes=(1, 2)):
    """The patients of rows of text, the first of which is line 2."""
    frame = pd.DataFrame(rows, columns=columns.split(), dtype="string[pyarrow]")
    frame["src_line"] = range(2, len(frame) + 2)
    faults = Faults("in.csv")
    return join_rows([read_rows(frame, causes, faults)], faults)


def test_least_that_a_file_needs():
    patients = read([["a", "5", "1"], ["b", " 7.5 ", "0"]])
    assert patients.time.tolist() == [5, 7.5] and patients.status.tolist() == [1, 0]
    assert patients.entry is None and patients.group is None and patients.cohorts == (None,)


def test_cohorts_keep_their_order_and_share_no_patients():
    rows = [["a", "5", "1", "y"], ["a", "6", "0", "x"], ["b", "7", "2", "y"]]
    patients = read(rows, "subject_id time status cohort")
    found = {name: one.time.tolist() for name, one in patients.of_cohort()}
    assert found == {"y": [5, 7], "x": [6]} and list(found) == ["y", "x"]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["B", "A", "b"], ("A", "B", "b")),
        (["10", "9", "9"], ("9", "10")),  # numbers are sorted as numbers
        (["10", "9", "x"], ("10", "9", "x")),
    ],
)
def test_groups_are_sorted(labels, expected):
    rows = [[str(i), "5", "1", label] for i, label in enumerate(labels)]
    patients = read(rows, "subject_id time status group")
    assert patients.groups == expected
    assert [patients.groups[index] for index in patients.group] == labels


@pytest.mark.parametrize(
    ("columns", "row", "complaint"),
    [
        ("subject_id time status", ["b", "-1", "0"], "line 3: time is negative"),
        ("subject_id time status", ["b", "", "0"], "line 3: time is not a number"),
        ("subject_id time status", ["b", "1,5", "0"], "line 3: time is not a number"),
        ("subject_id time status", ["b", "NA", "0"], "line 3: time is not a number"),
        ("subject_id time status", ["b", "inf", "0"], "line 3: time is not a number"),
        ("subject_id time status", ["b", "5", "3"], "line 3: status is not one of 0, 1, 2"),
        ("subject_id time status", ["b", "5", "-1"], "line 3: status is not one of 0, 1, 2"),
        ("subject_id time status", ["b", "5", ""], "line 3: status is not one of 0, 1, 2"),
        ("subject_id time status", ["b", "5", "0.5"], "line 3: status is not one of 0, 1, 2"),
        ("subject_id time status", ["b", "5", "dead"], "line 3: status is not one of 0, 1, 2"),
        ("subject_id time status", ["", "5", "1"], "line 3: subject_id is empty"),
        ("subject_id time status", ["a", "5", "1"], "lines 2 and 3: a patient stands more"),
        ("subject_id time status", [" a", "5", "1"], "lines 2 and 3: a patient stands more"),
        ("subject_id time status entry", ["b", "5", "1", "5"], "line 3: entry is not before time"),
        ("subject_id time status entry", ["b", "5", "1", "6"], "line 3: entry is not before time"),
        ("subject_id time status entry", ["b", "5", "1", ""], "line 3: entry is not a number"),
        ("subject_id time status entry", ["b", "5", "1", "-1"], "line 3: entry is negative"),
        ("subject_id time status group", ["b", "5", "1", " "], "line 3: group is empty"),
        ("subject_id time status cohort", ["b", "5", "1", ""], "line 3: cohort is empty"),
    ],
)
def test_fault_is_told_with_its_line_and_no_value(columns, row, complaint):
    good = ["a", "5", "1", "1"][: len(row)]
    with pytest.raises(GraftlineError, match="^in.csv, ") as caught:
        read([good, row], columns)
    assert complaint in str(caught.value) and "dead" not in str(caught.value)


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ("subject_id time status", ["b", "0", "1"]),  # an event on day 0
        ("subject_id time status", ["b", "1e2", "2.0"]),
        ("subject_id time status entry", ["b", "5", "1", "4.999"]),
        ("subject_id time status entry", ["b", "5", "1", "0"]),
    ],
)
def test_what_is_beside_a_fault_is_none(columns, row):
    assert read([["a", "5", "1", "1"][: len(row)], row], columns).time.size == 2


def test_all_faults_are_told_at_once():
    rows = [["a", "-1", "0"], ["b", "5", "7"], ["c", "-2", "1"], ["b", "6", "1"]]
    with pytest.raises(GraftlineError) as caught:
        read(rows)
    told = str(caught.value)
    assert "lines 2 and 4: time is negative" in told
    assert "line 3: status is not one of" in told and "lines 3 and 5: a patient" in told
    assert "\n" not in told


def test_patient_of_two_cohorts_is_no_repetition():
    rows = [["a", "5", "1", "x"], ["a", "5", "1", "y"]]
    assert read(rows, "subject_id time status cohort").time.size == 2


def test_more_causes_can_be_declared():
    assert read([["a", "5", "3"]], causes=(1, 2, 3)).status.tolist() == [3]


def test_file_without_patients_is_refused():
    with pytest.raises(GraftlineError, match="no patients"):
        read([])


def test_lines_are_listed_up_to_ten():
    assert name_lines([7]) == "line 7"
    assert name_lines([9, 7]) == "lines 7 and 9"
    assert name_lines(list(range(2, 12))).endswith("10 and 11")
    assert name_lines(list(range(2, 15))).endswith("11 and 3 more")


def test_numbers():
    cells = pd.Series(
        ["1", " 2.50", "+3", "4e-1", ".5", "x", "", "0x1", "1_0"], dtype="string[pyarrow]"
    )
    found = read_numbers(cells)
    assert found[:5].tolist() == [1, 2.5, 3, 0.4, 0.5] and np.isnan(found[5:]).all()


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (["subject_id", "time"], "the column status is missing"),
        (["subject_id", "time", "Status"], "did you mean status"),
        (["subject_id", "time", "status", "entri"], "did you mean entry"),
        (["subject_id", "time", "status", "zzz"], "the columns are subject_id"),
        (["subject_id", "time", "status", "time"], "stands twice"),
    ],
)
def test_header_that_is_wrong_is_told(names, word):
    with pytest.raises(GraftlineError, match="in.csv, line 1: ") as caught:
        check_columns(names, "in.csv", 1)
    assert word in str(caught.value)
