"""The run crate says what ran, on what, with what, and carries nothing of patients."""

import base64
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from graftline.crate.describe import describe_run, find_version
from tests.unit.crate.small_run_sources import BASE, RULES, SOURCES, rule

CHECK = Path(__file__).parents[3] / "docs" / "crate" / "validate_crate.py"


@pytest.fixture(scope="module")
def graph():
    return {entity["@id"]: entity for entity in describe_run(SOURCES)["@graph"]}


def named(graph, name):
    (entity,) = (
        one for one in graph.values() if one.get("name") == name and "File" in one["@type"]
    )
    return entity


def references(value):
    """All that a value refers to, however deep."""
    if isinstance(value, dict):
        return {value["@id"]} if set(value) == {"@id"} else references(list(value.values()))
    if isinstance(value, list):
        return set().union(*map(references, value))
    return set()


def test_each_rule_is_a_step_a_tool_and_a_run_in_its_place(graph):
    for name, told in RULES.items():
        step, run = graph[f"#{name}/step"], graph[f"#{name}/run"]
        assert step["position"] == str(told["place"])
        assert (
            step["workExample"] == run["instrument"] == {"@id": named(graph, told["script"])["@id"]}
        )
        assert graph[f"#{name}/control"]["object"] == [{"@id": run["@id"]}]


def test_a_run_names_its_inputs_params_and_outputs(graph):
    run = graph["#derive/run"]
    objects = [graph[one["@id"]] for one in run["object"]]
    assert [one["name"] for one in objects] == [
        "config/s/corrections.csv",
        "data/s/1999-12-31/ae.csv",
        "cut",
        "limits",
    ]
    assert objects[2]["value"] == "1999-12-31"
    assert json.loads(objects[3]["value"]) == {"high": 2, "low": 1}
    assert [graph[one["@id"]]["name"] for one in run["result"]] == [
        f"{BASE}/patient_level/derived/t.parquet"
    ]


def test_the_output_of_one_rule_is_the_input_of_the_next(graph):
    assert graph["#derive/run"]["result"] == graph["#count/run"]["object"]


def test_files_have_their_sha256(graph):
    assert named(graph, "data/s/1999-12-31/ae.csv")["sha256"] == "a" * 64
    assert named(graph, f"{BASE}/aggregate/numbers.json")["sha256"] == "c" * 64
    assert "sha256" not in named(graph, f"{BASE}/audit/SHA256SUMS")  # written after the crate


def test_software_is_named_with_its_version(graph):
    assert graph["#snakemake"]["softwareVersion"] == "9.27.1"
    assert graph["#python"]["version"] == "3.11.7"
    script = named(graph, "workflow/scripts/count.py")
    assert script["hasPart"] == [{"@id": named(graph, "workflow/graftline/shared.py")["@id"]}]
    assert script["softwareRequirements"] == [{"@id": named(graph, "requirements.lock")["@id"]}]


def test_only_what_lies_in_the_audit_folder_is_carried(graph):
    files = [entity for entity in graph.values() if "File" in entity["@type"]]
    carried = {entity["@id"] for entity in files if not entity["@id"].startswith("arcp://")}
    assert carried == {"Snakefile", "SHA256SUMS"}


def test_a_folder_that_a_rule_makes_is_described_with_its_files():
    folder = f"{BASE}/aggregate/tables"
    rules = RULES | {"tabulate": rule(4, "tabulate", {}, {"tables": ["aggregate/tables"]})}
    sums = SOURCES.sums | {f"{folder}/b.csv": "f" * 64, f"{folder}/a.csv": "f" * 64}
    graph = describe_run(replace(SOURCES, rules=rules, sums=sums))["@graph"]
    by_id = {entity["@id"]: entity for entity in graph}
    (made,) = (entity for entity in graph if entity.get("name") == folder)
    assert made["@type"] == "Dataset"
    assert [by_id[one["@id"]]["name"] for one in made["hasPart"]] == [
        f"{folder}/a.csv",
        f"{folder}/b.csv",
    ]


def test_nothing_is_described_twice():
    ids = [entity["@id"] for entity in describe_run(SOURCES)["@graph"]]
    assert len(ids) == len(set(ids))


def test_patient_level_files_are_described_as_such(graph):
    hidden = {entity["name"] for entity in graph.values() if "conditionsOfAccess" in entity}
    assert hidden == {
        "data/s/1999-12-31/ae.csv",
        "config/s/corrections.csv",
        f"{BASE}/patient_level/derived/t.parquet",
    }


def test_a_resource_of_the_run_is_named_by_the_build_digest(graph):
    digest = base64.urlsafe_b64encode(b"\x0f" * 32).decode().rstrip("=")
    assert (
        named(graph, "requirements.lock")["@id"] == f"arcp://ni,sha-256;{digest}/requirements.lock"
    )


def test_all_of_the_code_is_one_input(graph):
    objects = [graph[one["@id"]] for one in graph["#write_crate/run"]["object"]]
    (tree,) = (one for one in objects if one["@type"] == "Dataset")
    assert len(tree["hasPart"]) == 2


def test_nothing_is_referred_to_that_is_not_there(graph):
    outside = re.compile(r"https?://")
    missing = {
        id
        for id in references([list(entity.values()) for entity in graph.values()])
        if id not in graph and not outside.match(id)
    }
    assert missing == set()


def test_no_time_but_the_cuts_date_is_in_it():
    text = json.dumps(describe_run(SOURCES))
    assert set(re.findall(r"\d{4}-\d{2}-\d{2}(?:T[0-9:]+)?", text)) == {"1999-12-31"}
    assert "startTime" not in text and "endTime" not in text


def test_the_label_stands_in_it(graph):
    assert graph["./"]["keywords"] == "MADE UP FOR A TEST"
    assert "MADE UP FOR A TEST" in graph["./"]["description"]


def test_what_ran_for_another_cut_is_told_apart():
    other = {"derive": rule(1, "derive", {"raw": ["data/s/1998-12-31/ae.csv"]}, {})}
    graph = describe_run(replace(SOURCES, other_cuts={"1998-12-31": other}))["@graph"]
    ids = {entity["@id"] for entity in graph}
    assert {"#derive/run", "#1998-12-31/derive/run"} <= ids


def test_the_same_run_gives_the_same_crate():
    turned = {name: RULES[name] for name in reversed(RULES)}
    assert describe_run(replace(SOURCES, rules=turned)) == describe_run(SOURCES)


@pytest.mark.parametrize(
    ("lock", "version"),
    [
        ("a==1\nsnakemake==9.27.1 \\\n    --hash=sha256:00\n", "9.27.1"),
        ("snakemake==9.1 ; python_version < '4'\n", "9.1"),
        ("snakemake-interface==2.0\n", ""),
    ],
)
def test_the_version_is_that_of_the_lock(lock, version):
    assert find_version(lock, "snakemake") == version


def check(folder):
    return subprocess.run(
        [sys.executable, str(CHECK), str(folder)], capture_output=True, text=True, check=False
    )


@pytest.mark.crate
def test_the_profile_is_kept_and_a_crate_that_breaks_it_is_refused(tmp_path):
    crate = describe_run(SOURCES)
    for name in ("Snakefile", "SHA256SUMS"):
        (tmp_path / name).touch()
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(crate))
    done = check(tmp_path)
    assert (done.returncode, done.stdout) == (
        0,
        "0 required checks failed against provenance-run-crate-0.5\n",
    ), done.stdout + done.stderr

    for entity in crate["@graph"]:
        if entity["@id"] == "#count/control":
            del entity["object"]
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(crate))
    done = check(tmp_path)
    assert done.returncode == 1 and "#count/control" in done.stdout
