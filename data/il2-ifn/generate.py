"""Write the raw tables of the reconstruction, one folder for each data cut.

    python data/il2-ifn/generate.py [OUT_FOLDER]

RECONSTRUCTED FROM AN ABSTRACT, NOT PATIENT DATA: see patients.py beside this file. There is no
random number in it, and the same files come out each time.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from patients import CUTS, LABEL, PATIENTS, SITE_ID, STUDY_ID, Patient  # noqa: E402

DAY = timedelta(days=1)

# Planned cycles of IL-2 by arm: (cycle, first day counted from the first dose, 10^6 IU/m2 a day).
# Each is five days a week for four weeks.
IL2_CYCLES = {
    "HD": ((1, 0, 9.0), (2, 56, 9.0)),
    "ESC": ((1, 0, 1.0), (2, 28, 2.0), (3, 56, 4.0), (4, 84, 6.0)),
}
IL2_DOSES = 20
IFN_DOSE = 3.0  # 10^6 IU, flat
IFN_DOSES = {"HD": 20, "ESC": 12}  # with each IL-2 dose, or on Monday, Wednesday and Friday
IFN_PER_WEEK = {"HD": 5, "ESC": 3}

# term as written, MedDRA preferred term, system organ class, first day counted from the first dose
SIGNS = (
    ("Fever", "Pyrexia", "General disorders and administration site conditions", 1),
    ("Chills", "Chills", "General disorders and administration site conditions", 1),
    ("Weakness", "Asthenia", "General disorders and administration site conditions", 3),
    ("Nausea", "Nausea", "Gastrointestinal disorders", 2),
    ("Anorexia", "Decreased appetite", "Metabolism and nutrition disorders", 3),
    ("Weight loss", "Weight decreased", "Investigations", 20),
    (
        "Injection-site dermatitis",
        "Injection site dermatitis",
        "General disorders and administration site conditions",
        4,
    ),
)
SIGN_DAYS = 10

# test: unit, limits of normal; then by arm the value at baseline and at the nadir (or peak)
LABS = {
    "HGB": ("g/dL", 12.0, 16.0, {"HD": (11.4, 9.8), "ESC": (11.6, 10.6)}),
    "WBC": ("10*3/uL", 4.0, 10.0, {"HD": (4.8, 3.3), "ESC": (5.0, 4.1)}),
    "NEUT": ("10*3/uL", 2.0, 7.5, {"HD": (2.6, 1.7), "ESC": (2.8, 2.1)}),
    "PLAT": ("10*3/uL", 150, 400, {"HD": (138, 84), "ESC": (148, 112)}),
    "BILI": ("mg/dL", 0.2, 1.0, {"HD": (0.6, 1.2), "ESC": (0.5, 0.8)}),
    "ALT": ("U/L", 5, 40, {"HD": (24, 70), "ESC": (22, 46)}),
    "CREAT": ("mg/dL", 0.6, 1.2, {"HD": (0.9, 1.3), "ESC": (0.9, 1.0)}),
}

ASSESSMENT_EVERY = 90  # days, from transplantation
# Disease status while free of relapse or progression, and what the relapse is called.
RESPONSE = {"CML": "CP", "MM": "PR"}
RELAPSE_RESPONSE = {"RELAPSE": "REL", "PROGRESSION": "PD"}


def day(text: str) -> date:
    return date.fromisoformat(text)


def on_weekdays(start: date, n_doses: int) -> date:
    """The day of the last of `n_doses` given Monday to Friday from the Monday `start`."""
    weeks, days = divmod(n_doses - 1, 5)
    return start + (7 * weeks + days) * DAY


def doses_given(patient: Patient, cycle: int, planned: int) -> int:
    if not patient.stopped or cycle < patient.stopped_in_cycle:
        return planned
    return patient.doses_before_stop if cycle == patient.stopped_in_cycle else 0


def exposure_of(patient: Patient) -> list[dict]:
    """A row for each drug and cycle that was begun."""
    rows = []
    for cycle, offset, il2_dose in IL2_CYCLES[patient.arm]:
        n_il2 = doses_given(patient, cycle, IL2_DOSES)
        n_ifn = doses_given(patient, cycle, IFN_DOSES[patient.arm])
        if n_il2 == 0:
            continue
        start = day(patient.it_start) + offset * DAY
        withdrawn = cycle == patient.stopped_in_cycle
        shared = {
            "subject_id": patient.subject_id,
            "cycle": cycle,
            "start_date": start,
            "route": "SC",
            "action": "WITHDRAW" if withdrawn else "NONE",
            "action_reason": "fever with hypotension" if withdrawn else "",
        }
        il2 = {
            "drug": "IL-2", "end_date": on_weekdays(start, n_il2),
            "dose_planned": il2_dose, "dose_actual": il2_dose, "dose_unit": "10*6.[iU]/m2",
            "freq_per_week": 5, "n_planned": IL2_DOSES, "n_given": n_il2,
        }  # fmt: skip
        # Three a week for four weeks end on the fourth Friday.
        ifn_end = il2["end_date"] if patient.arm == "HD" else start + 25 * DAY
        ifn = {
            "drug": "IFN-A2B", "end_date": ifn_end,
            "dose_planned": IFN_DOSE, "dose_actual": IFN_DOSE, "dose_unit": "10*6.[iU]",
            "freq_per_week": IFN_PER_WEEK[patient.arm], "n_planned": IFN_DOSES[patient.arm],
            "n_given": n_ifn,
        }  # fmt: skip
        rows += [shared | il2, shared | ifn]
    return rows


def last_dose(patient: Patient) -> date:
    return max(row["end_date"] for row in exposure_of(patient))


def fever_date(patient: Patient) -> date:
    """The day after the first dose, or the day on which fever with hypotension ended treatment."""
    return last_dose(patient) if patient.stopped else day(patient.it_start) + DAY


def ae_of(patient: Patient) -> list[dict]:
    """The seven signs as they were observed, without grades."""
    findings = {"Nausea": "nausea", "Injection site dermatitis": patient.dermatitis}
    rows = []
    for number, (term, pt, soc, first_day) in enumerate(SIGNS, start=1):
        fever = pt == "Pyrexia"
        start = fever_date(patient) if fever else day(patient.it_start) + first_day * DAY
        serious = fever and patient.stopped
        rows.append({
            "subject_id": patient.subject_id, "ae_no": number, "term": term, "pt": pt, "soc": soc,
            "finding": findings.get(pt, ""), "start_date": start,
            "end_date": start + SIGN_DAYS * DAY, "ongoing": "N", "drug": "IL-2", "related": "Y",
            "serious": "Y" if serious else "N", "action": "WITHDRAW" if serious else "NONE",
            "outcome": "RECOVERED", "infection": "N",
        })  # fmt: skip
    return rows


def labs_of(patient: Patient) -> list[dict]:
    """Weekly from the first dose to the week after the last, drifting from baseline to the nadir.

    The first week covers half of the way, the rest of the course the other half.
    """
    start = day(patient.it_start)
    n_weeks = (last_dose(patient) - start).days // 7 + 1
    rows = []
    for week in range(n_weeks + 1):
        share = 0.0 if week == 0 else min(1.0, 0.5 + 0.5 * week / n_weeks)
        for test, (unit, lln, uln, course) in LABS.items():
            baseline, nadir = course[patient.arm]
            value = round(baseline + (nadir - baseline) * share, 1)
            rows.append({
                "subject_id": patient.subject_id, "date": start + 7 * week * DAY, "test": test,
                "value": f"{value:g}", "unit": unit, "lln": lln, "uln": uln, "sample": "blood",
                "below_limit": "N",
            })  # fmt: skip
    return rows


def vitals_of(patient: Patient) -> list[dict]:
    """At the first dose, on the day of fever, and five days after the last dose."""
    visits = (
        (day(patient.it_start), 36.6, 125, 75, 72, patient.weight),
        (fever_date(patient), patient.temp_max, patient.sbp_at_fever, None, None, patient.weight),
        (last_dose(patient) + 5 * DAY, 36.8, 118, 72, 74, patient.weight_nadir),
    )
    rows = []
    for on, temperature, systolic, diastolic, pulse, weight in visits:
        if diastolic is None:  # on the day of fever: two thirds of the systolic, and a faster pulse
            diastolic, pulse = 2 * systolic // 3, 96 if temperature < 38 else 112
        rows.append({
            "subject_id": patient.subject_id, "date": on, "temp_cel": temperature,
            "sbp_mmhg": systolic, "dbp_mmhg": diastolic, "pulse_min": pulse, "weight_kg": weight,
            "height_cm": patient.height,
        })  # fmt: skip
    return rows


def assessments_of(patient: Patient) -> list[dict]:
    """Every ninety days from transplantation, and at the relapse or the last contact."""
    free = RESPONSE.get(patient.diagnosis, "CR")
    end = day(patient.relapse_date or patient.last_contact)
    first = day(patient.tx_date) + ASSESSMENT_EVERY * DAY
    n_visits = len(range(first.toordinal(), end.toordinal(), ASSESSMENT_EVERY))
    visits = [(first + n * ASSESSMENT_EVERY * DAY, free) for n in range(n_visits)]
    visits.append((end, RELAPSE_RESPONSE.get(patient.relapse_kind, free)))
    return [
        {"subject_id": patient.subject_id, "date": on, "response": response,
         "confirmed": "Y", "adequate": "Y"}
        for on, response in visits
    ]  # fmt: skip


def evidence_dates(patient: Patient) -> list[date]:
    """Days on which the patient was seen alive."""
    dates = [
        row["date"] for table in (labs_of, vitals_of, assessments_of) for row in table(patient)
    ]
    dates += [row["end_date"] for row in exposure_of(patient)]
    return dates + [day(patient.last_contact)]


def followup_of(patient: Patient, cut: date) -> dict:
    """Status as known on `cut`: one who died later was alive at the last visit before it."""
    row = {"subject_id": patient.subject_id}
    if patient.death_date and day(patient.death_date) <= cut:
        return row | {
            "date": patient.death_date, "vital_status": "DEAD", "death_date": patient.death_date,
            "death_cause": patient.relapse_kind, "final_status": "DEAD",
        }  # fmt: skip
    relapsed = patient.relapse_date and day(patient.relapse_date) <= cut
    return row | {
        "date": max(seen for seen in evidence_dates(patient) if seen <= cut),
        "vital_status": "ALIVE",
        "final_status": "PD" if relapsed else RESPONSE.get(patient.diagnosis, "CR"),
    }


def subject_of(patient: Patient, order: int) -> dict:
    return {
        "study_id": STUDY_ID, "subject_id": patient.subject_id, "site_id": SITE_ID,
        "birth_year": patient.birth_year, "sex": patient.sex, "arm": patient.arm,
        "consent_date": day(patient.it_start) - 14 * DAY, "enrol_order": order,
    }  # fmt: skip


# Canonical columns by table. What the reconstruction does not state stays an empty cell.
COLUMNS = {
    "subjects": "study_id subject_id site_id birth_year sex arm consent_date enrol_order",
    "disease": "subject_id diagnosis diag_date status_at_tx risk_reason n_prior_lines",
    "transplant": "subject_id tx_no tx_date graft conditioning tbi cd34_1e6_kg anc500_date"
    " plt20_date engraft_fail",
    "exposure": "subject_id drug cycle start_date end_date dose_planned dose_actual dose_unit"
    " freq_per_week n_planned n_given route action action_reason",
    "ae": "subject_id ae_no term pt soc finding therapy_given start_date end_date ongoing drug"
    " related serious action outcome infection reported_scale reported_item reported_grade",
    "labs": "subject_id date time test value unit lln uln sample fasting below_limit",
    "vitals": "subject_id date time temp_cel sbp_mmhg dbp_mmhg pulse_min weight_kg height_cm ecog"
    " karnofsky",
    "assessments": "subject_id date method response site confirmed adequate",
    "followup": "subject_id date vital_status death_date death_cause death_cause_text final_status",
}


def make_tables(cut: date) -> dict[str, list[dict]]:
    """Every table with the rows that were known on `cut`."""
    tables: dict[str, list[dict]] = {name: [] for name in COLUMNS}
    for order, patient in enumerate(PATIENTS, start=1):
        facts = vars(patient)
        tables["subjects"].append(subject_of(patient, order))
        tables["disease"].append(facts)
        tables["transplant"].append(facts | {"tx_no": 1, "engraft_fail": "N"})
        tables["exposure"] += exposure_of(patient)
        tables["ae"] += ae_of(patient)
        tables["labs"] += labs_of(patient)
        tables["vitals"] += vitals_of(patient)
        tables["assessments"] += [r for r in assessments_of(patient) if r["date"] <= cut]
        tables["followup"].append(followup_of(patient, cut))
    return tables


def format_csv(table: str, rows: list[dict]) -> bytes:
    """The table as CSV, with the label of the reconstruction as its last column."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = COLUMNS[table].split()
    writer.writerow([*columns, "data_label"])
    writer.writerows([*(row.get(column, "") for column in columns), LABEL] for row in rows)
    return out.getvalue().encode("utf-8")


def format_line_digests(table: str, content: bytes) -> str:
    """The section of a table in LINE_DIGESTS: its name, and 16 digits of the sha256 of each line."""
    digests = [hashlib.sha256(line).hexdigest()[:16] for line in content.splitlines()]
    return "\n".join([f"{hashlib.sha256(content).hexdigest()}  {table}.csv", *digests, ""])


def write_cut(folder: Path, cut: date) -> None:
    """Write the tables of `cut`, their SHA256SUMS, as `sha256sum *.csv` prints it, and LINE_DIGESTS."""
    folder.mkdir(parents=True, exist_ok=True)
    sums, lines = [], []
    for table, rows in sorted(make_tables(cut).items()):
        content = format_csv(table, rows)
        (folder / f"{table}.csv").write_bytes(content)
        sums.append(f"{hashlib.sha256(content).hexdigest()}  {table}.csv\n")
        lines.append(format_line_digests(table, content))
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    (folder / "LINE_DIGESTS").write_text("".join(lines), encoding="utf-8")


def main(out_folder: Path) -> None:
    for cut in CUTS:
        write_cut(out_folder / cut.isoformat(), cut)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
