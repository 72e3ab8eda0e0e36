"""What was given and what happened on it: exposure, adverse events, new therapy."""

from __future__ import annotations

from schemas.raw.columns import (
    YES_NO,
    code,
    date,
    number,
    partial_date,
    subject_id,
    table_schema,
    text,
    whole,
)

ACTIONS = ("NONE", "DELAY", "REDUCE", "INTERRUPT", "WITHDRAW")
LEGACY_UNIT = "Cetus U"
# The units in [iU] are in the list so that a slip of a million is named as one (E23); no study
# allows them for a drug. Which of the units a drug may have is the study's to say.
DOSE_UNITS = (
    *("10*6.[iU]/m2", "10*6.[iU]", "[iU]/m2", "[iU]", LEGACY_UNIT),
    *("mg", "mg/m2", "mg/kg", "ug", "ug/m2", "ug/kg", "g"),
)
ROUTES = ("SC", "IV", "CIV", "IM", "PO", "TD")
SCALES = ("WHO1981", "CTC1", "CTC2", "CTCAE403", "CTCAE5", "CTCAE6")

# Items of the WHO scale: Miller et al., Cancer 1981;47:207-14. The transaminases have one item, and
# sites name either.
WHO_ITEMS = (
    *("HB", "WBC", "GRAN", "PLT", "HAEMORR", "BILI", "AST/ALT", "AST", "ALT", "ALP", "ORAL"),
    *("NAUVOM", "DIARR", "UREA", "CREAT", "PROTU", "HAEMU", "PULM", "FEVER_DRUG", "ALLERGY"),
    *("CUTAN", "HAIR", "INFECT", "RHYTHM", "CARDFUN", "PERICARD", "CONSC", "PERIPH", "CONSTIP"),
    "PAIN",
)

EXPOSURE = table_schema(
    "exposure",
    "Exposure",
    "One row a patient, drug and cycle (SDTM EX).",
    {
        "subject_id": subject_id(),
        "drug": code(
            "Drug", "Drug of the study.", allowed_from="drugs", cdisc="EXTRT", needed=True
        ),
        "cycle": whole("Cycle", "1 is the first cycle.", least=1, needed=True),
        "start_date": date("Start", "Day of the first dose.", cdisc="EXSTDTC", needed=True),
        "end_date": date("End", "Day of the last dose.", cdisc="EXENDTC", needed=True),
        "dose_planned": number("Planned dose", "Dose a day as planned, in dose_unit.", least=0),
        "dose_actual": number(
            "Given dose", "Dose a day as given, in dose_unit.", least=0, cdisc="EXDOSE"
        ),
        "dose_unit": code(
            "Unit of dose", "UCUM code of both doses.", DOSE_UNITS, cdisc="EXDOSU", needed=True
        ),
        "freq_per_week": whole(
            "Doses a week", "Days with a dose in a week.", least=1, most=7, cdisc="EXDOSFRQ"
        ),
        "n_planned": whole("Doses planned", "Number of doses planned in the cycle.", least=0),
        "n_given": whole("Doses given", "Number of doses given in the cycle.", least=0),
        "route": code(
            "Route",
            "SC subcutaneous, IV intravenous, CIV continuous intravenous, IM intramuscular, PO oral, "
            "TD transdermal.",
            ROUTES,
            cdisc="EXROUTE",
        ),
        "action": code("Action", "What was done to the dose.", ACTIONS, cdisc="EXADJ"),
        "action_reason": text("Reason of the action", "As written.", free_text=True),
    },
    key=("subject_id", "drug", "cycle"),
)

AE = table_schema(
    "ae",
    "Adverse events",
    "One row an adverse event as it was observed (SDTM AE).",
    {
        "subject_id": subject_id(),
        "ae_no": whole(
            "Event number", "Number within the patient.", least=1, cdisc="AESEQ", needed=True
        ),
        "term": text("Term", "The event as written.", cdisc="AETERM", needed=True, free_text=True),
        "pt": text("Preferred term", "MedDRA preferred term.", cdisc="AEDECOD", needed=True),
        "soc": text("System organ class", "MedDRA system organ class.", cdisc="AEBODSYS"),
        "finding": text("Finding", "What was seen, in the words of the scale's item."),
        "therapy_given": code("Therapy given", "Y if the event was treated.", YES_NO),
        "start_date": partial_date("Start", "First day.", cdisc="AESTDTC", needed=True),
        "end_date": partial_date("End", "Last day.", cdisc="AEENDTC"),
        "ongoing": code("Ongoing", "Y if it had not ended at the cut.", YES_NO, cdisc="AEENRF"),
        "drug": code("Drug", "Drug of the study thought of.", allowed_from="drugs"),
        "related": code("Related", "Y yes, N no, U unknown.", ("Y", "N", "U"), cdisc="AEREL"),
        "serious": code("Serious", "Y if serious.", YES_NO, cdisc="AESER"),
        "action": code("Action", "What was done to the dose.", ACTIONS, cdisc="AEACN"),
        "outcome": code(
            "Outcome",
            "How it ended.",
            ("RECOVERED", "RECOVERING", "NOT RECOVERED", "FATAL", "UNK"),
            cdisc="AEOUT",
        ),
        "infection": code("Infection", "Y if it is an infection.", YES_NO),
        "severity": code(
            "Severity",
            "As the investigator judged it; no grade is taken from it.",
            ("MILD", "MODERATE", "SEVERE"),
            cdisc="AESEV",
            in_file=False,
        ),
        "reported_scale": code(
            "Reported scale", "Scale of the grade that the site reported.", SCALES, in_file=False
        ),
        "reported_item": text("Reported item", "Item or term that the site graded.", in_file=False),
        "reported_grade": whole(
            "Reported grade",
            "Grade by the site; compared, never used.",
            cdisc="AETOXGR",
            in_file=False,
        ),
    },
    key=("subject_id", "ae_no"),
)

NEW_THERAPY = table_schema(
    "new_therapy",
    "New therapy",
    "One row a further treatment against the disease (SDTM CM, PR).",
    {
        "subject_id": subject_id(),
        "date": partial_date("Date", "First day.", cdisc="CMSTDTC", needed=True),
        "type": code(
            "Type",
            "TX2 second transplant, CHEMO chemotherapy, RT radiotherapy, DLI donor lymphocytes, TRIAL.",
            ("TX2", "CHEMO", "RT", "DLI", "TRIAL"),
            cdisc="CMCAT",
            needed=True,
        ),
    },
    key=("subject_id", "date", "type"),
)
