"""What the paper says of patients and records that the protocol sets aside."""

import pytest

from tests.scripts.small_study import PROTOCOL
from tests.spec import small_paper

RULES = {
    "subjects": [{"where": {"A": ["x"]}, "patients": True, "reason": "screen failure"}],
    "labs": [
        {"where": {"B": ["y"]}, "reason": "urinalysis"},
        {"where": {"B": ["z"]}, "reason": "share, not a count"},
        {"where": {"B": ["w"]}, "reason": "nothing of the kind"},
    ],
}


@pytest.fixture
def said(monkeypatch):
    """The section with counts given by id."""

    def read(**counts):
        known = {record["id"]: record for record in small_paper.records()}
        model = known["quality.set_aside.rows.n"]
        ids = {f"quality.set_aside.{name.replace('__', '.')}.n": n for name, n in counts.items()}
        added = [model | {"id": name, "value": n, "display": str(n)} for name, n in ids.items()]
        others = [record for name, record in known.items() if name not in ids]
        monkeypatch.setattr(small_paper, "records", lambda: others + added)
        tables = {name: {"file": "x", "set_aside": rules} for name, rules in RULES.items()}
        protocol = PROTOCOL | {"tables": PROTOCOL["tables"] | tables}
        return small_paper.read("sections/data_quality.html.j2", protocol=protocol)

    return read


def test_patients_and_records_are_counted_by_reason(said):
    text = said(
        patients=2,
        patients__screen_failure=2,
        rows=40,
        rows__screen_failure=3,
        rows__urinalysis=30,
        rows__share_not_a_count=7,
    )
    assert (
        "Two patients of the delivery were set aside whole, as the protocol says (screen failure: 2), "
        "and no number counts them." in text
    )
    assert (
        "Of the records, 40 were not used, as the protocol says: screen failure (3), urinalysis (30) "
        "and share, not a count (7)." in text
    )
    assert "nothing of the kind" not in text


def test_a_study_that_sets_nothing_aside_does_not_speak_of_it():
    text = small_paper.read("sections/data_quality.html.j2")
    assert "set aside" not in text and "not used" not in text
