"""Why each rule would run: what it reads that changed, or the rules before it."""

import pytest

from graftline.plan.changes import CODE, CONFIGURATION, FILE, PACKAGE, TABLE, Change
from graftline.plan.rules import explain_rules, read_job_counts


def rule(inputs=(), outputs=(), code=(), params=()):
    return {
        "script": "workflow/scripts/x.py",
        "code": list(code),
        "inputs": {"": list(inputs)},
        "outputs": {"": list(outputs)},
        "params": dict.fromkeys(params),
    }


RULES = {
    "validate_raw": rule(
        ["data/s/2000-01-01/ae.csv", "config/s/corrections.csv"], ["results/ae.parquet"], ["a.py"]
    ),
    "derive_endpoints": rule(["results/ae.parquet"], ["results/e.parquet"], ["b.py"], ["survival"]),
    "record_build": rule(["results/e.parquet"], [], ["c.py"], ["configuration"]),
}


@pytest.mark.parametrize(
    ("change", "reading"),
    [
        (Change(TABLE, "ae.csv", "x"), {"validate_raw"}),
        (Change(TABLE, "labs.csv", "x"), set()),
        (Change(FILE, "corrections.csv", "x"), {"validate_raw"}),
        (Change(CODE, "b.py", "x"), {"derive_endpoints"}),
        (Change(CODE, "workflow/scripts/x.py", "x"), set(RULES)),
        (Change(CONFIGURATION, "survival.times", "x"), {"derive_endpoints", "record_build"}),
        (Change(CONFIGURATION, "arms", "x"), {"record_build"}),
        (Change(PACKAGE, "numpy", "x"), set(RULES)),
    ],
)
def test_a_change_is_a_reason_for_the_rules_that_read_it(change, reading):
    found = explain_rules(dict.fromkeys(RULES, 1), RULES, [change])
    assert {name for name, why in found.items() if why == [str(change)]} == reading


def test_who_reads_nothing_that_changed_runs_after_others():
    change = Change(CODE, "b.py", "changed: f")
    found = explain_rules({"derive_endpoints": 1, "record_build": 1}, RULES, [change])
    assert found == {
        "derive_endpoints": ["code b.py: changed: f"],
        "record_build": ["after derive_endpoints"],
    }


def test_a_rule_without_any_reason_lost_what_it_had_made():
    assert explain_rules({"validate_raw": 1, "new_rule": 1}, RULES, []) == {
        "validate_raw": ["what it made is missing, or was not completed"],
        "new_rule": ["it did not run before"],
    }


def test_the_table_of_jobs_is_read():
    text = (
        "Building DAG of jobs...\nJob stats:\njob       count\n------  -------\n"
        "all             1\nderive_a        2\ntotal           3\n\n[...]"
    )
    assert read_job_counts(text) == {"derive_a": 2}
    assert read_job_counts("Nothing to be done") == {}
