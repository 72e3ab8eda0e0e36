"""The shipped cohort of Scrucca, Santucci and Aversa is the published one, row by row."""

import csv
import hashlib
from pathlib import Path

from sksurv.datasets import load_bmt

CUT = Path(__file__).parents[2] / "data" / "hsct-35" / "2007-08-31"


def read_rows() -> list[dict[str, str]]:
    with open(CUT / "bmt35.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_row_equals_the_data_set_in_scikit_survival():
    disease, outcome = load_bmt()
    published = [
        (str(dis), float(ftime), int(status))
        for dis, ftime, status in zip(
            disease["dis"], outcome["ftime"], outcome["status"], strict=True
        )
    ]
    assert len(published) == 35
    rows = [(row["dis"], float(row["ftime"]), int(row["status"])) for row in read_rows()]
    assert rows == published


def test_subjects_are_numbered_in_the_published_order():
    assert [row["subject_id"] for row in read_rows()] == [f"BMT-{n:02d}" for n in range(1, 36)]


def cumulative_incidence(cause: str, time: float) -> float:
    """Aalen and Johansen's estimate, written out."""
    rows = [(float(row["ftime"]), row["status"]) for row in read_rows()]
    incidence, event_free = 0.0, 1.0
    for at in sorted({when for when, status in rows if status != "0" and when <= time}):
        at_risk = sum(when >= at for when, _ in rows)
        incidence += event_free * sum(row == (at, cause) for row in rows) / at_risk
        event_free *= 1 - sum(when == at and status != "0" for when, status in rows) / at_risk
    return incidence


def test_one_is_death_and_two_is_relapse():
    # R's cmprsk::cuminc at thirty months, both leukaemias together.
    assert abs(cumulative_incidence("2", 30) - 0.4812696) < 1e-6
    assert abs(cumulative_incidence("1", 30) - 0.2728390) < 1e-6


def test_the_sums_are_true():
    digest = hashlib.sha256((CUT / "bmt35.csv").read_bytes()).hexdigest()
    assert (CUT / "SHA256SUMS").read_text(encoding="utf-8") == f"{digest}  bmt35.csv\n"
