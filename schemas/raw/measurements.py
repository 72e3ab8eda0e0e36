"""What was measured: laboratory values and vital signs."""

from __future__ import annotations

from schemas.raw.columns import (
    YES_NO,
    code,
    date,
    number,
    subject_id,
    table_schema,
    text,
    time_of_day,
    whole,
)

COUNTS = {"10*3/uL": 1.0, "10*9/L": 1.0, "/uL": 0.001}
ENZYMES = {"U/L": 1.0, "[IU]/L": 1.0}
MASS = {"g/dL": 1.0, "g/L": 0.1}


def _mass_or_substance(molar_mass: float) -> dict[str, float]:
    """mg/dL and mmol/L of a substance of `molar_mass` g/mol."""
    return {"mg/dL": 1.0, "mmol/L": molar_mass / 10}


# Test -> unit that the site may write (UCUM) -> factor to the first unit of the list.
# Molar masses in g/mol: haemoglobin monomer 16114, bilirubin 584.66, creatinine 113.12, urea nitrogen
# 28.014, urate 168.11, glucose 180.16, cholesterol 386.7, triglycerides 885.7 (the
# customary mean).
LAB_UNITS: dict[str, dict[str, float]] = {
    "HGB": {"g/dL": 1.0, "g/L": 0.1, "mmol/L": 1.6114},
    "WBC": COUNTS,
    "NEUT": COUNTS,
    "LYM": COUNTS,
    "CD4": COUNTS,
    "EOS": COUNTS,
    "PLAT": COUNTS,
    "BILI": {"mg/dL": 1.0, "umol/L": 0.058466},
    "ALT": ENZYMES,
    "AST": ENZYMES,
    "ALP": ENZYMES,
    "GGT": ENZYMES,
    "LDH": ENZYMES,
    "CK": ENZYMES,
    "AMYLASE": ENZYMES,
    "LIPASE": ENZYMES,
    "CREAT": {"mg/dL": 1.0, "umol/L": 0.011312},
    "CREATCLR": {"mL/min": 1.0},
    "BUN": {"mg/dL": 1.0, "mmol/L": 2.8014},
    "URATE": {"mg/dL": 1.0, "umol/L": 0.016811, "mmol/L": 16.811},
    "UPROT": {"g/L": 1.0, "g/dL": 10.0, "mg/dL": 0.01, "mg/L": 0.001},
    "SODIUM": {"mmol/L": 1.0, "meq/L": 1.0},
    "K": {"mmol/L": 1.0, "meq/L": 1.0},
    "CA": _mass_or_substance(40.078) | {"meq/L": 2.0039},
    "CAION": {"mmol/L": 1.0, "mg/dL": 0.24951, "meq/L": 0.5},
    "MG": _mass_or_substance(24.305) | {"meq/L": 1.21525},
    "PHOS": _mass_or_substance(30.974),
    "GLUC": _mass_or_substance(180.16),
    "CHOL": _mass_or_substance(386.7),
    "HDL": _mass_or_substance(386.7),
    "LDL": _mass_or_substance(386.7),
    "TRIG": _mass_or_substance(885.7),
    "ALB": MASS,
    "INR": {"1": 1.0},
    "APTT": {"s": 1.0},
    "FIBRINO": {"mg/dL": 1.0, "g/L": 100.0, "g/dL": 1000.0},
    "HAPTOG": {"mg/dL": 1.0, "g/L": 100.0, "g/dL": 1000.0},
    "PH": {"1": 1.0, "[pH]": 1.0},
}
# Plausible values in the first unit of LAB_UNITS, limits included.
LAB_RANGES: dict[str, tuple[float, float]] = {
    "HGB": (2.0, 22.0),
    "WBC": (0.0, 500.0),
    "PLAT": (0.0, 3000.0),
    "CREAT": (0.1, 20.0),
    "BILI": (0.0, 60.0),
}
LOINC = {
    "HGB": "718-7",
    "WBC": "6690-2",
    "NEUT": "751-8",
    "LYM": "731-0",
    "PLAT": "777-3",
    "BILI": "1975-2",
    "ALT": "1742-6",
    "AST": "1920-8",
    "ALP": "6768-6",
    "CREAT": "2160-0",
    "BUN": "3094-0",
    "LDH": "2532-0",
    "UPROT": "2887-8",
    "SODIUM": "2951-2",
    "K": "2823-3",
    "ALB": "1751-7",
}

LABS = table_schema(
    "labs",
    "Laboratory values",
    "One row a test and time (SDTM LB).",
    {
        "subject_id": subject_id(),
        "date": date("Date", "Day of sampling.", cdisc="LBDTC", needed=True),
        "time": time_of_day("Time", "Time of sampling.", cdisc="LBDTC"),
        "test": code("Test", "Code of the test.", tuple(LAB_UNITS), cdisc="LBTESTCD", needed=True),
        "value": number("Value", "Result in `unit`.", least=0, cdisc="LBORRES", needed=True),
        # Which units a test may have is E24, with its own sentence.
        "unit": text("Unit", "UCUM code of value, lln and uln.", cdisc="LBORRESU", needed=True),
        "lln": number("Lower limit of normal", "In `unit`.", least=0, cdisc="LBORNRLO"),
        "uln": number("Upper limit of normal", "In `unit`.", cdisc="LBORNRHI"),
        "sample": text("Sample", "What was tested.", cdisc="LBSPEC"),
        "fasting": code("Fasting", "Y yes, N no.", YES_NO, cdisc="LBFAST"),
        "below_limit": code(
            "Below the limit of detection",
            "Y if the true value lies below `value`, the limit; also where the file has '<'.",
            YES_NO,
        ),
    },
    key=("subject_id", "date", "time", "test", "sample"),
    key_is_unique=False,  # duplicates are E27, which keeps one of identical rows
)

MEASURED = ("temp_cel", "sbp_mmhg", "dbp_mmhg", "pulse_min", "weight_kg", "height_cm")

VITALS = table_schema(
    "vitals",
    "Vital signs",
    "One row a measurement (SDTM VS).",
    {
        "subject_id": subject_id(),
        "date": date("Date", "Day of measurement.", cdisc="VSDTC", needed=True),
        "time": time_of_day("Time", "Time of measurement.", cdisc="VSDTC"),
        "visit": text(
            "Visit",
            "Tells apart what was measured on one day without a time.",
            cdisc="VISIT",
            in_file=False,
        ),
        "temp_cel": number(
            "Temperature",
            "Body temperature in Cel.",
            least=33,
            most=43,
            unit="Cel",
            rule="E20",
            cdisc="TEMP",
        ),
        "sbp_mmhg": number(
            "Systolic pressure",
            "In mm[Hg].",
            least=40,
            most=260,
            unit="mm[Hg]",
            rule="E20",
            cdisc="SYSBP",
        ),
        "dbp_mmhg": number(
            "Diastolic pressure", "In mm[Hg].", least=0, unit="mm[Hg]", cdisc="DIABP"
        ),
        "pulse_min": number(
            "Pulse", "Beats a minute.", least=20, most=250, unit="/min", rule="E20", cdisc="PULSE"
        ),
        "weight_kg": number(
            "Weight", "In kg.", least=30, most=180, unit="kg", rule="E20", cdisc="WEIGHT"
        ),
        "height_cm": number(
            "Height", "In cm.", least=130, most=215, unit="cm", rule="E20", cdisc="HEIGHT"
        ),
        "ecog": whole("ECOG", "ECOG performance status, 0 to 5.", least=0, most=5, cdisc="ECOG101"),
        "karnofsky": whole(
            "Karnofsky", "Karnofsky score, 0 to 100.", least=0, most=100, cdisc="KPSS"
        ),
    },
    key=("subject_id", "date", "time", "visit"),
    gathered=MEASURED,
)
