"""Published statements against derived numbers."""

import pytest

from graftline.claims import check_claims
from graftline.errors import GraftlineError

CUT = "1997-12-31"


def claim(expect, **changes):
    return {"id": "C01", "claim": "Said so", "as_of": CUT, "expect": expect} | changes


def check(expect, value, **changes):
    records = {"a.n": {"value": value}, "b.n": {"value": 4}}
    return check_claims([claim(expect, **changes)], records, CUT, "claims.yaml")[0]


@pytest.mark.parametrize(
    ("published", "derived", "agrees"),
    [
        (5, 5, True),
        (5, 5.0, True),
        (5, 4, False),
        (5, None, False),  # what cannot be estimated is not reproduced
        ({"at_least": 5}, 5, True),
        ({"at_least": 5}, 6, True),
        ({"at_least": 5}, 4, False),
        ({"at_least": 0}, None, False),
        ({"value": 0.7, "tolerance": 0.1}, 0.8, True),  # the difference is 0.10000000000000009
        ({"value": 0.7, "tolerance": 0.1}, 0.6, True),
        ({"value": 0.7, "tolerance": 0.1}, 0.80001, False),
        ({"value": 0.4812696, "tolerance": 1e-6}, 0.4812706, True),
        ({"value": 0.4812696, "tolerance": 1e-6}, 0.4812707, False),
        ({"value": 1, "tolerance": 0}, None, False),
    ],
)
def test_a_claim_agrees_if_the_number_is_what_was_published(published, derived, agrees):
    assert check({"a.n": published}, derived)["agrees"] is agrees


def test_a_claim_of_two_numbers_needs_both():
    assert check({"a.n": 5, "b.n": 4}, 5)["agrees"] is True
    assert check({"a.n": 5, "b.n": 3}, 5)["agrees"] is False


def test_what_was_published_stands_beside_what_was_derived():
    checked = check_claims(
        [claim({"a.n": 5})], {"a.n": {"value": 4}}, CUT, "claims.yaml", data_label="NOT REAL"
    )
    assert checked == [
        {
            "id": "C01",
            "claim": "Said so",
            "as_of": CUT,
            "published": {"a.n": 5},
            "derived": {"a.n": 4},
            "agrees": False,
            "data_label": "NOT REAL",
        }
    ]


def test_a_claim_about_another_cut_is_not_assessed_even_if_its_number_is_not_there():
    checked = check({"not.yet": 5}, 5, as_of="1996-12-31")
    assert checked["derived"] is None
    assert checked["agrees"] is None


def test_an_unknown_number_is_an_error_that_names_claim_and_number():
    with pytest.raises(
        GraftlineError, match=r"claims\.yaml: claim C01 names the unknown number a\.m"
    ):
        check({"a.m": 5}, 5)


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"id": "C01"}, "a list of claims was expected"),
        (None, "a list of claims was expected"),
        ([{"id": "C01"}], "claim 1 must have the keys as_of, claim, expect, id"),
        ([claim({"a.n": 1}) | {"excpect": 1}], "claim 1 must have the keys"),
        ([claim({"a.n": 1}), claim({"a.n": 1})], "claim C01 stands twice"),
        # a date that does not exist would never be assessed, and look as if it agreed
        ([claim({"a.n": 1}, as_of="1997-13-31")], "as_of must be the date of a cut"),
        # all of nothing agrees
        ([claim({})], "expect must name at least one number"),
        ([claim({"a.n": "five"})], "a.n must be a number"),
        ([claim({"a.n": True})], "a.n must be a number"),
        ([claim({"a.n": {"value": 5}})], "a.n must be a number"),
        ([claim({"a.n": {"value": 5, "tolerance": "1e-6"}})], "a.n must be a number"),
        ([claim({"a.n": {"at_most": 5}})], "a.n must be a number"),
    ],
)
def test_a_claim_that_is_not_written_as_one_is_an_error(claims, sentence):
    with pytest.raises(GraftlineError, match=sentence):
        check_claims(claims, {"a.n": {"value": 5}}, CUT, "claims.yaml")


def test_whether_a_masked_number_agrees_is_not_told():
    masked = {"a.n": {"value": None, "format": {"display": "masked", "decimals": 0}}}
    (checked,) = check_claims([claim({"a.n": 3})], masked, CUT, "claims.yaml")
    assert checked["agrees"] is None and checked["derived"] == {"a.n": None}
