"""`snakemake --report` gives a page that stands alone, with the paper, its tables, figures and numbers."""

import re

import pytest

from tests.workflow.test_whole_run import LABEL

pytestmark = pytest.mark.workflow

RESULT = re.compile(r'"results/[^"/]+/([^"/]+)/([^"]+)": \{"name"')


@pytest.fixture
def page(scratch, monkeypatch):
    # Nothing answers there: what the page needs lies in Snakemake's own package.
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    run = scratch.snakemake("--report", "report.html")
    assert run.status == 0, run.output
    return (scratch.path / "report.html").read_text("utf-8")


def test_the_page_holds_what_matters_and_nothing_of_a_patient(page):
    held = {path for _, path in RESULT.findall(page)}
    assert held >= {
        *(f"aggregate/manuscript.{form}" for form in ("pdf", "html", "docx")),
        *("aggregate/tables.xlsx", "aggregate/tables/endpoints.csv", "aggregate/tables/index.csv"),
        *("aggregate/figures/kaplan_meier.svg", "aggregate/figures/toxicity.svg"),
        *("aggregate/numbers.json", "aggregate/claims.json"),
    }
    assert {path.split("/")[0] for path in held} == {"aggregate"}


def test_the_page_says_that_the_data_are_a_reconstruction_and_loads_nothing(page):
    assert page.count(LABEL) > len(RESULT.findall(page))
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?://', page)
