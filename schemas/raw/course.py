"""How the disease went: assessments, follow-up, and cohorts that come as durations."""

from __future__ import annotations

from schemas.raw.columns import (
    YES_NO,
    code,
    number,
    partial_date,
    subject_id,
    table_schema,
    text,
)

ASSESSMENTS = table_schema(
    "assessments",
    "Disease assessments",
    "One row an assessment of the disease (SDTM RS).",
    {
        "subject_id": subject_id(),
        "date": partial_date("Date", "Day of assessment.", cdisc="RSDTC", needed=True),
        "method": text("Method", "How it was assessed.", cdisc="RSMETHOD", free_text=True),
        "response": code(
            "Response",
            "State of the disease.",
            ("CR", "VGPR", "PR", "SD", "PD", "REL", "CP", "NE"),
            cdisc="RSORRES",
            needed=True,
        ),
        "site": text("Site of relapse", "Where.", cdisc="RSLOC", free_text=True),
        "confirmed": code("Confirmed", "Y yes, N no.", YES_NO),
        "adequate": code("Adequate", "Y if relapse would have been seen.", YES_NO),
    },
    key=("subject_id", "date", "method"),
)

FOLLOWUP = table_schema(
    "followup",
    "Follow-up",
    "One row a contact with the patient (SDTM DS, SS, DD).",
    {
        "subject_id": subject_id(),
        "date": partial_date("Date of contact", "Last contact.", cdisc="SSDTC", needed=True),
        "vital_status": code(
            "Vital status",
            "On that day; LTFU is lost to follow-up.",
            ("ALIVE", "DEAD", "LTFU"),
            cdisc="SSORRES",
            needed=True,
        ),
        "death_date": partial_date("Date of death", "Day of death.", cdisc="DTHDTC"),
        "death_cause": code(
            "Cause of death",
            "NRM is non-relapse mortality.",
            ("RELAPSE", "PROGRESSION", "NRM_INFECTION", "NRM_TOXIC", "NRM_OTHER", "OTHER", "UNK"),
            cdisc="DDORRES",
        ),
        "death_cause_text": text("Cause of death as written", "Free text.", free_text=True),
        "final_status": code(
            "Status at the contact",
            "State of the disease, or DEAD.",
            ("CR", "CP", "PR", "PD", "DEAD", "UNK"),
        ),
    },
    key=("subject_id", "date"),
)

OUTCOMES = table_schema(
    "outcomes",
    "Outcomes",
    "One row a patient and clock, for cohorts that come as durations and status codes.",
    {
        "subject_id": subject_id(),
        "origin": text("Origin", "Event that starts the clock.", needed=True),
        "time": number(
            "Time",
            "From the origin to the outcome, in time_unit.",
            least=0,
            cdisc="AVAL",
            needed=True,
        ),
        "time_unit": code(
            "Unit of time", "Never converted.", ("day", "week", "month", "year"), needed=True
        ),
        "status": code(
            "Status",
            "What ended the time.",
            ("CENSORED", "RELAPSE", "NRM", "DEATH"),
            cdisc="CNSR",
            needed=True,
        ),
    },
    key=("subject_id", "origin"),
)
