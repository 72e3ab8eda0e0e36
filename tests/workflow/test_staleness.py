"""After a change, the rules that depend on it run again, and only those."""

from __future__ import annotations

import hashlib
import os

import pytest

pytestmark = pytest.mark.workflow

CUT = "data/il2-ifn/1997-12-31"
# What follows from each step, in the order of the graph.
REPORT = {
    "record_build",
    "record_rules",
    "render_manuscript",
    "render_documents",
    "write_explorer",
    "write_crate",
}
NUMBERS = {"collect_numbers", "check_claims", "release_comparison"} | REPORT
ANALYSES = {
    "summarise_cohort",
    "tabulate_toxicity",
    "estimate_survival",
    "check_estimates",
    "compare_cuts",
    "gate_comparison",
} | NUMBERS
DERIVED = {"check_derived", "gate_derived"} | ANALYSES
DERIVATIONS = {"derive_subjects", "derive_exposure", "grade_toxicity", "derive_endpoints"} | DERIVED
EVERYTHING = {"register_cut", "validate_raw", "gate_raw"} | DERIVATIONS


def edit(path, old: str, new: str) -> None:
    """Replace text that is there in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def make_sums_anew(folder) -> None:
    """SHA256SUMS true of the folder as it is now."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.glob("*.csv"))
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def test_nothing_runs_when_nothing_changed(scratch):
    assert scratch.would_run() == set()


def test_an_edited_module_runs_the_rules_that_import_it_and_what_follows(scratch):
    edit(
        scratch.path / "workflow/graftline/claims.py",
        "Published statements",
        "Statements published",
    )

    assert scratch.would_run() == {"check_claims"} | REPORT


def test_a_module_that_every_derivation_imports_runs_them_all(scratch):
    with (scratch.path / "workflow/graftline/derive/lineage.py").open("a") as file:
        file.write("\n\nADDED = True\n")

    ran = scratch.would_run()

    assert {"derive_subjects", "derive_exposure", "grade_toxicity", "derive_endpoints"} <= ran
    assert ran.isdisjoint({"register_cut", "gate_raw"})


def test_a_changed_title_runs_the_report_alone(scratch):
    edit(
        scratch.path / "config/il2-ifn/study.yaml",
        "short_title: IL-2",
        "short_title: Interleukin-2",
    )

    # The protocol's lines are sources of numbers, so that the registry is made again too.
    assert scratch.would_run() == NUMBERS


def test_a_changed_threshold_runs_grading_and_what_follows_and_no_other_derivation(scratch):
    edit(scratch.path / "config/il2-ifn/study.yaml", "low_sbp_mmhg: 90", "low_sbp_mmhg: 85")

    ran = scratch.would_run()

    assert {"grade_toxicity", "tabulate_toxicity"} <= ran
    assert ran.isdisjoint(
        {"register_cut", "derive_subjects", "derive_exposure", "derive_endpoints"}
    )


def test_a_raw_file_replaced_under_an_older_time_runs_everything(scratch):
    folder = scratch.path / CUT
    before = (folder / "vitals.csv").stat()
    edit(folder / "vitals.csv", "39.2", "39.1")
    make_sums_anew(folder)
    for name in ("vitals.csv", "SHA256SUMS"):
        os.utime(folder / name, ns=(before.st_atime_ns, before.st_mtime_ns - 10**15))

    run = scratch.snakemake()

    assert run.status == 0, run.output
    assert run.rules == EVERYTHING


@pytest.mark.machine
def test_the_same_is_seen_when_snakemake_has_forgotten_all_it_knew(scratch):
    folder = scratch.path / CUT
    before = (folder / "vitals.csv").stat()
    edit(folder / "vitals.csv", "39.2", "39.1")
    make_sums_anew(folder)
    for name in ("vitals.csv", "SHA256SUMS"):
        os.utime(folder / name, ns=(before.st_atime_ns, before.st_mtime_ns - 10**15))
    (scratch.path / ".snakemake").rename(scratch.path / "forgotten")

    run = scratch.snakemake()

    assert run.status == 0, run.output
    # The manifest was written anew before Snakemake looked, so that its own rule need not run.
    assert run.rules >= EVERYTHING - {"register_cut"}


def test_a_raw_file_changed_without_its_checksum_stops_the_run_by_name(scratch):
    manuscript = scratch.results("il2-ifn", "1997-12-31") / "aggregate" / "manuscript.pdf"
    before = manuscript.read_bytes()
    edit(scratch.path / CUT / "vitals.csv", "39.2", "39.1")

    run = scratch.snakemake()

    assert run.status == 1
    assert f"{CUT}/vitals.csv" in run.output
    assert run.rules == set()
    assert manuscript.read_bytes() == before


def test_a_dry_run_writes_nothing(built, tmp_path):
    checkout = built.copy(tmp_path / "dry")
    edit(checkout.path / CUT / "vitals.csv", "39.2", "39.1")
    make_sums_anew(checkout.path / CUT)
    state = {
        path: path.stat().st_mtime_ns
        for folder in ("results", ".graftline")
        for path in (checkout.path / folder).rglob("*")
    }

    assert checkout.would_run() == EVERYTHING

    assert state == {
        path: path.stat().st_mtime_ns
        for folder in ("results", ".graftline")
        for path in (checkout.path / folder).rglob("*")
    }
