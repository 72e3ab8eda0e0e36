"""Who the patients are: subjects, disease, transplant."""

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

SUBJECTS = table_schema(
    "subjects",
    "Subjects",
    "One row a patient of the study (SDTM DM).",
    {
        "study_id": text(
            "Study",
            "Identifier of the study.",
            cdisc="STUDYID",
            needed=True,
            pattern=r"^[A-Z0-9-]{1,20}$",
            pattern_sentence="is not an identifier; write 1 to 20 capitals, digits or hyphens",
        ),
        "subject_id": subject_id(),
        "site_id": text("Site", "Identifier of the hospital.", cdisc="SITEID"),
        "birth_year": whole("Year of birth", "Calendar year.", least=1900, cdisc="BRTHDTC"),
        "sex": code("Sex", "M male, F female, U unknown.", ("M", "F", "U"), cdisc="SEX"),
        "arm": code("Arm", "Treatment group.", allowed_from="arms", cdisc="ACTARMCD", needed=True),
        "consent_date": date("Date of consent", "Day of informed consent.", cdisc="RFICDTC"),
        "enrol_order": whole("Order of enrolment", "1 for the first patient.", least=1),
    },
    key=("subject_id",),
)

DISEASE = table_schema(
    "disease",
    "Disease",
    "One row a patient: diagnosis and disease status at transplantation (SDTM MH).",
    {
        "subject_id": subject_id(),
        "diagnosis": code(
            "Diagnosis",
            "Group of the diagnosis.",
            ("AML", "ALL", "CML", "CLL", "NHL", "HL", "MM", "MDS", "OTH"),
            cdisc="MHDECOD",
            needed=True,
        ),
        "diag_date": partial_date("Date of diagnosis", "Day of diagnosis.", cdisc="MHSTDTC"),
        "status_at_tx": code(
            "Status at transplantation",
            "Disease status on the day of the first transplant.",
            ("CR1", "CR2", "CR3P", "PR", "CP1", "CP2P", "AP", "BC", "REFR", "UNK"),
        ),
        "risk_reason": text(
            "Reason of very high risk", "Why relapse is thought likely.", free_text=True
        ),
        "n_prior_lines": whole(
            "Earlier lines of treatment",
            "Number of lines before transplantation.",
            least=0,
            most=20,
        ),
    },
    key=("subject_id",),
)

TRANSPLANT = table_schema(
    "transplant",
    "Transplants",
    "One row a transplant (SDTM PR; EBMT MED-A).",
    {
        "subject_id": subject_id(),
        "tx_no": whole(
            "Transplant number", "1 is the index transplant.", least=1, cdisc="PRSEQ", needed=True
        ),
        # An empty date is E07, with its own sentence.
        "tx_date": date("Date of transplantation", "Day of stem cell infusion.", cdisc="PRSTDTC"),
        "graft": code("Graft", "Source of stem cells.", ("BM", "PBSC", "BM+PB")),
        "conditioning": text("Conditioning", "Regimen as written.", free_text=True),
        "tbi": code("Total body irradiation", "Y yes, N no.", YES_NO),
        "cd34_1e6_kg": number(
            "CD34+ cells", "Dose of CD34+ cells in 10*6/kg.", least=0, unit="10*6/kg"
        ),
        "anc500_date": date(
            "Neutrophil recovery", "First of three days with neutrophils of 0.5 x 10*9/L or more."
        ),
        "plt20_date": date(
            "Platelet recovery", "First day with platelets of 20 x 10*9/L or more, untransfused."
        ),
        "engraft_fail": code("Engraftment failure", "Y yes, N no.", YES_NO),
    },
    key=("subject_id", "tx_no"),
)
