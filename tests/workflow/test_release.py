"""A finished run is sealed, verified with its own code, and found to be altered when it is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from graftline.sealed_folder import remove_folder

pytestmark = pytest.mark.workflow

RESULTS = "results/il2-ifn/1997-12-31"
RELEASE = "releases/il2-ifn/1997-12-31/1"
CHECK = Path(__file__).parents[2] / "docs" / "crate" / "validate_crate.py"


@pytest.fixture(scope="module")
def released(built, tmp_path_factory):
    """A built checkout whose run was sealed, and of which Snakemake has forgotten all it knew."""
    checkout = built.copy(tmp_path_factory.mktemp("released") / "graftline")
    run = checkout.graftline("release")
    assert run.status == 0, run.output
    assert f"{RELEASE}: sealed; the first release of this cut" in run.output
    shutil.rmtree(checkout.path / ".snakemake")
    yield checkout
    remove_folder(checkout.path / RELEASE)


def test_a_release_verifies_with_its_own_code(released):
    run = released.graftline("verify", RELEASE)
    assert run.status == 0, run.output
    numbers, estimates = (
        int(run.output.split(f" {kind}")[0].split()[-1]) for kind in ("numbers", "estimates")
    )
    assert numbers > 1000 and estimates > 50
    assert not list((released.path / RELEASE).rglob("__pycache__"))


def test_the_results_verify_without_snakemakes_memory(released):
    run = released.graftline("verify", RESULTS)
    assert run.status == 0, run.output


def test_aggregate_alone_is_of_the_release(released, tmp_path):
    shutil.copytree(released.path / RELEASE / "results/aggregate", tmp_path / "aggregate")
    ledger = released.path / "releases/il2-ifn/ledger.jsonl"
    run = released.graftline("verify", str(tmp_path / "aggregate"), "--ledger", str(ledger))
    assert run.status == 0, run.output


def test_an_altered_derived_table_of_a_release_is_named(released):
    file = released.path / RELEASE / "results/patient_level/derived/endpoints.parquet"
    before = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes((file.parent / "subjects.parquet").read_bytes())
    try:
        run = released.graftline("verify", RELEASE)
    finally:
        file.write_bytes(before)
    assert run.status == 1
    assert "results/patient_level/derived/endpoints.parquet: the content is not" in run.output


def test_the_records_of_the_rules_name_every_output(released):
    audit = released.path / RESULTS / "audit"
    sums = (audit / "SHA256SUMS").read_text().splitlines()
    stated = {line.split("  ", 1)[1] for line in sums}
    there = {
        path.relative_to(audit.parent).as_posix()
        for path in audit.parent.rglob("*")
        if path.is_file() and path.name != ".snakemake_timestamp"
    }
    assert there - stated == {"audit/SHA256SUMS"} and stated <= there


@pytest.mark.crate
@pytest.mark.parametrize("study", ["il2-ifn/1997-12-31", "hsct-35/2007-08-31"])
def test_the_crate_keeps_to_its_profile_and_carries_no_patient(built, study):
    audit = built.path / "results" / study / "audit"
    done = subprocess.run(
        [sys.executable, str(CHECK), str(audit)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    graph = json.loads((audit / "ro-crate-metadata.json").read_text())["@graph"]
    files = [one for one in graph if "File" in one["@type"]]
    for one in files:
        patient = "/patient_level/" in one["name"] or one["name"].startswith("data/")
        assert patient == ("conditionsOfAccess" in one) or one["name"].endswith("corrections.csv")
    unsummed = {one["name"] for one in files if "sha256" not in one}
    assert all(name.endswith(("/SHA256SUMS", "LINE_DIGESTS")) for name in unsummed), unsummed
