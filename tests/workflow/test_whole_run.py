"""Both studies, from raw tables to manuscript, as an investigator runs them."""

from __future__ import annotations

import json
import os
import re
import time

import pandas as pd
import pyarrow.parquet as pq
import pytest
from pypdf import PdfReader

from graftline.results_folder import ResultsFolder
from tests.workflow.conftest import check_out

pytestmark = pytest.mark.workflow

LABEL = "RECONSTRUCTED FROM AN ABSTRACT, NOT PATIENT DATA"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def pdf_text(path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def files_below(folder) -> dict:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def nine(built):
    return built.results("il2-ifn", "1997-12-31")


@pytest.fixture(scope="module")
def thirty_five(built):
    return built.results("hsct-35", "2007-08-31")


def test_every_published_statement_agrees_at_its_cut(nine):
    claims = read(nine / "aggregate/claims.json")

    assert [claim["id"] for claim in claims] == [f"C{number:02}" for number in range(1, 15)]
    assert [claim["agrees"] for claim in claims] == [True] * 14


def test_the_default_study_has_no_data_error(nine):
    assert read(nine / "patient_level/findings.json")["errors"] == 0
    assert read(nine / "patient_level/findings_derived.json")["errors"] == 0
    assert (nine / "patient_level/queries.csv").is_file()


def test_survival_from_transplantation_is_what_r_gives(nine):
    numbers = {record["id"]: record["value"] for record in read(nine / "aggregate/numbers.json")}

    # survfit(Surv(time, status) ~ 1, conf.type = "log-log") in R 4.2.2, to its three decimals.
    assert round(numbers["os.survival.730"], 3) == 0.556
    assert round(numbers["os.survival.730.lower"], 3) == 0.204
    assert round(numbers["os.survival.730.upper"], 3) == 0.805
    assert round(numbers["pfs.survival.365"], 3) == 0.667
    assert round(numbers["cir.cuminc.365"], 4) == 0.3333
    assert numbers["nrm.cuminc.730"] == 0
    assert numbers["followup.median"] == 1330


def test_the_published_incidences_of_the_real_cohort_are_reproduced(thirty_five):
    numbers = {
        record["id"]: record["value"] for record in read(thirty_five / "aggregate/numbers.json")
    }

    # Scrucca 2007; cmprsk::cuminc in R 4.2.2.
    assert numbers["cir.cuminc.30"] == pytest.approx(0.4812696, abs=1e-6)
    assert numbers["nrm.cuminc.30"] == pytest.approx(0.2728390, abs=1e-6)
    assert not any(name.startswith("os.") for name in numbers)


def test_a_reconstruction_says_so_in_everything_that_leaves(nine):
    files = [p for folder in ("aggregate", "audit") for p in sorted((nine / folder).rglob("*.*"))]
    forms = {".csv", ".docx", ".html", ".json", ".pdf", ".svg", ".xlsx"}
    assert {path.suffix for path in files} - {""} == forms  # Snakemake dates a folder by a file
    for path in files:
        if path.suffix in {".csv", ".html", ".json"}:
            assert LABEL in path.read_text(encoding="utf-8"), path
    pdf = PdfReader(nine / "aggregate/manuscript.pdf")
    assert all(LABEL in page.extract_text() for page in pdf.pages)
    assert LABEL in pdf.metadata["/Keywords"]


def test_a_reconstruction_says_so_in_every_table_of_patients(nine):
    for path in sorted((nine / "patient_level").rglob("*.parquet")):
        assert pq.read_schema(path).metadata[b"data_label"].decode() == LABEL, path
    for path in sorted((nine / "patient_level").glob("*.csv")):
        assert path.read_text(encoding="utf-8").splitlines()[0].endswith(",data_label"), path


def test_real_data_carry_no_label(thirty_five):
    text = (thirty_five / "aggregate/manuscript.html").read_text(encoding="utf-8")
    assert "RECONSTRUCTED" not in text
    assert {record["data_label"] for record in read(thirty_five / "aggregate/numbers.json")} == {
        None
    }


def test_sections_without_data_are_left_out(thirty_five):
    text = pdf_text(thirty_five / "aggregate/manuscript.pdf")
    assert "Relapse-free survival" in text
    for absent in ("Toxicity", "Exposure", "Overall survival"):
        assert absent not in text


def test_every_number_marked_in_the_manuscript_is_in_the_registry(nine, thirty_five):
    for results in (nine, thirty_five):
        numbers = {record["id"] for record in read(results / "aggregate/numbers.json")}
        html = (results / "aggregate/manuscript.html").read_text(encoding="utf-8")
        marked = set(re.findall(r'data-number-id="([^"]+)"', html))
        assert marked and marked <= numbers


def test_only_fonts_of_the_pinned_packages_are_embedded(nine):
    names = set()
    for page in PdfReader(nine / "aggregate/manuscript.pdf").pages:
        fonts = page["/Resources"].get("/Font", {})
        names |= {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
    assert names
    assert all(re.search(r"Source-?(Serif|Sans)", name) for name in names), names


def test_trace_ends_at_raw_lines(built):
    run = built.graftline("trace", "toxicity.grade4.high_dose.n")

    assert run.status == 0, run.output
    assert "data/il2-ifn/1997-12-31/vitals.csv:" in run.output
    assert "temp_cel" in run.output


def test_the_pages_that_trace_names_are_those_whose_links_lead_to_the_number_s_entry(nine):
    index = read(nine / "patient_level/pages.json")
    html = (nine / "aggregate/manuscript.html").read_text("utf-8")
    entries = {
        number: anchor
        for anchor, number in re.findall(r'href="#(entry-\d+)" data-number-id="([^"]+)"', html)
    }
    expected = {(page, entries[number]) for number, on in index["numbers"].items() for page in on}
    paper = PdfReader(nine / "aggregate/manuscript.pdf")
    found = set()
    for page, content in enumerate(paper.pages, start=1):
        links = [link.get_object() for link in content.get("/Annots", [])]
        names = [link.get("/Dest") or link.get("/A", {}).get("/D") for link in links]
        found |= {(page, str(name)) for name in names if str(name).startswith("entry-")}
    assert found == expected and len(index["numbers"]) == len(entries)
    assert index["digests"][-1] == index["pages"] == len(paper.pages)


def read_lineage(folder):
    files = sorted((folder / "patient_level/derived").glob("lineage_*.parquet"))
    return pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)


def test_every_derived_row_that_numbers_stand_on_has_cells_that_exist(built, nine, thirty_five):
    for folder in (nine, thirty_five):
        lineage = read_lineage(folder)
        lengths = {
            file: len((built.path / file).read_text(encoding="utf-8").splitlines())
            for file in lineage["src_file"].unique()
        }
        assert (lineage["src_line"] >= 1).all()
        assert (lineage["src_line"] <= lineage["src_file"].map(lengths)).all()
        for table, frame in ResultsFolder(folder).frames.items():
            sourced = lineage[lineage["derived_table"] == table]["row_key"]
            assert frame["row_key"].isin(sourced).all(), table


def test_each_file_of_the_results_is_told_of_a_rule(nine, thirty_five):
    for folder in (nine, thirty_five):
        rules = read(folder / "audit/rules.json")["rules"]
        made = {
            path for rule in rules.values() for paths in rule["outputs"].values() for path in paths
        }
        base = f"results/{folder.parent.name}/{folder.name}"
        found = {f"{base}/{name}" for name in files_below(folder)}
        # Of a folder that a rule makes, the folder is told.
        assert {path for path in found if not any(path.startswith(f"{m}/") for m in made)} <= made
        assert all((folder.parents[2] / path).exists() for path in made)
        told = json.dumps(rules)
        assert "workflow/scripts/grade_toxicity.py" in told or folder == thirty_five
        assert str(folder.parents[2]) not in told  # the same in any folder


def test_verify_agrees_and_finds_an_altered_number(built, scratch):
    folder = "results/il2-ifn/1997-12-31"
    assert built.graftline("verify", folder).status == 0

    path = scratch.path / folder / "patient_level/numbers_full.json"
    records = read(path)
    altered = next(record for record in records if record["id"] == "os.n_events")
    altered["value"] += 1
    path.write_text(json.dumps(records), encoding="utf-8")
    run = scratch.graftline("verify", folder)

    assert run.status == 1
    assert "os.n_events" in run.output


@pytest.mark.machine
def test_two_clean_runs_in_two_folders_give_the_same_bytes(built, tmp_path):
    other = check_out(tmp_path / "elsewhere" / "deeper")
    time.sleep(1.1)  # another second on the clock
    for path in other.path.rglob("*"):
        os.utime(path, (10**9, 10**9))

    run = other.snakemake()

    assert run.status == 0, run.output
    assert files_below(other.path / "results/il2-ifn") == files_below(
        built.path / "results/il2-ifn"
    )


def test_the_earlier_cut_knows_one_death_fewer_and_assesses_no_claim(scratch):
    run = scratch.snakemake("--config", "cut=1996-12-31")

    assert run.status == 0, run.output
    results = scratch.results("il2-ifn", "1996-12-31")
    numbers = {record["id"]: record["value"] for record in read(results / "aggregate/numbers.json")}
    assert numbers["os.n_events"] == 3
    assert {claim["agrees"] for claim in read(results / "aggregate/claims.json")} == {None}
