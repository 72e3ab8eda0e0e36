"""What is recorded of each rule is what Snakemake's graph has of it."""

from types import SimpleNamespace

from snakemake.iocontainers import InputFiles, OutputFiles, Params, Wildcards

from graftline.rule_records import describe_rules

HERE = {"study": "s", "cut": "1999-12-31"}
PLACES = {"out": "results", "/project": "."}


def files(kind, named):
    """Files as Snakemake holds them: one list, of which each name is an item or a stretch."""
    held = kind()
    for name, value in named.items():
        start = len(held)
        held.extend([value] if isinstance(value, str) else value)
        held._set_name(name, start, None if isinstance(value, str) else len(held))
    return held


class Job(SimpleNamespace):
    __hash__ = object.__hash__


def job(rule, inputs, outputs, params=(), wildcards=HERE):
    return Job(
        rule=SimpleNamespace(name=rule, message=f"Making {rule} of {{wildcards.study}}"),
        wildcards_dict=wildcards,
        input=files(InputFiles, inputs),
        output=files(OutputFiles, outputs),
        params=Params(fromdict=dict(params)),
    )


def graph(*edges_of):
    """A graph of (job, jobs it stands on)."""
    return SimpleNamespace(
        jobs=[one for one, _ in edges_of],
        dependencies={one: dict.fromkeys(before, set()) for one, before in edges_of},
    )


def rules_of(*edges_of):
    return describe_rules(graph(*edges_of), Wildcards(fromdict=HERE), PLACES)


FIRST = job("read", {"raw": ["/project/data/b.csv", "/project/data/a.csv"], "code": "/project/x.py"}, {"t": "out/t"},
               {"cut": "1999-12-31", "folder": "/project", "other": "/projects", "none": None})  # fmt: skip
SECOND = job("count", {"t": "out/t"}, {"n": "out/n"}, {"by": {"b": 1, "a": ["out/x"]}})
LAST = job("write_crate", {"n": "out/n"}, {"sums": "out/sums"}, {"python": "/bin/python"})
BESIDE = job("draw", {"t": "out/t"}, {"f": "out/f"})
ALL = ((LAST, [SECOND]), (BESIDE, [FIRST]), (SECOND, [FIRST]), (FIRST, []))


def test_all_that_the_last_stands_on_has_a_place_in_an_order_in_which_it_can_run():
    rules = rules_of(*ALL)["rules"]
    assert {name: rule["place"] for name, rule in rules.items()} == {
        "read": 1,
        "count": 2,
        "write_crate": 3,
    }


def test_the_order_of_snakemakes_graph_makes_no_difference():
    assert rules_of(*ALL) == rules_of(*reversed(ALL))


def test_files_have_names_that_are_the_same_everywhere():
    read = rules_of(*ALL)["rules"]["read"]
    assert read["message"] == "Making read of s"
    assert read["script"] == "workflow/scripts/read.py"
    assert read["code"] == ["x.py"] and read["lock"] == []
    assert read["inputs"] == {"raw": ["data/b.csv", "data/a.csv"]}
    assert read["outputs"] == {"t": ["results/t"]}


def test_params_are_told_with_folders_named_alike_and_nothing_else_changed():
    rules = rules_of(*ALL)["rules"]
    assert rules["read"]["params"] == {
        "cut": "1999-12-31",
        "folder": ".",
        "other": "/projects",
        "none": None,
    }
    assert rules["count"]["params"] == {"by": {"b": 1, "a": ["results/x"]}}
    assert rules["write_crate"]["params"] == {}  # where Python lies on this machine


def test_what_ran_for_another_cut_is_told_apart():
    earlier = HERE | {"cut": "1998-12-31"}
    before = job("read", {"raw": []}, {"t": "out/earlier"}, wildcards=earlier)
    found = rules_of((LAST, [SECOND]), (SECOND, [FIRST, before]), (FIRST, []), (before, []))
    assert found["other_cuts"]["1998-12-31"]["read"]["outputs"] == {"t": ["results/earlier"]}
    assert found["rules"]["read"]["outputs"] == {"t": ["results/t"]}


def test_jobs_of_one_rule_are_told_apart():
    halves = [
        job("read", {}, {"t": f"out/{half}"}, wildcards=HERE | {"half": half}) for half in "ab"
    ]
    found = rules_of((LAST, halves), *((half, []) for half in halves))
    assert sorted(found["rules"]) == ["read half=a", "read half=b", "write_crate"]


def test_another_cuts_end_is_not_taken_for_this_one():
    other = job("write_crate", {}, {"sums": "out/o"}, wildcards=HERE | {"cut": "1998-12-31"})
    assert rules_of((other, []), *ALL) == rules_of(*ALL)
