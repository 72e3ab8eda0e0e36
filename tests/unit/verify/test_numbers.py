"""Verifying names every number that is not what its rows give, and is silent when all is well."""

import json

import pytest

from graftline import tables
from graftline.errors import GraftlineError
from graftline.results_folder import ResultsFolder
from graftline.verify.numbers import same_value, verify_numbers
from tests.unit.small_results import RECORDS, write_registries, write_results, write_subjects


def changed(number, **fields):
    return [one | fields if one["id"] == number else one for one in RECORDS]


@pytest.fixture
def folder(tmp_path):
    return write_results(tmp_path)


def verify(folder):
    return verify_numbers(ResultsFolder(folder))


def test_all_is_well(folder):
    assert verify(folder) == []


def test_a_value_changed_in_both_registries_is_found(folder):
    write_registries(folder, changed("cohort.alive.n", value=3, display="3"))
    assert verify(folder) == ["cohort.alive.n: the registry says 3, the rows give 2"]


def test_a_value_changed_in_the_twelfth_digit_is_found(folder):
    write_registries(folder, changed("cohort.alive.age", value=35.000000001))
    assert [problem.partition(":")[0] for problem in verify(folder)] == ["cohort.alive.age"]


def test_a_value_made_missing_is_found(folder):
    write_registries(folder, changed("cohort.alive.n", value=None, display="NE"))
    assert verify(folder) == ["cohort.alive.n: the registry says None, the rows give 2"]


def test_a_changed_derived_table_is_found(folder):
    write_subjects(folder, vital_status=["ALIVE", "DEAD", "DEAD"])
    assert verify(folder) == [
        "cohort.alive.n: the registry says 2, the rows give 1",
        "cohort.alive.age: the registry says 35.0, the rows give 30.0",
    ]


def test_a_changed_display_is_found(folder):
    write_registries(folder, changed("cohort.alive.age", display="36.0"))
    assert verify(folder) == [
        "cohort.alive.age: the registry prints 36.0, its value prints as 35.0"
    ]


@pytest.mark.parametrize("released", [True, False])
def test_a_record_that_one_registry_lacks_is_found(folder, released):
    few = RECORDS[1:]
    write_registries(folder, RECORDS if released else few, few if released else RECORDS)
    where = "numbers_full.json" if released else "numbers.json"
    assert verify(folder) == [f"cohort.alive.n: stands in {where} alone"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("value", 3),
        ("display", "3"),
        ("population", "nobody"),
        ("selected_sql", "SELECT 1"),
        ("data_label", None),
    ],
)
def test_a_released_record_that_says_otherwise_is_found(folder, field, value):
    write_registries(folder, RECORDS, changed("cohort.alive.n", **{field: value}))
    assert verify(folder) == [
        f"cohort.alive.n: {field} differs between numbers.json and numbers_full.json"
    ]


MASKED = {
    "value": None,
    "display": "<5",
    "format": {"display": "masked", "decimals": 0},
    "reason": "masked: fewer than the study may tell",
}


def test_a_number_that_the_study_masks_may_be_released_without_its_value(folder):
    write_registries(folder, RECORDS, changed("cohort.alive.n", **MASKED))
    assert verify(folder) == []


def test_a_masked_number_that_says_otherwise_of_what_it_is_is_found(folder):
    write_registries(folder, RECORDS, changed("cohort.alive.n", **MASKED, population="nobody"))
    assert verify(folder) == [
        "cohort.alive.n: population differs between numbers.json and numbers_full.json"
    ]


def test_a_number_masked_where_the_study_masks_none_is_found(folder):
    file = folder / "audit" / "configuration.json"
    configuration = tables.read_json(file)
    configuration["protocol"]["disclosure"] = {"mask_below": 0}
    tables.write_json(file, configuration)
    write_registries(folder, RECORDS, changed("cohort.alive.n", **MASKED))
    assert any("value differs" in problem for problem in verify(folder))


def test_a_missing_released_registry_is_named(folder):
    (folder / "aggregate" / "numbers.json").unlink()
    with pytest.raises(GraftlineError, match="numbers.json is missing"):
        verify(folder)


def test_a_query_that_reads_files_is_refused(folder):
    secret = folder / "secret.csv"
    secret.write_text("row_key\nP01\n")
    query = f"SELECT row_key FROM read_csv('{secret}')"
    write_registries(folder, changed("cohort.alive.n", selected_sql=query))
    with pytest.raises(GraftlineError, match="cannot be run"):
        verify(folder)


@pytest.mark.parametrize(
    ("written", "computed", "same"),
    [
        (3, 3, True),
        (3, 4, False),
        ("a", "a", True),
        (None, None, True),
        (None, 0.0, False),
        (0.0, None, False),
        (0, None, False),
        ("1", 1.0, False),
        (1 / 3, json.loads(f"{1 / 3:.12g}"), True),
        (0.333333333333, 0.333333333343, False),
        (0.0, 1e-12, False),
        (1e-200, 2e-200, False),
        (-0.0, 0.0, True),
    ],
)
def test_values_are_the_same_to_twelve_digits_and_counts_exactly(written, computed, same):
    assert same_value(written, computed) is same
