"""aggregate/ alone: verified by someone who may not see patients."""

import shutil

import pytest

from graftline import tables
from graftline.release.seal import seal_release
from graftline.verify.folders import verify_without_patients
from graftline.verify.released import compare_printed, verify_aggregate
from tests.unit.small_run import STUDY, describe, write_all, write_paper, write_pdf, write_sums

RECORDS = {"a.n": {"display": "12"}, "a.rate": {"display": "3.5"}}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<a data-number-id="a.n">12</a> <span data-number-id="a.rate">3.5</span>', []),
        ('<a data-number-id="a.n">twelve</a>', []),
        ('<a data-number-id="a.rate"><span>3</span><span>.5</span></a>', []),
        (
            '<a data-number-id="a.n">13</a>',
            ["a.n: the manuscript prints 13, numbers.json says 12"],
        ),
        (
            '<a data-number-id="b.n">1</a>',
            ["b.n: is printed in the manuscript and not in numbers.json"],
        ),
        ("<p>13</p>", []),
    ],
)
def test_numbers_in_figures_are_those_of_the_registry(html, found):
    assert compare_printed(html, RECORDS) == found


@pytest.fixture
def made(tmp_path):
    """An aggregate folder on its own, and the ledger of the release that it is of."""
    project, results = write_all(tmp_path / "project")
    sealed = seal_release(results, project, tmp_path / "releases", sealed_at="2026-01-02T12:00:00Z")
    shutil.copytree(sealed.folder / "results/aggregate", tmp_path / "sent/aggregate")
    for path in (tmp_path / "sent").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return tmp_path / "sent/aggregate", tmp_path / "releases" / STUDY / "ledger.jsonl"


def test_alone_it_says_that_little_was_looked_at(made):
    outcome = verify_aggregate(made[0], None)
    assert outcome.problems == [] and outcome.checked == {"released numbers": 3}
    assert len(outcome.notes) == 2


def test_the_ledger_knows_every_file_of_it(made):
    outcome = verify_aggregate(*made)
    assert outcome.problems == [] and outcome.checked["outputs"] == 4


@pytest.mark.parametrize("name", ["manuscript.pdf", "figures/swimmer.svg"])
def test_a_file_that_was_altered_is_named_by_the_ledger(made, name):
    (made[0] / name).write_text("other\n")
    assert verify_aggregate(*made).problems == [
        f"{name}: the content is not what SHA256SUMS states"
    ]


def test_a_file_added_or_removed_is_named(made):
    tables.write_text(made[0] / "more.csv", "a\n")
    (made[0] / "manuscript.pdf").unlink()
    assert verify_aggregate(*made).problems == [
        "manuscript.pdf: is missing",
        "more.csv: was added",
    ]


def test_numbers_of_no_release_are_named(made):
    numbers = made[0] / "numbers.json"
    numbers.write_text(numbers.read_text().replace('"display": "2"', '"display": "3"'))
    found = verify_aggregate(*made).problems
    assert found[0] == "cohort.alive.n: the registry prints 3, its value prints as 2"
    assert "is of no release of" in found[1]


def test_a_claim_held_against_another_number_is_named(made):
    tables.write_json(made[0] / "claims.json", [{"id": "C1", "derived": {"cohort.alive.n": 3}}])
    assert verify_aggregate(made[0], None).problems == [
        "cohort.alive.n: claims.json says 3, numbers.json 2"
    ]


def test_no_registry_is_a_difference(tmp_path):
    (tmp_path / "aggregate").mkdir()
    problem, *papers = verify_aggregate(tmp_path / "aggregate", None).problems
    assert problem.endswith("numbers.json: is missing or cannot be read")
    assert papers == ["manuscript.html: is missing", "manuscript.pdf: is missing"]


def test_aggregate_and_audit_without_patients(tmp_path):
    _, results = write_all(tmp_path)
    shutil.rmtree(results / "patient_level")
    outcome = verify_without_patients(results)
    assert outcome.problems == [] and "reduced" in outcome.notes[0]
    (results / "aggregate/manuscript.pdf").write_text("other\n")
    tables.write_text(results / "aggregate/more.csv", "a\n")
    assert [problem.split(":")[0] for problem in verify_without_patients(results).problems] == [
        "aggregate/manuscript.pdf",
        "aggregate/more.csv",
    ]


def test_without_patients_sums_and_crate_have_to_agree(tmp_path):
    _, results = write_all(tmp_path)
    describe(results)
    shutil.rmtree(results / "patient_level")
    assert verify_without_patients(results).problems == []
    write_paper(results / "aggregate", "0" * 64)
    write_sums(results)
    problems = verify_without_patients(results).problems
    assert any(one.startswith("aggregate/manuscript.pdf: audit/ro-crate-met") for one in problems)


def test_without_patients_the_paper_has_to_be_of_the_build(tmp_path):
    _, results = write_all(tmp_path)
    shutil.rmtree(results / "patient_level")
    write_paper(results / "aggregate", "0" * 64)
    write_sums(results)
    found = {one.split(",")[0] for one in verify_without_patients(results).problems}
    prints = "prints the build digest 000000000000"
    assert found == {f"aggregate/manuscript.{form}: {prints}" for form in ("html", "pdf")}


def test_alone_the_pdf_has_to_be_of_the_same_build_as_the_page(made):
    (made[0] / "manuscript.pdf").write_bytes(write_pdf(f"Build digest {'0' * 64}; the ledger"))
    (problem,) = verify_aggregate(made[0], None).problems
    assert problem.startswith("manuscript.pdf: is not of the same build as manuscript.html")


def test_with_a_ledger_the_altered_pdf_is_named_once(made):
    (made[0] / "manuscript.pdf").write_bytes(write_pdf(f"Build digest {'0' * 64}; the ledger"))
    (problem,) = verify_aggregate(*made).problems
    assert problem.startswith("manuscript.pdf: ")
