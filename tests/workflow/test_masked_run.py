"""A whole run of a study that masks counts: nothing that leaves it has a masked value."""

from __future__ import annotations

import json
import re

import pytest

from graftline.disclosure.gate.pdf import read_pdf
from graftline.disclosure.policy import is_masked
from tests.workflow.conftest import check_out

pytestmark = pytest.mark.workflow

CUT, THRESHOLD = "1997-12-31", 5
SAID = {"masked", "<5", "&lt;5", "fewer than five", "an undisclosed number"}
MARK = re.compile(r'data-number-id="([^"]+)">([^<]*)<')
COUNTED = ("count", "count_distinct")


def read(path):
    return {record["id"]: record for record in json.loads(path.read_text(encoding="utf-8"))}


def assert_nothing_masked_is_told(results):
    """What a masked run's files must hold, and must not."""
    full = read(results / "patient_level/numbers_full.json")
    released = read(results / "aggregate/numbers.json")
    masked = {number for number, record in released.items() if is_masked(record)}
    assert released.keys() == full.keys() and len(masked) > 500
    for number in masked:
        assert released[number]["value"] is None and released[number]["display"] in SAID
    for number, record in released.items():
        counted = record["statistic"]["name"] in COUNTED and record["unit"] == "patients"
        assert not (counted and record["value"] in range(1, THRESHOLD)), number
    html = (results / "aggregate/manuscript.html").read_text(encoding="utf-8")
    marks = MARK.findall(html)
    assert {number for number, _ in marks} & masked
    assert {text.lower() for number, text in marks if number in masked} <= SAID
    assert "Case 1" not in html and "No patient is shown singly" in html
    pdf = (results / "aggregate/manuscript.pdf").read_bytes()
    assert not re.search(
        r"\bCase \d", "".join(text for _, text in read_pdf(pdf) if text.__class__ is str)
    )
    curves = (results / "aggregate/figures/kaplan_meier.svg").read_text(encoding="utf-8")
    under = re.findall(r"<text[^>]*>(\d+)</text>", curves)
    assert not {int(text) for text in under} & set(range(1, THRESHOLD))
    assert (results / "audit/SHA256SUMS").is_file()


@pytest.mark.machine
def test_no_masked_value_is_in_text_tables_or_figures(tmp_path):
    checkout = check_out(tmp_path / "graftline")
    study = checkout.path / "config/il2-ifn/study.yaml"
    listed = re.compile(r"  case_listing: true.*")
    text = listed.sub("  case_listing: false\n  mask_below: 5", study.read_text("utf-8"))
    assert "mask_below" in text
    study.write_text(text, encoding="utf-8")
    run = checkout.snakemake()
    assert run.status == 0, run.output
    assert_nothing_masked_is_told(checkout.results("il2-ifn", CUT))
