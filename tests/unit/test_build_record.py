"""The build digest: moved by each of its five parts, by nothing else."""

import hashlib

import pytest

from graftline.build_record import record_build

PARTS = {
    "cut_digest": "c" * 64,
    "configuration": {"study": "s", "protocol": {"b": 1, "a": [1, 2]}},
    "code": {"Snakefile": "1" * 64, "workflow/a.py": "2" * 64},
    "lock_sha256": "3" * 64,
    "numbers_sha256": "4" * 64,
    "data_label": None,
}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_digest_is_the_sha256_of_the_five_parts_in_canonical_json():
    configuration = sha256('{"protocol":{"a":[1,2],"b":1},"study":"s"}')
    code = sha256(f'{{"Snakefile":"{"1" * 64}","workflow/a.py":"{"2" * 64}"}}')
    whole = sha256(
        f'{{"code_tree":"{code}","configuration":"{configuration}","cut_manifest":"{"c" * 64}",'
        f'"lock":"{"3" * 64}","numbers":"{"4" * 64}"}}'
    )
    build = record_build(**PARTS)
    assert build["build_digest"] == whole
    assert build["parts"] == {
        "cut_manifest": "c" * 64,
        "configuration": configuration,
        "code_tree": code,
        "lock": "3" * 64,
        "numbers": "4" * 64,
    }
    assert build["code"] == PARTS["code"]


@pytest.mark.parametrize(
    "change",
    [
        {"cut_digest": "d" * 64},
        {"configuration": {"study": "s", "protocol": {"b": 1, "a": [2, 1]}}},
        {"code": {"Snakefile": "1" * 64, "workflow/b.py": "2" * 64}},
        {"lock_sha256": "5" * 64},
        {"numbers_sha256": "5" * 64},
    ],
)
def test_each_part_moves_the_digest(change):
    assert record_build(**PARTS | change)["build_digest"] != record_build(**PARTS)["build_digest"]


def test_the_order_of_keys_moves_nothing():
    turned = {
        "configuration": {"protocol": {"a": [1, 2], "b": 1}, "study": "s"},
        "code": dict(reversed(PARTS["code"].items())),
    }
    assert record_build(**PARTS | turned)["build_digest"] == record_build(**PARTS)["build_digest"]


def test_the_label_is_stated():
    assert record_build(**PARTS | {"data_label": "NOT REAL"})["data_label"] == "NOT REAL"
