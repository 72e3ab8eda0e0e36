"""The nine patients of the reconstruction, as plain data.

RECONSTRUCTED FROM AN ABSTRACT, NOT PATIENT DATA. The abstract prints aggregates only. Diagnoses
(but one, a chronic myeloid leukaemia), dates, doses, measurements and the pairing of arm and
outcome below are invented, such that every printed aggregate holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LABEL = "RECONSTRUCTED FROM AN ABSTRACT, NOT PATIENT DATA"
STUDY_ID = "IL2-IFN"
SITE_ID = "SITE-1"

# What was known on each of these days becomes one folder of tables.
CUTS = (date(1996, 12, 31), date(1997, 12, 31))


@dataclass(frozen=True)
class Patient:
    """One patient. Dates are ISO text in the table below; weights in kg, height in cm."""

    subject_id: str
    arm: str
    sex: str
    birth_year: int
    diagnosis: str
    diag_date: str
    status_at_tx: str
    n_prior_lines: int
    risk_reason: str
    graft: str
    tx_date: str
    anc500_date: str
    plt20_date: str
    it_start: str  # first dose of either drug, a Monday
    height: int
    weight: float
    weight_nadir: float
    temp_max: float  # in degrees Celsius, on the first day of fever
    sbp_at_fever: int  # systolic pressure on that day, mmHg
    last_contact: str
    final_status: str
    relapse_date: str = ""
    relapse_kind: str = ""  # RELAPSE of a remission, or PROGRESSION
    death_date: str = ""
    stopped_in_cycle: int = 0  # both drugs withdrawn in this cycle ...
    doses_before_stop: int = 0  # ... after so many doses of each
    dermatitis: str = "erythema"

    @property
    def stopped(self) -> bool:
        """Whether treatment was withdrawn, which here was always for fever with hypotension."""
        return self.stopped_in_cycle > 0


PATIENTS = (
    Patient(
        subject_id="P01", arm="HD", sex="F", birth_year=1951,
        diagnosis="NHL", diag_date="1990-10-16", status_at_tx="CR2", n_prior_lines=2,
        risk_reason="autograft in second remission of an aggressive lymphoma",
        graft="PBSC", tx_date="1993-03-09", anc500_date="1993-03-21", plt20_date="1993-03-25",
        it_start="1993-06-14", height=162, weight=60.0, weight_nadir=57.4,
        temp_max=39.2, sbp_at_fever=105, last_contact="1997-11-18", final_status="CR",
    ),
    Patient(
        subject_id="P02", arm="HD", sex="M", birth_year=1964,
        diagnosis="HL", diag_date="1988-02-09", status_at_tx="CR3P", n_prior_lines=3,
        risk_reason="autograft in third remission after two relapses",
        graft="BM", tx_date="1993-05-18", anc500_date="1993-06-09", plt20_date="1993-06-21",
        it_start="1993-09-06", height=178, weight=74.0, weight_nadir=67.2,
        temp_max=39.8, sbp_at_fever=80, last_contact="1994-09-22", final_status="DEAD",
        relapse_date="1994-03-07", relapse_kind="RELAPSE", death_date="1994-09-22",
        stopped_in_cycle=1, doses_before_stop=12,
    ),
    Patient(
        subject_id="P03", arm="HD", sex="F", birth_year=1958,
        diagnosis="AML", diag_date="1992-01-21", status_at_tx="CR2", n_prior_lines=2,
        risk_reason="autograft in second remission of acute leukaemia",
        graft="BM", tx_date="1993-10-05", anc500_date="1993-11-02", plt20_date="1993-11-24",
        it_start="1994-02-07", height=165, weight=58.5, weight_nadir=55.0,
        temp_max=38.9, sbp_at_fever=100, last_contact="1994-11-15", final_status="DEAD",
        relapse_date="1994-06-20", relapse_kind="RELAPSE", death_date="1994-11-15",
        dermatitis="dry desquamation",
    ),
    Patient(
        subject_id="P04", arm="HD", sex="M", birth_year=1970,
        diagnosis="NHL", diag_date="1993-06-08", status_at_tx="CR1", n_prior_lines=1,
        risk_reason="lymphoblastic lymphoma with high-risk features at diagnosis",
        graft="PBSC", tx_date="1994-01-18", anc500_date="1994-01-30", plt20_date="1994-02-03",
        it_start="1994-04-18", height=181, weight=79.0, weight_nadir=75.5,
        temp_max=38.6, sbp_at_fever=110, last_contact="1997-10-07", final_status="CR",
        dermatitis="dry desquamation",
    ),
    Patient(
        subject_id="P05", arm="HD", sex="M", birth_year=1955,
        diagnosis="CML", diag_date="1991-09-17", status_at_tx="AP", n_prior_lines=2,
        risk_reason="autograft in accelerated phase",
        graft="PBSC", tx_date="1994-04-12", anc500_date="1994-04-28", plt20_date="1994-05-10",
        it_start="1994-08-01", height=170, weight=71.0, weight_nadir=66.0,
        temp_max=39.5, sbp_at_fever=84, last_contact="1997-12-02", final_status="CP",
        stopped_in_cycle=2, doses_before_stop=7,
    ),
    Patient(
        subject_id="P06", arm="ESC", sex="F", birth_year=1949,
        diagnosis="NHL", diag_date="1992-05-12", status_at_tx="CR2", n_prior_lines=2,
        risk_reason="autograft in second remission of an aggressive lymphoma",
        graft="PBSC", tx_date="1994-09-27", anc500_date="1994-10-09", plt20_date="1994-10-13",
        it_start="1995-01-09", height=158, weight=63.0, weight_nadir=61.4,
        temp_max=37.8, sbp_at_fever=115, last_contact="1997-12-09", final_status="CR",
    ),
    Patient(
        subject_id="P07", arm="ESC", sex="M", birth_year=1961,
        diagnosis="AML", diag_date="1994-08-02", status_at_tx="CR1", n_prior_lines=1,
        risk_reason="acute leukaemia with adverse cytogenetics",
        graft="BM", tx_date="1995-02-14", anc500_date="1995-03-13", plt20_date="1995-04-03",
        it_start="1995-06-05", height=175, weight=70.5, weight_nadir=68.9,
        temp_max=37.6, sbp_at_fever=118, last_contact="1996-04-29", final_status="DEAD",
        relapse_date="1995-12-11", relapse_kind="RELAPSE", death_date="1996-04-29",
    ),
    Patient(
        subject_id="P08", arm="ESC", sex="F", birth_year=1967,
        diagnosis="HL", diag_date="1992-11-24", status_at_tx="CR2", n_prior_lines=2,
        risk_reason="autograft in second remission after an early relapse",
        graft="PBSC", tx_date="1995-06-06", anc500_date="1995-06-17", plt20_date="1995-06-22",
        it_start="1995-09-11", height=168, weight=59.0, weight_nadir=58.0,
        temp_max=37.7, sbp_at_fever=112, last_contact="1997-11-25", final_status="CR",
    ),
    Patient(
        subject_id="P09", arm="ESC", sex="M", birth_year=1944,
        diagnosis="MM", diag_date="1994-07-05", status_at_tx="PR", n_prior_lines=2,
        risk_reason="autograft in partial remission only",
        graft="PBSC", tx_date="1995-10-24", anc500_date="1995-11-05", plt20_date="1995-11-09",
        it_start="1996-02-05", height=172, weight=77.0, weight_nadir=73.0,
        temp_max=37.9, sbp_at_fever=120, last_contact="1997-06-16", final_status="DEAD",
        relapse_date="1996-11-18", relapse_kind="PROGRESSION", death_date="1997-06-16",
    ),
)  # fmt: skip
