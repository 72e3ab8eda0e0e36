"""A cut compared with the one before it, in whole runs."""

from __future__ import annotations

import csv
import json
import re
import shutil

import pytest

from tests.workflow.test_staleness import edit, make_sums_anew

pytestmark = pytest.mark.workflow

STUDY, FIRST, SECOND = "il2-ifn", "1996-12-31", "1997-12-31"
COUNT = re.compile(r"^(\w+) +(\d+)$", re.MULTILINE)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def read_rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def jobs(checkout, *arguments):
    """Rule -> how many jobs of it a run would make."""
    run = checkout.snakemake("--dry-run", *arguments)
    assert run.status == 0, run.output
    found = {rule: int(number) for rule, number in COUNT.findall(run.output)}
    return {rule: number for rule, number in found.items() if rule not in ("all", "total")}


def section(manuscript):
    """The text of the section on changes."""
    html = manuscript.read_text(encoding="utf-8")
    found = re.search(r'<section id="changes">.*?</section>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else None


@pytest.fixture(scope="module")
def nine(built):
    return built.results(STUDY, SECOND)


def add_cut(checkout, date):
    """A third cut of il2-ifn, as the second was."""
    folder = checkout.path / "data" / STUDY / date
    shutil.copytree(checkout.path / "data" / STUDY / SECOND, folder)
    return folder


# ---- from 1996 to 1997. By the raw tables of both cuts, P09 died on 1997-06-16; five patients were seen
# later than before (P01, P04, P05, P06, P08); no other cell differs but for their new assessments.


def test_the_changes_are_the_death_and_the_five_follow_ups_that_grew(nine):
    rows = read_rows(nine / "patient_level" / "cut_changes.csv")
    told = [(row["subject_id"], row["kind"], row["before"], row["after"]) for row in rows]
    assert told == [
        ("P01", "followup_grown", "1996-11-18", "1997-11-18"),
        ("P04", "followup_grown", "1996-10-04", "1997-10-07"),
        ("P05", "followup_grown", "1996-12-27", "1997-12-02"),
        ("P06", "followup_grown", "1996-12-15", "1997-12-09"),
        ("P08", "followup_grown", "1996-11-27", "1997-11-25"),
        ("P09", "death", "ALIVE", "DEAD"),
        ("P09", "event", "0", "1"),  # of survival from transplantation,
        ("P09", "event", "0", "1"),  # and from the start of treatment
    ]
    assert {row["record_key"] for row in rows if row["kind"] == "event"} == {"os", "os_it"}


def test_the_section_says_these_and_nothing_else(nine):
    said = section(nine / "aggregate" / "manuscript.html").partition(" Table ")[0]
    sentences = [sentence.strip() for sentence in said.split(". ")]
    assert "compared with that of 1996-12-31" in sentences[0]
    assert sentences[1:6] == [
        "Five patients were followed longer than before",
        "One patient died since (Case 9)",
        "One patient had a new event of overall survival from transplantation",
        "One patient had a new event of overall survival from start of immunotherapy",
        "No past value or record changed",
    ]


def test_each_number_that_moved_is_listed_with_what_it_was_and_no_other(nine, built):
    before, now = (
        {
            record["id"]: record["value"]
            for fragment in (built.results(STUDY, cut) / "patient_level/fragments").glob("*.json")
            for record in read(fragment)["numbers"]
            if not record["id"].startswith("changes.")
        }
        for cut in (FIRST, SECOND)
    )
    moved = {number for number in set(before) & set(now) if before[number] != now[number]}
    comparison = read(nine / "aggregate" / "cut_comparison.json")
    assert {one["id"] for one in comparison["numbers"] if one["moved"]} == moved
    # Nobody's treatment or toxicity changed, and nobody came.
    assert {number.partition(".")[0] for number in moved} <= {
        *("cohort", "flow", "followup", "os", "pfs", "rfs", "cir", "nrm"),
        *("os_it", "pfs_it", "cir_it", "nrm_it", "sensitivity"),
    }
    shown = {one["id"]: (one["before"], one["now"]) for one in comparison["numbers"]}
    assert shown["os.n_events"] == (3, 4)
    assert shown["cohort.alive.n"] == (6, 5)
    # Of P09 alone it is known by whom: 391 days alive, then dead on day 601.
    assert shown["cohort.case_9.days_tx_to_end"] == (391, 601)
    assert comparison["counts"]["death.n"] == 1
    assert comparison["counts"]["past.n"] == 0


def test_a_number_moved_because_of_the_patients_who_differ_in_what_it_reads(nine):
    page = (nine / "patient_level" / "cut_changes.html").read_text(encoding="utf-8")
    people = dict(re.findall(r"<tr><td>([a-z0-9_.]+)</td>.*?<td>([P0-9, ]*)</td></tr>", page))
    assert people["os.n_events"] == "P09"
    # Until day 730: P08 was censored on day 540 and lived on, P09 on day 391 and died on day 601.
    assert people["os.survival.730"] == "P08, P09"


def test_what_leaves_names_no_patient_and_no_day(nine):
    text = (nine / "aggregate" / "cut_comparison.json").read_text(encoding="utf-8")
    assert not re.search(r"\bP0[1-9]\b", text)
    dates = set(re.findall(r"\d{4}-\d\d-\d\d", text))
    assert dates == {FIRST, SECOND}


# ---- what is built for it


def test_a_first_cut_has_no_comparison(built):
    assert jobs(built, "--config", f"cut={FIRST}").keys().isdisjoint(
        {"compare_cuts", "gate_comparison", "release_comparison"}
    )  # fmt: skip
    assert section(built.results("hsct-35", "2007-08-31") / "aggregate/manuscript.html") is None


def test_without_comparison_a_clean_run_builds_one_cut(scratch):
    shutil.rmtree(scratch.path / "results")
    found = jobs(scratch, "--config", "compare=false")
    assert set(found.values()) == {1}
    assert "compare_cuts" not in found


def test_a_later_delivery_builds_its_own_cut_and_nothing_of_the_earlier_ones_again(scratch):
    folder = add_cut(scratch, "1998-12-31")
    edit(folder / "followup.csv", "P01,1997-11-18", "P01,1998-11-18")
    make_sums_anew(folder)
    found = jobs(scratch)
    assert set(found.values()) == {1}
    assert {"compare_cuts", "validate_raw", "derive_endpoints"} <= set(found)


def test_an_edit_of_the_earlier_cut_runs_its_rules_and_the_comparison_and_no_derivation_again(
    scratch,
):
    folder = scratch.path / "data" / STUDY / FIRST
    edit(folder / "vitals.csv", "39.2", "39.1")
    make_sums_anew(folder)
    found = jobs(scratch)
    assert {"compare_cuts", "grade_toxicity", "render_manuscript"} <= set(found)
    assert set(found.values()) == {1}
    assert {"check_estimates"}.isdisjoint(found)


# ---- what stops a run, and what does not


@pytest.mark.machine
def test_a_patient_who_is_gone_stops_the_run_until_a_correction_says_so(scratch):
    folder = add_cut(scratch, "1998-12-31")
    for path in folder.glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if "P08," not in line]
        path.write_text("".join(kept), encoding="utf-8")
    make_sums_anew(folder)

    run = scratch.snakemake()
    results = scratch.results(STUDY, "1998-12-31")
    assert run.status == 1
    assert "queries_comparison.csv" in run.output
    assert not (results / "aggregate" / "manuscript.pdf").exists()
    (query,) = read_rows(results / "patient_level" / "queries_comparison.csv")
    assert (query["rule"], query["subject_id"]) == ("K01", "P08")

    corrected = scratch.graftline(
        *("correct", "subjects", "P08", "subject_id", "--old", "P08", "--new", ""),
        *("--reason", "consent withdrawn", "--author", "A. Author"),
        *("--study", STUDY, "--cut", "1998-12-31"),
    )
    assert corrected.status == 0, corrected.output
    run = scratch.snakemake()
    assert run.status == 0, run.output
    said = section(results / "aggregate" / "manuscript.html")
    assert "One patient was no longer in the data, as a correction says" in said


def test_an_earlier_cut_with_errors_is_not_compared_and_stops_nothing(scratch):
    folder = scratch.path / "data" / STUDY / FIRST
    edit(folder / "vitals.csv", "39.2", "hot")
    make_sums_anew(folder)

    run = scratch.snakemake()

    assert run.status == 0, run.output
    said = section(scratch.results(STUDY, SECOND) / "aggregate" / "manuscript.html")
    assert "The data cut of 1996-12-31 has errors and was not compared" in said
    # Asked for by itself, the cut with errors stops the run as it always did.
    run = scratch.snakemake("--config", f"cut={FIRST}")
    assert run.status == 1
    assert "queries.csv" in run.output
