"""The shipped reconstruction: the same bytes, true to the abstract, honest about time."""

import csv
import hashlib
import re
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data" / "il2-ifn"
FINAL, EARLIER = "1997-12-31", "1996-12-31"
CUTS = (EARLIER, FINAL)
LABEL = "RECONSTRUCTED FROM AN ABSTRACT, NOT PATIENT DATA"
SIGNS = {
    "Pyrexia",
    "Chills",
    "Asthenia",
    "Nausea",
    "Decreased appetite",
    "Weight decreased",
    "Injection site dermatitis",
}
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(cut: str, table: str) -> list[dict[str, str]]:
    with open(DATA / cut / f"{table}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def arm_of(cut: str = FINAL) -> dict[str, str]:
    return {row["subject_id"]: row["arm"] for row in read(cut, "subjects")}


def patients_of_arm(arm: str) -> set[str]:
    return {subject for subject, its_arm in arm_of().items() if its_arm == arm}


def all_tables(cut: str) -> list[str]:
    return sorted(path.stem for path in (DATA / cut).glob("*.csv"))


# --- the files


def test_the_generator_makes_the_committed_bytes_again(tmp_path):
    command = [sys.executable, "-B", str(DATA / "generate.py"), str(tmp_path)]
    subprocess.run(command, check=True)
    for cut in CUTS:
        made = {path.name: path.read_bytes() for path in (tmp_path / cut).iterdir()}
        kept = {path.name: path.read_bytes() for path in (DATA / cut).iterdir()}
        assert made.keys() == kept.keys()
        assert [name for name in kept if made[name] != kept[name]] == []


@pytest.mark.parametrize("cut", CUTS)
def test_the_sums_list_every_table_in_order_and_are_true(cut):
    lines = (DATA / cut / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    names = [line[66:] for line in lines]
    assert names == sorted(path.name for path in (DATA / cut).glob("*.csv"))
    for line in lines:
        content = (DATA / cut / line[66:]).read_bytes()
        assert line == f"{hashlib.sha256(content).hexdigest()}  {line[66:]}"


@pytest.mark.parametrize("cut", CUTS)
def test_every_row_says_last_that_it_is_a_reconstruction(cut):
    assert len(all_tables(cut)) == 9
    for table in all_tables(cut):
        rows = read(cut, table)
        assert list(rows[0])[-1] == "data_label"
        assert {row["data_label"] for row in rows} == {LABEL}


# --- what was known when


@pytest.mark.parametrize("cut", CUTS)
def test_no_date_lies_after_the_cut(cut):
    dates = [
        text
        for table in all_tables(cut)
        for row in read(cut, table)
        for text in row.values()
        if ISO_DATE.fullmatch(text)
    ]
    assert len(dates) > 900  # labs alone have 854 rows: the loop did see dates
    assert max(dates) <= cut


def test_the_earlier_cut_has_one_death_fewer():
    dead = {
        cut: {row["subject_id"] for row in read(cut, "followup") if row["vital_status"] == "DEAD"}
        for cut in CUTS
    }
    assert len(dead[EARLIER]) == 3
    assert dead[FINAL] - dead[EARLIER] == {"P09"}


def test_in_the_earlier_cut_the_ninth_patient_lives_with_progression():
    (row,) = [row for row in read(EARLIER, "followup") if row["subject_id"] == "P09"]
    assert (row["vital_status"], row["final_status"]) == ("ALIVE", "PD")
    assert (row["date"], row["death_date"], row["death_cause"]) == ("1996-11-18", "", "")


def test_what_was_known_in_the_earlier_cut_still_stands_in_the_later():
    for table in set(all_tables(EARLIER)) - {"followup"}:
        later = Counter(tuple(row.values()) for row in read(FINAL, table))
        earlier = Counter(tuple(row.values()) for row in read(EARLIER, table))
        assert not earlier - later, table
    later = {row["subject_id"]: row for row in read(FINAL, "followup")}
    for row in read(EARLIER, "followup"):
        if row["vital_status"] == "DEAD":
            assert row == later[row["subject_id"]]
        else:
            assert row["date"] < later[row["subject_id"]]["date"]


def test_the_later_cut_adds_only_assessments_after_the_earlier_one():
    for table in set(all_tables(FINAL)) - {"followup"}:
        earlier = {tuple(row.values()) for row in read(EARLIER, table)}
        added = [row for row in read(FINAL, table) if tuple(row.values()) not in earlier]
        assert table == "assessments" or not added
        assert all(row["date"] > EARLIER for row in added)


@pytest.mark.parametrize("cut", CUTS)
def test_last_contact_is_the_last_date_on_which_anything_was_seen(cut):
    seen = {}
    for table in ("labs", "vitals", "assessments", "exposure", "ae"):
        for row in read(cut, table):
            on = max(row.get("date", ""), row.get("start_date", ""), row.get("end_date", ""))
            seen[row["subject_id"]] = max(on, seen.get(row["subject_id"], ""))
    for row in read(cut, "followup"):
        if row["vital_status"] == "ALIVE":
            assert row["date"] == seen[row["subject_id"]]
        else:
            assert row["date"] == row["death_date"] > seen[row["subject_id"]]


# --- the claims of the abstract, as far as raw tables show them


def test_c01_nine_patients_all_at_very_high_risk_all_transplanted_from_their_own_marrow_or_blood():
    subjects = [row["subject_id"] for row in read(FINAL, "subjects")]
    assert len(subjects) == len(set(subjects)) == 9
    disease = read(FINAL, "disease")
    assert [row["subject_id"] for row in disease] == subjects
    assert all(row["risk_reason"] for row in disease)
    transplant = read(FINAL, "transplant")
    assert [row["subject_id"] for row in transplant] == subjects
    assert {row["graft"] for row in transplant} <= {"BM", "PBSC"}


def test_c02_c03_five_had_high_doses_and_four_doses_that_rose_every_month():
    assert Counter(arm_of().values()) == {"HD": 5, "ESC": 4}
    for subject, arm in arm_of().items():
        doses = [
            float(row["dose_actual"])
            for row in read(FINAL, "exposure")
            if row["subject_id"] == subject and row["drug"] == "IL-2"
        ]
        if arm == "HD":
            assert set(doses) == {9.0}
        else:
            assert doses == [1.0, 2.0, 4.0, 6.0]


def worst_fever(subject: str) -> tuple[float, int]:
    rows = [row for row in read(FINAL, "vitals") if row["subject_id"] == subject]
    hottest = max(rows, key=lambda row: float(row["temp_cel"]))
    return float(hottest["temp_cel"]), int(hottest["sbp_mmhg"])


def test_c04_c05_in_the_high_dose_group_all_had_38_degrees_and_two_a_low_pressure_with_it():
    fevers = {subject: worst_fever(subject) for subject in patients_of_arm("HD")}
    assert all(38.0 <= temperature <= 40.0 for temperature, _ in fevers.values())  # II, not III
    assert {subject for subject, (_, sbp) in fevers.items() if sbp < 90} == {"P02", "P05"}


def test_c06_in_the_escalating_group_no_observation_is_beyond_grade_one():
    escalating = patients_of_arm("ESC")
    for subject in escalating:
        assert 37.5 <= worst_fever(subject)[0] < 38.0
    findings = {row["finding"] for row in read(FINAL, "ae") if row["subject_id"] in escalating}
    assert findings == {"", "nausea", "erythema"}


# Lowest value of a count, and highest multiple of the upper limit of normal, that is still grade I
# or II on the WHO scale.
GRADE_1 = {"HGB": 9.5, "WBC": 3.0, "NEUT": 1.5, "PLAT": 75.0}
GRADE_1_MULTIPLE = 2.5


def test_no_laboratory_value_is_beyond_grade_one():
    rows = read(FINAL, "labs")
    assert {row["test"] for row in rows} == {*GRADE_1, "BILI", "ALT", "CREAT"}
    for row in rows:
        value = float(row["value"])
        if row["test"] in GRADE_1:
            assert value >= GRADE_1[row["test"]]
        else:
            assert value <= GRADE_1_MULTIPLE * float(row["uln"])


def test_c07_c08_all_seven_signs_were_seen_in_both_groups():
    for arm in ("HD", "ESC"):
        patients = patients_of_arm(arm)
        assert {row["pt"] for row in read(FINAL, "ae") if row["subject_id"] in patients} == SIGNS


def test_signs_carry_what_was_observed_and_no_grade():
    rows = read(FINAL, "ae")
    assert all(not row[f"reported_{what}"] for row in rows for what in ("scale", "item", "grade"))
    found = {(row["pt"], row["finding"]) for row in rows if row["finding"]}
    assert found == {
        ("Nausea", "nausea"),
        ("Injection site dermatitis", "erythema"),
        ("Injection site dermatitis", "dry desquamation"),
    }


def test_c09_nobody_had_an_infection():
    assert {row["infection"] for row in read(FINAL, "ae")} == {"N"}


def test_c10_c11_four_died_all_of_relapse_or_progression():
    dead = [row for row in read(FINAL, "followup") if row["vital_status"] == "DEAD"]
    assert len(dead) == 4
    assert {row["death_cause"] for row in dead} == {"RELAPSE", "PROGRESSION"}
    assert "FATAL" not in {row["outcome"] for row in read(FINAL, "ae")}


def test_c12_c13_c14_five_are_alive_one_in_chronic_phase_of_cml_and_four_in_remission():
    diagnosis = {row["subject_id"]: row["diagnosis"] for row in read(FINAL, "disease")}
    alive = [row for row in read(FINAL, "followup") if row["vital_status"] == "ALIVE"]
    assert Counter(row["final_status"] for row in alive) == {"CR": 4, "CP": 1}
    (chronic,) = [row["subject_id"] for row in alive if row["final_status"] == "CP"]
    assert diagnosis[chronic] == "CML"


# --- the dates that the reconstruction chose (days from transplantation, by hand from its design)

DAYS_TO_TREATMENT = {
    "P01": 97,
    "P02": 111,
    "P03": 125,
    "P04": 90,
    "P05": 111,
    "P06": 104,
    "P07": 111,
    "P08": 97,
    "P09": 104,
}
DAYS_TO_RELAPSE = {"P02": 293, "P03": 258, "P07": 300, "P09": 391}
DAYS_TO_END = {
    "P01": 1715,
    "P02": 492,
    "P03": 406,
    "P04": 1358,
    "P05": 1330,
    "P06": 1169,
    "P07": 440,
    "P08": 903,
    "P09": 601,
}


def days_between(first: str, second: str) -> int:
    return (date.fromisoformat(second) - date.fromisoformat(first)).days


def test_treatment_relapse_and_end_fall_on_the_chosen_days():
    transplanted = {row["subject_id"]: row["tx_date"] for row in read(FINAL, "transplant")}
    first_dose, relapse = {}, {}
    for row in read(FINAL, "exposure"):
        first_dose[row["subject_id"]] = min(
            row["start_date"], first_dose.get(row["subject_id"], "9")
        )
    for row in read(FINAL, "assessments"):
        if row["response"] in ("REL", "PD"):
            relapse[row["subject_id"]] = row["date"]
    end = {row["subject_id"]: row["date"] for row in read(FINAL, "followup")}
    for found, expected in (
        (first_dose, DAYS_TO_TREATMENT),
        (relapse, DAYS_TO_RELAPSE),
        (end, DAYS_TO_END),
    ):
        days = {subject: days_between(transplanted[subject], on) for subject, on in found.items()}
        assert days == expected


def test_two_patients_stopped_both_drugs_because_of_fever_with_hypotension():
    stopped = [row for row in read(FINAL, "exposure") if row["action"] == "WITHDRAW"]
    found = {(row["subject_id"], row["cycle"], row["n_planned"], row["n_given"]) for row in stopped}
    assert found == {("P02", "1", "20", "12"), ("P05", "2", "20", "7")}
    assert Counter(row["drug"] for row in stopped) == {"IL-2": 2, "IFN-A2B": 2}
    assert {row["action_reason"] for row in stopped} == {"fever with hypotension"}
    serious = [row for row in read(FINAL, "ae") if row["serious"] == "Y"]
    assert {(row["subject_id"], row["pt"], row["action"]) for row in serious} == {
        ("P02", "Pyrexia", "WITHDRAW"),
        ("P05", "Pyrexia", "WITHDRAW"),
    }


def test_every_dose_fell_on_a_weekday_and_after_consent():
    consent = {row["subject_id"]: row["consent_date"] for row in read(FINAL, "subjects")}
    for row in read(FINAL, "exposure"):
        assert consent[row["subject_id"]] < row["start_date"] <= row["end_date"]
        assert date.fromisoformat(row["start_date"]).weekday() == 0
        assert date.fromisoformat(row["end_date"]).weekday() < 5


def test_doses_given_fit_the_days_of_their_cycle():
    for row in read(FINAL, "exposure"):
        start, end = date.fromisoformat(row["start_date"]), date.fromisoformat(row["end_date"])
        days = [start + timedelta(n) for n in range((end - start).days + 1)]
        permitted = (0, 1, 2, 3, 4) if row["freq_per_week"] == "5" else (0, 2, 4)
        assert sum(on.weekday() in permitted for on in days) == int(row["n_given"])
